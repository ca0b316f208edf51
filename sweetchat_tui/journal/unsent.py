"""Words that were typed and not yet sent, where a file beside an encrypted journal would give them away.

Functions over a connection. Knows nothing of how they are typed.
"""

import sqlite3


def create(db: sqlite3.Connection) -> None:
    """Make the table, which has a row at most."""
    db.execute("CREATE TABLE unsent (number INTEGER PRIMARY KEY CHECK (number = 1), text TEXT NOT NULL)")


def keep(db: sqlite3.Connection, text: str) -> None:
    """Keep these instead of the last; blank is none."""
    db.execute("DELETE FROM unsent")
    if text:
        db.execute("INSERT INTO unsent VALUES (1, ?)", (text,))


def read(db: sqlite3.Connection) -> str:
    """What was left; empty when there is none."""
    row = db.execute("SELECT text FROM unsent").fetchone()
    return row[0] if row else ""
