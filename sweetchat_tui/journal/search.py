"""Where a run of text stands in the journal.

Any run of characters is found, one syllable too; capitals do not count in a to z. Composed and
decomposed Hangul are the same, because both sides are cleaned. Knows nothing about emotions.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sweetchat_tui.text import clean

# instr() rather than LIKE: nothing to escape, no limit on the length of the query, and it tells
# the place.
_SEARCH = """
WITH hits AS (
  SELECT number AS turn, NULL AS reply, -1 AS position, text, instr(lower(text), lower(:query)) AS place
    FROM turns WHERE place > 0
  UNION ALL
  SELECT turn, id, position, text, instr(lower(text), lower(:query)) AS place
    FROM replies WHERE place > 0
)
SELECT conversations.id, conversations.title, turns.id, hits.reply, turns.at, hits.text, hits.place
  FROM hits JOIN turns ON turns.number = hits.turn
  JOIN conversations ON conversations.number = turns.conversation
 ORDER BY hits.turn DESC, hits.position LIMIT :limit
"""


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
    text: str
    """The whole message."""
    place: int
    """Index in `text` of the first match."""
    length: int
    """Characters of the match."""


def search(db: sqlite3.Connection, text: str, limit: int) -> list[Found]:
    """The messages that contain a text, newest first.

    Args:
        db: an open journal.
        text: any text; white space around it does not count, and a blank one finds nothing.
        limit: how many messages at most.
    """
    query = clean(text).strip()
    if not query:
        return []
    rows = db.execute(_SEARCH, {"query": query, "limit": limit})
    return [
        Found(conversation, title, turn, reply, datetime.fromisoformat(at), whole, place - 1, len(query))
        for conversation, title, turn, reply, at, whole, place in rows
    ]
