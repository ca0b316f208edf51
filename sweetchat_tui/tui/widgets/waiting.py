"""Words that were sent while an answer was given: they wait in order below the conversation."""

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from sweetchat_tui.lang import say
from sweetchat_tui.tui.messages import GivenBack


class Waiting(VerticalScroll, can_focus=False):
    """The words that wait, each of which can be taken back until it is heard."""

    def __init__(self) -> None:
        super().__init__(id="waiting")
        self._lines: list[_Line] = []

    @property
    def texts(self) -> list[str]:
        """What waits, the next to be heard first."""
        return [line.text for line in self._lines]

    def add(self, text: str) -> None:
        """Let words wait behind the others."""
        line = _Line(text)
        self._lines.append(line)
        self.mount(line)
        self.display = True
        self.scroll_end(animate=False)

    def take(self) -> str | None:
        """The next words, which wait no more."""
        return self._out(self._lines[0]) if self._lines else None

    def take_last(self) -> str | None:
        """The words that were sent last, which wait no more."""
        return self._out(self._lines[-1]) if self._lines else None

    def _out(self, line: "_Line") -> str:
        self._lines.remove(line)
        line.remove()
        self.display = bool(self._lines)
        return line.text

    def give_back(self, line: "_Line") -> None:
        """Words go back to where they were typed."""
        self.post_message(GivenBack(self._out(line)))


class _Line(Static):
    def __init__(self, text: str) -> None:
        words = " ".join(text.split())
        super().__init__(
            Content(say(f"기다리는 말(누르면 되돌려요): {words}", f"Waiting (click takes it back): {words}"))
        )
        self.text = text

    def on_click(self) -> None:
        if isinstance(self.parent, Waiting):
            self.parent.give_back(self)
