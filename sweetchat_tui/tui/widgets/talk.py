"""A conversation as it goes on: what was said, the turn that is being answered, help when it is needed.

Knows nothing of the keys by which it is asked for things, nor of where words are typed.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from sweetchat_tui import safety
from sweetchat_tui.companion import Alarm, Companion, Event, Failed, Felt, Heard, Kept, Said
from sweetchat_tui.conversation import Conversation, Danger, Turn, fitting
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Waiting
from sweetchat_tui.journal import Journal
from sweetchat_tui.tui import messages
from sweetchat_tui.tui.running import Running
from sweetchat_tui.tui.widgets.cards import HowTo
from sweetchat_tui.tui.widgets.match import Match
from sweetchat_tui.tui.widgets.pane import Pane
from sweetchat_tui.tui.widgets.turn import TurnView

_MORE = 64
"""Turns that are held besides those that a model may be shown, of 5 kB each."""


class Talk(Vertical):
    """One conversation, live. Its state changes only in handlers; the worker only reports."""

    def __init__(
        self, companion: Companion, journal: Journal, conversation: Conversation, card: HowTo, budget: int
    ) -> None:
        """
        Args:
            card: what stands in an empty conversation.
            budget: tokens of turns that a model may be shown; not many more than those are held.
        """
        super().__init__(id="talk")
        self._companion = companion
        self._journal = journal
        self.conversation = conversation
        self._card = card
        self._budget = budget
        self._one_turn = Running(self)
        self._answering: TurnView | None = None
        self._unheard: str | None = None
        self._helped = Danger.NONE

    def compose(self) -> ComposeResult:
        yield Pane(self._card, self._journal)
        yield Static(Content(safety.pinned()), id="pinned")

    async def on_mount(self) -> None:
        await self.open(self.conversation)

    @property
    def _pane(self) -> Pane:
        return self.query_one(Pane)

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way, or words that will have one."""
        return self._answering is not None or self._unheard is not None

    @property
    def unheard(self) -> str:
        """Words that were sent and are not in the journal yet."""
        return self._unheard or ""

    def meant(self) -> TurnView | None:
        """The turn that a key is for; None when nothing was said."""
        return self._pane.meant()

    async def open(
        self, conversation: Conversation, at: str | None = None, match: Match | None = None
    ) -> None:
        """Go on with another conversation.

        Args:
            conversation: its newest turns, as many as a model may be shown.
            at: the id of the turn to show; None is the end.
            match: as `Pane.show`.
        """
        await self.stop()
        self.conversation = conversation
        self._helped = Danger.NONE
        turns = conversation.turns
        await self._pane.show(conversation, at, match)
        await self.mark()
        self.post_message(messages.TalkChanged())
        self.query_one("#pinned").display = bool(turns) and turns[-1].danger is not Danger.NONE

    async def mark(self) -> None:
        """Say where the friend's memory begins."""
        try:
            seen_from = self._companion.seen_from(self.conversation)
        except SweetchatError as error:
            self.post_message(messages.News(error.message))
        else:
            await self._pane.mark(seen_from)

    async def hear(self, text: str) -> None:
        """Hear a new message and answer it."""
        self._unheard = text
        turn = Turn(text)
        self._start(await self._pane.add(turn), self._companion.reply(self.conversation, text, place=turn))

    async def revise(self, turn: Turn, text: str) -> None:
        """Let other words take a turn's place, and answer them; the turns that came later stay."""
        await self.stop()
        if self._pane.view_of(turn) is None:
            await self._pane.show(self.conversation, turn.id)
        view = self._pane.view_of(turn)
        if view is None:
            self.post_message(messages.GivenBack(text))
            return
        self._unheard = text
        before = self._until(turn)
        view.begin(Turn(text, id=turn.id, at=turn.at))
        self._start(view, self._companion.reply(before, text, place=turn))

    async def take_back(self) -> None:
        """Take the last message out of the conversation and give its words back."""
        unheard = self._unheard
        await self.stop()
        if not self.conversation.turns:
            return
        *earlier, turn = self.conversation.turns
        if unheard is not None and turn.text != unheard:
            return  # stopping gave them back
        try:
            self._journal.remove(self.conversation.id, [turn.id])
        except SweetchatError as error:
            self.post_message(messages.News(error.message))
            return
        self.conversation = replace(self.conversation, turns=tuple(earlier))
        if (view := self._pane.view_of(turn)) is not None:
            await view.remove()
        if not earlier and turn.danger is Danger.NONE:
            await self._pane.show(self.conversation)
        self.post_message(messages.GivenBack(turn.text))
        self.post_message(messages.TalkChanged())

    def again(self, view: TurnView) -> None:
        """Answer a turn once more, for the emotion that it has."""
        self._start(view, self._companion.again(self._until(view.turn), view.turn, view.turn.picked))

    async def stop(self) -> bool:
        """Stop the answer that is being given and show what was kept of it; False when there is none."""
        view, self._answering = self._answering, None
        if view is None:
            return False
        await self._one_turn.stop()
        kept = self._kept(view.turn)
        if kept is not None:
            self._hold(kept)
            await view.show(kept)
        elif self._unheard is not None:
            await view.remove()
        if self._unheard is not None and (kept is None or kept.text != self._unheard):
            self._give_back()
        self._unheard = None
        self._settle(failed=False)
        return True

    def _settle(self, *, failed: bool) -> None:
        self.post_message(messages.Settled(failed=failed))
        self.post_message(messages.TalkChanged())

    def _is_held(self, turn: Turn) -> bool:
        """Whether a turn is not older than what is held of the conversation."""
        return not self.conversation.turns or turn.at >= self.conversation.turns[0].at

    def _hold(self, turn: Turn) -> None:
        """Hold a turn as it stands; one that is older than what is held is in the journal alone."""
        if self._is_held(turn):
            held = self.conversation.with_turn(turn)
            enough = len(fitting(held.turns, self._budget)) + _MORE
            self.conversation = replace(held, turns=held.turns[-enough:])

    async def request(self) -> Mapping[str, object] | None:
        """What is sent to answer the message that is meant, word for word; None for nothing.

        Raises:
            SweetchatError: one of the models cannot be loaded.
        """
        if (view := self.meant()) is None:
            return None
        return await self._companion.request(self._until(view.turn), view.turn)

    def _until(self, turn: Turn) -> Conversation:
        """The conversation, with what came before this turn when that is not held."""
        if self._is_held(turn):
            return self.conversation
        before = self._journal.earlier(self.conversation.id, turn.id, len(self.conversation.turns))
        return replace(self.conversation, turns=(*before, turn))

    def _kept(self, turn: Turn) -> Turn | None:
        """What the journal holds of a turn."""
        try:
            return next(iter(self._journal.onwards(self.conversation.id, turn.id, 1)), None)
        except SweetchatError:
            return None

    def _give_back(self) -> None:
        """The words never reached the journal: they go back to where they were typed."""
        self.post_message(messages.GivenBack(self.unheard))
        self._unheard = None

    @on(messages.EmotionPicked)
    async def _answer_emotion(self, event: messages.EmotionPicked) -> None:
        view = self._pane.view_of(event.turn)
        if view is None:
            return
        await self.stop()
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
            self._start(view, self._companion.again(self._until(turn), turn, picked))

    @on(messages.VariantFlipped)
    async def _flip(self, event: messages.VariantFlipped) -> None:
        view = self._pane.view_of(event.turn)
        if view is None or view is self._answering:
            return
        turn = view.turn
        shown = (turn.shown + event.step) % len(turn.replies)
        await self._keep(view, replace(turn, shown=shown))

    async def _keep(self, view: TurnView, turn: Turn) -> None:
        try:
            self._journal.keep(self.conversation.id, turn)
        except SweetchatError as error:
            self.post_message(messages.News(error.message))
        self._hold(turn)
        await view.show(turn)
        self.post_message(messages.TalkChanged())

    def _start(self, view: TurnView, events: AsyncGenerator[Event, None]) -> None:
        self._answering = view
        view.begin(view.turn)
        self._one_turn.start(events)

    @on(messages.Happened)
    async def _show(self, happened: messages.Happened) -> None:
        view = self._answering
        if view is None or not self._one_turn.is_news(happened):
            return
        match happened.event:
            case Heard(turn):
                self._unheard = None
                self._hold(turn)
                view.begin(turn)
            case Alarm(danger):
                await self._help(danger, view)
            case Felt(feeling):
                view.begin(replace(view.turn, feeling=feeling))
                self._hold(view.turn)
                self.post_message(messages.TalkChanged())
            case Waiting(_, reason):
                view.wait(reason)
            case Said(text):
                self._pane.say(view, text)
            case Kept(turn):
                self._answering = None
                self._hold(turn)
                await view.show(turn)
                await self.mark()
                self._settle(failed=False)
            case Failed(error, _, turn):
                self._answering = None
                await self._fail(view, error, turn)
                self._settle(failed=True)

    async def _help(self, danger: Danger, view: TurnView) -> None:
        """Help in full when there is more danger than before; the pinned line from then on."""
        if danger.exceeds(self._helped):
            self._helped = danger
            await self._pane.offer_help(danger, view)
        self.query_one("#pinned").display = True

    async def _fail(self, view: TurnView, error: SweetchatError, turn: Turn) -> None:
        if self._unheard is None:
            self._hold(turn)
        else:
            turn = self._kept(turn) or turn
            self._give_back()
        await view.fail(error, turn)
