"""The app: the conversation's screen, its colours and its commands."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.screen import Screen
from textual.theme import Theme

from sweetchat_tui import paths
from sweetchat_tui.companion import Companion
from sweetchat_tui.config import Config
from sweetchat_tui.conversation import Conversation
from sweetchat_tui.journal import Journal
from sweetchat_tui.lang import say
from sweetchat_tui.tui.draft import Draft
from sweetchat_tui.tui.screens.conversation import ConversationScreen
from sweetchat_tui.tui.screens.keys import KeysScreen

_VIOLET = "#8968ef"
_THEMES = (
    Theme(
        "sweetchat-dark",
        primary=_VIOLET,
        secondary="#c39bf2",
        accent=_VIOLET,
        warning="#f2a65a",
        error="#f2665a",
        foreground="#e8e4f2",
        background="#14121c",
        surface="#1d1a29",
        panel="#272338",
        dark=True,
    ),
    Theme(
        "sweetchat-light",
        primary=_VIOLET,
        secondary="#6d4bd8",
        accent=_VIOLET,
        warning="#b45309",
        error="#b3261e",
        foreground="#241f33",
        background="#faf8ff",
        surface="#f0ecfa",
        panel="#e4ddf6",
        dark=False,
    ),
)


class SweetchatApp(App[None]):
    """A full-screen conversation."""

    CSS_PATH = "sweetchat.tcss"
    TITLE = "SweetChat"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", say("명령", "Commands"), priority=True),
        Binding("ctrl+q", "quit", say("끝내기", "Quit"), priority=True),
        Binding("f1", "show_keys", say("도움", "Help"), show=False),
    ]

    def __init__(
        self,
        config: Config,
        companion: Companion,
        journal: Journal,
        conversation: Conversation | None,
        *,
        private: bool = False,
        notices: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._companion = companion
        for theme in _THEMES:
            self.register_theme(theme)
        self.theme = f"sweetchat-{config.theme}"
        self._conversation_screen = ConversationScreen(
            companion,
            journal,
            conversation,
            enter_sends=config.enter == "send",
            draft=Draft(None if private else paths.draft_file()),
            private=private,
            notices=notices,
        )

    def get_default_screen(self) -> Screen[None]:
        return self._conversation_screen

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        if isinstance(screen, ConversationScreen):
            yield SystemCommand(
                say("새 대화", "New conversation"), say("Ctrl+N", "Ctrl+N"), screen.action_new
            )
            yield SystemCommand(
                say("다시 대답", "Answer again"), say("Ctrl+R", "Ctrl+R"), screen.action_again
            )
            yield SystemCommand(
                say("감정 고르기", "Pick an emotion"),
                say("58가지에서 (Alt+4)", "Any of the 58 (Alt+4)"),
                screen.action_seek,
            )
        yield SystemCommand(
            say("화면 색", "Theme"), say("밝게, 어둡게", "Light or dark"), self.action_change_theme
        )
        yield SystemCommand(say("키", "Keys"), "F1", self.action_show_keys)
        yield SystemCommand(say("끝내기", "Quit"), "Ctrl+Q", self.action_quit)

    def action_command_palette(self) -> None:
        self.push_screen(CommandPalette(placeholder=say("무엇을 할까요?", "What shall we do?")))

    def action_help_quit(self) -> None:
        """Ctrl+C with nothing to copy; Textual's own answer is an English toast over the composer."""
        self._conversation_screen.tell(say("끝내려면 Ctrl+Q를 눌러요.", "Ctrl+Q quits."))

    def action_show_keys(self) -> None:
        self.push_screen(KeysScreen())

    async def on_unmount(self) -> None:
        await self._companion.aclose()
