"""A Textual app that opens a conversation as most do: each message is a widget, and all are mounted."""

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from sweetchat_tui.journal import Journal


class AllMounted(App[None]):
    def compose(self) -> ComposeResult:
        yield VerticalScroll(Static("ready"))

    async def on_key(self) -> None:
        with Journal.open(Path(sys.argv[1])) as journal:
            turns = journal.conversation("long").turns
        pane = self.query_one(VerticalScroll)
        texts = [text for turn in turns for text in (turn.text, *(reply.text for reply in turn.replies))]
        await pane.mount(*(Static(text, markup=False) for text in texts))
        pane.anchor()


if __name__ == "__main__":
    AllMounted().run()
