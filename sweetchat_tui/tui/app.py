"""The app: the conversation's screen, its colours and its commands."""

import asyncio
import os
from collections.abc import Callable, Iterable, MutableSequence, Sequence
from datetime import date
from functools import partial
from typing import ClassVar, cast

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.events import Event, Key, Paste
from textual.filter import LineFilter
from textual.screen import Screen

from sweetchat_tui import paths
from sweetchat_tui.companion import Companion, Equipment
from sweetchat_tui.config import Config
from sweetchat_tui.conversation import Conversation, Length, Manner
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.journal import Journal
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean, with_particle
from sweetchat_tui.tui import clipboard, decoding, gone, messages, painting, signals
from sweetchat_tui.tui.ascii import InAscii
from sweetchat_tui.tui.bindings import key_of, spelled, told
from sweetchat_tui.tui.changes import Changes
from sweetchat_tui.tui.colours import THEMES
from sweetchat_tui.tui.commands import Commands
from sweetchat_tui.tui.draft import Draft
from sweetchat_tui.tui.fetching import Fetching
from sweetchat_tui.tui.inert import Inert
from sweetchat_tui.tui.keymap import bindings, keymap
from sweetchat_tui.tui.screens.conversation import ConversationScreen
from sweetchat_tui.tui.screens.conversations import ConversationsScreen
from sweetchat_tui.tui.screens.help_lines import HelpLinesScreen
from sweetchat_tui.tui.screens.keys import KeysScreen
from sweetchat_tui.tui.screens.mood import Calendar, MoodScreen
from sweetchat_tui.tui.screens.places import Place, PlacesScreen
from sweetchat_tui.tui.screens.recap import RecapScreen
from sweetchat_tui.tui.screens.search import SearchScreen
from sweetchat_tui.tui.screens.sent import SentScreen
from sweetchat_tui.tui.screens.welcome import WelcomeScreen
from sweetchat_tui.tui.widgets.mark import SeenFrom
from sweetchat_tui.tui.widgets.turn import TurnView
from sweetchat_tui.tui.wishes import Wishes

_THEME_TITLES = (
    say("화면 색: 어둡게", "Theme: dark"),
    say("화면 색: 밝게", "Theme: light"),
    say("화면 색: 잘 구별되는 색", "Theme: colours told apart easily"),
)


