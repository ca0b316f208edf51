"""The first run: three facts, and who shall answer. One key goes on as things stand."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from sweetchat_tui.companion import Equipment
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle
from sweetchat_tui.tui.changes import FirstRun
from sweetchat_tui.tui.widgets.line import Line

_OLLAMA = "http://127.0.0.1:11434/v1"


class WelcomeScreen(ModalScreen[Equipment | None]):
    """Leaves with what shall answer; None goes on as things stand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", say("이대로 시작", "Start as it is"), id="start")
    ]

    def __init__(self, first: FirstRun, key: Callable[[str], str]) -> None:
        """
        Args:
            key: tells the key of a binding by its id.
        """
        super().__init__()
        self._first = first
        self._key = key

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="welcome", classes="card", can_focus=False) as card:
            start = self._key("start")
            card.border_subtitle = say(
                f"Enter 고르기 · {start} 이대로 시작", f"Enter: choose · {start}: start as it is"
            )
            yield Static(Content(self._facts()))
            asked = say("누가 대답할까요?", "Who shall answer?") if self._first.open else ""
            yield Static(Content(asked), id="asked")
            yield OptionList(Option(Content(self._first.now), id="now"), *self._others())
            key = say("OpenAI 키 (보이지 않아요)", "OpenAI key (not shown)")
            yield Input(password=True, placeholder=key, id="key")
            yield Line(_OLLAMA, placeholder=say("주소", "Address"))
            yield Line(placeholder=say("모델 이름 (예: exaone3.5)", "Model (e.g. exaone3.5)"))

    def _others(self) -> list[Option]:
        """Who else could answer, if that is still to be chosen."""
        if not self._first.open:
            return []
        key = say("OpenAI (키를 넣어요)", "OpenAI (asks for a key)")
        server = say("내 컴퓨터의 서버 (Ollama 등)", "A server of mine (Ollama …)")
        return [Option(Content(key), id="key"), Option(Content(server), id="server")]

    def _facts(self) -> str:
        conversations, delete = self._key("conversations"), self._key("delete")
        sent = _sent(self._first.host)
        return say(
            "SweetChat\n\n"
            "1  친구는 AI예요. 사람도, 의사나 상담사도 아니에요. 만 14세부터 쓸 수 있어요.\n"
            f"2  감정은 이 컴퓨터 안에서 읽고, 대화도 이 컴퓨터에만 저장해요. {sent}\n"
            f"3  지우기: {conversations}에서 대화를 고르고 {delete}. "
            "저장하지 않으려면 sweetchat --private.\n",
            "SweetChat\n\n"
            "1  The friend is an AI: not a person, a doctor or a counsellor. From 14 years on.\n"
            f"2  Emotions are read on this computer, and talks are stored here only. {sent}\n"
            f"3  To delete: {conversations}, choose a talk, {delete}. "
            "To store nothing: sweetchat --private.\n",
        )

    def on_mount(self) -> None:
        self._ask("")
        self.query_one(OptionList).focus()

    def _ask(self, what: str) -> None:
        """Show the fields of a choice alone, and stand in the first that is still to be filled."""
        self.query_one("#key", Input).display = what == "key"
        for line in self.query(Line):
            line.display = what == "server"
        if what == "key":
            self.query_one("#key", Input).focus()
        elif what == "server":
            self.query(Line).last().focus()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        if event.option_id == "now":
            self.dismiss(None)
        else:
            self._ask(event.option_id or "")

    @on(Input.Submitted)
    def _use_key(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(self._first.key(event.value))
        except SweetchatError as error:
            self._refuse(error)

    @on(Line.Submitted)
    def _use_server(self) -> None:
        address, model = (line.text.strip() for line in self.query(Line))
        if not model:
            self.query(Line).last().focus()
            return
        try:
            self.dismiss(self._first.server(address, model))
        except SweetchatError as error:
            self._refuse(error)

    def _refuse(self, error: SweetchatError) -> None:
        asked = self.query_one("#asked", Static)
        asked.update(Content(" ".join((error.message, error.hint))))
        asked.scroll_visible()


def _sent(host: str | None) -> str:
    """Where words go."""
    if host is not None:
        return say(
            f"대답을 받으려고 한 말과 감정을 {with_particle(host, '으로/로')} 보내요.",
            f"Your words and their emotion are sent to {host} to be answered.",
        )
    return say(
        "OpenAI나 다른 서버를 고르면 대답을 받으려고 한 말과 감정을 그곳으로 보내요.",
        "If you choose OpenAI or another server, your words and their emotion are sent there to be answered.",
    )
