"""`sweetchat mood`: readable without colour, as JSON, and on an empty journal."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pexpect
import pytest
from terminal import Terminal

from sweetchat_tui import paths
from sweetchat_tui.conversation import Turn
from sweetchat_tui.emotions import EMOTIONS, GROUPS, Emotion, Feeling, Score
from sweetchat_tui.journal import Journal

JOY, SAD, LONELY = EMOTIONS[6], EMOTIONS[27], EMOTIONS[37]


def keep(emotion: Emotion, days_ago: int = 0, picked: Emotion | None = None) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    with Journal.open(paths.journal_file()) as journal:
        journal.keep(
            "c", Turn("말", Feeling((Score(emotion, 0.5),), "lite-1", uncertain=False), picked, at=at)
        )


def test_an_empty_journal_says_so(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("mood", "--days", "3")
    assert (done.code, "나눈 이야기가 없어요" in done.out) == (0, True)
    document = json.loads(sweetchat("mood", "--days", "3", "--json").out)
    assert (document["messages"], document["main"], len(document["days"])) == (0, None, 3)


def test_it_is_read_without_colour(sweetchat) -> None:  # type: ignore[no-untyped-def]
    keep(SAD)
    keep(SAD, picked=LONELY)
    keep(SAD)
    out = sweetchat("mood").out
    assert "\x1b" not in out
    assert "내가 한 말 3번" in out
    assert "슬슬슬" in out
    assert "슬픔 67%" in out
    assert "자주 느낀 감정  슬픔 2 · 외로운 1" in out
    assert "슬픔 → 외로운 1" in out
    english = sweetchat("--lang", "en", "mood").out
    assert "SaSaSa" in english
    assert "lonely 1" in english
    assert not any(group in english for group in GROUPS)


def test_its_json_has_the_days_and_the_change(sweetchat) -> None:  # type: ignore[no-untyped-def]
    for _ in range(5):
        keep(JOY)
        keep(SAD, days_ago=10)
    document = json.loads(sweetchat("mood", "--days", "14", "--json").out)
    assert document["schema"] == 1
    assert document["groups"]["기쁨"] == 5
    assert document["change"] == dict.fromkeys(GROUPS, 0) | {"기쁨": 1, "슬픔": -1}
    assert document["days"][-1]["main"] == "기쁨"
    assert [often["count"] for often in document["often"]] == [5, 5]


def test_a_terminal_gets_colour_beside_the_letters(own_home: Path) -> None:
    keep(JOY)
    app = pexpect.spawn(
        sys.executable,
        ["-m", "sweetchat_tui", "mood"],
        env=os.environ | {"TERM": "xterm-256color"},
        encoding="utf-8",
        timeout=30,
    )  # type: ignore[arg-type]
    app.expect("\x1b\\[30;48;5;221m기")
    app.expect(pexpect.EOF)


def test_a_picture_is_drawn_where_it_was_asked_for(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    pytest.importorskip("PIL")
    keep(JOY)
    done = sweetchat("mood", "--png", str(tmp_path / "mood.png"))
    if done.code == 66:
        pytest.skip("no font with Hangul on this machine")
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / "mood.png").read_bytes().startswith(b"\x89PNG")


def test_one_is_counted_as_one_in_english(sweetchat) -> None:  # type: ignore[no-untyped-def]
    keep(SAD)
    for words, told in (
        (("mood",), "· 1 message\n"),
        (("doctor",), "sound: 1 conversation, 1 message, "),
    ):
        assert told in sweetchat("--lang", "en", *words).out
    for words, asked in (
        (("history", "delete", "c"), "Delete 1 message?"),
        (("history", "forget", "c"), "Forget 1 conversation, and"),
    ):
        with Terminal("--lang", "en", *words) as app:
            app.shows(asked)
