"""The line above the first turn that the friend still sees."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from sweetchat_tui.lang import say
from sweetchat_tui.tui.messages import RecapSought


class SeenFrom(Static, can_focus=True):
    """Tells where the friend's memory begins, and opens what it is told of the rest."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", say("앞서 나눈 이야기", "What came before"), id="seen_recap"),
        Binding("up", "app.focus_previous", say("앞의 말", "Message before"), show=False, id="seen_up"),
        Binding("down", "app.focus_next", say("다음 말", "Next message"), show=False, id="seen_down"),
    ]

    def __init__(self) -> None:
        super().__init__(
            Content(say("여기부터 친구가 기억해요", "Your friend remembers from here")), classes="seen-from"
        )

    def on_click(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        self.post_message(RecapSought())
