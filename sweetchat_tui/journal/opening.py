"""A journal opened for use: a damaged one is saved first, one that is replaced meanwhile is opened anew."""

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from sweetchat_tui.errors import JournalUnwritable
from sweetchat_tui.journal import sqlite
from sweetchat_tui.journal.copies import plain_copies
from sweetchat_tui.journal.database import Damaged, identity, open_database, sqlite_errors_explained
from sweetchat_tui.journal.migrations import MIGRATIONS, version_of
from sweetchat_tui.journal.passphrase import Passphrase, key_to
from sweetchat_tui.journal.salvage import salvage
from sweetchat_tui.lang import say


class Opened(NamedTuple):
    """A connection, and of which file."""

    db: sqlite3.Connection
    file: tuple[int, int] | None


def opened(path: Path | None, passphrase: Passphrase | None = None) -> Opened:
    """What stands at a path now.

    Raises:
        JournalUnwritable: see `database.open_database`.
    """
    while True:
        before = identity(path)
        try:
            db = open_database(path, passphrase=passphrase)
        except JournalUnwritable:
            if before in (None, identity(path)):
                raise
        else:
            if before in (None, identity(path)):
                return Opened(db, identity(path))
            db.close()


def opened_to_read(path: Path, passphrase: Passphrase | None) -> Opened:
    """The same; of one that cannot be written where it lies, what it holds, to be read alone.

    One's own words can be carried off a disk that is full, broken or closed to writing.
    """
    try:
        return opened(path, passphrase)
    except Damaged:
        raise
    except JournalUnwritable:
        with suppress(OSError, *sqlite.Error):
            db = sqlite.connect(path, key_to(path, passphrase), read_only=True)
            with ExitStack() as unless_opened:
                unless_opened.callback(db.close)
                if version_of(db) == len(MIGRATIONS):
                    unless_opened.pop_all()
                    return Opened(db, identity(path))
        raise


def opened_or_saved(
    path: Path | None, passphrase: Passphrase | None, notify: Callable[[str], object]
) -> Opened:
    """The same; of a damaged one, all that can be read in a sound one.

    Args:
        notify: is told in one sentence what became of a damaged one, and what beside an encrypted one is not.
    """
    try:
        found = opened(path, passphrase)
    except Damaged:
        if path is None:
            raise
        # 60 ms: asyncio and logging come along.
        from filelock import FileLock

        with sqlite_errors_explained(path), FileLock(f"{path}.lock", mode=0o600):
            # Another program may have saved it while the lock was waited for.
            with suppress(Damaged):
                return opened(path, passphrase)
            notify(str(salvage(path, passphrase)))
        found = opened(path, passphrase)
    if path is not None and sqlite.key_of(found.db) and (left := plain_copies(path)):
        names = ", ".join(copy.name for copy in left)
        notify(
            say(
                f"암호로 잠그지 않은 사본이 기록 옆에 있어요({names}). 지우려면: sweetchat history encrypt",
                f"Copies beside the journal are not encrypted ({names}). "
                "To remove them: sweetchat history encrypt",
            )
        )
    return found
