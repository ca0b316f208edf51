import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest
from fakes import ToldClassifier, ToldGenerator, feeling

from sweetchat_tui.companion import Alarm, Companion, Event, Failed, Felt, Heard, Kept, Said
from sweetchat_tui.conversation import Conversation, Danger
from sweetchat_tui.emotions import find
from sweetchat_tui.errors import JournalUnwritable, NotThere, TryLater
from sweetchat_tui.generators import Piece, Waiting
from sweetchat_tui.journal import Journal

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def journal() -> Iterator[Journal]:
    with Journal.open(None) as journal:
        yield journal


def companion(
    journal: Journal, generator: ToldGenerator, classifier: ToldClassifier | None = None
) -> Companion:
    return Companion(journal, lambda: classifier or ToldClassifier(), lambda: generator)


async def events_of(events: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in events]


async def test_a_turn_is_heard_felt_said_and_kept_in_that_order(journal: Journal) -> None:
    conversation = Conversation()
    events = await events_of(
        companion(journal, ToldGenerator("아이고 속상했겠다")).reply(conversation, "떨어졌어")
    )
    kinds = [type(e) for e in events]
    assert kinds == [Heard, Felt, Said, Said, Kept]
    kept = events[-1]
    assert isinstance(kept, Kept) and kept.turn.reply is not None
    assert kept.turn.reply.text == "아이고 속상했겠다 "
    assert journal.conversation(conversation.id).turns == (kept.turn,)


async def test_the_words_are_in_the_journal_before_anything_is_loaded(journal: Journal) -> None:
    def broken() -> ToldClassifier:
        raise NotThere("없어요")

    conversation = Conversation()
    c = Companion(journal, broken, lambda: ToldGenerator())
    events = await events_of(c.reply(conversation, "들어 줘"))
    assert [type(e) for e in events] == [Heard, Failed]
    assert journal.conversation(conversation.id).turns[0].text == "들어 줘"


async def test_the_classifier_is_given_the_earlier_words(journal: Journal) -> None:
    classifier = ToldClassifier()
    c = companion(journal, ToldGenerator(), classifier)
    conversation = Conversation()
    for text in ("하나", "둘", "셋"):
        events = await events_of(c.reply(conversation, text))
        assert isinstance(events[-1], Kept)
        conversation = conversation.with_turn(events[-1].turn)
    assert classifier.contexts == [[], ["하나"], ["하나", "둘"]]


async def test_answering_again_adds_a_variant_and_no_second_question(journal: Journal) -> None:
    generator = ToldGenerator("첫 대답", "다른 대답")
    c = companion(journal, generator)
    conversation = Conversation()
    (*_, kept) = await events_of(c.reply(conversation, "떨어졌어"))
    assert isinstance(kept, Kept)
    conversation = conversation.with_turn(kept.turn)
    picked = find("슬픔")
    (*_, again) = await events_of(c.again(conversation, kept.turn, picked))
    assert isinstance(again, Kept)
    (turn,) = journal.conversation(conversation.id).turns
    assert [r.emotion and r.emotion.label for r in turn.replies] == ["좌절한", "슬픔"]
    assert turn.picked == picked
    assert generator.prompts[1].earlier == ()
    assert generator.prompts[1].emotion == picked


async def test_no_clear_emotion_asks_for_none(journal: Journal) -> None:
    generator = ToldGenerator()
    c = companion(journal, generator, ToldClassifier(feeling("안도", uncertain=True)))
    await events_of(c.reply(Conversation(), "밥 먹었니"))
    assert generator.prompts[0].emotion is None


async def test_danger_is_told_before_any_request_and_the_tone_stays_calm(journal: Journal) -> None:
    generator = ToldGenerator()
    c = companion(journal, generator)
    conversation = Conversation()
    events = await events_of(c.reply(conversation, "죽고 싶어"))
    assert [type(e) for e in events[:3]] == [Heard, Alarm, Felt]
    assert isinstance(events[-1], Kept)
    assert events[-1].turn.danger is Danger.CRISIS
    await events_of(c.again(conversation.with_turn(events[-1].turn), events[-1].turn, find("기쁨")))
    assert [p.calm for p in generator.prompts] == [True, True]


