"""What a run writes and whom it talks to, as the interpreter itself reports it."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from bert_stage import FIXTURE
from hub_server import Hub
from terminal import welcomed

WATCHED = """
import json, os, sys
log = os.fdopen(os.dup(int(sys.argv[1])), "w", buffering=1)
WATCHED = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
           "shutil.copyfile", "sqlite3.connect", "socket.connect", "socket.bind", "socket.sendto",
           "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
           "subprocess.Popen", "os.posix_spawn", "os.exec", "tempfile.mkstemp", "tempfile.mkdtemp")
def hear(event, args):
    if event == "open":
        path, mode, flags = args
        if isinstance(path, (str, bytes, os.PathLike)) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            log.write(json.dumps(["open", os.fsdecode(path)]) + "\\n")
    elif event in WATCHED:
        log.write(json.dumps([event, [repr(a) for a in args]]) + "\\n")
sys.addaudithook(hear)
sys.argv = ["sweetchat", *sys.argv[2:]]
sys.dont_write_bytecode = True
from sweetchat_tui.cli import main
main()
"""


def watched(
    *words: str, stdin: bytes = b"", terminal: list[bytes] | None = None, **variables: str
) -> list[list]:  # type: ignore[type-arg]
    """What a run opened for writing, made, removed and connected to.

    Args:
        terminal: what to type, piece by piece, into the app in a pseudo-terminal.
    """
    read, write = os.pipe()
    os.set_inheritable(write, True)
    command = [sys.executable, "-X", "utf8", "-c", WATCHED, str(write), *words]
    environment = os.environ | variables | {"TERM": "xterm-256color"}
    if terminal is None:
        done = subprocess.run(
            command,
            input=stdin,
            env=environment,
            pass_fds=[write],
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
    else:
        _type(command, terminal, environment, write)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as log:
        return [json.loads(line) for line in log]


def _type(command: list[str], keys: list[bytes], environment: dict[str, str], write: int) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=environment, pass_fds=[write]
    )
    os.close(follower)

    def until(sign: bytes) -> None:
        seen, deadline = b"", time.monotonic() + 60
        while sign not in seen:
            assert time.monotonic() < deadline, seen.decode("utf-8", "replace")
            if select.select([leader], [], [], 0.2)[0]:
                seen += os.read(leader, 65536)

    try:
        until(b"lite-1")
        for typed, sign in zip(keys[::2], keys[1::2], strict=True):
            os.write(leader, typed)
            until(sign)
        os.write(leader, b"\x11")
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            if select.select([leader], [], [], 0.1)[0]:
                try:
                    os.read(leader, 65536)
                except OSError:
                    break
        assert process.wait(10) == 0
    finally:
        process.kill()
        os.close(leader)


def left(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def talked(events: list[list]) -> list[list]:  # type: ignore[type-arg]
    """The events that reach for another program over a network."""
    return [event for event in events if event[0].startswith("socket")]


HARMLESS = ("/dev/null", "/dev/tty", "/dev/pts/")


def written(events: list[list]) -> list[list]:  # type: ignore[type-arg]
    """The events that put something on a disk."""
    found = []
    for event, about in events:
        if event == "open" and str(about).startswith(HARMLESS):
            continue
        if event == "sqlite3.connect" and "':memory:'" in about[0]:
            continue
        if event.startswith("socket"):
            continue
        found.append([event, about])
    return found


PRIVATE_DOORS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "ask": (("ask", "--private", "오늘 너무 지쳤어"), {}),
    "plain": (("chat", "--plain", "--private"), {"stdin": "오늘 너무 지쳤어\n/1\n/끝\n".encode()}),
    "app": (("chat", "--private"), {"terminal": ["오늘 너무 지쳤어\r".encode(), b"offline-1"]}),
    "classify": (("classify", "오늘 너무 지쳤어"), {}),
    "classify in a pipe": (("classify", "--json"), {"stdin": "오늘 너무 지쳤어\n".encode()}),
    "dry run": (("ask", "--private", "--dry-run", "오늘 너무 지쳤어"), {}),
}


@pytest.mark.parametrize("door", PRIVATE_DOORS)
def test_a_private_talk_leaves_nothing_on_the_disk_and_reaches_nobody(door: str, own_home: Path) -> None:
    words, given = PRIVATE_DOORS[door]
    events = watched(*words, **given)
    assert written(events) == []
    assert left(own_home) == []
    assert talked(events) == []


@pytest.mark.parametrize(
    "words",
    [
        ("history", "list"),
        ("mood",),
        ("models", "list"),
        ("emotions",),
        ("config", "show"),
        ("auth", "status"),
        ("--help",),
        ("history", "check"),
    ],
)
def test_no_other_command_talks_to_anybody(words: tuple[str, ...], own_home: Path) -> None:
    assert talked(watched(*words)) == []


SAID = "오늘 너무 지쳤어"
TALKS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "ask": (("ask", "--provider", "mine", SAID), {}),
    "plain": (("chat", "--plain", "--provider", "mine"), {"stdin": f"{SAID}\n/1\n/끝\n".encode()}),
    "app": (("chat", "--provider", "mine"), {"terminal": [f"{SAID}\r".encode(), "그랬구나".encode()]}),
}


@pytest.mark.parametrize("door", TALKS)
def test_a_provider_is_the_only_one_talked_to(door: str, own_home: Path) -> None:
    from llmock.pytest_plugin import LLMock
    from llmock.testing import LLMockServer

    words, given = TALKS[door]
    with LLMockServer() as server:
        LLMock(server).reply("그랬구나")
        LLMock(server).reply("그랬구나")
        file = own_home / "config" / "sweetchat" / "config.toml"
        file.parent.mkdir(parents=True)
        address = server.base_url("openai")
        file.write_text(f'[provider.mine]\nbase_url = "{address}"\nmodel = "m"\n', encoding="utf-8")
        welcomed()
        events = watched(*words, **given, SWEETCHAT_API_KEY="sk-x")
    assert "socket.connect" in {event for event, _ in events}
    assert _strangers(events, address.split(":")[2].split("/")[0]) == []


def test_the_hub_is_the_only_one_that_a_model_is_fetched_from(own_home: Path) -> None:
    files = {path.name: path.read_bytes() for path in FIXTURE.iterdir()}
    with Hub("burningfalls/my-fine-tuned-bert", files) as served:
        events = watched("models", "pull", HF_ENDPOINT=served.url)
    assert "socket.connect" in {event for event, _ in events}
    assert _strangers(events, str(served.port)) == []


def _strangers(events: list[list], port: str) -> list[list]:  # type: ignore[type-arg]
    """What reaches, or asks the way to, another than a server of this test on loopback."""
    found = []
    for event, about in talked(events):
        told = " ".join(about)
        if port not in told or not ("127.0.0.1" in told or "localhost" in told):
            found.append([event, about])
    return found


def test_what_is_not_private_is_seen_to_be_written(own_home: Path) -> None:
    assert written(watched("ask", "오늘 너무 지쳤어")) and left(own_home)
