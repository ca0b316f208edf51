"""The conversation's screen: the talk above, the composer below, the status line, and their keys."""

from collections.abc import Iterable, MutableSequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import DescendantFocus, Key, Paste, Resize
from textual.screen import Screen
from textual.widgets import Footer, Static

from sweetchat_tui.companion import Companion, Equipment
from sweetchat_tui.conversation import Conversation
from sweetchat_tui.emotions import Emotion
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.journal import Journal
from sweetchat_tui.lang import say
from sweetchat_tui.tui import messages
from sweetchat_tui.tui.bindings import CONVERSATION, key_of
from sweetchat_tui.tui.changes import Changes
from sweetchat_tui.tui.draft import Draft
from sweetchat_tui.tui.models import Models, told
from sweetchat_tui.tui.screens.picker import EmotionPicker
from sweetchat_tui.tui.screens.recap import RecapScreen
from sweetchat_tui.tui.widgets.cards import HowTo
from sweetchat_tui.tui.widgets.composer import Composer
from sweetchat_tui.tui.widgets.match import Match
from sweetchat_tui.tui.widgets.pane import Pane
from sweetchat_tui.tui.widgets.side import Side
from sweetchat_tui.tui.widgets.status import StatusLine
from sweetchat_tui.tui.widgets.talk import Talk
from sweetchat_tui.tui.widgets.turn import CHIPS
from sweetchat_tui.tui.widgets.writing import Writing
from sweetchat_tui.tui.wishes import Wishes


