"""The recap of each conversation: what a model is told of the turns that fit its budget no more.

A recap that tells of a turn whose words change, or that goes, goes with it. Functions over a
connection. Knows nothing of how a recap is made.
"""

import sqlite3

from sweetchat_tui.conversation import Recap
from sweetchat_tui.errors import NotThere
from sweetchat_tui.lang import say

Row = tuple[int, int, str]
"""As stored: the number of the last turn that it tells of, whether a person changed it, its text."""


def create(db: sqlite3.Connection) -> None:
    """Make the table."""
    db.execute(
        """
        CREATE TABLE recaps (
          conversation INTEGER PRIMARY KEY REFERENCES conversations (number) ON DELETE CASCADE,
          until INTEGER NOT NULL,           -- number of the last turn that it tells of
          edited INTEGER NOT NULL,          -- 1 when a person changed it
          text TEXT NOT NULL
        )
        """
    )


def keep(db: sqlite3.Connection, conversation: int, recap: Recap) -> None:
    """Keep this recap instead of the last.

    Raises:
        NotThere: the turn that it goes up to is not there; it may have been taken back meanwhile.
    """
    until = db.execute(
        "SELECT number FROM turns WHERE conversation = ? AND id = ?", (conversation, recap.until)
    ).fetchone()
    if until is None:
        raise NotThere(say("요약이 가리키는 말이 없어졌어요.", "The turn that the recap ends at is gone."))
    put(db, conversation, (*until, int(recap.edited), recap.text))


def put(db: sqlite3.Connection, conversation: int, row: Row) -> None:
    """Keep this row instead of the last."""
    db.execute(
        "INSERT OR REPLACE INTO recaps (conversation, until, edited, text) VALUES (?, ?, ?, ?)",
        (conversation, *row),
    )


def read(db: sqlite3.Connection, conversation: int, before: str | None = None) -> Recap | None:
    """The recap of a conversation; None when there is none.

    Args:
        before: as `Journal.recap`; a turn that is not there is newer than all.
    """
    row = db.execute(
        "SELECT recaps.text, turns.id, edited FROM recaps JOIN turns ON turns.number = until"
        " WHERE recaps.conversation = ?1 AND NOT EXISTS"
        " (SELECT 1 FROM turns WHERE conversation = ?1 AND id = ?2 AND number <= until)",
        (conversation, before),
    ).fetchone()
    return Recap(row[0], row[1], bool(row[2])) if row else None


def row(db: sqlite3.Connection, conversation: int, number: int) -> Row | None:
    """The row of a recap that tells of a turn; None when it does not, or there is none."""
    found: Row | None = db.execute(
        "SELECT until, edited, text FROM recaps WHERE conversation = ? AND until >= ?", (conversation, number)
    ).fetchone()
    return found


def drop(db: sqlite3.Connection, conversation: int, number: int) -> None:
    """Drop the recap if it tells of a turn."""
    db.execute("DELETE FROM recaps WHERE conversation = ? AND until >= ?", (conversation, number))
