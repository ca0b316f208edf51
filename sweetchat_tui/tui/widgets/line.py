"""One line to type into: it wraps where an `Input` would scroll, so an input method stays at its place."""

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from sweetchat_tui.text import one_line


class Line(TextArea):
    """A text of one line; Enter gives it in."""

    class Submitted(Message):
        """The person pressed Enter."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, text: str = "", *, placeholder: str = "") -> None:
        super().__init__(
            text,
            placeholder=placeholder,
            classes="line",
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
        )
        self.move_cursor(self.document.end)

    def on_mount(self) -> None:
        # Textual parks the terminal's cursor only when it moves; see `ConversationScreen.on_mount`.
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self._park_cursor())

    def _park_cursor(self) -> None:
        if self.has_focus and self.app.screen is self.screen:
            self.app.cursor_position = self.cursor_screen_offset

    # As in the composer: an input method commits the last syllable together with Enter.
    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]
        if event.key == "enter":
            self.post_message(self.Submitted(one_line(self.text)))
        elif event.key not in ("ctrl+j", "shift+enter"):
            return
        event.stop()
        event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:  # type: ignore[override]
        event.stop()
        event.prevent_default()
        self.replace(one_line(event.text), *self.selection)
