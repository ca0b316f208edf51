"""The journal's file: where it is made, who may read it, how SQLite is set, what its errors mean.

The folders that are made here are open to their owner alone. A folder that was there before stays
as it is, because it may hold other things and be shared on purpose; the file itself, and what
SQLite puts beside it, is always made readable by its owner alone. Knows nothing of what is stored.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep, time

from sweetchat_tui import files
from sweetchat_tui.errors import JournalUnwritable
from sweetchat_tui.journal import sqlite
from sweetchat_tui.journal.migrations import MIGRATIONS, Step, bring_up, version_of
from sweetchat_tui.journal.passphrase import Passphrase, key_to
from sweetchat_tui.lang import say

_PATIENCE_SECONDS = 5.0
_CHECKED_BYTES = 16_000_000
"""Larger journals, of which a check takes over 60 ms, are checked once a day, and after a program died."""
_DAY_SECONDS = 86_400

LOGS = ("-wal", "-shm", "-journal")
"""The ends of the names of what SQLite puts beside a file."""


class Damaged(JournalUnwritable):
    """The file is no sound journal; `salvage` saves what can be read of it."""


def open_database(
    path: Path | None, steps: Sequence[Step] = MIGRATIONS, passphrase: Passphrase | None = None
) -> sqlite3.Connection:
    """A connection to a journal whose schema is up to date.

    An older journal is copied to `NAME.vVERSION` beside it before its first step.

    Args:
        path: the file, made when it is not there; None keeps everything in memory.
        steps: every migration there is, oldest first.
        passphrase: what an encrypted one is encrypted with.
    Raises:
        JournalUnwritable: the file cannot be made, read or written, is no journal, or was written
            by a newer version; it is left as it was.
        Locked: it is encrypted, and the passphrase is missing or another.
        Damaged: it is no journal, or parts of it cannot be read.
    """
    with sqlite_errors_explained(path):
        suspect = False
        if path is not None:
            _make_private(path)
            suspect = _is_suspect(path)
        db = sqlite.connect(path, key_to(path, passphrase), patience_s=_PATIENCE_SECONDS)
        try:
            _bring_into_use(db, path, steps)
            if suspect:
                _require_sound(db, path)
                _remember_check(path)
        except BaseException:
            db.close()
            raise
        return db


def stamped(path: Path, kind: str) -> Path:
    """What a copy of a journal is called that is made now: `NAME.KIND-TIME`, in UTC."""
    return path.with_name(f"{path.name}.{kind}-{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}")


def backups_of(path: Path) -> list[Path]:
    """The copies that were made of a journal before migrations."""
    return sorted(path.parent.glob(f"{path.name}.v[0-9]*"))


def identity(path: Path | None) -> tuple[int, int] | None:
    """Which file stands at a path now; None when there is none."""
    if path is None:
        return None
    with suppress(OSError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None


def _is_suspect(path: Path) -> bool:
    if path.stat().st_size < _CHECKED_BYTES or Path(f"{path}-wal").exists():
        return True
    try:
        checked = _mark_of(path).stat().st_mtime
    except OSError:
        return True
    return abs(time() - checked) > _DAY_SECONDS  # a clock may go backwards


def _remember_check(path: Path | None) -> None:
    if path is not None and path.stat().st_size >= _CHECKED_BYTES:
        with suppress(OSError):
            _mark_of(path).touch(0o600)


def _mark_of(path: Path) -> Path:
    """An empty file that is as old as the last check."""
    return path.with_name(f"{path.name}.checked")


def _make_private(path: Path) -> None:
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    _make_private_file(path)


def _make_private_file(path: Path) -> None:
    # A file that was there is never opened here: closing it would drop the locks that another
    # connection of this process holds on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    # SQLite gives its -wal and -shm the mode of the file, so this one decides for all three.
    path.chmod(0o600)


def _bring_into_use(db: sqlite3.Connection, path: Path | None, steps: Sequence[Step]) -> None:
    # First of all, before anything is set that would touch the file of a newer program.
    version = version_of(db)
    if version > len(steps):
        raise too_new(path)
    _set_up(db)
    if path is not None and 0 < version < len(steps):
        _back_up(db, path.with_name(f"{path.name}.v{version}"))
    bring_up(db, steps)


def _require_sound(db: sqlite3.Connection, path: Path | None) -> None:
    if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise damaged(path)


def _set_up(db: sqlite3.Connection) -> None:
    _write_ahead(db)
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA foreign_keys = ON")
    # What was deleted is overwritten, and what is sorted never goes to a temporary file.
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA temp_store = MEMORY")


def _write_ahead(db: sqlite3.Connection) -> None:
    # Of two programs that make one journal at the same moment SQLite refuses one without waiting.
    patience_ends = monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite.OperationalError as error:
            busy = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
            if not busy or monotonic() > patience_ends:
                raise
            sleep(0.01)
        else:
            return


def _back_up(db: sqlite3.Connection, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    _make_private_file(copy)
    sqlite.copy(db, copy)


@contextmanager
def sqlite_errors_explained(path: Path | None) -> Iterator[None]:
    """Whatever SQLite or the file system refuses inside becomes a JournalUnwritable.

    Misuse of the sqlite3 module itself is a bug and stays what it is.
    """
    try:
        yield
    except (*sqlite.ProgrammingError, *sqlite.InterfaceError, *sqlite.NotSupportedError):
        raise
    except sqlite.Error as error:
        raise _explained(error, path) from error
    except OSError as error:
        raise _refused(path, files.why(error) or str(error)) from error


def _explained(error: Exception, path: Path | None) -> JournalUnwritable:
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return damaged(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return JournalUnwritable(
                say("다른 프로그램이 대화 기록을 붙잡고 있어요.", "Another program is holding the journal."),
                say(f"그 프로그램을 닫고 다시 해 보세요: {path}", f"Close it and try again: {path}"),
            )
        case sqlite3.SQLITE_FULL:
            return _refused(path, say("디스크가 가득 찼어요", "the disk is full"))
        case _:
            return _refused(path, str(error))


def _refused(path: Path | None, reason: str) -> JournalUnwritable:
    return JournalUnwritable(
        say(
            f"대화 기록을 저장할 수 없어요 ({reason}): {path}",
            f"The journal cannot be written ({reason}): {path}",
        ),
        say(
            "폴더의 권한과 남은 공간을 봐 주세요. --private로는 저장하지 않고 이야기할 수 있어요.",
            "Check the folder's permissions and free space, or talk without storing: --private.",
        ),
    )


def damaged(path: Path | None) -> Damaged:
    """What is said of a journal that is damaged, or none."""
    return Damaged(
        say(
            f"대화 기록 파일이 깨졌거나 다른 파일이에요: {path}",
            f"The journal is damaged or no journal: {path}",
        ),
        say(
            "파일은 그대로 두었어요. 읽을 수 있는 것을 되살리기: sweetchat history check --repair",
            "The file was left as it is. To save what can be read: sweetchat history check --repair",
        ),
    )


def too_new(path: Path | None) -> JournalUnwritable:
    """What is said of a journal that this version does not know."""
    return JournalUnwritable(
        say(f"더 새로운 버전의 대화 기록이에요: {path}", f"The journal is of a newer version: {path}"),
        say(
            "SweetChat을 업데이트해 주세요. 파일은 그대로 두었어요.",
            "Update SweetChat. The file was left as it is.",
        ),
    )