async def test_a_stopped_answer_is_kept_and_marked(journal: Journal) -> None:
    generator = ToldGenerator("하나 둘 셋 넷 다섯", pause_s=0.01)
    c = companion(journal, generator)
    conversation = Conversation()

    async def listen(said: asyncio.Event) -> None:
        async with aclosing(c.reply(conversation, "말")) as events:  # type: ignore[type-var]
            async for event in events:
                if isinstance(event, Said):
                    said.set()

    said = asyncio.Event()
    task = asyncio.create_task(listen(said))
    await said.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    reply = journal.conversation(conversation.id).turns[0].reply
    assert reply is not None
    assert reply.finish == "cancelled"
    assert reply.text.startswith("하나")


async def test_a_broken_answer_is_kept_and_marked(journal: Journal) -> None:
    generator = ToldGenerator([Piece("여기까"), Piece("지 "), TryLater("끊겼어요")])
    conversation = Conversation()
    (*_, failed) = await events_of(companion(journal, generator).reply(conversation, "말"))
    assert isinstance(failed, Failed)
    assert (failed.error.message, failed.partial) == ("끊겼어요", "여기까지 ")
    reply = journal.conversation(conversation.id).turns[0].reply
    assert reply is not None
    assert (reply.text, reply.finish) == ("여기까지 ", "cut")


async def test_a_failure_without_a_word_makes_no_variant_and_keeps_the_old_one(journal: Journal) -> None:
    c = companion(journal, ToldGenerator("첫 대답", [TryLater("안 돼요")]))
    conversation = Conversation()
    (*_, kept) = await events_of(c.reply(conversation, "말"))
    assert isinstance(kept, Kept)
    await events_of(c.again(conversation.with_turn(kept.turn), kept.turn, find("기쁨")))
    (turn,) = journal.conversation(conversation.id).turns
    assert len(turn.replies) == 1
    assert turn.reply is not None and turn.reply.text == "첫 대답 "


async def test_commands_to_the_terminal_are_taken_out_even_when_cut_in_two(journal: Journal) -> None:
    generator = ToldGenerator([Piece("안\x1b[3"), Piece("1m녕"), Piece("\x1b]52;c;eA==\x07!")])
    (*_, kept) = await events_of(companion(journal, generator).reply(Conversation(), "말\x1b[2J"))
    assert isinstance(kept, Kept) and kept.turn.reply is not None
    assert kept.turn.text == "말"
    assert kept.turn.reply.text == "안녕!"


async def test_waits_are_passed_on(journal: Journal) -> None:
    wait = Waiting(0.1, "잠깐만요")
    events = await events_of(
        companion(journal, ToldGenerator([wait, Piece("응")])).reply(Conversation(), "말")
    )
    assert wait in events


async def test_a_journal_that_cannot_be_written_is_told_first(journal: Journal) -> None:
    class Full(Journal):
        def keep(self, conversation_id: str, turn: object) -> None:
            raise JournalUnwritable("꽉 찼어요")

    full = Full.open(None)
    generator = ToldGenerator()
    events = await events_of(companion(full, generator).reply(Conversation(), "말"))
    assert [type(e) for e in events] == [Failed]
    assert generator.prompts == []
    full.close()


async def test_other_words_take_the_place_of_a_turn_and_later_ones_stay(journal: Journal) -> None:
    generator = ToldGenerator("첫 대답", "둘째 대답", "고친 대답")
    c = companion(journal, generator)
    conversation = Conversation()
    for text in ("떨어졌어", "슬퍼"):
        kept = (await events_of(c.reply(conversation, text)))[-1]
        assert isinstance(kept, Kept)
        conversation = conversation.with_turn(kept.turn)
    first, second = conversation.turns
    kept = (await events_of(c.reply(conversation, "붙었어", place=first)))[-1]
    assert isinstance(kept, Kept)
    assert (kept.turn.id, kept.turn.at, kept.turn.text) == (first.id, first.at, "붙었어")
    assert [reply.text for reply in kept.turn.replies] == ["고친 대답 "]
    assert generator.prompts[-1].earlier == ()
    assert journal.conversation(conversation.id).turns == (kept.turn, second)


async def test_an_answer_is_read_without_its_conversation_and_nothing_is_kept(journal: Journal) -> None:
    classifier = ToldClassifier(feeling("안도"))
    echo = await companion(journal, ToldGenerator(), classifier).echo("다행이다")
    assert echo.emotion == find("안도")
    assert classifier.contexts == [[]]
    assert journal.conversations() == []
