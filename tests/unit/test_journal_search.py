"""Any run of text is found where it stands."""

import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.conversation import Finish, Reply, Turn
from sweetchat_tui.emotions import EMOTIONS, Emotion, Feeling, Score
from sweetchat_tui.journal import Journal


def a_reply(text: str, finish: Finish | None = "stop") -> Reply:
    return Reply(text, None, "offline", "offline-1", None, "friend", finish)


SAID = Turn(
    "오늘 면접에서 떨어졌어. 100% 내 탓 snake_case",
    replies=(
        a_reply("그랬구나, 속상했겠다"),
        a_reply("Coffee 한잔하자"),
    ),
)


@pytest.fixture
def journal() -> Iterator[Journal]:
    with Journal.open(None) as journal:
        journal.keep("c", SAID)
        journal.keep("d", Turn("밥은 먹었어?"))
        yield journal


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("면", "면"),
        ("접에서 떨", "접에서 떨"),
        ("접에서떨", "접에서 떨"),
        ("면 접", "면접"),
        ("%", "%"),
        ("_", "_"),
        ("0% 내", "0% 내"),
        (unicodedata.normalize("NFD", "떨어졌"), "떨어졌"),
        ("SNAKE", "snake"),
        ("  탓\n", "탓"),
    ],
)
def test_the_persons_words_are_found_at_their_place(journal: Journal, query: str, match: str) -> None:
    (found,) = journal.search(query)
    assert (found.conversation, found.turn, found.reply, found.at) == ("c", SAID.id, None, SAID.at)
    assert found.text[found.place : found.place + found.length] == match
    assert found.title == "오늘 면접에서 떨어졌어. 100% 내 탓 snake_case"


@pytest.mark.parametrize(("query", "variant"), [("속상", 0), ("coffee", 1)])
def test_every_variant_of_a_reply_is_found(journal: Journal, query: str, variant: int) -> None:
    (found,) = journal.search(query)
    assert (found.turn, found.reply) == (SAID.id, SAID.replies[variant].id)
    assert found.text == SAID.replies[variant].text


@pytest.mark.parametrize(
    "query",
    [
        *("없는 말", "%탓", "떨_졌", "ㅁ", "*", "'", '"', "", " \n", "\x00"),
        pytest.param("가" * 60_000, id="long"),
    ],
)
def test_what_nobody_said_is_not_found(journal: Journal, query: str) -> None:
    assert journal.search(query) == []


def test_a_long_text_is_found_at_once(journal: Journal) -> None:
    journal.keep("c", Turn(long := "면접에서 떨어졌어. " * 6_000))
    began = time.process_time()
    (found,) = journal.search(long.replace(" ", "\n"))
    assert (found.place, found.length) == (0, len(long) - 1)
    assert time.process_time() - began < 5


def test_the_newest_comes_first_and_no_more_than_asked(journal: Journal) -> None:
    assert [found.conversation for found in journal.search("어")] == ["d", "c"]
    assert [found.conversation for found in journal.search("어", limit=1)] == ["d"]


def test_an_emotion_narrows_the_search_and_alone_finds_what_the_person_said() -> None:
    lonely, glad = EMOTIONS[37], EMOTIONS[6]
    with Journal.open(None) as journal:
        for text, emotion in (("밤이 길어", lonely), ("밤에 놀자", glad), ("혼자야", lonely)):
            feeling = Feeling((Score(emotion, 0.5),), "lite-1", uncertain=False)
            journal.keep("c", Turn(text, feeling, replies=(a_reply("밤하늘 보자"),)))
        assert [f.text for f in journal.search("밤", emotions=[glad])] == ["밤하늘 보자", "밤에 놀자"]
        assert [f.text for f in journal.search("", emotions=[lonely])] == ["혼자야", "밤이 길어"]
        assert {f.emotion for f in journal.search("밤", emotions=[lonely])} == {lonely}
        assert journal.search("밤", emotions=[EMOTIONS[0]]) == []


def test_what_still_grows_is_found_at_every_size() -> None:
    turn = Turn("안녕")
    with Journal.open(None) as journal:
        for words in ("그랬", "그랬구나", "그랬구나 힘들"):
            journal.keep("c", replace(turn, replies=(a_reply(words, finish=None),)))
            assert [found.text for found in journal.search(words[-2:])] == [words]
            journal.keep("d", Turn("다른 말"))


# Few signs, so that texts overlap: two that fold to one, one that FTS5 reads as a space, one beyond
# the first plane.
signs = st.text(st.sampled_from("가나aA .\n\"'😀"), max_size=6)
felt = st.none() | st.sampled_from(EMOTIONS[:2]).map(
    lambda emotion: Feeling((Score(emotion, 0.5),), "lite-1", uncertain=False)
)
finishes = st.none() | st.just("stop")
said = st.builds(
    lambda text, feeling, answers: Turn(
        text, feeling, replies=tuple(a_reply(answer, finish=finish) for answer, finish in answers)
    ),
    signs,
    felt,
    st.lists(st.tuples(signs, finishes), max_size=2),
)


def looked_for(turns: dict[str, Turn], query: str, emotion: Emotion | None) -> set[tuple[str, str | None]]:
    """What a search must find, by looking at everything."""

    def holds(text: str) -> bool:
        bare = ["".join(part.split()).lower() for part in (query, text)]
        return bare[0] in bare[1]

    return {
        (turn.id, reply)
        for turn in turns.values()
        if emotion is None or turn.emotion == emotion
        for reply, text in [(None, turn.text), *((r.id, r.text) for r in turn.replies)]
        if holds(text)
    }


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["c", "d"]), said | st.none()), max_size=12),
    signs.filter(str.strip),
    st.none() | st.sampled_from(EMOTIONS[:2]),
)
def test_the_index_finds_what_looking_at_everything_finds(
    steps: list[tuple[str, str, Turn | None]], query: str, emotion: Emotion | None
) -> None:
    """Turns are kept, kept again otherwise, and deleted with their conversation."""
    kept: dict[tuple[str, str], Turn] = {}
    with Journal.open(None) as journal:
        for id_, conversation, turn in steps:
            if turn is not None:
                kept[conversation, id_] = replace(turn, id=f"{conversation}{id_}")
                journal.keep(conversation, kept[conversation, id_])
            elif any(key[0] == conversation for key in kept):
                journal.delete(conversation)
                kept = {key: turn for key, turn in kept.items() if key[0] != conversation}
        turns = {turn.id: turn for turn in kept.values()}
        found = journal.search(query, 1000, emotions=[emotion] if emotion else ())
    assert {(f.turn, f.reply) for f in found} == looked_for(turns, query, emotion)
    assert len(found) == len({(f.turn, f.reply) for f in found})
    for f in found:
        matched = f.text[f.place : f.place + f.length]
        assert "".join(matched.split()).lower() == "".join(query.split()).lower()
