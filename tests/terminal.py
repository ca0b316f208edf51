"""The installed program in a real pseudo-terminal, seen through a terminal emulator."""

import os
import signal
import sys
import termios
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pexpect
import pyte
import warm
from ptyprocess import PtyProcess

from sweetchat_tui import paths

_PATIENCE_S = 100.0
_DYING_S = 5.0


class _Forked(PtyProcess):  # type: ignore[misc]
    """A process on a terminal that is no child of this one."""

    def __init__(self, process: ForkServerProcess, terminal: int) -> None:
        super().__init__(process.pid, terminal)
        self._process = process

    def isalive(self) -> bool:
        if self._process.is_alive():
            return True
        code = self.status = self._process.exitcode
        self.terminated = True
        self.exitstatus, self.signalstatus = (code, None) if code >= 0 else (None, -code)
        return False


def spawned(*words: str, columns: int = 80, rows: int = 24, **variables: str) -> "pexpect.spawn[bytes]":
    """The program on a terminal of its own."""
    own = {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | variables
    if not warm.can_be(os.environ | own):
        command = ["-m", "sweetchat_tui", *words]
        return pexpect.spawn(
            sys.executable, command, env=os.environ | own, dimensions=(rows, columns), timeout=_PATIENCE_S
        )
    ours, its = os.openpty()
    termios.tcsetwinsize(its, (rows, columns))
    process = warm.start(words, (its, its, its), os.environ | own, terminal=True)
    os.close(its)
    child = pexpect.spawn(None, timeout=_PATIENCE_S)
    child.ptyproc = _Forked(process, ours)
    child.pid, child.child_fd, child.terminated, child.closed = process.pid, ours, False, False
    return child


def welcomed() -> None:
    """Be somebody who has been told already what the first run tells."""
    paths.state_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    (paths.state_folder() / "welcomed").touch()


class Terminal:
    """A terminal in which the app runs."""

    def __init__(
        self, *words: str, columns: int = 80, rows: int = 24, first: bool = False, **variables: str
    ) -> None:
        """
        Args:
            first: what the first run tells has not been told yet.
        """
        if not first and "--private" not in words:
            welcomed()
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.child = spawned(*words, columns=columns, rows=rows, **variables)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        # Not pexpect's own way, which gives a program a tenth of a second to die on a busy machine.
        if not self.child.closed and self.child.isalive():
            self.child.kill(signal.SIGHUP)
            end = time.monotonic() + _DYING_S
            while self.child.isalive():
                self.look()
                if time.monotonic() > end:
                    self.child.kill(signal.SIGKILL)
        self.child.close()

    def look(self) -> str:
        """What stands on the screen now; the halves of wide letters count once."""
        while True:
            try:
                data = self.child.read_nonblocking(65536, timeout=0.02)
            except (pexpect.TIMEOUT, pexpect.EOF):
                break
            self.raw += data
            self.stream.feed(data)
        rows = ("".join(row[x].data for x in range(self.screen.columns)).rstrip() for row in self._rows())
        return "\n".join(rows).replace("\u00a0", " ")

    def _rows(self) -> list[dict[int, pyte.screens.Char]]:
        return [self.screen.buffer[y] for y in range(self.screen.lines)]

    def until(self, holds: Callable[[str], object], seconds: float = _PATIENCE_S) -> str:
        """Wait until something holds of the screen; a screen that never gets there fails with it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds(shown := self.look()):
                return shown
        raise AssertionError(self.look())

    def shows(self, *texts: str) -> str:
        """Wait until all of these stand on the screen."""
        return self.until(lambda shown: all(text in shown for text in texts))

    def type(self, *pieces: str | bytes) -> None:
        """Send each piece in one write, as an input method or a paste does."""
        for piece in pieces:
            self.child.send(piece.encode() if isinstance(piece, str) else piece)

    def ended(self) -> int | None:
        """Wait for the program to end; its exit code."""
        self.child.expect(pexpect.EOF)
        self.raw += self.child.before or b""
        self.child.close()
        return self.child.exitstatus  # type: ignore[no-any-return]


def journal_words(home: Path) -> list[str]:
    """The person's words in the one journal below a folder."""
    from sweetchat_tui.journal import Journal

    (file,) = home.rglob("journal.db")
    with Journal.open(file) as journal:
        conversation = journal.latest()
        return [turn.text for turn in conversation.turns] if conversation else []
