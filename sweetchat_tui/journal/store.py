"""The journal: conversations kept, read, listed, searched and deleted.

Every call is short and synchronous, and belongs to the thread that opened the journal. Knows
nothing about how a turn comes to be; two programs may use one journal at the same time.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.emotions import Emotion
from sweetchat_tui.errors import NotThere
from sweetchat_tui.journal import grams, rows, turns
from sweetchat_tui.journal.database import backups_of, open_database, sqlite_errors_explained
from sweetchat_tui.journal.search import Found, search
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean

_SUMMARIES = """
SELECT id, title, started,
       (SELECT at FROM turns WHERE number = newest),
       (SELECT count(*) FROM turns WHERE conversation = conversations.number),
       (SELECT emotion FROM turns
         WHERE conversation = conversations.number AND emotion IS NOT NULL
         GROUP BY emotion ORDER BY count(*) DESC, max(number) DESC LIMIT 1)
  FROM conversations ORDER BY newest DESC LIMIT ? OFFSET ?
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """One conversation in a list."""

    id: str
    title: str
    """Its first words, on one line, at most 40 characters."""
    started: datetime
    """When its first turn was said."""
    last_at: datetime
    """When its newest turn was said."""
    turns: int
    """How many."""
    emotion: Emotion | None
    """The one most frequent in its turns, of equals the newest; None when none was clear."""


class Journal:
    """What was said, kept. Use `Journal.open`."""

    def __init__(self, db: sqlite3.Connection, path: Path | None) -> None:
        self._db = db
        self._path = path

    @classmethod
    def open(cls, path: Path | None) -> Self:
        """Open a journal, making or migrating it as needed.

        Args:
            path: the file, usually `paths.journal_file()`; None keeps everything in memory.
        Raises:
            JournalUnwritable: see `database.open_database`.
        """
        return cls(open_database(path), path)

    def close(self) -> None:
        """Let go of the file; closing twice does no harm."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def keep(self, conversation_id: str, turn: Turn) -> None:
        """Store a turn whole, or bring what is stored of it up to date; the same twice changes nothing.

        The conversation comes to be with its first turn. Cheap enough for every second of a
        growing reply.

        Raises:
            JournalUnwritable: nothing of this call is stored, and what was stored before stands.
        """
        with self._writing():
            turns.keep(self._db, conversation_id, turn)

    def conversation(self, id_: str) -> Conversation:
        """A conversation with all its turns.

        A reply that never came to its end is read back as cut.

        Args:
            id_: its id, or a beginning that no other has.
        Raises:
            NotThere: no conversation has this id, or several begin so.
        """
        with self._reading():
            return turns.read(self._db, *self._identified(id_))

    def latest(self) -> Conversation | None:
        """The conversation in which the last turn was begun; None when there is none."""
        with sqlite_errors_explained(self._path):
            row = self._db.execute(
                "SELECT number, id FROM conversations ORDER BY newest DESC LIMIT 1"
            ).fetchone()
            return turns.read(self._db, *row) if row else None

    def conversations(self, limit: int = 50, offset: int = 0) -> list[Summary]:
        """Conversations, the one with the newest turn first.

        Args:
            limit: how many at most; -1 is all.
            offset: how many of the newest to pass over.
        """
        with sqlite_errors_explained(self._path):
            return [
                Summary(
                    id=id_,
                    title=title,
                    started=datetime.fromisoformat(started),
                    last_at=datetime.fromisoformat(last_at),
                    turns=count,
                    emotion=rows.emotion_from(emotion),
                )
                for id_, title, started, last_at, count, emotion in self._db.execute(
                    _SUMMARIES, (limit, offset)
                )
            ]

    def search(self, text: str, limit: int = 50, *, emotions: Collection[Emotion] = ()) -> list[Found]:
        """The messages of either side that contain a text, newest first; see `search.search`."""
        with self._reading():
            return search(self._db, text, emotions, limit)

    def delete(self, id_: str) -> None:
        """Delete a conversation for good: its bytes are overwritten, and copies made before migrations go.

        While another program is reading, the log beside the journal may hold them until it is done.

        Args:
            id_: its id, or a beginning that no other has.
        Raises:
            NotThere: no conversation has this id, or several begin so.
        """
        with self._writing():
            number, _ = self._identified(id_)
            said = self._db.execute("SELECT number FROM turns WHERE conversation = ?", (number,)).fetchall()
            turns.take_out(self._db, (turn for (turn,) in said))
            self._db.execute("DELETE FROM conversations WHERE number = ?", (number,))
            grams.overwrite(self._db)
        with sqlite_errors_explained(self._path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            for copy in backups_of(self._path) if self._path else ():
                copy.unlink(missing_ok=True)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Everything that is read inside is of one moment."""
        with sqlite_errors_explained(self._path):
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: all of it or nothing."""
        with sqlite_errors_explained(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def _identified(self, id_: str) -> tuple[int, str]:
        wanted = clean(id_)
        found: list[tuple[int, str]] = self._db.execute(
            "SELECT number, id FROM conversations WHERE substr(id, 1, ?2) = ?1 ORDER BY id = ?1 DESC LIMIT 2",
            (wanted, len(wanted)),
        ).fetchall()
        if found and wanted and (len(found) == 1 or found[0][1] == wanted):
            return found[0]
        hint = say("`sweetchat history list`로 볼 수 있어요.", "`sweetchat history list` shows them.")
        if found and wanted:
            raise NotThere(
                say(
                    f"{wanted}(으)로 시작하는 대화가 여럿이에요.",
                    f"Several conversations begin with {wanted}.",
                ),
                hint,
            )
        raise NotThere(say(f"그런 대화는 없어요: {wanted}", f"There is no conversation {wanted}."), hint)
