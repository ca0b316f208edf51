"""How far a download is, in words. Knows nothing of what is fetched."""

import sys
from typing import TYPE_CHECKING

import typer

from sweetchat_tui.classifiers.hub_failures import size
from sweetchat_tui.cli import edge
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    from sweetchat_tui.classifiers.hub import Progress


def told(p: "Progress") -> str:
    """How far a download is: ` 41% · 182 MB / 443 MB · 9.1 MB/s · 0:28 남음`."""
    parts = [f"{p.done / p.total if p.total else 1.0:4.0%}", f"{size(p.done)} / {size(p.total)}"]
    if p.rate:
        parts.append(f"{size(int(p.rate))}/s")
    if p.left and p.done < p.total:
        minutes, seconds = divmod(round(p.left), 60)
        parts.append(say(f"{minutes}:{seconds:02d} 남음", f"{minutes}:{seconds:02d} left"))
    return " · ".join(parts)


class ProgressLine:
    """How far a download is, on stderr: one line that renews itself, or a line for every tenth in a file."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._renewed = sys.stderr.isatty()
        self._tenth = -1
        self._width = 0

    def show(self, p: "Progress") -> None:
        """Say it, if it is time to."""
        share = p.done / p.total if p.total else 1.0
        tenth = int(share * 10)
        if self._quiet or (not self._renewed and tenth == self._tenth):
            return
        self._tenth = tenth
        text = told(p)
        if self._renewed:
            edge.draw("\r" + text + " " * (self._width - len(text)), err=True)
            self._width = len(text) + 2  # Hangul is two columns wide
        else:
            typer.echo(text, err=True)

    def say(self, sentence: str) -> None:
        """Say something else, on a line of its own."""
        self.end()
        if not self._quiet:
            typer.echo(sentence, err=True)

    def end(self) -> None:
        """End the line that renews itself."""
        if self._renewed and self._width:
            typer.echo(err=True)
        self._width = 0
