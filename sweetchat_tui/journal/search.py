"""Where a run of text stands in the journal, and with which emotion.

Any run of characters is found, one syllable too; capitals in a to z do not count, nor does white
space. Composed and decomposed Hangul are the same, because both sides are cleaned.
"""

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from heapq import merge
from itertools import groupby, islice

from sweetchat_tui.emotions import Emotion
from sweetchat_tui.journal import grams, rows
from sweetchat_tui.text import clean

_TURN = """
SELECT conversations.id, title, turns.id, at, emotion, text
  FROM turns JOIN conversations ON conversations.number = turns.conversation
 WHERE turns.number = ?
"""
_FIRST_OF_DAY = """
SELECT conversations.id, title, turns.id, at, emotion, text, min(turns.number)
  FROM turns JOIN conversations ON conversations.number = turns.conversation
 WHERE at >= ? AND at < ? GROUP BY conversation ORDER BY min(turns.number)
"""
_REPLIES = "SELECT id, text FROM replies WHERE turn = ? ORDER BY position DESC"
_GROWING = "SELECT DISTINCT turn FROM replies WHERE finish IS NULL ORDER BY turn DESC"


@dataclass(frozen=True, slots=True)
class Found:
    """One message in which the text stands."""

    conversation: str
    """Its id."""
    title: str
    """The conversation's title."""
    turn: str
    """The turn's id."""
    reply: str | None
    """The reply's id; None when the person's own words matched."""
    at: datetime
    """When the turn was said."""
    emotion: Emotion | None
    """The turn's emotion; None when none was clear."""
    text: str
    """The whole message."""
    place: int
    """Index in `text` of the first match."""
    length: int
    """Characters of the match; 0 when only an emotion was looked for."""


def search(
    db: sqlite3.Connection, text: str, emotions: Collection[Emotion] = (), limit: int = 50
) -> list[Found]:
    """The messages of either side that contain a text, newest first.

    Args:
        db: an open journal.
        text: any text. A blank one finds nothing, or, with emotions, each message of the person.
        emotions: only turns with one of these; none means any.
        limit: how many messages at most.
    """
    query = grams.folded(clean(text))
    if not (query or emotions):
        return []
    # What still grows is not in the index.
    growing = (number for (number,) in db.execute(_GROWING))
    numbers = merge(grams.candidates(db, query, tuple(emotions)), growing, reverse=True)
    found = (hit for number, _ in groupby(numbers) for hit in _in_turn(db, number, query, emotions))
    return list(islice(found, limit))


def said_on(db: sqlite3.Connection, day: date, zone: tzinfo | None = None) -> list[Found]:
    """The first message of a day in each conversation that has one, oldest first.

    Args:
        day: of the time zone.
        zone: None is this machine's.
    """
    ends = (rows.time_column(datetime.combine(day + timedelta(days=n), time(), zone)) for n in (0, 1))
    return [
        Found(
            conversation,
            title,
            turn,
            None,
            datetime.fromisoformat(at),
            rows.emotion_from(emotion),
            said,
            0,
            0,
        )
        for conversation, title, turn, at, emotion, said, _ in db.execute(_FIRST_OF_DAY, tuple(ends))
    ]


def _in_turn(
    db: sqlite3.Connection, number: int, query: str, emotions: Collection[Emotion]
) -> Iterator[Found]:
    """The messages of one turn that fit, the newest reply first, the person's words last."""
    conversation, title, turn, at, emotion, said = db.execute(_TURN, (number,)).fetchone()
    felt = rows.emotion_from(emotion)
    if emotions and felt not in emotions:
        return
    messages = [(None, said)]
    if query:
        messages = [*db.execute(_REPLIES, (number,)), *messages]
    for reply, text in messages:
        if place := grams.place(query, text):
            yield Found(conversation, title, turn, reply, datetime.fromisoformat(at), felt, text, *place)
