"""What a companion's model no longer sees of a long conversation, and the recap that stands for it."""

import asyncio
from contextlib import suppress

from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.conversation import Conversation, Forgotten, Prompt, Recap, Turn
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Generator
from sweetchat_tui.journal import Journal
from sweetchat_tui.memory import Memory


class Recalling:
    """The part of a companion that keeps recaps; what it stands on is the companion's."""

    _journal: Journal
    _memory: Memory
    _generator: Generator | None
    _persona: str
    _recapping: asyncio.Task[None] | None

    async def ready(self) -> tuple[Classifier, Generator]:
        """Both models; see `Companion.ready`."""
        raise NotImplementedError

    def _prompt(self, conversation: Conversation, turn: Turn) -> Prompt:
        raise NotImplementedError

    def seen_from(self, conversation: Conversation) -> Turn | None:
        """The first turn that a model will be shown with the next message.

        None when it is shown all of them or not even the last, and when the embedded friend
        answers, who takes up none.

        Raises:
            SweetchatError: the journal cannot be read.
        """
        if self._generator is None or self._generator.host is None:
            return None
        seen = self._prompt(conversation, Turn("")).earlier
        return seen[0] if seen and self._journal.earlier(conversation.id, seen[0].id, 1) else None

    def recap(self, conversation: Conversation) -> Recap | None:
        """What is told of the turns that came before; None when there is none."""
        return self._memory.recap(conversation)

    @property
    def longest_recap(self) -> int:
        """Characters of a recap that are sent."""
        return self._memory.longest_recap

    def write_recap(self, conversation: Conversation, text: str) -> bool:
        """Keep a recap in the person's own words; an empty one means that nothing is to be told.

        No other is made until `recap_anew`.

        Returns:
            False when nothing was left out that it could tell of; then nothing is kept.
        Raises:
            SweetchatError: it cannot be kept.
        """
        seen = self.seen_from(conversation)
        return seen is not None and self._memory.write(conversation, seen, text)

    async def recap_anew(self, conversation: Conversation) -> Recap | None:
        """Ask now for a recap of all that was left out; the one that there is when there is nothing to ask.

        Raises:
            SweetchatError: it could not be had.
        """
        await self._stop_recapping()
        _, generator = await self.ready()
        if (seen := self.seen_from(conversation)) is not None:
            await self._recap(conversation, generator, self._memory.all_of(conversation, seen))
        return self.recap(conversation)

    async def _recap_when_due(self, conversation: Conversation, generator: Generator) -> None:
        # Silent: the answer is there, and the next overflow asks again.
        with suppress(SweetchatError):
            seen = self.seen_from(conversation)
            if seen is not None and self._persona != "classic":
                await self._recap(conversation, generator, self._memory.due(conversation, seen))

    async def _recap(
        self, conversation: Conversation, generator: Generator, forgotten: Forgotten | None
    ) -> None:
        if forgotten is not None and (text := await generator.recap(forgotten)):
            self._memory.keep(conversation, forgotten, text)

    async def _stop_recapping(self) -> None:
        task, self._recapping = self._recapping, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                task.result()  # a bug shows itself
