"""One turn, in order: words kept → danger → feeling → reply → kept, and behind it a recap when one is due.

The only place where that order is written; the app and the command line both loop over the events.
Knows nothing of screens, and of models only that they classify and generate.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from sweetchat_tui import safety
from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.conversation import (
    Conversation,
    Danger,
    Length,
    Manner,
    Prompt,
    Reply,
    Turn,
)
from sweetchat_tui.emotions import Emotion, Feeling
from sweetchat_tui.errors import SweetchatError, TooLong
from sweetchat_tui.events import Alarm, Equipment, Event, Failed, Felt, Heard, Kept, Said
from sweetchat_tui.generators import Finished, Generator, Piece, Waiting
from sweetchat_tui.generators import Said as Given
from sweetchat_tui.journal import Journal
from sweetchat_tui.lang import say
from sweetchat_tui.memory import Memory
from sweetchat_tui.recalling import Recalling
from sweetchat_tui.soon import Soon
from sweetchat_tui.text import Growing, clean

__all__ = ["Alarm", "Companion", "Equipment", "Event", "Failed", "Felt", "Heard", "Kept", "Said"]


class Companion(Recalling):
    """Hears, reads, answers and remembers.

    The two models come as functions and are loaded on first use, or by `ready`, in a thread: a
    screen can be painted, and words kept, before they are there.
    """

    def __init__(
        self,
        journal: Journal,
        load_classifier: Callable[[], Classifier],
        load_generator: Callable[[], Generator],
        *,
        persona: str = "friend",
        manner: Manner = "auto",
        length: Length = "auto",
        budget: int = 12_000,
        recaps: bool = False,
    ) -> None:
        """
        Args:
            manner: what the person wants of an answer.
            length: how long an answer should be.
            budget: how much the generator is sent at once, in tokens.
            recaps: ask it, behind the conversation, for recaps of what the budget has no room for;
                only where the event loop runs on between turns.
        """
        self._journal = journal
        self._load_classifier = load_classifier
        self._load_generator = load_generator
        self._persona = persona
        self._manner = manner
        self._length = length
        self._memory = Memory(journal, budget)
        self._recaps = recaps
        self._recapping: asyncio.Task[None] | None = None
        self._loading = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._classifier: Classifier | None = None
        self._generator: Generator | None = None

    async def ready(self) -> tuple[Classifier, Generator]:
        """Both models, loaded once.

        Raises:
            SweetchatError: one of them cannot be loaded; the next call tries again.
        """
        async with self._loading:
            if self._classifier is None:
                self._classifier = await asyncio.to_thread(self._load_classifier)
            if self._generator is None:
                self._generator = await asyncio.to_thread(self._load_generator)
            return self._classifier, self._generator

    async def equip(self, new: Equipment) -> tuple[Classifier, Generator]:
        """Work with something else from the next turn on: an answer that is on its way is waited for.

        Raises:
            SweetchatError: one of the models cannot be loaded; all stays as it was.
        """
        classifier = await asyncio.to_thread(new.classifier) if new.classifier else None
        generator = await asyncio.to_thread(new.generator) if new.generator else None
        async with self._turn, self._loading:
            old = self._generator if generator else None
            if old is not None:
                await self._stop_recapping()
                self._memory.widen()
            self._classifier = classifier or self._classifier
            self._generator = generator or self._generator
            self._persona = new.persona or self._persona
            self._manner = new.manner or self._manner
            self._length = new.length or self._length
        if old is not None:
            await old.aclose()
        return await self.ready()

    async def echo(self, text: str) -> Feeling:
        """What the classifier reads in an answer; nothing of it is stored.

        Raises:
            SweetchatError: the classifier cannot be loaded.
        """
        classifier, _ = await self.ready()
        return await self._felt(classifier, text, ())

    async def aclose(self) -> None:
        """Let go of what the generator holds; the journal stays open, being the caller's."""
        await self._stop_recapping()
        if self._generator is not None:
            await self._generator.aclose()

    async def reply(
        self,
        conversation: Conversation,
        text: str,
        *,
        emotion: Emotion | None = None,
        place: Turn | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Hear a new message and answer it. Ends with `Kept` or `Failed`.

        Cancelling the task that iterates keeps what was said so far, marked as stopped.

        Args:
            emotion: what the answer should reflect, whatever is read in the words.
            place: a turn whose place these words take; what it held is gone. None is a new one.
        """
        turn = Turn(clean(text), picked=emotion)
        if place is not None:
            turn = replace(turn, id=place.id, at=place.at)
        earlier = [t.text for t in conversation.before(turn)]
        turn = replace(turn, danger=safety.assess(turn.text, earlier))
        async with self._turn:
            unwritable = self._not_kept(conversation, turn)
            if unwritable is None:
                yield Heard(turn)
            if turn.danger is not Danger.NONE:
                yield Alarm(turn.danger)
            if unwritable is not None:
                yield Failed(unwritable, "", turn)
                return
            async with aclosing(self._answered(conversation, turn)) as events:
                async for event in events:
                    yield event

    async def again(
        self, conversation: Conversation, turn: Turn, emotion: Emotion | None
    ) -> AsyncGenerator[Event, None]:
        """Answer a turn again, in place: a new variant of the same turn, never a second question.

        Args:
            emotion: what the person picked; None goes back to what was read.
        """
        turn = replace(turn, picked=emotion)
        async with self._turn, aclosing(self._answered(conversation, turn)) as events:
            async for event in events:
                yield event

    async def request(self, conversation: Conversation, turn: Turn) -> Mapping[str, object] | None:
        """What would be sent to answer a turn, word for word; None when nothing would leave this machine.

        Nothing is sent by this, and nothing kept.

        Raises:
            SweetchatError: one of the models cannot be loaded.
        """
        classifier, generator = await self.ready()
        earlier = [t.text for t in conversation.before(turn)]
        if turn.feeling is None:
            turn = replace(
                turn,
                feeling=await self._felt(classifier, turn.text, earlier),
                danger=safety.assess(turn.text, earlier),
            )
        return generator.request(self._prompt(conversation, turn))

    async def _felt(self, classifier: Classifier, text: str, earlier: Sequence[str]) -> Feeling:
        read = partial(classifier.classify, [text], [earlier], top=len(classifier.emotions))
        (feeling,) = await asyncio.to_thread(read)
        return feeling

    async def _answered(self, conversation: Conversation, turn: Turn) -> AsyncGenerator[Event, None]:
        """Read a turn that was not read yet, and answer it."""
        # A server that does one thing at a time would answer only after the recap.
        await self._stop_recapping()
        try:
            self._journal.keep(conversation.id, turn)
            classifier, generator = await self.ready()
            if turn.feeling is None:
                earlier = [t.text for t in conversation.before(turn)]
                feeling = await self._felt(classifier, turn.text, earlier)
                turn = replace(turn, feeling=feeling)
                self._journal.keep(conversation.id, turn)
                yield Felt(feeling)
        except SweetchatError as error:
            yield Failed(error, "", turn)
            return
        async with aclosing(self._said(conversation, turn, generator)) as events:
            async for event in events:
                yield event

    async def _said(
        self, conversation: Conversation, turn: Turn, generator: Generator
    ) -> AsyncGenerator[Event, None]:
        reply = Reply("", turn.emotion, generator.provider, generator.model, generator.host, self._persona)
        said = Growing()

        def save() -> None:
            # One that cannot be written is told of at the end, when the whole answer is on the screen.
            self._not_kept(conversation, _with(turn, reply))

        try:
            with Soon(save) as saving:
                async with aclosing(self._given(conversation, turn, generator)) as stream:
                    async for event in stream:
                        match event:
                            case Piece(text):
                                # Cleaned whole, since an escape sequence can be cut between two pieces.
                                reply = replace(reply, text=said.add(text))
                                saving.want()
                                yield Said(reply.text, text)
                            case Waiting():
                                yield event
                            case Finished(finish, usage):
                                reply = replace(reply, finish=finish, usage=usage)
            self._journal.keep(conversation.id, _with(turn, reply))
        except SweetchatError as error:
            failed = _with(turn, replace(reply, finish="cut"))
            yield Failed(self._not_kept(conversation, failed) or error, reply.text, failed)
        except (asyncio.CancelledError, GeneratorExit):
            self._not_kept(conversation, _with(turn, replace(reply, finish="cancelled")))
            raise  # whether it was kept or not: no one is listening any more
        else:
            kept = _with(turn, reply)
            if self._recaps:
                due = self._recap_when_due(conversation.with_turn(kept), generator)
                self._recapping = asyncio.create_task(due)
            yield Kept(kept)

    async def _given(
        self, conversation: Conversation, turn: Turn, generator: Generator
    ) -> AsyncGenerator[Given, None]:
        """What the generator gives; when it is shown too much, it is asked once more with half of it."""
        prompt, begun = self._prompt(conversation, turn), False
        try:
            async with aclosing(generator.stream(prompt)) as stream:
                async for event in stream:
                    begun = True
                    yield event
        except TooLong:
            if begun or not prompt.earlier:
                raise
        else:
            return
        self._memory.shrink(prompt)
        ko = "모델이 한 번에 읽기에는 길어서, 지난 이야기를 반만 보여 주고 다시 물어볼게요."
        yield Waiting(0, say(ko, "Too long for the model; asking again with half of what was said."))
        async with aclosing(generator.stream(self._prompt(conversation, turn))) as stream:
            async for event in stream:
                yield event

    def _prompt(self, conversation: Conversation, turn: Turn) -> Prompt:
        prompt = Prompt(
            turn.text,
            turn.emotion,
            calm=turn.danger is not Danger.NONE,
            persona=self._persona,
            manner=self._manner,
            length=self._length,
        )
        return self._memory.fill(prompt, conversation, turn)

    def _not_kept(self, conversation: Conversation, turn: Turn) -> SweetchatError | None:
        """Keep a turn; why it could not be kept."""
        try:
            self._journal.keep(conversation.id, turn)
        except SweetchatError as error:
            return error
        return None


def _with(turn: Turn, reply: Reply) -> Turn:
    """The turn with this variant added and shown; an empty one is no variant."""
    return replace(turn, replies=(*turn.replies, reply), shown=-1) if reply.text else turn
