"""What was said is in the journal a second later, whether more of it comes or not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from fakes import ToldClassifier, ToldGenerator

from sweetchat_tui.companion import Companion, Said
from sweetchat_tui.conversation import Conversation, Prompt
from sweetchat_tui.generators import Piece
from sweetchat_tui.generators import Said as Spoken
from sweetchat_tui.journal import Journal


class Silent(ToldGenerator):
    """Says a word and no more."""

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Spoken, None]:
        yield Piece("여기까지")
        await asyncio.Event().wait()


async def test_a_word_after_which_nothing_comes_is_kept(tmp_path: Path) -> None:
    conversation = Conversation()
    with Journal.open(tmp_path / "journal.db") as journal, Journal.open(tmp_path / "journal.db") as another:
        companion = Companion(journal, lambda: ToldClassifier(), lambda: Silent())
        async with aclosing(companion.reply(conversation, "말")) as events:
            async for event in events:
                if isinstance(event, Said):
                    break
            assert another.conversation(conversation.id).turns[0].reply is None
            async with asyncio.timeout(5):
                while (reply := another.conversation(conversation.id).turns[0].reply) is None:
                    await asyncio.sleep(0.05)
            assert (reply.text, reply.finish) == ("여기까지", "cut")
