"""The app: the conversation's screen, its colours and its commands."""

from collections.abc import Callable, Iterable, MutableSequence, Sequence
from functools import partial
from threading import Event
from typing import ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.screen import Screen

from sweetchat_tui import paths
from sweetchat_tui.companion import Companion, Equipment
from sweetchat_tui.config import Config
from sweetchat_tui.conversation import Conversation
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.journal import Journal
from sweetchat_tui.lang import say
from sweetchat_tui.tui import messages
from sweetchat_tui.tui.colours import THEMES
from sweetchat_tui.tui.draft import Draft
from sweetchat_tui.tui.screens.conversation import ConversationScreen
from sweetchat_tui.tui.screens.keys import KeysScreen

Fetch = Callable[[Callable[[str], None], Event], Equipment]
"""Brings a classifier to this machine: is given who to tell how far it is, and what is set to stop it."""


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
        notices: MutableSequence[str] | None = None,
        changes: Sequence[tuple[str, Equipment]] = (),
        fetch: Fetch | None = None,
    ) -> None:
        """
        Args:
            notices: as `ConversationScreen`.
            changes: what else can read or answer, by the name that the command palette gives it.
            fetch: brings the better classifier here; None when it is here, or not wanted.
        """
        super().__init__()
        self._companion = companion
        self._changes = changes
        self._fetch = fetch
        self._fetching: Event | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = f"sweetchat-{config.theme}"
        self._conversation_screen = ConversationScreen(
            companion,
            journal,
            conversation,
            enter_sends=config.enter == "send",
            draft=Draft(None if private else paths.draft_file()),
            private=private,
            notices=[] if notices is None else notices,
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
            for label, equipment in self._changes:
                yield SystemCommand(
                    label,
                    say("다음 말부터", "From the next message on"),
                    partial(screen.equip, equipment),
                )
        if self._fetching is not None:
            yield SystemCommand(
                say("감정 모델 받기 멈추기", "Stop fetching the classifier"),
                say("다음에 이어서 받아요", "It goes on from here next time"),
                self._fetching.set,
            )
        elif self._fetch is not None:
            yield SystemCommand(
                say("BERT 감정 모델 받기", "Fetch the BERT classifier"),
                say("443 MB. 받는 동안에도 이야기할 수 있어요", "443 MB; you can go on talking"),
                self.action_fetch,
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

    def action_fetch(self) -> None:
        if self._fetch is not None and self._fetching is None:
            self._fetching = Event()
            self._bring(self._fetch, self._fetching)

    @work(thread=True, group="fetch")
    def _bring(self, fetch: Fetch, stop: Event) -> None:
        try:
            equipment = fetch(self._tell_how_far, stop)
            self.post_message(messages.Fetched(equipment))
        except SweetchatError as error:
            self.post_message(messages.FetchFailed(error))

    def _tell_how_far(self, line: str) -> None:
        self.post_message(messages.FetchAdvanced(line))

    @on(messages.FetchAdvanced)
    def _say_how_far(self, event: messages.FetchAdvanced) -> None:
        self._conversation_screen.tell(event.line)

    @on(messages.Fetched)
    def _use(self, event: messages.Fetched) -> None:
        self._fetch = self._fetching = None
        self._conversation_screen.equip(event.equipment)

    @on(messages.FetchFailed)
    def _say_why_not(self, event: messages.FetchFailed) -> None:
        self._fetching = None
        self._conversation_screen.tell(" ".join(filter(None, (event.error.message, event.error.hint))))

    async def on_unmount(self) -> None:
        if self._fetching is not None:
            self._fetching.set()
        await self._companion.aclose()
