"""What a run writes and whom it reaches, as the kernel sees it: also past the interpreter, in libraries."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from terminal import Terminal

CALLS = (
    "open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,"
    "symlinkat,truncate,mknod,mknodat,memfd_create,connect,bind,sendto,sendmsg"
)
SAID = "오늘 너무 지쳤어"


def _traces() -> bool:
    strace = shutil.which("strace")
    return bool(strace) and not subprocess.run([strace, "true"], capture_output=True, check=False).returncode


pytestmark = pytest.mark.skipif(not _traces(), reason="there is no strace, or it may not trace")

_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE")
_NOWHERE = re.compile(r'"/dev/(null|tty|ptmx|pts/\d+)"')
_FAILED = re.compile(r"= -1 \w+")
_ELSEWHERE = re.compile(r"sa_family=AF_INET6?")


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the calls of each program that a test starts are written down."""
    found, python = tmp_path / "calls", tmp_path / "python"
    told = f"-f -qq --seccomp-bpf -e trace={CALLS} -e signal=none -o '{found}' '{sys.executable}' -B"
    python.write_text(f'#!/bin/sh\nexec strace {told} "$@"\n')
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    return found


def traces(log: Path) -> list[str]:
    """The calls that changed anything on a disk, or reached for a network."""
    return [line for line in log.read_text("utf-8", "replace").splitlines() if _leaves_a_trace(line)]


def _leaves_a_trace(line: str) -> bool:
    call = line.split(maxsplit=1)[1]
    if call.startswith(("connect", "bind", "sendto", "sendmsg")):
        return bool(_ELSEWHERE.search(call))
    if _FAILED.search(call) or _NOWHERE.search(call):
        return False
    return not call.startswith(("open", "+++", "---", "<...")) or bool(_WRITES.search(call))


def test_a_private_app_changes_nothing_on_any_disk_and_reaches_nobody(log: Path, own_home: Path) -> None:
    with Terminal("chat", "--private") as screen:
        screen.shows("lite-1")
        screen.type(f"{SAID}\r")
        screen.shows(SAID, " · offline-1\n")
        screen.type("\x12")  # another answer
        screen.shows("2/2")
        screen.type("쓰다 만 말")
        screen.shows("쓰다 만 말")
        time.sleep(1.5)  # in which a draft would be kept
        screen.type("\x11")
        assert screen.ended() == 0
    assert traces(log) == []
    assert [path for path in own_home.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("chat", "--plain", "--private"), f"{SAID}\n/1\n/끝\n"),
        (("ask", "--private", SAID), ""),
        (("ask", "--dry-run", "--private", SAID), ""),
        (("classify", SAID), ""),
    ],
    ids=["plain", "ask", "dry run", "classify"],
)
def test_a_private_talk_changes_nothing_on_any_disk_and_reaches_nobody(  # type: ignore[no-untyped-def]
    sweetchat, log: Path, own_home: Path, words: tuple[str, ...], typed: str
) -> None:
    assert sweetchat(*words, stdin=typed).code == 0
    assert traces(log) == []
    assert [path for path in own_home.rglob("*") if path.is_file()] == []


def test_what_is_not_private_is_seen(sweetchat, log: Path) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("ask", SAID).code == 0
    assert any("journal.db-wal" in call for call in traces(log))
