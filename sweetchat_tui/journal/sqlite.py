"""SQLite, and SQLCipher in its place where a journal is encrypted.

Stands where `sqlite3` would: `sqlite.Error` and the other exceptions here are those of both libraries, so
nobody else asks which of them a connection is of. Knows nothing of what is stored.
"""

import sqlite3
from contextlib import closing
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sweetchat_tui.errors import Misconfigured
from sweetchat_tui.journal.passphrase import Key, fits, refused
from sweetchat_tui.lang import say

Connection = sqlite3.Connection

_libraries: list[Any] = [sqlite3]


def __getattr__(name: str) -> tuple[type[Exception], ...]:
    """The exceptions of a name, for an `except`."""
    if not name.endswith("Error"):
        raise AttributeError(name)
    return tuple(getattr(library, name) for library in _libraries)


def connect(
    path: Path | None,
    key: Key | None = None,
    *,
    read_only: bool = False,
    converting: bool = False,
    patience_s: float = 5.0,
) -> Connection:
    """A connection in autocommit mode.

    Args:
        path: a file; None is memory.
        key: what opens it, or will from now on when it is blank; None when it is not encrypted.
        read_only: nobody writes to it meanwhile.
        converting: it can `export` what it holds.
        patience_s: how long it waits for others.
    Raises:
        Locked: the key opens it not.
        Misconfigured: there is no SQLCipher on this machine.
    """
    where = str(path or ":memory:")
    if path and read_only:
        # A file without a log is whole by itself: nothing is put beside it, so it may lie where nothing can.
        log = path.with_name(f"{path.name}-wal")
        logged = log.exists() and log.stat().st_size
        where = f"{path.absolute().as_uri()}?{'mode=ro' if logged else 'immutable=1'}"
    options: dict[str, Any] = {"uri": read_only, "timeout": patience_s, "isolation_level": None}
    if key is None and not converting:
        plain: Connection = sqlite3.connect(where, **options)
        return plain
    db: Connection = sqlcipher()(where, **options)
    if key is not None:
        try:
            _open(db, key, path)
        except BaseException:
            db.close()
            raise
    return db


def copy(db: Connection, target: Path) -> None:
    """Copy a database whole into a blank file, encrypted as it is itself."""
    with closing(connect(target, key_of(db))) as new:
        db.backup(new)


def key_of(db: Connection) -> Key | None:
    """What a connection was opened with; None when it is not encrypted."""
    key: Key | None = getattr(db, "key", None)
    return key


def export(db: Connection, target: Path, key: Key | None) -> None:
    """Copy a database, row by row, into a blank file under another key; nobody else writes meanwhile.

    Args:
        db: one that is `converting`.
        key: None leaves the copy open to all.
    """
    db.execute("ATTACH ? AS target KEY ?", (str(target), key.spelled if key else ""))
    db.execute("BEGIN EXCLUSIVE")
    db.execute("SELECT sqlcipher_export('target')").fetchall()
    (version,) = db.execute("PRAGMA main.user_version").fetchone()
    db.execute(f"PRAGMA target.user_version = {version:d}")
    db.execute("COMMIT")
    db.execute("DETACH target")


def _open(db: Any, key: Key, path: Path | None) -> None:
    db.key = key
    db.set_key(key.spelled)
    try:
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except __getattr__("DatabaseError") as error:
        # What is damaged further on is for others to find.
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            if path is None or not fits(key, path):
                raise refused() from None
            raise  # the first page is damaged, which is what a wrong key looks like to SQLCipher


@cache
def sqlcipher() -> Any:
    """The class of its connections.

    Raises:
        Misconfigured: it is not on this machine.
    """
    try:
        # 90 ms, and only of a journal that is encrypted.
        library = import_module("sqlcipher3.dbapi2")
    except ImportError:
        raise Misconfigured(
            say(
                "암호로 잠근 기록을 여는 라이브러리가 없어요.",
                "The library that opens encrypted journals is not installed.",
            ),
            "pip install 'sweetchat-tui[encrypt]'",
        ) from None
    _libraries.append(library)

    class Keyed(library.Connection):  # type: ignore[misc, name-defined]
        """A connection that remembers what opened it."""

        key: Key | None = None

    # It tells stderr of each page that it cannot read.
    with closing(library.connect(":memory:")) as db:
        db.execute("PRAGMA cipher_log_level = NONE").fetchall()
    return Keyed
