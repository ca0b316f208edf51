"""Any run of text is found where it stands."""

import unicodedata
from collections.abc import Iterator

import pytest

from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.journal import Journal

SAID = Turn(
    "오늘 면접에서 떨어졌어. 100% 내 탓 snake_case",
    replies=(
        Reply("그랬구나, 속상했겠다", None, "offline", "offline-1", None, "friend", "stop"),
        Reply("Coffee 한잔하자", None, "offline", "offline-1", None, "friend", "stop"),
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
    "query", ["없는 말", "%내", "떨_졌", "ㅁ", "*", "'", '"', "", " \n", "\x00", "가" * 60_000]
)
def test_what_nobody_said_is_not_found(journal: Journal, query: str) -> None:
    assert journal.search(query) == []


def test_the_newest_comes_first_and_no_more_than_asked(journal: Journal) -> None:
    assert [found.conversation for found in journal.search("어")] == ["d", "c"]
    assert [found.conversation for found in journal.search("어", limit=1)] == ["d"]
