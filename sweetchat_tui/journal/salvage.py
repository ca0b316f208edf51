"""A damaged journal: a copy is put aside untouched, and what can still be read goes into a new one.

SQLite gives up a whole query for one bad page, so rows are asked for in blocks, and a block that fails in
halves, down to the single row. Knows nothing of what the rows mean but which belong to which.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweetchat_tui.files import private, sync_folder
from sweetchat_tui.journal import grams, rows, sqlite
from sweetchat_tui.journal.database import LOGS, stamped
from sweetchat_tui.journal.migrations import MIGRATIONS, Step, bring_up
from sweetchat_tui.journal.passphrase import Key, Passphrase, key_to
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean

_TABLES = ("conversations", "turns", "replies", "recaps", "unsent")
"""Each after those that it refers to."""
_BLOCK = 256
_ROWS_A_PAGE = 200
"""More than any page of a journal holds."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What became of a damaged journal."""

    turns: int
    """Turns that could be read."""
    copy: Path
    """The damaged file as it was."""

    def __str__(self) -> str:
        """One sentence for the person."""
        saved = say(f"말 {self.turns:,}개를 되살렸고", f"{self.turns:,} messages were saved,")
        none = say("읽을 수 있는 말이 없었고", "nothing in it could be read,")
        return say(
            f"대화 기록 파일이 망가져 있었어요. {saved if self.turns else none}, "
            f"망가진 파일은 여기 두었어요: {self.copy}",
            f"The journal was damaged: {saved if self.turns else none} "
            f"and the damaged file is kept: {self.copy}",
        )


def salvage(path: Path, passphrase: Passphrase | None = None, steps: Sequence[Step] = MIGRATIONS) -> Salvaged:
    """Put a sound journal in the place of a damaged one, encrypted as it was.

    A kill at any moment leaves either of the two in place, and the copy beside it.

    Args:
        path: the damaged file; no program has it open.
        passphrase: what it is encrypted with.
        steps: every migration there is, oldest first.

    Raises:
        Locked: it is encrypted, and the passphrase is missing or another; nothing has changed.
        OSError, sqlite.Error: there is no room for the copy or the new journal; likewise.
    """
    key = key_to(path, passphrase)
    copy = _put_aside(path)
    fresh = path.with_name(f"{path.name}.fresh")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite.connect(fresh, key)) as new:
            bring_up(new, steps)
            new.execute("BEGIN")
            _pour(path, key, new)
            saved = _settle(new)
            new.execute("COMMIT")
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    # Before the new file is in place, or SQLite would play the old one's log over it.
    for log in LOGS:
        Path(f"{path}{log}").unlink(missing_ok=True)
    fresh.replace(path)
    sync_folder(path.parent)
    return Salvaged(saved, copy)


def _put_aside(path: Path) -> Path:
    """A copy of the file and of its log, which holds what was written last."""
    copy = stamped(path, "damaged")
    for end in ("", *LOGS):
        source = Path(f"{path}{end}")
        if source.exists():
            with source.open("rb") as stream, open(f"{copy}{end}", "xb", opener=private) as out:
                shutil.copyfileobj(stream, out)
                out.flush()
                os.fsync(out.fileno())
    return copy


def _pour(path: Path, key: Key | None, new: sqlite3.Connection) -> None:
    """Bring over every row that can be read and whose own rows are there."""
    with suppress(*sqlite.DatabaseError), closing(sqlite.connect(path, key)) as old:
        # Else a file that lost its end is not read at all.
        old.execute("PRAGMA writable_schema = ON")
        old.execute("PRAGMA query_only = ON")
        with suppress(*sqlite.DatabaseError):
            old.execute("BEGIN IMMEDIATE")  # whoever has it open waits, and then finds the new one
        (pages,) = old.execute("PRAGMA page_count").fetchone()
        for table in _TABLES:
            with suppress(*sqlite.DatabaseError):
                columns = _shared_columns(old, new, table)
                put = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608, E501
                for row in _rows(old, table, columns, pages * _ROWS_A_PAGE):
                    with suppress(*sqlite.IntegrityError, *sqlite.InterfaceError):
                        new.execute(put, row)


