"""The keys, and what each does."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sweetchat_tui.lang import say


class KeysScreen(ModalScreen[None]):
    """A card over the conversation; any of the keys that open or close things closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,enter,q,ㅂ", "dismiss", show=False)]

    def compose(self) -> ComposeResult:
        yield Static(
            Content(
                say(
                    "Enter            보내기          Ctrl+J   줄바꿈\n"
                    "Alt+1 ~ 3        이 감정으로 다시 대답\n"
                    "Alt+4            58가지 감정에서 찾기\n"
                    "Alt+← →          앞뒤 대답 보기\n"
                    "Esc              대답 멈추기     Ctrl+R   다시 대답\n"
                    "Ctrl+N           새 대화         Ctrl+Q   끝내기\n"
                    "Ctrl+P           모든 명령       F1       이 도움말\n\n"
                    "빈 입력칸에서 ↑를 누르면 지난 말로 가요.\n"
                    "거기서는 1 ~ 4로 감정을, [ ]로 대답을 골라요.\n"
                    "Alt가 듣지 않는 터미널에서도 이렇게 쓸 수 있어요.",
                    "Enter            send            Ctrl+J   new line\n"
                    "Alt+1 to 3       answer this emotion\n"
                    "Alt+4            find one of the 58\n"
                    "Alt+left, right  other answers\n"
                    "Esc              stop            Ctrl+R   answer again\n"
                    "Ctrl+N           new talk        Ctrl+Q   quit\n"
                    "Ctrl+P           all commands    F1       this help\n\n"
                    "Up, in an empty box, goes to what was said;\n"
                    "1 to 4 pick an emotion there, [ ] an answer.\n"
                    "That works in terminals that keep Alt for themselves, too.",
                )
            ),
            id="keys",
        )
