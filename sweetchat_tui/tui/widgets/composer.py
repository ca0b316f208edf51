"""Where the person writes: Hangul-safe, grows to a few lines, sends on one key."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from sweetchat_tui.conversation import LONGEST_MESSAGE, Turn
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean
from sweetchat_tui.tui.bindings import key_of
from sweetchat_tui.tui.messages import MessageSubmitted, News


def joined(*texts: str) -> str:
    """Texts below one another, without the empty ones."""
    return "\n".join(filter(None, texts))


ALT_DIGITS = {"inverted_exclamation_mark": 1, "trade_mark_sign": 2, "pound_sign": 3, "cent_sign": 4}
"""How Textual reads Alt and a digit: as the character that Option and the digit give on a Mac."""


class Composer(TextArea):
    """A text area in which one key sends and another makes a new line."""

    # Told for the help and the footer alone: `_on_key` takes them first.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter_sends", say("보내기", "Send"), show=False),
        Binding("ctrl+j", "enter_sends", say("줄바꿈", "New line")),
        Binding("enter", "enter_breaks", say("줄바꿈", "New line"), show=False),
        Binding("ctrl+j", "enter_breaks", say("보내기", "Send")),
        Binding("pageup", "cursor_page_up", say("대화 위로", "Scroll up"), show=False),
        Binding("pagedown", "cursor_page_down", say("대화 아래로", "Scroll down"), show=False),
    ]

    class LeftUpwards(Message):
        """The cursor was on the first line and went up: the person wants the conversation."""

    class Paged(Message):
        """A key that turns pages was pressed, and all that is typed here can be seen."""

        def __init__(self, *, up: bool) -> None:
            super().__init__()
            self.up = up

    def __init__(self, *, enter_sends: bool) -> None:
        super().__init__(
            placeholder=say("오늘 어땠어?", "How was your day? (The friend speaks Korean.)"),
            id="composer",
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
        )
        self._in_force = "enter_sends" if enter_sends else "enter_breaks"
        self._sends = {"enter"} if enter_sends else {"ctrl+j"}
        self._breaks = {"ctrl+j", "shift+enter"} if enter_sends else {"enter", "shift+enter"}

        self.editing: Turn | None = None
        self._set_aside = ""
        self._cleared = ""
        self._on_the_way: list[str] = []

    @property
    def draft(self) -> str:
        """Everything here that would be lost, what is on its way, set aside or cleared too."""
        changed = "" if self.editing is not None and self.text == self.editing.text else self.text
        return joined(*self._on_the_way, self._set_aside, changed or self._cleared)

    def change(self, turn: Turn) -> None:
        """Bring the words of a turn here to be changed; what was typed is set aside."""
        if self.editing is None:
            self._set_aside = self.text
        self._write(turn.text)
        self._be_editing(turn)

    def leave_editing(self) -> None:
        """Leave the turn as it was and go on with what was typed before."""
        self._write(self._set_aside)
        self._set_aside = ""
        self._be_editing(None)

    def _send(self) -> None:
        """Let the words go, at once: what is typed right after them comes before anyone hears of them."""
        text, place = clean(self.text), self.editing
        if len(text) > LONGEST_MESSAGE:
            too_long = f"{len(text):,}/{LONGEST_MESSAGE:,}"
            self.post_message(News(say(f"너무 길어요({too_long}자).", f"Too long ({too_long} characters).")))
        elif text.strip():
            self._on_the_way.append(text)
            self._cleared = ""
            self.leave_editing()
            self.post_message(MessageSubmitted(text, place))

    def arrived(self) -> None:
        """The words that went first are in other hands."""
        del self._on_the_way[0]

    def put_before(self, text: str) -> None:
        """Put words that came back before what is typed."""
        if self.editing is None:
            self._write(joined(text, self.text))
        else:
            self._set_aside = joined(text, self._set_aside)

    def clear_draft(self) -> None:
        """Empty the box; the key that undoes brings the words back, and so does the next start."""
        self._cleared = self.text
        self.clear()

    def _write(self, text: str) -> None:
        self.text = text
        self.move_cursor(self.document.end)

    def _be_editing(self, turn: Turn | None) -> None:
        self.editing = turn
        self.set_class(turn is not None, "-editing")
        stop = key_of(self.screen, "stop")
        self.border_title = say("보낸 말 고치는 중", "Editing a sent message") if turn else None
        self.border_subtitle = (
            say(f"{stop} 그만두기 · 뒤의 대화는 그대로예요", f"{stop} leaves · later messages stay")
            if turn
            else None
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # noqa: ARG002
        return not action.startswith("enter_") or action == self._in_force

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        return key not in ALT_DIGITS and super().check_consume_key(key, character)

    def action_cursor_page_up(self) -> None:
        super().action_cursor_page_up() if self.max_scroll_y else self.post_message(self.Paged(up=True))

    def action_cursor_page_down(self) -> None:
        super().action_cursor_page_down() if self.max_scroll_y else self.post_message(self.Paged(up=False))

    # In `_on_key`, not in a priority binding: an input method commits the last syllable together with
    # Enter, and a priority binding would run before that syllable is in the text.
    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]
        if event.key in self._sends:
            self._send()
        elif event.key in self._breaks:
            self.insert("\n")
        elif event.key == "up" and self.cursor_location[0] == 0 and not self.text:
            self.post_message(self.LeftUpwards())
        else:
            return
        event.stop()
        event.prevent_default()

    # Instead of the inherited handler, which Textual also calls when this one says nothing.
    def _on_paste(self, event: events.Paste) -> None:  # type: ignore[override]
        event.stop()
        event.prevent_default()
        self.replace(clean(event.text), *self.selection)
