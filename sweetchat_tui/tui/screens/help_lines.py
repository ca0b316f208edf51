"""Where a person finds help, at any time and for no reason that they would have to give."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sweetchat_tui import safety
from sweetchat_tui.lang import say


class HelpLinesScreen(ModalScreen[None]):
    """Every place that helps, each on a line of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f8,enter,q,ㅂ", "dismiss", say("닫기", "Close"), id="close_help_lines")
    ]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help-lines", classes="card") as card:
            card.border_subtitle = say("Esc 닫기", "Esc: close")
            yield Static(say("도움 받을 곳", "Where to find help"), classes="title")
            yield Static(Content("\n".join(str(line) for line in safety.help_lines())))
