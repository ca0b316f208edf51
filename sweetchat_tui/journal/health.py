"""A journal looked at without touching it: nothing is made, migrated or locked beside it.

Knows nothing of how a damaged one is mended.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sweetchat_tui.journal.database import damaged, sqlite_errors_explained, too_new
from sweetchat_tui.journal.migrations import MIGRATIONS, version_of


@dataclass(frozen=True, slots=True)
class Health:
    """A sound journal."""

    bytes: int
    """Of the file and its log."""
    conversations: int
    messages: int
    open_elsewhere: bool
    """Another program has it open, or died with it open."""


def look(path: Path) -> Health | None:
    """How a journal is; None when there is none.

    Raises:
        Damaged: parts of it cannot be read.
        JournalUnwritable: it cannot be opened, or was written by a newer version.
    """
    log, shared = Path(f"{path}-wal"), Path(f"{path}-shm")
    with sqlite_errors_explained(path):
        if not path.exists():
            return None
        if not path.stat().st_size:  # killed before its first page
            return Health(0, 0, 0, False)
        # SQLite makes a log and its index for whoever only reads, too, unless told that nobody writes.
        in_use = log.exists() and shared.exists()
        how = "mode=ro" if in_use else "immutable=1"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as db:
            version = version_of(db)
            if version > len(MIGRATIONS):
                raise too_new(path)
            if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise damaged(path)
            conversations, messages = (
                db.execute(
                    "SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM turns)"
                ).fetchone()
                if version
                else (0, 0)
            )
        size = path.stat().st_size + (log.stat().st_size if log.exists() else 0)
    return Health(size, conversations, messages, in_use)
