"""The conversation: what was said above, the composer below, and one turn at a time in between."""

from collections.abc import AsyncGenerator, MutableSequence
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from sweetchat_tui import safety
from sweetchat_tui.companion import Alarm, Companion, Equipment, Event, Failed, Felt, Heard, Kept, Said
from sweetchat_tui.conversation import LONGEST_MESSAGE, Conversation, Danger, Turn
from sweetchat_tui.emotions import Emotion
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Waiting
from sweetchat_tui.journal import Journal
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean
from sweetchat_tui.tui import messages
from sweetchat_tui.tui.draft import Draft
from sweetchat_tui.tui.running import Running
from sweetchat_tui.tui.screens.picker import EmotionPicker
from sweetchat_tui.tui.widgets.composer import Composer
from sweetchat_tui.tui.widgets.pane import Pane
from sweetchat_tui.tui.widgets.status import StatusLine
from sweetchat_tui.tui.widgets.turn import CHIPS, TurnView

_DRAFT_EVERY_S = 1.0


class ConversationScreen(Screen[None]):
    """One conversation. State changes only in handlers here; the worker only reports."""

    # The second name of each key with Alt is told in `composer.ALT_DIGITS`.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j", "ignore", say("줄바꿈", "New line"), key_display="^j"),
        Binding("escape", "stop", say("멈춤", "Stop")),
        Binding(
            "alt+1,inverted_exclamation_mark",
            "pick(0)",
            say("감정", "Emotion"),
            key_display="Alt+1-4",
            priority=True,
        ),
        Binding("alt+2,trade_mark_sign", "pick(1)", show=False, priority=True),
        Binding("alt+3,pound_sign", "pick(2)", show=False, priority=True),
        Binding("alt+4,cent_sign", "seek", show=False, priority=True),
        Binding("alt+left", "flip(-1)", show=False, priority=True),
        Binding("alt+right", "flip(1)", show=False, priority=True),
        Binding("ctrl+r", "again", say("다시 대답", "Answer again"), show=False),
        Binding("ctrl+n", "new", say("새 대화", "New")),
    ]

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
    ) -> None:
        """
        Args:
            conversation: the one to go on with; None starts a new one.
            notices: what is to be said once the models are there, and is then taken out; loading them
                may add to it.
        """
        super().__init__()
        self._companion = companion
        self._journal = journal
        self.conversation = conversation or Conversation()
        self._draft = draft
        self._private = private
        self._notices = notices
        self._one_turn = Running(self)
        self._view: TurnView | None = None
        self._unheard: str | None = None
        self._composer = Composer(enter_sends=enter_sends)

    def compose(self) -> ComposeResult:
        private = say(" · 비공개: 저장하지 않아요", " · private: nothing is stored") if self._private else ""
        yield Static(
            Content(say("SweetChat · AI 친구와의 대화", "SweetChat · a talk with an AI friend") + private),
            id="header",
        )
        yield Pane(private=self._private)
        yield Static(Content(safety.pinned()), id="pinned")
        yield self._composer
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def on_mount(self) -> None:
        # The terminal's cursor, at which an input method shows the letter being composed, is parked
        # only when it moves: not at the start, nor when the layout moves the composer.
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self._park_cursor())
        self._status.stand(say("감정 모델 준비 중…", "Loading the classifier…"))
        self._composer.text = self._draft.load()
        self._composer.move_cursor(self._composer.document.end)
        self.set_interval(_DRAFT_EVERY_S, self._keep_draft)
        self._composer.focus()
        await self._show_conversation()
        self.call_after_refresh(self._load_models)

    def tell(self, text: str) -> None:
        """Say something in the status line for a few seconds."""
        self._status.tell(text)

    @property
    def _status(self) -> StatusLine:
        return self.query_one(StatusLine)

    @property
    def _pane(self) -> Pane:
        return self.query_one(Pane)

    def _park_cursor(self) -> None:
        if isinstance(self.focused, Composer) and self.app.screen is self:
            self.app.cursor_position = self.focused.cursor_screen_offset

    def _keep_draft(self) -> None:
        self._draft.keep((self._unheard or "") + self._composer.text)

    def on_unmount(self) -> None:
        self._keep_draft()

    async def _show_conversation(self) -> None:
        turns = self.conversation.turns
        await self._pane.show(turns)
        self.query_one("#pinned").display = bool(turns) and turns[-1].danger is not Danger.NONE

    # Loading

    @work(group="models")
    async def _load_models(self) -> None:
        try:
            classifier, generator = await self._companion.ready()
            self.post_message(messages.ModelsReady(classifier, generator))
            await generator.warm()
        except SweetchatError as error:
            self.post_message(messages.ModelsMissing(error))

    @on(messages.ModelsReady)
    def _say_how_things_stand(self, event: messages.ModelsReady) -> None:
        self._status.stand_on(event.classifier, event.generator)
        if self._notices:
            self.tell(" ".join(self._notices))
            self._notices.clear()

    @on(messages.ModelsMissing)
    def _say_what_is_missing(self, event: messages.ModelsMissing) -> None:
        self._status.stand(" ".join(filter(None, (event.error.message, event.error.hint))))

    @work(group="models")
    async def equip(self, equipment: Equipment) -> None:
        """Work with something else from the next turn on."""
        if self._one_turn.busy:
            self.tell(say("대답이 끝난 뒤에 바꿔 주세요.", "Wait for the end of the answer."))
            return
        try:
            self.post_message(messages.ModelsReady(*await self._companion.equip(equipment)))
        except SweetchatError as error:
            self.tell(" ".join(filter(None, (error.message, error.hint))))

    # A turn

    @on(messages.MessageSubmitted)
    async def _hear(self, event: messages.MessageSubmitted) -> None:
        text = clean(event.text)
        if not text.strip():
            return
        if len(text) > LONGEST_MESSAGE:
            too_long = f"{len(text):,}/{LONGEST_MESSAGE:,}"
            self.tell(say(f"너무 길어요({too_long}자).", f"Too long ({too_long} characters)."))
            return
        if self._one_turn.busy:
            self.tell(
                say(
                    "아직 대답하는 중이에요. Esc로 멈추고 보낼 수 있어요.",
                    "Still answering. Esc stops it, then you can send.",
                )
            )
            return
        self._unheard = text
        self._composer.clear()
        view = await self._pane.add(Turn(text))
        self._start(view, self._companion.reply(self.conversation, text))

    @on(messages.EmotionPicked)
    async def _answer_emotion(self, event: messages.EmotionPicked) -> None:
        view = self._pane.view_of(event.turn)
        if view is None:
            return
        await self._stop()
        turn = view.turn
        feeling = turn.feeling
        as_read = feeling is not None and not feeling.uncertain and event.emotion == feeling.emotion
        picked = None if as_read else event.emotion
        known = [
            at
            for at, reply in enumerate(turn.replies)
            if reply.emotion == event.emotion and reply.finish == "stop"
        ]
        if known:
            await self._keep(view, replace(turn, picked=picked, shown=known[-1]))
        else:
            self._start(view, self._companion.again(self.conversation, turn, picked))

    @on(messages.VariantFlipped)
    async def _flip(self, event: messages.VariantFlipped) -> None:
        view = self._pane.view_of(event.turn)
        if view is None or (view is self._view and self._one_turn.busy):
            return
        turn = view.turn
        shown = (turn.shown + event.step) % len(turn.replies)
        await self._keep(view, replace(turn, shown=shown))

    @on(messages.EmotionSought)
    def _seek(self, event: messages.EmotionSought) -> None:
        if event.turn.feeling is None:
            return

        def take(emotion: Emotion | None) -> None:
            if emotion is not None:
                self.post_message(messages.EmotionPicked(event.turn, emotion))

        self.app.push_screen(EmotionPicker(event.turn.feeling.top), take)

    async def _keep(self, view: TurnView, turn: Turn) -> None:
        try:
            self._journal.keep(self.conversation.id, turn)
        except SweetchatError as error:
            self.tell(error.message)
        self.conversation = self.conversation.with_turn(turn)
        await view.show(turn)

    def _start(self, view: TurnView, events: AsyncGenerator[Event, None]) -> None:
        self._view = view
        view.begin(view.turn)
        self._one_turn.start(events)

    @on(messages.Happened)
    async def _show(self, happened: messages.Happened) -> None:
        view = self._view
        if view is None or not self._one_turn.is_news(happened):
            return
        match happened.event:
            case Heard(turn):
                self._unheard = None
                self.conversation = self.conversation.with_turn(turn)
                view.begin(turn)
            case Alarm(danger):
                await self._pane.offer_help(danger, view)
                self.query_one("#pinned").display = True
            case Felt(feeling):
                view.begin(replace(view.turn, feeling=feeling))
            case Waiting(_, reason):
                view.wait(reason)
            case Said(text):
                await view.say_so_far(text)
            case Kept(turn):
                self.conversation = self.conversation.with_turn(turn)
                await view.show(turn)
            case Failed(error, _, turn):
                await self._fail(view, error, turn)

    async def _fail(self, view: TurnView, error: SweetchatError, turn: Turn) -> None:
        await view.fail(error, turn)
        if self._unheard is None:
            self.conversation = self.conversation.with_turn(turn)
        else:  # the words never reached the journal: they go back to where they were typed
            self._composer.text = self._unheard + self._composer.text
            self._unheard = None

    async def _stop(self) -> bool:
        """Stop the answer that is being given, if any, and show what was kept of it."""
        view = self._view
        if view is None or not await self._one_turn.stop():
            return False
        kept = next(
            (t for t in self._journal.conversation(self.conversation.id).turns if t.id == view.turn.id), None
        )
        if kept is not None:
            self.conversation = self.conversation.with_turn(kept)
            await view.show(kept)
        return True

    # Keys

    def action_pick(self, at: int) -> None:
        if (view := self._pane.meant()) is not None and at < CHIPS:
            view.action_pick(at)

    def action_seek(self) -> None:
        if (view := self._pane.meant()) is not None:
            view.action_seek()

    def action_flip(self, step: int) -> None:
        if (view := self._pane.meant()) is not None:
            view.action_flip(step)

    async def action_stop(self) -> None:
        if not await self._stop():
            self._composer.focus()

    async def action_again(self) -> None:
        if (view := self._pane.meant()) is not None and not self._one_turn.busy:
            self._start(view, self._companion.again(self.conversation, view.turn, view.turn.picked))

    async def action_new(self) -> None:
        await self._stop()
        self.conversation = Conversation()
        self._view = None
        await self._show_conversation()
        self._composer.focus()

    @on(Composer.LeftUpwards)
    def _to_last_turn(self) -> None:
        if (view := self._pane.meant()) is not None:
            view.focus()
