"""What the friend is told of the turns that it sees no more: to be read, changed, deleted or made anew."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Static, TextArea

from sweetchat_tui.companion import Companion
from sweetchat_tui.conversation import Conversation
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.lang import say


class RecapScreen(ModalScreen[str | None]):
    """A text area with the recap; ends with what was done, or None when nothing was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", say("닫기", "Close"), id="close_recap"),
        Binding("ctrl+s", "save", say("저장", "Save"), id="save_recap", priority=True),
        Binding("ctrl+d", "delete", say("지우기", "Delete"), id="delete_recap", priority=True),
        Binding("ctrl+r", "anew", say("다시 요약", "Make anew"), id="recap_anew", priority=True),
    ]

    def __init__(self, companion: Companion, conversation: Conversation) -> None:
        super().__init__()
        self._companion = companion
        self._conversation = conversation

    def compose(self) -> ComposeResult:
        recap = self._companion.recap(self._conversation)
        longest = self._companion.longest_recap
        with Vertical(id="recap", classes="card"):
            yield Static(say("앞서 나눈 이야기", "What came before"), classes="title")
            yield TextArea(recap.text if recap else "", soft_wrap=True, tab_behavior="focus")
            yield Static(
                Content(
                    say(
                        f"친구는 이 요약을 {longest:,}자까지 봐요. 고치면 부탁할 때만 다시 만들어요.",
                        f"The friend sees {longest:,} characters. Once changed, it is remade only if asked.",
                    )
                ),
                id="recap-standing",
            )
            yield Footer(show_command_palette=False)

    def _stand(self, text: str) -> None:
        self.query_one("#recap-standing", Static).update(Content(text))

    def action_save(self) -> None:
        self._write(self.query_one(TextArea).text, say("요약을 저장했어요.", "The recap is kept."))

    def action_delete(self) -> None:
        self._write("", say("요약을 지웠어요.", "The recap is deleted."))

    def _write(self, text: str, done: str) -> None:
        try:
            kept = self._companion.write_recap(self._conversation, text)
        except SweetchatError as error:
            self._stand(error.message)
            return
        if kept:
            self.dismiss(done)
        else:
            self._stand(say("아직 빠진 이야기가 없어요.", "Nothing has been left out yet."))

    @work(exclusive=True)
    async def action_anew(self) -> None:
        """Ask the model for another recap."""
        self._stand(say("요약을 부탁했어요…", "Asking for a recap…"))
        try:
            recap = await self._companion.recap_anew(self._conversation)
        except SweetchatError as error:
            self._stand(error.message)
            return
        self.query_one(TextArea).text = recap.text if recap else ""
        self._stand(
            say("여기까지 요약했어요.", "This is the recap.")
            if recap
            else say("아직 빠진 이야기가 없어요.", "Nothing has been left out yet.")
        )
