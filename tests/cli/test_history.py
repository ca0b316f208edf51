"""`sweetchat history`: looking, exporting, changing."""

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from sweetchat_tui import paths
from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.emotions import EMOTIONS, Emotion, Feeling, Score
from sweetchat_tui.journal import Journal

LONELY, SAD, GLAD = EMOTIONS[37], EMOTIONS[27], EMOTIONS[6]


def said(text: str, emotion: Emotion, picked: Emotion | None = None, *, uncertain: bool = False) -> Turn:
    reply = Reply("그랬구나", emotion, "offline", "offline-1", None, "friend", "stop")
    return Turn(text, Feeling((Score(emotion, 0.5),), "lite-1", uncertain), picked, replies=(reply,), id=text)


@pytest.fixture(autouse=True)
def journal(own_home: Path) -> Path:
    file = paths.journal_file()
    with Journal.open(file) as journal:
        journal.keep("c1", said("밤이 길어", SAD))
        journal.keep("c1", said("혼자야", SAD, LONELY))
        journal.keep("c2", said("밤에 놀자", GLAD))
        journal.keep("c2", said("그냥", GLAD, SAD, uncertain=True))
    return file


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ([], ["c2", "c1"]),
        (["-e", "외로운"], ["c1"]),
        (["-e", "lonely", "-e", "기쁨"], ["c2", "c1"]),
        (["--group", "joy"], ["c2"]),
        (["--group", "분노"], []),
    ],
)
def test_a_list_is_narrowed_by_what_was_felt(sweetchat, words: list[str], ids: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert [row["conversation"] for row in sweetchat("history", "list", "--json", *words).rows] == ids


def test_an_emotion_or_group_that_there_is_not_is_told(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("history", "search", "-e", "외로은")
    assert (done.code, "외로운?" in done.err) == (2, True)
    assert sweetchat("history", "list", "--group", "행복").code == 2
    assert sweetchat("history", "search").code == 2


def test_a_search_tells_the_place_and_the_emotion(sweetchat) -> None:  # type: ignore[no-untyped-def]
    (row,) = sweetchat("history", "search", "이 길", "--group", "슬픔", "--json").rows
    assert (row["conversation"], row["emotion"], row["who"]) == ("c1", "슬픔", "me")
    assert row["text"][row["place"] : row["place"] + row["length"]] == "이 길"
    lonely = sweetchat("history", "search", "-e", "외로운").out
    assert lonely.startswith("c1\t")
    assert lonely.endswith("\t나\t혼자야\n")


def test_a_conversation_is_renamed(sweetchat) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("history", "rename", "c1", "잠 못 드는 밤").code == 0
    assert "잠 못 드는 밤" in sweetchat("history", "list").out
    assert sweetchat("history", "rename", "zz", "이름").code == 66


def test_everything_is_exported_in_every_form(sweetchat) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(sweetchat("history", "export", "--all", "--format", "json").out)
    assert [c["conversation"] for c in document["conversations"]] == ["c1", "c2"]
    assert len(sweetchat("history", "export", "--all", "--format", "jsonl").rows) == 4
    for kind in ("md", "txt"):
        out = sweetchat("history", "export", "--all", "--format", kind).out
        assert out.index("혼자야") < out.index("밤에 놀자")


def test_an_exported_file_is_the_persons_alone(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "all.md"
    assert sweetchat("history", "export", "zz", "-o", str(out)).code == 66
    assert not out.exists()
    assert sweetchat("history", "export", "--all", "-o", str(out)).code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "혼자야" in out.read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["c1", "--all"],
        ["--all", "--corrections"],
        ["--corrections", "--format", "md"],
        ["c1", "--format", "csv"],
    ],
)
def test_what_cannot_be_exported_is_told(sweetchat, words: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("history", "export", *words).code == 2


def test_corrections_are_rows_to_train_on(sweetchat) -> None:  # type: ignore[no-untyped-def]
    first, second = sweetchat("history", "export", "--corrections").rows
    assert (first["text"], first["context"], first["speaker"]) == ("혼자야", ["밤이 길어"], "human")
    assert (first["picked"], first["label"], first["group"]) == ("외로운", 37, 1)
    assert (first["predicted"], first["confidence"], first["classifier"]) == ("슬픔", 0.5, "lite-1")
    assert (first["uncertain"], second["uncertain"]) == (False, True)
    out = sweetchat("history", "export", "--corrections", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["text"] for row in rows] == ["혼자야", "그냥"]
    assert json.loads(rows[1]["context"]) == ["밤에 놀자"]


def test_a_journal_without_corrections_gives_an_empty_table(sweetchat, journal: Path) -> None:  # type: ignore[no-untyped-def]
    journal.unlink()
    assert sweetchat("history", "export", "--corrections").out == ""
    assert sweetchat("history", "export", "--corrections", "--format", "csv").out.count("\n") == 1
    assert json.loads(sweetchat("history", "export", "--all", "--format", "json").out)["conversations"] == []
