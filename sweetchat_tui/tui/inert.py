"""What stands between the widgets and the terminal, as `cli.edge` does outside the app."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from sweetchat_tui.text import inert


class Inert(LineFilter):
    """Takes out of every line what could command the terminal; such a character has no width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [Segment(inert(text), style, control) for text, style, control in segments]
