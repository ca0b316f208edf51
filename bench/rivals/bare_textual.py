"""The rival of the first frame: as little Textual as a chat could be."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, TextArea


class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Header()
        yield TextArea()
        yield Footer()


Bare().run()
