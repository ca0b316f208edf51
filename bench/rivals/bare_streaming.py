"""The rival of streaming: a scrolled `Static` that grows ten times a second, and a text area."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.widgets import Static, TextArea

sys.path.insert(0, str(Path(__file__).parent.parent))

from streaming import PER_SECOND, pieces

PAINTS = 10
"""A second."""


class Box(TextArea):
    """Enter begins an answer."""

    def _on_key(self, event: Key) -> None:  # type: ignore[override]
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            assert isinstance(self.app, Bare)
            self.app.begin()


class Bare(App[None]):
    CSS = "TextArea { height: 3; border: none }"

    def compose(self) -> ComposeResult:
        with VerticalScroll() as pane:
            yield Static("ready")
        pane.anchor()
        yield Box()

    def on_mount(self) -> None:
        self.query_one(Box).focus()
        self.set_interval(1 / PAINTS, self._grow)
        self._pieces: Iterator[str] = iter(())
        self._text = ""

    def begin(self) -> None:
        self._pieces, self._text, self._given = pieces(), "", 0
        self._began = time.monotonic()

    def _grow(self) -> None:
        text = self._text
        for piece in self._pieces:
            text += piece
            self._given += 1
            if self._given >= (time.monotonic() - self._began) * PER_SECOND:
                break
        if text != self._text:
            self._text = text
            self.query_one(Static).update(Content(text))


if __name__ == "__main__":
    Bare().run()
