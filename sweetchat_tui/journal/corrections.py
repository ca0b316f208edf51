"""What the person picked beside what was read: examples for a classifier to learn from.

Knows nothing of how one learns.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sweetchat_tui.emotions import GROUPS, Emotion, Feeling
from sweetchat_tui.journal import rows

_PICKED = """
SELECT number, conversation, id, at, text, picked, feeling
  FROM turns WHERE picked IS NOT NULL ORDER BY number
"""
_EARLIER = "SELECT text FROM turns WHERE conversation = ? AND number < ? ORDER BY number DESC LIMIT ?"
_ID = "SELECT id FROM conversations WHERE number = ?"
_CONTEXT = 8


@dataclass(frozen=True, slots=True)
class Correction:
    """One message whose emotion the person picked."""

    conversation: str
    """Its id."""
    turn: str
    """The turn's id."""
    at: datetime
    """When it was said."""
    text: str
    context: tuple[str, ...]
    """The person's earlier messages of the conversation, oldest first, at most eight."""
    feeling: Feeling | None
    """What was read; None when nothing was."""
    picked: Emotion
    """What the person picked; what was read, too, when they agreed with it."""


COLUMNS = (
    "conversation",
    "turn",
    "at",
    "speaker",
    "text",
    "context",
    "picked",
    "label",
    "group",
    "predicted",
    "confidence",
    "uncertain",
    "classifier",
)
"""Of the rows that `example` makes."""


def corrections(db: sqlite3.Connection) -> Iterator[Correction]:
    """Each message whose emotion the person picked, oldest first."""
    for number, conversation, id_, at, text, picked, feeling in db.execute(_PICKED).fetchall():
        chosen = rows.emotion_from(picked)
        assert chosen is not None
        earlier = db.execute(_EARLIER, (conversation, number, _CONTEXT)).fetchall()
        (conversation_id,) = db.execute(_ID, (conversation,)).fetchone()
        yield Correction(
            conversation=conversation_id,
            turn=id_,
            at=datetime.fromisoformat(at),
            text=text,
            context=tuple(said for (said,) in reversed(earlier)),
            feeling=rows.feeling_from(feeling),
            picked=chosen,
        )


def example(correction: Correction) -> dict[str, Any]:
    """A correction as a row of a table, where it can with the columns of a prepared corpus.

    `text`, `context`, `speaker`, `label` (index of what was picked) and `group` (index of its group)
    mean the same there; `label` and `group` are None for an emotion that is none of the 58.
    """
    feeling, picked = correction.feeling, correction.picked
    first = feeling.top[0] if feeling else None
    values = (
        correction.conversation,
        correction.turn,
        correction.at.isoformat(),
        "human",
        correction.text,
        list(correction.context),
        picked.label,
        picked.index if picked.group else None,
        GROUPS.index(picked.group) if picked.group else None,
        first.emotion.label if first else None,
        first.confidence if first else None,
        feeling.uncertain if feeling else None,
        feeling.classifier if feeling else None,
    )
    return dict(zip(COLUMNS, values, strict=True))