def _shared_columns(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> list[str]:
    there = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
    return [row[1] for row in new.execute(f"PRAGMA table_info({table})") if row[1] in there]


def _rows(db: sqlite3.Connection, table: str, columns: Sequence[str], most: int) -> Iterator[tuple[Any, ...]]:
    query = f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED WHERE rowid BETWEEN ? AND ?"  # noqa: S608
    with suppress(*sqlite.DatabaseError):
        most = db.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0  # noqa: S608
    for first in range(1, most + 1, _BLOCK):
        yield from _block(db, query, first, min(first + _BLOCK - 1, most))


def _block(db: sqlite3.Connection, query: str, first: int, last: int) -> Iterator[tuple[Any, ...]]:
    try:
        yield from db.execute(query, (first, last)).fetchall()
    except sqlite.DatabaseError:
        if first < last:
            middle = (first + last) // 2
            yield from _block(db, query, first, middle)
            yield from _block(db, query, middle + 1, last)


def _settle(db: sqlite3.Connection) -> int:
    """Give turns that lost their conversation one, drop replies that lost their turn, index the rest."""
    found = say("되살린 대화", "Saved messages")
    db.execute(
        """
        INSERT OR IGNORE INTO conversations (number, id, title, started, named)
        SELECT conversation, lower(hex(randomblob(6))), ?, min(at), 1 FROM turns
         WHERE conversation NOT IN (SELECT number FROM conversations) GROUP BY conversation
        """,
        (found,),
    )
    _make_readable(db)
    db.execute("DELETE FROM turns WHERE text = '' AND number NOT IN (SELECT turn FROM replies)")
    db.execute("DELETE FROM replies WHERE turn NOT IN (SELECT number FROM turns)")
    db.execute("DELETE FROM conversations WHERE number NOT IN (SELECT conversation FROM turns)")
    db.execute("DELETE FROM recaps WHERE conversation NOT IN (SELECT number FROM conversations)")
    db.execute(
        "UPDATE conversations SET newest = "
        "(SELECT max(number) FROM turns WHERE conversation = conversations.number)"
    )
    _close_ranks(db)
    grams.fill(db)
    (turns,) = db.execute("SELECT count(*) FROM turns").fetchone()
    return int(turns)


def _make_readable(db: sqlite3.Connection) -> None:
    """Take out of rows what no program wrote: pages that are lost are read as zeros."""
    columns = ", ".join(rows.TURN)
    for number, *row in db.execute(f"SELECT number, {columns} FROM turns").fetchall():  # noqa: S608
        try:
            rows.turn_from(row, ())
        except (ValueError, TypeError, KeyError):
            db.execute(
                "UPDATE turns SET danger = 'none', emotion = NULL, picked = NULL, feeling = NULL, shown = -1,"
                " at = (SELECT started FROM conversations WHERE number = conversation) WHERE number = ?",
                (number,),
            )
    columns = ", ".join(rows.REPLY)
    for number, *row in db.execute(f"SELECT number, {columns} FROM replies").fetchall():  # noqa: S608
        try:
            rows.reply_from(row)
        except (ValueError, TypeError, KeyError):
            db.execute("UPDATE replies SET emotion = NULL WHERE number = ?", (number,))
    for table in ("turns", "replies"):
        lost = f"SELECT number, text FROM {table} WHERE instr(CAST(text AS BLOB), X'00')"  # noqa: S608
        for number, text in db.execute(lost).fetchall():
            db.execute(f"UPDATE {table} SET text = ? WHERE number = ?", (clean(str(text)), number))  # noqa: S608


def _close_ranks(db: sqlite3.Connection) -> None:
    """Number the variants of each turn from 0 again, where one of them is lost."""
    gaps = "SELECT turn FROM replies GROUP BY turn HAVING max(position) >= count(*)"
    for (turn,) in db.execute(gaps).fetchall():
        found = db.execute("SELECT number FROM replies WHERE turn = ? ORDER BY position", (turn,)).fetchall()
        db.executemany(
            "UPDATE replies SET position = ? WHERE number = ?",
            [(place, number) for place, (number,) in enumerate(found)],
        )
        db.execute("UPDATE turns SET shown = -1 WHERE number = ?", (turn,))
