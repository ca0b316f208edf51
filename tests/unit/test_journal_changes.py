"""Conversations are called, cut and put back as the person wishes, and nothing else moves."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.conversation import Recap, Reply, Turn
from sweetchat_tui.emotions import EMOTIONS, Emotion, Feeling, Score
from sweetchat_tui.errors import NotThere
from sweetchat_tui.journal import Journal


def said(text: str, emotion: Emotion = EMOTIONS[27]) -> Turn:
    return Turn(
        text,
        Feeling((Score(emotion, 0.5),), "lite-1", uncertain=False),
        replies=(Reply(f"{text}구나", emotion, "offline", "offline-1", None, "friend", "stop"),),
        id=text,
    )


TURNS = tuple(said(text) for text in ("하나", "둘", "셋", "넷"))


@pytest.fixture
def journal() -> Iterator[Journal]:
    with Journal.open(None) as journal:
        for turn in TURNS:
            journal.keep("c", turn)
        journal.keep("d", said("다른 말", EMOTIONS[6]))
        yield journal


def titles(journal: Journal) -> dict[str, str]:
    return {summary.id: summary.title for summary in journal.conversations()}


def texts(journal: Journal, id_: str = "c") -> list[str]:
    return [turn.text for turn in journal.conversation(id_).turns]


def test_a_title_that_was_given_stays_and_a_blank_one_gives_the_first_words_back(journal: Journal) -> None:
    journal.rename("c", "  면접\x1b[31m 이야기\n")
    journal.keep("c", replace(TURNS[0], text="고친 하나"))
    assert titles(journal)["c"] == "면접 이야기"
    journal.rename("c", " ")
    assert titles(journal)["c"] == "고친 하나"
    with pytest.raises(NotThere):
        journal.rename("zz", "없는 대화")


def test_a_title_follows_the_first_words(journal: Journal) -> None:
    journal.keep("c", replace(TURNS[0], text="고친 하나"))
    journal.keep("c", replace(TURNS[1], text="고친 둘"))
    assert titles(journal)["c"] == "고친 하나"
    journal.remove("c", ["하나"])
    assert titles(journal)["c"] == "고친 둘"


def test_a_list_is_narrowed_to_where_an_emotion_was_felt(journal: Journal) -> None:
    assert [s.id for s in journal.conversations(emotions=[EMOTIONS[6]])] == ["d"]
    assert [s.id for s in journal.conversations(emotions=[EMOTIONS[6], EMOTIONS[27]])] == ["d", "c"]
    assert journal.conversations(emotions=[EMOTIONS[0]]) == []


def test_a_conversation_is_read_from_its_end(journal: Journal) -> None:
    assert journal.conversation("c", newest=2).turns == TURNS[2:]
    assert journal.earlier("c", "셋", 1) == TURNS[1:2]
    assert journal.earlier("c", "셋", 10) == TURNS[:2]
    assert journal.earlier("c", "하나", 10) == journal.earlier("c", "없는 말", 10) == ()
    assert journal.onwards("c", "둘", 2) == TURNS[1:3]
    assert journal.onwards("c", "넷", 9) == TURNS[3:4]
    assert journal.onwards("c", "없는 말", 9) == ()
    latest = journal.latest(newest=1)
    assert latest is not None
    assert [turn.text for turn in latest.turns] == ["다른 말"]


def test_as_many_turns_are_read_as_fill_a_window(journal: Journal) -> None:
    for n in range(400):
        journal.keep("long", Turn("열 글자로 된 말이야"[:10].ljust(10, "."), id=f"t{n}"))
    assert len(journal.filling("long", 100).turns) == 64
    assert len(journal.filling("long", 2000).turns) == 256
    assert len(journal.filling("long", 100_000).turns) == 400
    assert journal.filling("c", 100).turns == TURNS


def test_what_was_removed_is_gone_and_comes_back_where_it_stood(journal: Journal) -> None:
    before = journal.conversation("c"), journal.conversations()
    removed = journal.remove("c", ["둘", "넷", "없는 말"])
    assert removed is not None
    assert texts(journal) == ["하나", "셋"]
    assert journal.search("넷") == []
    assert "넷" not in repr(removed)
    journal.restore(removed)
    assert (journal.conversation("c"), journal.conversations()) == before
    assert len(journal.search("넷")) == 2
    assert journal.remove("c", ["없는 말"]) is None


def test_a_deleted_conversation_comes_back_with_all_it_had(journal: Journal) -> None:
    journal.rename("c", "이름")
    journal.keep_recap("c", Recap("둘까지 이야기했다", "둘", edited=True))
    before = journal.conversation("c"), journal.conversations(), journal.recap("c")
    removed = journal.delete("c")
    assert removed.title == "이름"
    assert titles(journal) == {"d": "다른 말"}
    journal.restore(removed)
    assert (journal.conversation("c"), journal.conversations(), journal.recap("c")) == before


def test_the_last_turn_takes_its_conversation_along(journal: Journal) -> None:
    removed = journal.remove("d", ["다른 말"])
    assert removed is not None
    with pytest.raises(NotThere):
        journal.conversation("d")
    journal.restore(removed)
    assert texts(journal, "d") == ["다른 말"]


def test_what_was_said_meanwhile_keeps_its_place(journal: Journal) -> None:
    removed = journal.remove("d", ["다른 말"])
    tail = journal.remove("c", ["셋", "넷"])
    assert removed is not None
    assert tail is not None
    journal.keep("new", said("새 말"))
    journal.restore(tail)
    journal.restore(removed)
    assert texts(journal) == ["하나", "둘", "셋", "넷"]
    assert texts(journal, "d") == ["다른 말"]
    assert texts(journal, "new") == ["새 말"]
    assert len(journal.search("말")) == 4


def test_a_turn_that_came_back_otherwise_is_not_doubled(journal: Journal) -> None:
    removed = journal.delete("c")
    journal.keep("c", replace(TURNS[1], text="고친 둘"))
    for _ in range(2):
        journal.restore(removed)
    assert sorted(texts(journal)) == ["고친 둘", "넷", "셋", "하나"]


def test_a_recap_is_kept_and_replaced(journal: Journal) -> None:
    assert journal.recap("c") is None
    for recap in (Recap("하나까지", "하나"), Recap("둘까지", "둘", edited=True)):
        journal.keep_recap("c", recap)
        assert journal.recap("c") == recap
    with pytest.raises(NotThere):
        journal.keep_recap("c", Recap("없는 데까지", "없는 말"))


@pytest.mark.parametrize(("changed", "stays"), [("하나", False), ("둘", False), ("셋", True)])
def test_a_recap_goes_with_the_words_that_it_tells_of(journal: Journal, changed: str, stays: bool) -> None:
    recap = Recap("둘까지", "둘")
    for change in (
        lambda: journal.remove("c", [changed]),
        lambda: journal.keep("c", replace(said(changed), text="고친 말")),
    ):
        journal.keep_recap("c", recap)
        removed = change()
        assert journal.recap("c") == (recap if stays else None)
        if removed:
            journal.restore(removed)
            assert journal.recap("c") == recap


def test_another_variant_leaves_the_recap(journal: Journal) -> None:
    journal.keep_recap("c", Recap("둘까지", "둘"))
    journal.keep("c", replace(TURNS[0], replies=TURNS[0].replies * 2))
    assert journal.recap("c") is not None


def test_what_was_taken_back_is_gone_from_every_file(tmp_path: Path) -> None:
    file, secret = tmp_path / "own" / "journal.db", "아무도모르는비밀"
    with Journal.open(file) as journal:
        journal.keep("c", said("남는 말"))
        for n in range(20):
            journal.keep("c", said(f"{secret}{n}"))
        journal.keep("c", said("끝 말"))
        journal.keep_recap("c", Recap(secret, "끝 말"))
        journal.remove("c", [f"{secret}{n}" for n in range(20)])
        left = b"".join(path.read_bytes() for path in file.parent.iterdir())
    for pair in (secret, secret[:2], secret[2:4], secret[4:6]):
        assert pair.encode() not in left


@given(st.sets(st.sampled_from("하둘셋넷"), min_size=1), st.integers(0, 3))
def test_any_turns_come_back_whatever_is_said_in_between(taken: set[str], between: int) -> None:
    turns = [said(text) for text in "하둘셋넷"]
    with Journal.open(None) as journal:
        for turn in turns:
            journal.keep("c", turn)
        removed = journal.remove("c", taken)
        assert removed is not None
        for n in range(between):
            journal.keep("d", said(f"{n}"))
        journal.restore(removed)
        back = [turn.id for turn in journal.conversation("c").turns]
        assert sorted(back) == sorted("하둘셋넷")
        assert [id_ for id_ in back if id_ in taken] == [id_ for id_ in "하둘셋넷" if id_ in taken]
        assert {found.turn for found in journal.search("구나")} == {t.id for t in turns} | {
            f"{n}" for n in range(between)
        }
