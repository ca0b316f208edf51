"""The schema of the journal, one step per version.

`PRAGMA user_version` holds the number of steps that a journal has been through. A step that has
been released is never changed; what comes later is a new step at the end. Knows nothing of the
values that the rows stand for, nor of files.
"""

import sqlite3
from collections.abc import Callable, Sequence

from sweetchat_tui.journal import grams, recap, unsent

Step = Callable[[sqlite3.Connection], None]


def conversations_turns_and_replies(db: sqlite3.Connection) -> None:
    """The three tables that one conversation needs.

    Order is told by `number` and `position`, never by a clock, which may go backwards.
    Emotions are stored as JSON (see `rows`), times as ISO 8601 in UTC with microseconds.
    """
    db.execute(
        """
        CREATE TABLE conversations (
          number INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          title TEXT NOT NULL,
          started TEXT NOT NULL,
          newest INTEGER NOT NULL DEFAULT 0 -- number of its newest turn
        )
        """
    )
    db.execute("CREATE INDEX conversations_by_newest ON conversations (newest)")
    db.execute(
        """
        CREATE TABLE turns (
          number INTEGER PRIMARY KEY,
          conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
          id TEXT NOT NULL,
          at TEXT NOT NULL,
          danger TEXT NOT NULL,
          shown INTEGER NOT NULL,
          emotion TEXT,                     -- what the answer should reflect; NULL when nothing is clear
          picked TEXT,                      -- the person's own choice; NULL when there is none
          feeling TEXT,                     -- the classifier's whole answer; NULL when it was not asked
          text TEXT NOT NULL,
          UNIQUE (conversation, id)
        )
        """
    )
    db.execute("CREATE INDEX turns_by_emotion ON turns (conversation, emotion)")
    db.execute("CREATE INDEX turns_by_time ON turns (at)")
    db.execute(
        """
        CREATE TABLE replies (
          number INTEGER PRIMARY KEY,
          turn INTEGER NOT NULL REFERENCES turns (number) ON DELETE CASCADE,
          position INTEGER NOT NULL,        -- place among the variants, from 0
          id TEXT NOT NULL,
          emotion TEXT,
          provider TEXT NOT NULL,
          model TEXT NOT NULL,
          host TEXT,
          persona TEXT NOT NULL,
          finish TEXT,                      -- NULL while the reply grows
          input_tokens INTEGER,
          output_tokens INTEGER,
          text TEXT NOT NULL,
          UNIQUE (turn, position)
        )
        """
    )


def the_search_index(db: sqlite3.Connection) -> None:
    """Pairs of characters and emotions of every turn (see `grams`)."""
    grams.create(db)


def names_and_recaps(db: sqlite3.Connection) -> None:
    """Titles that the person gave, and what a model is told of turns that fit its window no more."""
    db.execute("ALTER TABLE conversations ADD COLUMN named INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX turns_by_conversation ON turns (conversation)")
    recap.create(db)


def unsent_words(db: sqlite3.Connection) -> None:
    """What was typed and not sent, which an encrypted journal keeps itself."""
    unsent.create(db)


MIGRATIONS: tuple[Step, ...] = (
    conversations_turns_and_replies,
    the_search_index,
    names_and_recaps,
    unsent_words,
)


def version_of(db: sqlite3.Connection) -> int:
    """How many steps this journal has been through; 0 when it is blank."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def bring_up(db: sqlite3.Connection, steps: Sequence[Step] = MIGRATIONS) -> None:
    """Take a journal through the steps that it has not been through, each whole or not at all.

    Args:
        db: a connection in autocommit mode.
        steps: every step there is, oldest first.
    """
    taken = version_of(db)
    for version, step in enumerate(steps[taken:], start=taken + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            # Another program may have taken this step while the lock was waited for.
            if version_of(db) < version:
                step(db)
                db.execute(f"PRAGMA user_version = {version}")
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
