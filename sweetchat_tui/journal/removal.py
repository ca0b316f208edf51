"""Turns taken out of the journal, and put back where they stood.

What is taken out is handed to the caller, whose memory is then the only place where it is. Functions
over a connection; whoever calls them has begun a transaction. Knows nothing of files.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sweetchat_tui.journal import grams, listing, recap, rows, turns

_TURNS = f"SELECT number, {', '.join(rows.TURN)} FROM turns WHERE number = ?"  # noqa: S608
_REPLIES = f"SELECT turn, {', '.join(rows.REPLY)} FROM replies WHERE turn = ? ORDER BY position"  # noqa: S608
_COLUMNS = {"turns": ("conversation", "number", *rows.TURN), "replies": ("turn", *rows.REPLY)}
_PUT = {
    table: f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    for table, columns in _COLUMNS.items()
}


@dataclass(frozen=True, slots=True, repr=False)
class Removed:
    """Turns that are in the journal no more; `Journal.restore` puts them back."""

    id: str
    """The id of their conversation."""
    title: str
    """What it was called."""
    started: str
    """The column."""
    named: int
    """The column."""
    number: int
    """The conversation's."""
    turns: Sequence[Sequence[Any]]
    """Their rows, oldest first: the number, then `rows.TURN`."""
    replies: Sequence[Sequence[Any]]
    """Their rows: the turn's number, then `rows.REPLY`."""
    recap: recap.Row | None
    """Its row, when it told of one of them."""


def take_out(db: sqlite3.Connection, conversation: int, numbers: Sequence[int]) -> Removed:
    """Take turns of one conversation out, and the conversation with its last one.

    Args:
        numbers: of turns that are there, oldest first; at least one.
    """
    id_, title, started, named = db.execute(
        "SELECT id, title, started, named FROM conversations WHERE number = ?", (conversation,)
    ).fetchone()
    said = [db.execute(_TURNS, (number,)).fetchone() for number in numbers]
    replies = [row for number in numbers for row in db.execute(_REPLIES, (number,))]
    told = recap.row(db, conversation, numbers[0])
    for number in numbers:
        grams.replace(db, number, grams.stored(db, number), ())
        db.execute("DELETE FROM turns WHERE number = ?", (number,))
    recap.drop(db, conversation, numbers[0])
    if turns.numbers(db, conversation):
        _settle(db, conversation)
    else:
        db.execute("DELETE FROM conversations WHERE number = ?", (conversation,))
    return Removed(id_, title, started, named, conversation, said, replies, told)


def put_back(db: sqlite3.Connection, removed: Removed) -> None:
    """Put back what `take_out` took, where it stood; after what was said since, if that took its place.

    A turn that has come back otherwise stays as it is.
    """
    taken = db.execute("SELECT 1 FROM conversations WHERE number = ?", (removed.number,)).fetchone()
    db.execute(
        "INSERT INTO conversations (number, id, title, started, named) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO NOTHING",
        (None if taken else removed.number, removed.id, removed.title, removed.started, removed.named),
    )
    (conversation,) = db.execute("SELECT number FROM conversations WHERE id = ?", (removed.id,)).fetchone()
    numbers: dict[int, int] = {}
    for old, id_, *row in removed.turns:
        if turns.numbers(db, conversation, [id_]):
            continue
        # What comes after one that lost its place loses it too, for numbers are the order.
        free = all(now == before for before, now in numbers.items()) and not _taken(db, old)
        put = db.execute(_PUT["turns"], (conversation, old if free else None, id_, *row))
        numbers[old] = put.lastrowid or old
    answers = ((numbers[old], *row) for old, *row in removed.replies if old in numbers)
    db.executemany(_PUT["replies"], answers)
    for number in numbers.values():
        grams.replace(db, number, (), grams.stored(db, number))
    if removed.recap:
        until, edited, text = removed.recap
        recap.put(db, conversation, (numbers.get(until, until), edited, text))
    _settle(db, conversation)


def _taken(db: sqlite3.Connection, number: int) -> bool:
    return db.execute("SELECT 1 FROM turns WHERE number = ?", (number,)).fetchone() is not None


def _settle(db: sqlite3.Connection, conversation: int) -> None:
    """Bring a conversation's start, its place in the list and its title up to the turns that it has."""
    db.execute(
        """
        UPDATE conversations SET
               newest = (SELECT max(number) FROM turns WHERE conversation = ?1),
               started = (SELECT at FROM turns WHERE conversation = ?1 ORDER BY number LIMIT 1)
         WHERE number = ?1
        """,
        (conversation,),
    )
    listing.retitle(db, conversation)
