"""What is sent to the provider to answer a message, word for word."""

import json
from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sweetchat_tui.lang import say
from sweetchat_tui.text import clean


class SentScreen(ModalScreen[None]):
    """A request as it goes over the wire, to be scrolled through."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+l,q,ㅂ", "dismiss", say("닫기", "Close"), id="close_sent")
    ]

    def __init__(self, host: str | None, request: Mapping[str, object] | None) -> None:
        """
        Args:
            host: where it goes.
            request: its body; None when nothing leaves this machine.
        """
        super().__init__()
        self._host = host
        self._request = request

    def compose(self) -> ComposeResult:
        title = (
            say(
                "내장 친구가 대답해요. 아무것도 보내지 않아요.",
                "The embedded friend answers: nothing is sent.",
            )
            if self._request is None
            else say(
                f"{self._host}에 보내는 것 그대로예요(키는 머리말에 따로 가요).",
                f"This goes to {self._host}, word for word; the key goes in a header.",
            )
        )
        with VerticalScroll(id="sent", classes="card") as card:
            card.border_subtitle = say("Esc 닫기", "Esc: close")
            yield Static(Content(title), classes="title")
            if self._request is not None:
                told = json.dumps(self._request, ensure_ascii=False, indent=2)
                yield Static(Content(clean(told)))
