"""A check sees what a start does not: indexes, the schema, who may read the files; and puts it right."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.journal import Journal
from sweetchat_tui.journal.checking import mend, problems
from sweetchat_tui.journal.database import Damaged, open_database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    with Journal.open(path) as journal:
        for number in range(60):
            reply = Reply(f"대답 {number} Abc", None, "offline", "m", None, "friend", "stop")
            journal.keep("c", Turn(f"말 {number}", replies=(reply,)))
        journal.remove("c", [journal.conversation("c").turns[3].id])
        journal.backup()
    return path


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            db.execute(statement)


def schema(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name").fetchall()


def forget_a_turn(path: Path) -> None:
    run(path, "INSERT INTO grams (grams) VALUES ('delete-all')")


def remember_what_nobody_said(path: Path) -> None:
    run(path, "INSERT INTO grams (rowid, words) VALUES (5, '없던 던말')")


def drop_an_index(path: Path) -> None:
    run(path, "DROP INDEX turns_by_time")


def spoil_an_index(path: Path) -> None:
    run(path, "UPDATE sqlite_schema SET sql = replace(sql, '(at)', '(text)') WHERE name = 'turns_by_time'")


def open_the_backup(path: Path) -> None:
    next(path.parent.glob("journal.db.backup-*")).chmod(0o644)


def open_the_journal(path: Path) -> None:
    path.chmod(0o640)


def test_a_sound_journal_has_no_problems(file: Path) -> None:
    before = file.read_bytes()
    assert Journal.problems(file) == [] and file.read_bytes() == before


@pytest.mark.parametrize(
    "spoil",
    [
        forget_a_turn,
        remember_what_nobody_said,
        drop_an_index,
        spoil_an_index,
        open_the_backup,
        open_the_journal,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_what_is_wrong_is_found_and_put_right(file: Path, spoil: Callable[[Path], None]) -> None:
    spoil(file)
    assert len(Journal.problems(file)) >= 1
    spoil(file) if spoil is open_the_journal else None  # which the check itself has closed
    mend(file)
    assert Journal.problems(file) == []
    with closing(open_database(file)) as db, closing(open_database(None)) as blank:
        assert schema(db) == schema(blank)
    with Journal.open(file) as journal:
        assert len(journal.conversation("c").turns) == 59
        assert len(journal.search("말", 99)) == 59 and len(journal.search("대답", 99)) == 59
        assert journal.search("없던") == []


def test_a_column_that_is_missing_is_told_of(file: Path) -> None:
    run(file, "ALTER TABLE replies DROP COLUMN output_tokens")
    assert any("replies.output_tokens" in problem for problem in Journal.problems(file))


def test_it_is_of_the_version_that_it_says(file: Path) -> None:
    run(file, "DROP TABLE unsent", "PRAGMA user_version = 3")
    assert Journal.problems(file) == []
    with closing(open_database(file)) as db:
        assert db.execute("SELECT count(*) FROM unsent").fetchone() == (0,)


def test_a_large_journal_is_checked_once_a_day(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sweetchat_tui.journal.database._CHECKED_BYTES", 1)
    mark = file.with_name("journal.db.checked")
    assert not mark.exists()
    open_database(file).close()
    assert mark.stat().st_size == 0 and mark.stat().st_mode & 0o777 == 0o600
    data = bytearray(file.read_bytes())
    data[5 * 4096 : 6 * 4096] = bytes(4096)
    file.write_bytes(data)
    open_database(file).close()  # it was looked at a moment ago
    for days in (-2, 2):
        then = time() + days * 86_400
        os.utime(mark, (then, then))
        with pytest.raises(Damaged):
            open_database(file)
    told: list[str] = []
    Journal.open(file, told.append).close()
    assert "되살렸" in told[0] and Journal.problems(file) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), max_size=6
    )
)
def test_whatever_was_said_a_sound_index_is_called_sound(texts: list[str]) -> None:
    with Journal.open(None) as journal:
        for text in (*texts, "Aa aA AA 가A 가a"):
            journal.keep("c", Turn(text))
        assert problems(journal._db) == []
