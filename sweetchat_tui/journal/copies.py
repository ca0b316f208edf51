"""Copies of a journal: made, looked at, and put back in its place.

    NAME.vVERSION       made before a migration
    NAME.damaged-TIME   what was damaged, as it was
    NAME.backup-TIME    what the person asked for, or what `restore` replaced

Knows nothing of what is in them.
"""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sweetchat_tui.errors import NotThere, Unreadable
from sweetchat_tui.files import sync_folder
from sweetchat_tui.journal.database import Damaged, open_database, sqlite_errors_explained, stamped
from sweetchat_tui.journal.migrations import MIGRATIONS, version_of
from sweetchat_tui.lang import say


def copies_of(path: Path) -> list[Path]:
    """Every copy beside a journal, with its logs."""
    return sorted(
        found
        for found in path.parent.glob(f"{path.name}.*")
        if found.name.removeprefix(path.name).startswith((".v", ".damaged-", ".backup-", ".fresh"))
    )


def backup(db: sqlite3.Connection, path: Path, target: Path | None = None) -> Path:
    """Copy a journal whole, as of one moment, while others may write on.

    Args:
        path: the journal's own, beside which the copy is put.
        target: where else to put it; must not be there.

    Returns:
        Where it is, readable by the person alone.

    Raises:
        FileExistsError, OSError, sqlite3.Error: it cannot be written; nothing half-written stays.
    """
    made = target or stamped(path, "backup")
    if made.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(made))
    half = made.with_name(f"{made.name}.half")
    half.unlink(missing_ok=True)
    os.close(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(half)) as copy:
            db.backup(copy)
        half.replace(made)
    finally:
        half.unlink(missing_ok=True)
    sync_folder(made.parent)
    return made


def restore(path: Path, source: Path) -> Path | None:
    """Put a copy in the place of the journal, which no program has open.

    Returns:
        Where the journal that was replaced is now; None when there was none.

    Raises:
        NotThere: no such copy.
        Unreadable: it is no sound journal, or of a newer version; the journal is as it was.
        JournalUnwritable: the disk refuses; likewise.
    """
    if not source.is_file():
        raise NotThere(say(f"그런 백업이 없어요: {source}", f"There is no backup {source}."))
    _require_journal(source)
    kept = None
    with sqlite_errors_explained(path):
        if path.exists():
            try:
                with closing(open_database(path)) as db:
                    kept = backup(db, path)
                    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except Damaged:  # of which there is nothing to take but the file itself
                kept = stamped(path, "damaged")
                path.replace(kept)
        fresh = path.with_name(f"{path.name}.fresh")
        fresh.unlink(missing_ok=True)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as db:
            backup(db, path, fresh)
        for log in (Path(f"{path}-wal"), Path(f"{path}-shm")):
            log.unlink(missing_ok=True)
        fresh.replace(path)
    return kept


def _require_journal(source: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as db:
            sound = not problems(db) and 0 < version_of(db) <= len(MIGRATIONS)
    except sqlite3.Error:
        sound = False
    if not sound:
        raise Unreadable(
            say(f"되돌릴 수 있는 대화 기록이 아니에요: {source}", f"This is no journal to restore: {source}"),
            say("기록은 그대로 두었어요.", "The journal was left as it is."),
        )


def problems(db: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong in a journal, in its own words; nothing when it is sound."""
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)")]
        found += [f"{row[0]} {row[1]} → {row[2]}" for row in db.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [problem for problem in found if problem != "ok"]
