"""The journal's file is private, grows with the program, and is never harmed by what cannot be."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, SupportsIndex

import pytest

from sweetchat_tui.conversation import Turn
from sweetchat_tui.errors import JournalUnwritable
from sweetchat_tui.journal import Journal
from sweetchat_tui.journal.database import backups_of, open_database
from sweetchat_tui.journal.migrations import MIGRATIONS, Step, version_of

REPOSITORY = Path(__file__).parents[2]

SCHEMA_1 = """
CREATE TABLE conversations (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
  started TEXT NOT NULL, newest INTEGER NOT NULL DEFAULT 0);
CREATE INDEX conversations_by_newest ON conversations (newest);
CREATE TABLE turns (number INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE, id TEXT NOT NULL,
  at TEXT NOT NULL, danger TEXT NOT NULL, shown INTEGER NOT NULL, emotion TEXT, picked TEXT, feeling TEXT,
  text TEXT NOT NULL, UNIQUE (conversation, id));
CREATE INDEX turns_by_emotion ON turns (conversation, emotion);
CREATE INDEX turns_by_time ON turns (at);
CREATE TABLE replies (number INTEGER PRIMARY KEY,
  turn INTEGER NOT NULL REFERENCES turns (number) ON DELETE CASCADE, position INTEGER NOT NULL,
  id TEXT NOT NULL, emotion TEXT, provider TEXT NOT NULL, model TEXT NOT NULL, host TEXT,
  persona TEXT NOT NULL, finish TEXT, input_tokens INTEGER, output_tokens INTEGER, text TEXT NOT NULL,
  UNIQUE (turn, position));
INSERT INTO conversations VALUES (1, 'c', '안녕', '2026-11-22T12:00:00.000005+00:00', 1);
INSERT INTO turns VALUES (1, 1, 't', '2026-11-22T12:00:00.000005+00:00', 'none', -1, '[6,"기쁨"]', NULL,
  '{"classifier":"lite-1","uncertain":false,"top":[[0.75,6,"기쁨"],[0.1,99,"deep","deep"]]}', '안녕');
INSERT INTO replies VALUES (1, 1, 0, 'r', '[6,"기쁨"]', 'offline', 'offline-1', NULL, 'friend', 'stop',
  3, 4, '반가워');
PRAGMA user_version = 1;
"""
"""The oldest schema as it was released, written out so that no change of the code changes it."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "share" / "sweetchat" / "journal.db"


