"""A journal written anew under a passphrase, under another, or under none.

The new file is made beside the old one, is seen to hold the same, and takes its place in one step: whoever
is killed on the way has one of the two, whole. No other program can use the journal meanwhile.
"""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sweetchat_tui.errors import JournalUnwritable
from sweetchat_tui.files import sync_folder
from sweetchat_tui.journal import copies, sqlite
from sweetchat_tui.journal.database import damaged, identity, open_database, sqlite_errors_explained
from sweetchat_tui.journal.passphrase import Key, Passphrase, key_to
from sweetchat_tui.lang import say

_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
)


def convert(path: Path, old: Passphrase | None, new: Passphrase | None) -> None:
    """Encrypt a journal, decrypt it, or encrypt it with another passphrase.

    What the old file held is overwritten. Copies beside it stay as they are: see `copies.plain_copies`.

    Args:
        old: what it is encrypted with; None when it is not.
        new: what it is to be encrypted with; None is nothing.

    Raises:
        Locked: `old` is another; the journal is as it was, here and below.
        JournalUnwritable: another program has it open, or the disk refuses.
        Damaged: it is to be mended first.
        Misconfigured: there is no SQLCipher on this machine.
    """
    path = path.resolve()  # or a link would be replaced, and what it leads to would stay
    key = new.key() if new else None
    with sqlite_errors_explained(path):
        open_database(path, passphrase=old).close()
        file = identity(path)
        with closing(sqlite.connect(path, key_to(path, old), converting=True)) as db:
            _keep_others_out(db)
            if identity(path) != file:
                raise _taken(path)
            if copies.damage(db):
                raise damaged(path)
            _replace(db, path, key)


def _keep_others_out(db: sqlite3.Connection) -> None:
    # Leaving WAL takes that no other connection is open; from then on whoever opens one waits.
    db.execute("PRAGMA journal_mode = DELETE").fetchall()
    db.execute("PRAGMA main.locking_mode = EXCLUSIVE").fetchall()
    db.execute("BEGIN EXCLUSIVE")
    db.execute("COMMIT")


def _replace(db: sqlite3.Connection, path: Path, key: Key | None) -> None:
    fresh = path.with_name(f"{path.name}.fresh")
    for left in (fresh, Path(f"{fresh}-journal")):
        copies.erase(left)
    os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        sqlite.export(db, fresh, key)
        with closing(sqlite.connect(fresh, key, converting=True)) as new:
            if copies.damage(new) or _digest(new) != _digest(db):
                raise damaged(fresh)
        # Through it alone the old file can still be reached when the new one has its name.
        old = os.open(path, os.O_RDWR)
        try:
            fresh.replace(path)
            sync_folder(path.parent)
            copies.overwrite(old)
        finally:
            os.close(old)
    finally:
        for left in (fresh, Path(f"{fresh}-journal")):
            copies.erase(left)


def _digest(db: sqlite3.Connection) -> bytes:
    """Of everything that a database holds, the search index too."""
    digest = hashlib.blake2b(repr(db.execute("PRAGMA user_version").fetchone()).encode())
    for row in db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"):
        digest.update(repr(row).encode())
    for (table,) in db.execute(_TABLES).fetchall():
        for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):  # noqa: S608
            digest.update(repr(row).encode())
    return digest.digest()


def _taken(path: Path) -> JournalUnwritable:
    return JournalUnwritable(
        say("다른 프로그램이 대화 기록을 막 바꿨어요.", "Another program has just replaced the journal."),
        say(f"다시 해 보세요: {path}", f"Try again: {path}"),
    )
