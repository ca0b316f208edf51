"""How far a training is, on stderr: one line that renews itself on a terminal, and nothing in a file.

Knows nothing of what is trained.
"""

import sys
import time

import typer

from sweetchat_tui.cli import edge
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean


class Steps:
    """Told each step, and what happens between."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._renewed = sys.stderr.isatty() and not quiet
        self._started: tuple[float, int] | None = None
        self._shown_s = 0.0

    def show(self, done: int, total: int) -> None:
        """Say how far it is and how long it will go on, at most ten times a second."""
        now = time.monotonic()
        if self._started is None:
            self._started = now, done  # steps of an earlier run took no time in this one
        if not self._renewed or (now - self._shown_s < 0.1 and done < total):
            return
        self._shown_s = now
        began, from_ = self._started
        line = f"{done / total:4.0%} · {done:,}/{total:,}"
        if done > from_:
            left = (now - began) / (done - from_) * (total - done)
            minutes, seconds = divmod(round(left), 60)
            hours, minutes = divmod(minutes, 60)
            clock = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
            line += " · " + say(f"{clock} 남음", f"{clock} left")
        edge.draw(f"\r{line}\x1b[K", err=True)

    def say(self, sentence: str) -> None:
        """Say something else, on a line of its own."""
        self.end()
        if not self._quiet:
            typer.echo(clean(sentence), err=True)

    def end(self) -> None:
        """Take the line away."""
        if self._renewed:
            edge.draw("\r\x1b[K", err=True)
