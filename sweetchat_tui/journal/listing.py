"""The conversations of a journal: which there are, what they are called, and which one is meant.

Functions over a connection. Knows nothing of what was said in them but their first words, their
times and their emotions.
"""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sweetchat_tui.emotions import Emotion
from sweetchat_tui.errors import NotThere
from sweetchat_tui.journal import rows
from sweetchat_tui.journal.titles import title_from
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean, with_particle

_SUMMARIES = """
SELECT id, title, started,
       (SELECT at FROM turns WHERE number = newest),
       (SELECT count(*) FROM turns WHERE conversation = conversations.number),
       (SELECT emotion FROM turns
         WHERE conversation = conversations.number AND emotion IS NOT NULL
         GROUP BY emotion ORDER BY count(*) DESC, max(number) DESC LIMIT 1)
  FROM conversations
 WHERE :emotions = '[]' OR EXISTS (
         SELECT 1 FROM turns WHERE conversation = conversations.number
            AND emotion IN (SELECT value FROM json_each(:emotions)))
 ORDER BY newest DESC LIMIT :limit OFFSET :offset
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """One conversation in a list."""

    id: str
    title: str
    """What the person called it, else its first words; one line of at most 40 characters."""
    started: datetime
    """When its first turn was said."""
    last_at: datetime
    """When its newest turn was said."""
    turns: int
    """How many."""
    emotion: Emotion | None
    """The one most frequent in its turns, of equals the newest; None when none was clear."""


def summaries(
    db: sqlite3.Connection, limit: int, offset: int, emotions: Collection[Emotion]
) -> list[Summary]:
    """Conversations, the one with the newest turn first.

    Args:
        limit: how many at most; -1 is all.
        offset: how many of the newest to pass over.
        emotions: only those in which one of these was felt; none means all.
    """
    wanted = json.dumps([rows.emotion_column(emotion) for emotion in emotions])
    listed = db.execute(_SUMMARIES, {"emotions": wanted, "limit": limit, "offset": offset})
    return [
        Summary(
            id=id_,
            title=title,
            started=datetime.fromisoformat(started),
            last_at=datetime.fromisoformat(last_at),
            turns=turns,
            emotion=rows.emotion_from(emotion),
        )
        for id_, title, started, last_at, turns, emotion in listed
    ]


def identified(db: sqlite3.Connection, id_: str) -> tuple[int, str]:
    """The number and the id of a conversation.

    Args:
        id_: its id, or a beginning that no other has.
    Raises:
        NotThere: no conversation has this id, or several begin so.
    """
    wanted = clean(id_)
    found: list[tuple[int, str]] = db.execute(
        "SELECT number, id FROM conversations WHERE substr(id, 1, ?2) = ?1 ORDER BY id = ?1 DESC LIMIT 2",
        (wanted, len(wanted)),
    ).fetchall()
    if found and wanted and (len(found) == 1 or found[0][1] == wanted):
        return found[0]
    hint = say("`sweetchat history list`로 볼 수 있어요.", "`sweetchat history list` shows them.")
    if found and wanted:
        raise NotThere(
            say(
                f"{with_particle(wanted, '으로/로')} 시작하는 대화가 여럿이에요.",
                f"Several conversations begin with {wanted}.",
            ),
            hint,
        )
    raise NotThere(say(f"그런 대화는 없어요: {wanted}", f"There is no conversation {wanted}."), hint)


def ended_before(db: sqlite3.Connection, moment: datetime) -> list[str]:
    """The ids of the conversations whose newest turn was begun before this moment."""
    found = db.execute(
        "SELECT id FROM conversations WHERE (SELECT at FROM turns WHERE number = newest) < ?",
        (rows.time_column(moment),),
    )
    return [id_ for (id_,) in found]


def rename(db: sqlite3.Connection, number: int, title: str) -> None:
    """Call a conversation what the person calls it; with a blank title it has its first words again."""
    given = title_from(clean(title))
    db.execute("UPDATE conversations SET title = ?, named = ? WHERE number = ?", (given, bool(given), number))
    retitle(db, number)


def retitle(db: sqlite3.Connection, number: int) -> None:
    """Bring the title of a conversation up to its first words, if the person has not given it one."""
    first = db.execute(
        "SELECT text FROM turns WHERE conversation = ? ORDER BY number LIMIT 1", (number,)
    ).fetchone()
    if first:
        db.execute(
            "UPDATE conversations SET title = ?1 WHERE number = ?2 AND NOT named AND title <> ?1",
            (title_from(*first), number),
        )
