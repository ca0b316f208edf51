"""Turns put into the journal and read from it.

Functions over a connection; whoever calls them has begun a transaction. Each keeps the search index
at what the turns hold. Knows nothing of files.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.journal import grams, listing, recap, rows
from sweetchat_tui.journal.titles import title_from


def _upsert(table: str, key: tuple[str, str], columns: tuple[str, ...]) -> str:
    """The statement that makes a row or brings it up to date, and writes nothing when it already is."""
    every = dict.fromkeys((*key, *columns))
    new = [column for column in columns if column not in key]
    return (
        f"INSERT INTO {table} ({', '.join(every)}) VALUES ({', '.join('?' * len(every))})"  # noqa: S608
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET ({', '.join(new)}) ="
        f" ({', '.join('excluded.' + column for column in new)})"
        f" WHERE ({', '.join(new)}) IS NOT ({', '.join('excluded.' + column for column in new)})"
    )


_KEEP_TURN = _upsert("turns", ("conversation", "id"), rows.TURN)
_KEEP_REPLY = _upsert("replies", ("turn", "position"), rows.REPLY)

_TURNS = f"""
SELECT number, {", ".join(rows.TURN)} FROM turns
 WHERE conversation = ? AND number < ? ORDER BY number DESC LIMIT ?
"""  # noqa: S608
_REPLIES = f"""
SELECT turn, {", ".join("replies." + column for column in rows.REPLY)}
  FROM turns JOIN replies ON replies.turn = turns.number
 WHERE turns.conversation = ? AND turns.number BETWEEN ? AND ? ORDER BY position
"""  # noqa: S608
_ONWARDS = f"""
SELECT number, {", ".join(rows.TURN)} FROM turns
 WHERE conversation = ? AND number >= ? ORDER BY number LIMIT ?
"""  # noqa: S608
_LAST = 2**63 - 1
_TEXT = 1  # place of the person's words in what the index holds


def keep(db: sqlite3.Connection, conversation_id: str, turn: Turn) -> None:
    """Put a turn in, or bring what is stored of it up to date; its conversation is made if need be."""
    conversation = _made(db, conversation_id, turn)
    key = (conversation, turn.id)
    known = db.execute("SELECT number FROM turns WHERE conversation = ? AND id = ?", key).fetchone()
    old = grams.stored(db, *known) if known else ()
    db.execute(_KEEP_TURN, (conversation, *rows.turn_row(turn)))
    (number,) = (
        known or db.execute("SELECT number FROM turns WHERE conversation = ? AND id = ?", key).fetchone()
    )
    db.execute(
        "UPDATE conversations SET newest = ?1 WHERE number = ?2 AND newest < ?1", (number, conversation)
    )
    for position, reply in enumerate(turn.replies):
        db.execute(_KEEP_REPLY, (number, *rows.reply_row(position, reply)))
    db.execute("DELETE FROM replies WHERE turn = ? AND position >= ?", (number, len(turn.replies)))
    new = grams.held(turn)
    grams.replace(db, number, old, new)
    if old and old[_TEXT] != new[_TEXT]:
        listing.retitle(db, conversation)
        recap.drop(db, conversation, number)


def read(
    db: sqlite3.Connection, conversation: int, newest: int | None = None, before: int = _LAST
) -> tuple[Turn, ...]:
    """The turns of a conversation, oldest first.

    Args:
        newest: how many of the newest; None is all.
        before: only turns before the one of this number.
    """
    stored = db.execute(_TURNS, (conversation, before, -1 if newest is None else newest)).fetchall()
    return _with_replies(db, conversation, stored[::-1])


def read_onwards(db: sqlite3.Connection, conversation: int, first: int, count: int) -> tuple[Turn, ...]:
    """The turns from the one of a number on, itself the first; so many at most."""
    return _with_replies(db, conversation, db.execute(_ONWARDS, (conversation, first, count)).fetchall())


def _with_replies(
    db: sqlite3.Connection, conversation: int, stored: Sequence[Sequence[Any]]
) -> tuple[Turn, ...]:
    """The turns of some rows, which are oldest first."""
    if not stored:
        return ()
    replies: defaultdict[int, list[Reply]] = defaultdict(list)
    for turn, *row in db.execute(_REPLIES, (conversation, stored[0][0], stored[-1][0])):
        replies[turn].append(rows.reply_from(row))
    return tuple(rows.turn_from(row, replies[turn]) for turn, *row in stored)


def numbers(db: sqlite3.Connection, conversation: int, ids: Collection[str] | None = None) -> list[int]:
    """The numbers of turns of a conversation that are there, oldest first.

    Args:
        ids: theirs; None is all.
    """
    if ids is None:
        found = db.execute("SELECT number FROM turns WHERE conversation = ?", (conversation,)).fetchall()
    else:
        one = "SELECT number FROM turns WHERE conversation = ? AND id = ?"
        found = [row for id_ in set(ids) for row in db.execute(one, (conversation, id_))]
    return sorted(number for (number,) in found)


def _made(db: sqlite3.Connection, id_: str, first: Turn) -> int:
    """The number of a conversation, which is made when it is not there."""
    db.execute(
        "INSERT INTO conversations (id, title, started) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (id_, title_from(first.text), rows.time_column(first.at)),
    )
    (number,) = db.execute("SELECT number FROM conversations WHERE id = ?", (id_,)).fetchone()
    return int(number)
