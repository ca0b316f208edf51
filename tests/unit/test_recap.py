"""What falls out of the budget is told in short, by a provider over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import ToldClassifier, ToldGenerator
from provider_stage import WHOLE, chat, chunk, problem, response

from sweetchat_tui.companion import Companion, Equipment, Failed, Kept
from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.generators import Waiting
from sweetchat_tui.journal import Journal

RECAP = response(chunk("비밀스러운 요약이다.") + chunk("", "stop"))
BUDGET = 1500


class Provider:
    """Answers each message, and each request for a recap as it is told to; keeps what it was sent."""

    def __init__(self, recap: bytes | None = RECAP, most: int | None = None) -> None:
        """
        Args:
            recap: None never answers.
            most: characters; a longer conversation is refused.
        """
        self.recap, self.most = recap, most
        self.asked: list[list[dict[str, str]]] = []
        self.recaps: list[list[dict[str, str]]] = []
        self.came = asyncio.Event()
        self.base_url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(line for line in head.splitlines() if line.startswith("content-length:"))
        said = json.loads(await reader.readexactly(int(length.partition(":")[2])))["messages"]
        answer: bytes | None = WHOLE
        if said[0]["content"].startswith("한 사람과 AI 친구가"):
            self.recaps.append(said)
            self.came.set()
            answer = self.recap
        else:
            self.asked.append(said)
            if self.most is not None and sum(len(m["content"]) for m in said) > self.most:
                answer = problem("400 Bad Request", {"code": "context_length_exceeded", "message": "no"})
        if answer is None:
            await reader.read()  # until whoever asks gives up
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(provider: Provider) -> AsyncIterator[Provider]:
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    async with server:
        provider.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        yield provider


@pytest.fixture
def journal() -> Iterator[Journal]:
    with Journal.open(None) as journal:
        yield journal


def over(journal: Journal, provider: Provider, budget: int = BUDGET) -> Companion:
    return Companion(journal, ToldClassifier, lambda: chat(provider.base_url), budget=budget, recaps=True)


async def told(companion: Companion, conversation: Conversation, text: str) -> Conversation:
    """The conversation with one more turn, and its recap, if one is asked for."""
    async for event in companion.reply(conversation, text):
        assert not isinstance(event, Failed), event.error.message
        if isinstance(event, Kept):
            conversation = conversation.with_turn(event.turn)
    if companion._recapping is not None:
        await companion._recapping
    return conversation


def size(messages: list[dict[str, str]]) -> int:
    return sum(len(message["content"]) + 4 for message in messages)


async def test_over_200_turns_nothing_is_more_than_the_budget_and_a_recap_comes_once_per_overflow(
    journal: Journal,
) -> None:
    async with serving(Provider()) as provider:
        companion = over(journal, provider)
        conversation = Conversation()
        for n in range(200):
            conversation = await told(companion, conversation, f"{n}번째로 하는 이야기는 이런 거야")
        assert all(size(messages) <= BUDGET for messages in provider.asked + provider.recaps)
        told_of = "\n".join(messages[1]["content"] for messages in provider.recaps)
        lines = [line for line in told_of.splitlines() if line.startswith("사람:")]
        assert len(lines) == len(set(lines)) > 150
        left_out = sum(len(turn.text) + 9 for turn in conversation.turns)
        assert 5 < len(provider.recaps) <= left_out / (BUDGET / 4)
        assert "> 비밀스러운 요약이다." in provider.asked[-1][0]["content"]
        recap = journal.recap(conversation.id)
        seen = companion.seen_from(conversation)
        assert recap is not None and seen is not None
        ids = [turn.id for turn in conversation.turns]
        assert ids.index(recap.until) < ids.index(seen.id)
        await companion.aclose()


async def long(companion: Companion, conversation: Conversation, turns: int = 30) -> Conversation:
    for n in range(turns):
        conversation = await told(companion, conversation, f"{n}번째 이야기 " + "가" * 80)
    return conversation


async def test_what_the_person_wrote_is_not_made_anew_unasked(journal: Journal) -> None:
    async with serving(Provider()) as provider:
        companion = over(journal, provider)
        conversation = await long(companion, Conversation())
        for own in ("내가 고친 요약", ""):
            companion.write_recap(conversation, own)
            asked = len(provider.recaps)
            conversation = await long(companion, conversation)
            kept = companion.recap(conversation)
            assert kept is not None and (kept.text, kept.edited) == (own, True)
            assert len(provider.recaps) == asked
            assert ("고친 요약" in provider.asked[-1][0]["content"]) == bool(own)
        anew = await companion.recap_anew(conversation)
        assert anew is not None and (anew.text, anew.edited) == ("비밀스러운 요약이다.", False)
        await companion.aclose()


async def test_a_recap_goes_with_a_turn_that_it_tells_of_and_is_not_told_to_an_older_one(
    journal: Journal,
) -> None:
    async with serving(Provider()) as provider:
        companion = over(journal, provider)
        conversation = await long(companion, Conversation())
        first = conversation.turns[0]
        body = await companion.request(conversation, first)
        assert body is not None and "비밀스러운" not in str(body)
        journal.keep(conversation.id, replace(first, text="다른 말"))
        assert companion.recap(conversation) is None
        await companion.aclose()


async def test_a_recap_that_fails_is_silent_and_asked_again_at_the_next_overflow(journal: Journal) -> None:
    async with serving(Provider(problem("400 Bad Request", {"message": "no"}))) as provider:
        companion = over(journal, provider)
        conversation = await long(companion, Conversation(), 40)
        assert companion.recap(conversation) is None
        assert 2 < len(provider.recaps) < 12
        await companion.aclose()


async def test_a_recap_that_stalls_holds_no_answer_and_ends_with_the_app_or_the_provider(
    journal: Journal,
) -> None:
    async with serving(Provider(None)) as provider:
        for end in ("message", "close", "equip"):
            companion, conversation = over(journal, provider), Conversation()
            provider.came.clear()
            while not provider.came.is_set():
                events = [e async for e in companion.reply(conversation, "가" * 200)]
                assert isinstance(events[-1], Kept)
                conversation = conversation.with_turn(events[-1].turn)
                task = companion._recapping
                assert task is not None
                waiting = asyncio.create_task(provider.came.wait())
                await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
            if end == "equip":
                await companion.equip(Equipment(generator=ToldGenerator))
            elif end == "close":
                await companion.aclose()
            else:
                events = [e async for e in companion.reply(conversation, "가")]
                assert isinstance(events[-1], Kept)
            assert task.cancelled()
            await companion.aclose()


async def test_what_a_provider_finds_too_long_is_halved_once_and_said(journal: Journal) -> None:
    async with serving(Provider(most=1000)) as provider:
        companion = Companion(journal, ToldClassifier, lambda: chat(provider.base_url))
        conversation, waits = Conversation(), []
        for _ in range(12):
            events = [e async for e in companion.reply(conversation, "가" * 100)]
            assert isinstance(events[-1], Kept)
            conversation = conversation.with_turn(events[-1].turn)
            waits += [e.reason for e in events if isinstance(e, Waiting)]
        assert len(waits) == 1 and "반만" in waits[0]
        assert len(provider.asked) == 13
        await companion.aclose()


async def test_too_long_a_message_alone_is_told_without_a_second_try(journal: Journal) -> None:
    async with serving(Provider(most=1000)) as provider:
        companion = over(journal, provider)
        events = [e async for e in companion.reply(Conversation(), "가" * 2000)]
        assert isinstance(events[-1], Failed) and "너무 길어" in events[-1].error.message
        assert len(provider.asked) == 1
        await companion.aclose()


async def test_of_a_private_talk_no_recap_is_on_the_disk(tmp_path: Path, own_home: Path) -> None:
    with Journal.open(None) as journal:
        async with serving(Provider()) as provider:
            companion = over(journal, provider)
            conversation = await long(companion, Conversation())
            assert companion.recap(conversation) is not None
            files = [file for file in tmp_path.rglob("*") if file.is_file()]
            assert not any("비밀스러운".encode() in file.read_bytes() for file in files)
            await companion.aclose()


async def test_the_embedded_friend_is_asked_for_none(journal: Journal) -> None:
    generator = ToldGenerator()
    companion = Companion(journal, ToldClassifier, lambda: generator, budget=BUDGET, recaps=True)
    await long(companion, Conversation(turns=(Turn("응"),)))
    assert generator.forgotten == []
