"""Whatever stands in the place of a file, the program says one sentence, soon and in little memory."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sweetchat_tui import paths
from sweetchat_tui.tui.draft import Draft


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


def deep(path: Path) -> None:
    path.write_text("a = " + "[" * 10_000 + "]" * 10_000)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


STRANGE: list[Callable[[Path], None]] = [
    huge,
    deep,
    loop,
    os.mkfifo,
    Path.mkdir,
    lambda path: path.symlink_to("/dev/zero"),
]


def run(*words: str, stdin: str = os.devnull) -> subprocess.CompletedProcess[str]:
    """The program in 1 GB of address space beyond what it starts with, and in 20 seconds of the processor."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))

    with Path(stdin).open("rb") as given:
        return subprocess.run(
            [sys.executable, "-m", "sweetchat_tui", *words],
            stdin=given,
            capture_output=True,
            text=True,
            timeout=200,  # one that waits for what never comes, on a machine that may be busy
            preexec_fn=bound,
        )


def told_once(done: subprocess.CompletedProcess[str], code: int) -> None:
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("sweetchat: ") and "예상하지 못한" not in done.stderr


@pytest.mark.parametrize("make", STRANGE)
def test_a_configuration(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "config.toml")
    told_once(run("--config", str(tmp_path / "config.toml"), "emotions"), 78)


@pytest.mark.parametrize("make", [*STRANGE, lambda path: path.write_text("[" * 100_000)])
def test_credentials(make: Callable[[Path], None]) -> None:
    file = paths.credentials_file()
    file.parent.mkdir(parents=True)
    make(file)
    if file.is_file():
        file.chmod(0o600)
    told_once(run("auth", "status"), 78)


def test_credentials_that_others_can_read_are_not_used() -> None:
    file = paths.credentials_file()
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    file.chmod(0o640)
    done = run("auth", "status")
    told_once(done, 78)
    assert "chmod 600" in done.stderr
    file.chmod(0o600)
    assert run("auth", "status").returncode == 0


@pytest.mark.parametrize("make", STRANGE)
def test_a_draft(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "draft.txt")
    assert len(Draft(tmp_path / "draft.txt").load()) < 1 << 22


def test_a_draft_commands_nothing(tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text("\x1b]0;PWN\x07쓰다 만 말\x9b", "utf-8")
    assert Draft(tmp_path / "draft.txt").load() == "쓰다 만 말"


@pytest.mark.parametrize("make", [loop, Path.mkdir, lambda path: path.symlink_to("/dev/zero"), huge])
def test_texts(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "a.txt")
    told_once(run("classify", "-c", "lite", "-f", str(tmp_path / "a.txt")), 65)


def test_a_pipe_to_which_no_one_writes_is_empty(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    done = run("classify", "-c", "lite", "-f", str(tmp_path / "a.txt"))
    assert (done.returncode, done.stdout) == (0, "")


def test_endless_words() -> None:
    told_once(run("ask", stdin="/dev/zero"), 65)