class SweetchatApp(App[None]):
    """A full-screen conversation."""

    CSS_PATH = "sweetchat.tcss"
    TITLE = "SweetChat"
    COMMANDS = App.COMMANDS | {Commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "app.quit", say("끝내기", "Quit"), priority=True, show=False, id="quit"),
        Binding("f1", "show_keys", say("도움말", "Help"), id="help"),
        Binding(
            "ctrl+p", "command_palette", say("모든 명령", "Commands"), priority=True, show=False, id="palette"
        ),
        Binding("ctrl+f", "search", say("찾기", "Search"), id="search", priority=True, show=False),
        Binding("f3", "mood", say("마음", "Mood"), id="mood", show=False),
        Binding(
            "ctrl+l",
            "sent",
            say("보내는 것 그대로 보기", "What is sent"),
            id="sent",
            priority=True,
            show=False,
        ),
        Binding("f8", "help_lines", say("도움 받을 곳", "Help lines"), id="help_lines", show=False),
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
        changes: Changes | None = None,
    ) -> None:
        """
        Args:
            notices: as `ConversationScreen`.
            changes: what else can read or answer.
        """
        decoding.forgive()
        gone.outlive()
        painting.spare()
        super().__init__()
        self._companion = companion
        self._journal = journal
        self._budget = config.budget
        self._changes = changes or Changes()
        self._fetch = self._changes.fetch
        self._fetching: Fetching | None = None
        self._disarm = Inert()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = f"sweetchat-{config.theme}"
        self._in_ascii = [InAscii()] if config.ascii else []
        self._chosen_keys = keymap(config.keys, config.origins.get("keys", ""), TOGETHER)
        self.set_keymap(self._chosen_keys)
        self._conversation_screen = ConversationScreen(
            companion,
            journal,
            conversation,
            enter_sends=config.enter == "send",
            draft=Draft(None if private else paths.draft_file(), journal),
            private=private,
            notices=[] if notices is None else notices,
            changes=self._changes,
            wishes=Wishes(cast(Manner, config.manner), cast(Length, config.length)),
            budget=config.budget,
        )

    def on_mount(self) -> None:
        signals.heed(self)
        first = self._changes.first
        if first is None:
            return

        def begin(equipment: Equipment | None) -> None:
            first.done()
            if equipment is not None:
                news = say("다음 말부터 여기서 대답해요.", "It answers from now on.")
                self._conversation_screen.equip(equipment, news)

        self.push_screen(WelcomeScreen(first, self._key), begin)

    def _key(self, name: str) -> str:
        """The key of a binding by its id, also where it is not in force; as it stands in a sentence."""
        every = (binding for nodes in TOGETHER for binding in bindings(nodes))
        default = next(binding.key for binding in every if binding.id == name)
        return spelled(self._chosen_keys.get(name, default).split(",")[0])

    async def on_event(self, event: Event) -> None:
        """Clean what is pasted, whichever box it is for; and let no words go where none are written."""
        if isinstance(event, Paste):
            event.text = clean(event.text)
        screen = self._conversation_screen
        if isinstance(event, Key | Paste) and not event.is_forwarded and self.screen is screen:
            screen.heed(event)
        await super().on_event(event)

    def get_default_screen(self) -> Screen[None]:
        return self._conversation_screen

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        key = partial(key_of, screen)
        if isinstance(screen, ConversationScreen):
            yield from screen.commands()
            yield from self._ways(key)
        if self._fetching is not None:
            yield SystemCommand(
                say("감정 모델 받기 멈추기", "Stop fetching the classifier"),
                say("다음에 이어서 받아요", "It goes on from here next time"),
                self._fetching.stop,
            )
        elif self._fetch is not None:
            yield SystemCommand(
                say("더 큰 감정 모델(BERT) 받기 (443 MB)", "Fetch the larger classifier, BERT (443 MB)"),
                say("받는 동안에도 이야기할 수 있어요", "You can go on talking"),
                self.action_fetch,
            )
        for name, title in zip((theme.name for theme in THEMES), _THEME_TITLES, strict=True):
            yield SystemCommand(title, "", partial(setattr, self, "theme", name))
        yield SystemCommand(
            say("도움 받을 곳 (109)", "Where to find help (109)"), key("help_lines"), self.action_help_lines
        )
        yield SystemCommand(say("키", "Keys"), key("help"), self.action_show_keys)
        yield SystemCommand(say("끝내기", "Quit"), key("quit"), self.action_quit)

    def _ways(self, key: Callable[[str], str]) -> Iterable[SystemCommand]:
        """What leads away from the conversation."""
        yield SystemCommand(
            say("지난 대화 보기", "Conversations"),
            say("열기, 이름, 내보내기, 지우기", "Open, rename, export, delete")
            + f" ({key('conversations')})",
            self.action_conversations,
        )
        yield SystemCommand(say("모든 대화에서 찾기", "Search"), key("search"), self.action_search)
        yield SystemCommand(say("그동안의 마음", "Mood"), key("mood"), self.action_mood)
        sent = say("보내는 것 그대로 보기", "What is sent, word for word")
        yield SystemCommand(sent, key("sent"), self.action_sent)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What leads away from the conversation is neither to be had nor told of where one is away."""
        if action in ("conversations", "search", "mood", "sent"):
            return not isinstance(self.screen, PlacesScreen | MoodScreen)
        return super().check_action(action, parameters)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._disarm, *self._in_ascii]

    def get_key_display(self, binding: Binding) -> str:
        return binding.key_display or told(binding.key)

    def action_command_palette(self) -> None:
        self.push_screen(CommandPalette(placeholder=say("무엇을 할까요?", "What shall we do?")))

    def action_help_quit(self) -> None:
        """Ctrl+C where it has nothing to do; Textual's own answer is an English toast over the composer."""
        key = self._key("interrupt")
        twice = with_particle(key, "을/를")
        self._conversation_screen.tell(say(f"끝내려면 {twice} 두 번 눌러요.", f"{key} twice quits."))

    def action_conversations(self) -> None:
        self._visit(ConversationsScreen(self._journal, self._leave))

    def action_search(self) -> None:
        self._visit(SearchScreen(self._journal))

    def action_mood(self) -> None:
        self._visit(MoodScreen(self._journal, date.today()))

    def _visit(self, screen: Screen[Place | None]) -> None:
        """Show a screen of places, and go to the one that is chosen there."""
        if self.screen is self._conversation_screen:
            self.push_screen(screen, self._go)

    async def _go(self, place: Place | None) -> None:
        if place is None:
            return
        try:
            conversation = self._journal.filling(place.conversation, self._budget)
        except SweetchatError as error:
            self._conversation_screen.fail(error)
        else:
            await self._conversation_screen.go_on(conversation, place.turn, place.match)

    async def _leave(self, conversation: str) -> None:
        """A conversation is about to be deleted: nothing more may be said in it."""
        if conversation == self._conversation_screen.conversation:
            await self._conversation_screen.go_on(Conversation())

    @work(exclusive=True, group="sent")
    async def action_sent(self) -> None:
        """Show what is sent to the provider, word for word."""
        if self.screen is not self._conversation_screen:
            return
        try:
            _, generator = await self._companion.ready()
            request = await self._conversation_screen.talk.request()
        except SweetchatError as error:
            self._conversation_screen.fail(error)
        else:
            self.push_screen(SentScreen(generator.host, request))

    def action_help_lines(self) -> None:
        self.push_screen(HelpLinesScreen())

    def action_show_keys(self) -> None:
        self.push_screen(KeysScreen(self.screen))

    def action_fetch(self) -> None:
        """Bring the better classifier here, behind the conversation."""
        if self._fetch is not None and self._fetching is None:
            self._conversation_screen.do(say("감정 모델을 찾고 있어요…", "Looking for the classifier…"))
            self._fetching = Fetching(self._fetch, self.post_message)

    @on(messages.CopySought)
    async def _copy(self, event: messages.CopySought) -> None:
        by = await asyncio.to_thread(
            clipboard.copy,
            event.text,
            lambda text: self.call_from_thread(super(SweetchatApp, self).copy_to_clipboard, text),
            os.environ,
        )
        self._conversation_screen.tell(say(f"복사했어요({by}).", f"Copied ({by})."))

    def copy_to_clipboard(self, text: str) -> None:
        """As from the conversation: Textual's own way, by which every other screen copies, knows no tools."""
        self.post_message(messages.CopySought(text))

    @on(messages.FetchAdvanced)
    def _say_how_far(self, event: messages.FetchAdvanced) -> None:
        self._conversation_screen.do(event.line)

    @on(messages.Fetched)
    def _use(self, event: messages.Fetched) -> None:
        self._fetching = None
        self._conversation_screen.do("")
        if event.equipment is None:
            stopped = "감정 모델 받기를 멈췄어요. 다음에 이어서 받아요."
            self._conversation_screen.tell(say(stopped, "Stopped. It goes on from here next time."))
        else:
            self._fetch = None
            self._conversation_screen.equip(
                event.equipment,
                say("이제 새로 받은 감정 모델이 읽어요.", "The new classifier reads from now on."),
            )

    @on(messages.FetchFailed)
    def _say_why_not(self, event: messages.FetchFailed) -> None:
        self._fetching = None
        self._conversation_screen.do("")
        if not isinstance(event.error, SweetchatError):
            raise event.error
        self._conversation_screen.fail(event.error)

    async def on_unmount(self) -> None:
        if self._fetching is not None:
            self._fetching.stop()
        await self._companion.aclose()


TOGETHER = (
    (SweetchatApp, ConversationScreen, TurnView),
    (SweetchatApp, ConversationScreen, SeenFrom),
    (RecapScreen,),
    (SweetchatApp, ConversationsScreen),
    (SweetchatApp, SearchScreen),
    (SweetchatApp, MoodScreen, Calendar),
    (WelcomeScreen,),
    (SentScreen,),
    (HelpLinesScreen,),
    (KeysScreen,),
)
"""Whose keys are in force at the same time."""