@pytest.fixture
def oldest(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    db = sqlite3.connect(path)
    db.executescript(SCHEMA_1)
    db.close()
    return path


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_only_the_owner_can_read_what_is_made(file: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with Journal.open(file) as journal:
            journal.keep("c", Turn("비밀"))
            made = {path.name: mode(path) for path in file.parent.iterdir()}
    finally:
        os.umask(before)
    assert made == dict.fromkeys(["journal.db", "journal.db-wal", "journal.db-shm"], 0o600)
    assert (mode(file.parent), mode(file.parent.parent)) == (0o700, 0o700)


def test_a_folder_that_was_there_stays_as_it_is_and_a_wide_file_is_narrowed(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.parent.chmod(0o755)
    file.touch(0o666)
    with Journal.open(file):
        assert (mode(file.parent), mode(file)) == (0o755, 0o600)


def test_a_closed_journal_is_one_file(file: Path) -> None:
    with Journal.open(file) as journal:
        journal.keep("c", Turn("안녕"))
    assert [path.name for path in file.parent.iterdir()] == ["journal.db"]


def test_the_settings_that_keep_words_safe_are_on(file: Path) -> None:
    db = open_database(file)
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store", "busy_timeout")
    settings = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    db.close()
    assert settings == ["wal", 1, 1, 1, 2, 5000]


def schema(db: sqlite3.Connection) -> list[object]:
    tables = [
        db.execute(f"PRAGMA table_info({name})").fetchall() for name in ("conversations", "turns", "replies")
    ]
    return [tables, db.execute("SELECT type, name, tbl_name FROM sqlite_schema ORDER BY name").fetchall()]


def test_the_oldest_schema_becomes_what_a_blank_journal_is(oldest: Path) -> None:
    old, blank = open_database(oldest), open_database(None)
    found, expected = schema(old), schema(blank)
    versions = [version_of(db) for db in (old, blank)]
    old.close()
    blank.close()
    assert found == expected
    assert versions == [len(MIGRATIONS)] * 2


def test_what_the_oldest_program_kept_is_read(oldest: Path) -> None:
    with Journal.open(oldest) as journal:
        (turn,) = journal.conversation("c").turns
        assert (turn.text, turn.emotion and turn.emotion.label) == ("안녕", "기쁨")
        assert turn.feeling is not None
        assert [score.emotion.group for score in turn.feeling.top] == ["기쁨", None]
        assert turn.reply is not None
        assert turn.reply.text == "반가워"
        journal.keep("c", turn)
        assert journal.conversation("c").turns == (turn,)


def a_later_step(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE turns ADD COLUMN mood TEXT")


def a_step_that_fails(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM turns")
    db.execute("ALTER TABLE nothing ADD COLUMN mood TEXT")


def test_an_older_journal_is_copied_before_its_first_step(oldest: Path) -> None:
    db = open_database(oldest, (*MIGRATIONS, a_later_step))
    assert db.execute("SELECT text, mood FROM turns").fetchall() == [("안녕", None)]
    db.close()
    (copy,) = backups_of(oldest)
    assert (copy.name, mode(copy)) == ("journal.db.v1", 0o600)
    with Journal.open(copy) as journal:
        assert journal.conversation("c").turns[0].text == "안녕"


def test_a_step_that_fails_changes_nothing(oldest: Path) -> None:
    with pytest.raises(JournalUnwritable):
        open_database(oldest, (*MIGRATIONS, a_step_that_fails))
    with Journal.open(oldest) as journal:
        assert journal.conversation("c").turns[0].text == "안녕"


class TakenMeanwhile(tuple[Step, ...]):
    """Steps that another program takes between the look at the version and the first step."""

    file: Path

    def __getitem__(self, key: SupportsIndex | slice) -> Any:
        open_database(self.file).close()
        return super().__getitem__(key)


def test_a_step_that_another_program_took_meanwhile_is_not_taken_again(file: Path) -> None:
    steps = TakenMeanwhile(MIGRATIONS)
    steps.file = file
    db = open_database(file, steps)
    assert version_of(db) == len(MIGRATIONS)
    db.close()


def test_a_blank_or_current_journal_is_not_copied(file: Path) -> None:
    for _ in range(2):
        open_database(file).close()
    assert backups_of(file) == []


def test_deleting_takes_the_copies_made_before_migrations_along(oldest: Path) -> None:
    copy = oldest.with_name("journal.db.v1")
    copy.write_bytes(oldest.read_bytes())
    with Journal.open(oldest) as journal:
        journal.delete("c")
    assert not copy.exists()


def make_newer(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.keep("c", Turn("안녕"))
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()


def make_foreign(path: Path) -> None:
    path.write_bytes("이건 데이터베이스가 아니야\n".encode() * 200)


def make_truncated(path: Path) -> None:
    with Journal.open(path) as journal:
        for _ in range(50):
            journal.keep("c", Turn("안녕" * 500))
    path.write_bytes(path.read_bytes()[:9000])


@pytest.mark.parametrize(
    ("make", "hint"), [(make_newer, "업데이트"), (make_foreign, "--repair"), (make_truncated, "--repair")]
)
def test_a_file_that_cannot_be_used_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], hint: str
) -> None:
    file = tmp_path / "alone" / "journal.db"
    file.parent.mkdir()
    make(file)
    before = file.read_bytes()
    with pytest.raises(JournalUnwritable) as caught, Journal.open(file) as journal:
        journal.conversation("c")
    assert caught.value.exit_code == 74
    assert str(file) in caught.value.message
    assert hint in caught.value.hint
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["journal.db"]


@pytest.mark.parametrize(
    "place", ["a-file/journal.db", "a-file/below/journal.db", "a-folder", "/proc/sweetchat/j.db"]
)
def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "a-file").write_text("x")
    (tmp_path / "a-folder").mkdir()
    with pytest.raises(JournalUnwritable) as caught:
        Journal.open(tmp_path / place)
    assert "--private" in caught.value.hint


def test_a_journal_held_by_another_program_is_told_in_a_sentence(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sweetchat_tui.journal.database._PATIENCE_SECONDS", 0.05)
    with Journal.open(file) as journal:
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalUnwritable, match="다른 프로그램"):
            journal.keep("c", Turn("안녕"))
        holder.close()
        journal.keep("c", Turn("안녕"))


FILLS_THE_DISK = """
import resource, sys
from pathlib import Path
from typing import Any, SupportsIndex
from sweetchat_tui.conversation import Turn
from sweetchat_tui.errors import JournalUnwritable
from sweetchat_tui.journal import Journal
with Journal.open(Path(sys.argv[1])) as journal:
    first = Turn('먼저 한 말')
    journal.keep('c', first)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    try:
        journal.keep('c', Turn('큰 말' * 200_000))
    except JournalUnwritable as error:
        print(error.exit_code, error.hint)
    assert journal.conversation('c').turns == (first,)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    second = Turn('다시 한 말')
    journal.keep('c', second)
    assert journal.conversation('c').turns == (first, second)
"""


def test_a_full_disk_is_told_in_a_sentence_and_loses_nothing(file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", FILLS_THE_DISK, str(file)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("74 ")
    with Journal.open(file) as journal:
        assert len(journal.conversation("c").turns) == 2