class ConversationScreen(Screen[None]):
    """Where a person talks. What is said to the friend is the talk's; this is how it gets there."""

    BINDINGS: ClassVar[list[BindingType]] = [*CONVERSATION]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (48, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        companion: Companion,
        journal: Journal,
        conversation: Conversation | None,
        *,
        enter_sends: bool,
        draft: Draft,
        private: bool,
        notices: MutableSequence[str],
        changes: Changes,
        wishes: Wishes,
        budget: int,
    ) -> None:
        """
        Args:
            conversation: the one to go on with; None starts a new one.
            notices: what is to be said once the models are there, and is then taken out; loading them
                may add to it.
            changes: what else can read or answer.
            wishes: what is wanted of an answer to begin with.
            budget: as `Talk`.
        """
        super().__init__()
        self._companion = companion
        self._private = private
        self._notices = notices
        card = HowTo(private=private, offer=changes.offer, enter_sends=enter_sends)
        self.talk = Talk(companion, journal, conversation or Conversation(), card, budget)
        self._writing = Writing(self.talk, draft, enter_sends=enter_sends)
        self._composer = self._writing.composer
        self._status = StatusLine()
        self._wishes = wishes
        self._models = Models(self, companion, changes, lambda: self.talk.busy)
        self._side = Side(companion, self.talk)

    def compose(self) -> ComposeResult:
        private = say(" · 비공개: 저장하지 않아요", " · private: nothing is stored") if self._private else ""
        yield Static(
            Content(say("SweetChat · AI 친구와의 대화", "SweetChat · a talk with an AI friend") + private),
            id="header",
        )
        with Horizontal(id="beside"):
            yield self.talk
            yield self._side
        yield self._writing
        yield self._status
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        # The terminal's cursor, at which an input method shows the letter being composed, is parked
        # only when it moves: not at the start, nor when the layout moves the composer.
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self._park_cursor())
        self._status.stand(say("감정 모델 준비 중…", "Loading the classifier…"))
        self._composer.focus()
        self.call_after_refresh(self._models.load)

    def commands(self) -> Iterable[SystemCommand]:
        """What the command palette offers for the conversation."""
        key = partial(key_of, self)
        of_58 = say(f"58가지에서 ({key('seek')})", f"Any of the 58 ({key('seek')})")
        yield SystemCommand(say("새 대화", "New conversation"), key("new"), self.action_new)
        yield SystemCommand(say("다시 대답", "Answer again"), key("again"), self.action_again)
        yield SystemCommand(say("감정 고르기", "Pick an emotion"), of_58, self.action_seek)
        yield SystemCommand(say("지난 말 고치기", "Edit the message"), key("turn_edit"), self.action_edit)
        back = say("마지막 말 되돌리기", "Take the message back")
        yield SystemCommand(back, key("take_back"), self.action_take_back)
        yield SystemCommand(say("마음 보기", "Side panel"), key("side"), self.action_side)
        yield SystemCommand(
            say("앞서 나눈 이야기", "What came before"),
            say("친구가 기억하는 요약", "The recap that the friend is told"),
            self.action_recap,
        )
        yield SystemCommand(say("대답 복사", "Copy the answer"), key("copy"), self.action_copy)
        manner = say("들어 주기, 위로, 조언 중에 바꾸기", "Listen, comfort or advise")
        yield SystemCommand(manner, key("manner"), self.action_manner)
        yield SystemCommand(say("대답의 길이 바꾸기", "Length of answers"), key("length"), self.action_length)
        yield from self._models.commands()

    def tell(self, *texts: str) -> None:
        """Say something in the status line for a few seconds."""
        self._status.tell(*texts)

    def do(self, text: str) -> None:
        """Say in the status line what is being done behind the conversation; empty when it is done."""
        self._status.do(text)

    def fail(self, error: SweetchatError) -> None:
        """Say what went wrong, and what to do about it."""
        self.tell(told(error))

    @on(messages.News)
    def _tell_news(self, event: messages.News) -> None:
        self.tell(event.text)

    def _park_cursor(self) -> None:
        if isinstance(self.focused, Composer) and self.app.screen is self:
            self.app.cursor_position = self.focused.cursor_screen_offset

    # What reads and who answers

    @on(messages.ModelsReady)
    async def _say_how_things_stand(self, event: messages.ModelsReady) -> None:
        self._status.stand_on(event.classifier, event.generator, self._wishes.told())
        await self.talk.mark()
        if event.news:
            self._notices.append(event.news)
        if self._notices:
            self.tell(*self._notices)
            self._notices.clear()

    @on(messages.ModelsMissing)
    def _say_what_is_missing(self, event: messages.ModelsMissing) -> None:
        self._status.stand(told(event.error))

    def equip(self, equipment: Equipment, news: str) -> None:
        """As `Models.equip`."""
        self._models.equip(equipment, news)

    @on(messages.RecapSought)
    def action_recap(self) -> None:
        """Show what the friend is told of the turns that it sees no more."""

        def tell(done: str | None) -> None:
            if done is not None:
                self.tell(done)

        self.app.push_screen(RecapScreen(self._companion, self.talk.conversation), tell)

    # Words on their way

    def heed(self, event: Key | Paste) -> None:
        """Have the composer take what is typed or pasted and means nothing where the focus is."""
        if self.focused is self._composer:
            return
        if isinstance(event, Paste) or (event.is_printable and event.key not in self.active_bindings):
            self.set_focus(self._composer)  # at once, so that the keys that follow come after this one

    @on(messages.Settled)
    async def _go_on_with_what_waits(self, event: messages.Settled) -> None:
        if event.failed:  # the next would fail as well
            self._writing.give_back_waiting()
        else:
            await self._writing.send_next()

    @on(messages.GivenBack)
    def _write_again(self, event: messages.GivenBack) -> None:
        self._writing.give_back(event.text)

    @on(messages.EditSought)
    def _edit(self, event: messages.EditSought) -> None:
        self._writing.change(event.turn)

    @on(messages.EmotionSought)
    def _seek(self, event: messages.EmotionSought) -> None:
        if event.turn.feeling is None:
            return

        def take(emotion: Emotion | None) -> None:
            if emotion is not None:
                self.talk.post_message(messages.EmotionPicked(event.turn, emotion))

        self.app.push_screen(EmotionPicker(event.turn.feeling.top), take)

    # Keys

    def action_pick(self, at: int) -> None:
        if (view := self.talk.meant()) is not None and at < CHIPS:
            view.action_pick(at)

    def action_seek(self) -> None:
        if (view := self.talk.meant()) is not None:
            view.action_seek()

    def action_flip(self, step: int) -> None:
        if (view := self.talk.meant()) is not None:
            view.action_flip(step)

    def on_resize(self, event: Resize) -> None:
        self._side.fit(event.size.width)

    def action_side(self) -> None:
        self._side.toggle()

    @on(DescendantFocus)
    @on(messages.TalkChanged)
    def _tell_side(self) -> None:
        self._side.tell()

    @on(Composer.Paged)
    def _page(self, event: Composer.Paged) -> None:
        pane = self.query_one(Pane)
        pane.action_page_up() if event.up else pane.action_page_down()

    def action_manner(self) -> None:
        self.equip(*self._wishes.next_manner())

    def action_length(self) -> None:
        self.equip(*self._wishes.next_length())

    def action_edit(self) -> None:
        if (view := self.talk.meant()) is not None:
            view.action_edit()

    def action_copy(self) -> None:
        if (view := self.talk.meant()) is not None:
            view.action_copy()

    async def action_take_back(self) -> None:
        await self._writing.take_back()

    def action_interrupt(self) -> None:
        self._writing.interrupt(self.get_selected_text())

    async def action_stop(self) -> None:
        if not self._writing.leave_editing() and not await self.talk.stop():
            self._composer.focus()

    def action_again(self) -> None:
        if (view := self.talk.meant()) is not None and not self.talk.busy:
            self.talk.again(view)

    @property
    def conversation(self) -> str:
        """The id of the conversation that goes on."""
        return self.talk.conversation.id

    async def go_on(
        self, conversation: Conversation, at: str | None = None, match: Match | None = None
    ) -> None:
        """Go on with another conversation, at its end or where one of its turns stands; see `Talk.open`."""
        self._writing.leave_editing()
        self._writing.give_back_waiting()
        await self.talk.open(conversation, at, match)
        if at is None:
            self._composer.focus()

    async def action_new(self) -> None:
        await self.go_on(Conversation())

    @on(Composer.LeftUpwards)
    def _to_last_turn(self) -> None:
        if (view := self.talk.meant()) is not None:
            view.focus()
