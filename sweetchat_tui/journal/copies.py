"""Copies of a journal: made, looked at, and put back in its place.

    NAME.vVERSION       made before a migration
    NAME.damaged-TIME   what was damaged, as it was
    NAME.backup-TIME    what the person asked for, or what `restore` replaced

A copy of an encrypted journal is encrypted as it is. Knows nothing of what is in them.
"""

import errno
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sweetchat_tui.errors import Locked, NotThere, OutputUnwritable, Unreadable
from sweetchat_tui.files import sync_folder, why
from sweetchat_tui.journal import sqlite
from sweetchat_tui.journal.database import LOGS, Damaged, open_database, sqlite_errors_explained, stamped
from sweetchat_tui.journal.migrations import MIGRATIONS, version_of
from sweetchat_tui.journal.passphrase import Key, Passphrase, encrypted, key_to
from sweetchat_tui.lang import say

_ZEROS = bytes(1 << 16)


def copies_of(path: Path) -> list[Path]:
    """Every copy beside a journal, with its logs."""
    return sorted(
        found
        for found in path.parent.glob(f"{path.name}.*")
        if found.name.removeprefix(path.name).startswith((".v", ".damaged-", ".backup-", ".fresh"))
    )


def plain_copies(path: Path) -> list[Path]:
    """The copies beside a journal that need no passphrase to be read, with their logs."""
    return [copy for copy in copies_of(path) if copy.stat().st_size and not encrypted(_logged(copy))]


def _logged(copy: Path) -> Path:
    """The file of which this is a log, else itself."""
    ending = next((log for log in LOGS if copy.name.endswith(log)), "")
    return copy.with_name(copy.name.removesuffix(ending))


def erase(copy: Path) -> None:
    """Remove a file, and write zeros where it stood."""
    opened = None
    with suppress(OSError):
        opened = os.open(copy, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    copy.unlink(missing_ok=True)
    if opened is not None:
        overwrite(opened)
        os.close(opened)


def overwrite(removed: int) -> None:
    """Write zeros where a removed file stood, as far as its disk lets anyone.

    Args:
        removed: it, still open; one that has another name yet is somebody's, and is left alone.
    """
    status = os.fstat(removed)
    if status.st_nlink:
        return
    with suppress(OSError):  # where that takes new room, there may be none
        os.lseek(removed, 0, os.SEEK_SET)
        for _ in range(0, status.st_size, len(_ZEROS)):
            os.write(removed, _ZEROS)
        os.fsync(removed)


def backup(db: sqlite3.Connection, path: Path, target: Path | None = None) -> Path:
    """Copy a journal whole, as of one moment, while others may write on.

    Args:
        path: the journal's own, beside which the copy is put.
        target: where else to put it; must not be there.

    Returns:
        Where it is, readable by the person alone.

    Raises:
        OutputUnwritable: there can be no file at the target.
        FileExistsError, OSError, sqlite.Error: it cannot be written; nothing half-written stays.
    """
    made = target or stamped(path, "backup")
    if made.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(made))
    half = made.with_name(f"{made.name}.half")
    try:
        half.unlink(missing_ok=True)
        os.close(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        if target is None:
            raise
        raise OutputUnwritable(
            say(f"백업을 쓸 수 없어요: {target}", f"The backup cannot be written: {target}"), why(error)
        ) from None
    try:
        sqlite.copy(db, half)
        half.replace(made)
    finally:
        half.unlink(missing_ok=True)
    sync_folder(made.parent)
    return made


def restore(path: Path, source: Path, passphrase: Passphrase | None = None) -> Path | None:
    """Put a copy in the place of the journal, which no program has open; encrypted stays encrypted.

    Args:
        passphrase: of the copy, or, when that is not encrypted, of the journal.

    Returns:
        Where the journal that was replaced is now; None when there was none.

    Raises:
        NotThere: no such copy.
        Unreadable: it is no sound journal, or of a newer version; the journal is as it was.
        Locked: the passphrase is missing or another; likewise.
        JournalUnwritable: the disk refuses; likewise.
    """
    if not source.is_file():
        raise NotThere(say(f"그런 백업이 없어요: {source}", f"There is no backup {source}."))
    key = key_to(source, passphrase)
    _require_journal(source, key)
    seal = key_to(path, passphrase) if key is None else None
    kept = None
    with sqlite_errors_explained(path):
        if path.exists():
            kept = _set_aside(path, passphrase, unread=key is not None)
        fresh = path.with_name(f"{path.name}.fresh")
        fresh.unlink(missing_ok=True)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite.connect(source, key, read_only=True, converting=seal is not None)) as db:
            os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            if seal is None:
                sqlite.copy(db, fresh)
            else:
                sqlite.export(db, fresh, seal)
        for log in LOGS:
            Path(f"{path}{log}").unlink(missing_ok=True)
        fresh.replace(path)
        sync_folder(path.parent)
    return kept


def _set_aside(path: Path, passphrase: Passphrase | None, *, unread: bool) -> Path:
    """A copy of a journal; the file itself where there is nothing to be taken of it.

    Args:
        unread: one that another passphrase opens is moved as it is.
    """
    try:
        with closing(open_database(path, passphrase=passphrase)) as db:
            kept = backup(db, path)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return kept
    except Damaged:
        kept = stamped(path, "damaged")
    except Locked:
        if not unread:
            raise
        kept = stamped(path, "backup")
    for log in ("", *LOGS):
        with suppress(FileNotFoundError):
            Path(f"{path}{log}").replace(f"{kept}{log}")
    return kept


def _require_journal(source: Path, key: Key | None) -> None:
    try:
        with closing(sqlite.connect(source, key, read_only=True)) as db:
            sound = not damage(db) and 0 < version_of(db) <= len(MIGRATIONS)
    except sqlite.Error:
        sound = False
    if not sound:
        raise Unreadable(
            say(f"되돌릴 수 있는 대화 기록이 아니에요: {source}", f"This is no journal to restore: {source}"),
            say("기록은 그대로 두었어요.", "The journal was left as it is."),
        )


def damage(db: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong in a journal, in its own words; nothing when every row can be read."""
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)")]
        found += [f"{row[0]} {row[1]} → {row[2]}" for row in db.execute("PRAGMA foreign_key_check")]
    except sqlite.DatabaseError as error:
        return [str(error)]
    return [problem for problem in found if problem != "ok"]
