"""Turns put into the journal, read from it, and taken out.

Functions over a connection; whoever calls them has begun a transaction. Each keeps the search index
at what the turns hold. Knows nothing of files.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from sweetchat_tui.conversation import Conversation, Reply, Turn
from sweetchat_tui.journal import grams, rows
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

_TURNS = f"SELECT number, {', '.join(rows.TURN)} FROM turns WHERE conversation = ? ORDER BY number"  # noqa: S608
_REPLIES = f"""
SELECT turn, {", ".join("replies." + column for column in rows.REPLY)}
  FROM turns JOIN replies ON replies.turn = turns.number
 WHERE turns.conversation = ? ORDER BY position
"""  # noqa: S608


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
    grams.replace(db, number, old, grams.held(turn))


def read(db: sqlite3.Connection, number: int, id_: str) -> Conversation:
    """A conversation with all its turns."""
    replies: defaultdict[int, list[Reply]] = defaultdict(list)
    for turn, *row in db.execute(_REPLIES, (number,)):
        replies[turn].append(rows.reply_from(row))
    return Conversation(
        turns=tuple(rows.turn_from(row, replies[turn]) for turn, *row in db.execute(_TURNS, (number,))),
        id=id_,
    )


def take_out(db: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Take turns out of the journal and out of the search index."""
    for number in numbers:
        grams.replace(db, number, grams.stored(db, number), ())
        db.execute("DELETE FROM turns WHERE number = ?", (number,))


def _made(db: sqlite3.Connection, id_: str, first: Turn) -> int:
    """The number of a conversation, which is made when it is not there."""
    db.execute(
        "INSERT INTO conversations (id, title, started) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (id_, title_from(first.text), rows.time_column(first.at)),
    )
    (number,) = db.execute("SELECT number FROM conversations WHERE id = ?", (id_,)).fetchone()
    return int(number)
