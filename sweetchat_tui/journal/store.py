"""The journal: conversations kept, read, listed, searched and deleted.

Every call is short and synchronous, and belongs to the thread that opened the journal. Knows
nothing about how a turn comes to be; two programs may use one journal at the same time.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Self

from sweetchat_tui.conversation import Conversation, Recap, Turn, fitting
from sweetchat_tui.emotions import Emotion
from sweetchat_tui.errors import JournalUnwritable
from sweetchat_tui.journal import checking, copies, grams, listing, recap, removal, sqlite, turns, unsent
from sweetchat_tui.journal.corrections import Correction, corrections
from sweetchat_tui.journal.database import (
    backups_of,
    identity,
    sqlite_errors_explained,
)
from sweetchat_tui.journal.listing import Summary
from sweetchat_tui.journal.mood import Mood, mood
from sweetchat_tui.journal.opening import Opened, opened, opened_or_saved, opened_to_read
from sweetchat_tui.journal.passphrase import Passphrase
from sweetchat_tui.journal.removal import Removed
from sweetchat_tui.journal.search import Found, said_on, search
from sweetchat_tui.lang import say


class Journal:
    """What was said, kept. Use `Journal.open`."""

    def __init__(self, found: Opened, path: Path | None, passphrase: Passphrase | None) -> None:
        self._db, self._file = found
        self._path = path
        self._passphrase = passphrase

    @classmethod
    def open(
        cls,
        path: Path | None,
        notify: Callable[[str], object] | None = None,
        passphrase: Passphrase | None = None,
        *,
        to_read: bool = False,
    ) -> Self:
        """Open a journal, making or migrating it as needed.

        Args:
            path: the file, usually `paths.journal_file()`; None keeps everything in memory.
            notify: is told in one sentence what became of a damaged journal, of which a sound one is then
                made of all that can be read; without it a damaged one is left as it is, and raises.
            passphrase: what an encrypted one is encrypted with.
            to_read: nothing will be written, so it need not be possible.
        Raises:
            JournalUnwritable: see `database.open_database`.
        """
        if to_read and path:
            return cls(opened_to_read(path, passphrase), path, passphrase)
        found = opened_or_saved(path, passphrase, notify) if notify else opened(path, passphrase)
        return cls(found, path, passphrase)

    @property
    def encrypted(self) -> bool:
        """Whether a passphrase is needed to read its file."""
        return sqlite.key_of(self._db) is not None

    def close(self) -> None:
        """Let go of the file; closing twice does no harm."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def keep(self, conversation_id: str, turn: Turn) -> None:
        """Store a turn whole, or bring what is stored of it up to date; the same twice changes nothing.

        The conversation comes to be with its first turn. Cheap enough for every second of a
        growing reply.

        Raises:
            JournalUnwritable: nothing of this call is stored, and what was stored before stands.
        """
        with self._writing():
            turns.keep(self._db, conversation_id, turn)

    def conversation(self, id_: str, newest: int | None = None) -> Conversation:
        """A conversation with its turns.

        A reply that never came to its end is read back as cut.

        Args:
            id_: its id, or a beginning that no other has.
            newest: how many of the newest turns; None is all. `earlier` reads what came before.
        Raises:
            NotThere: no conversation has this id, or several begin so.
        """
        with self._reading():
            number, whole_id = listing.identified(self._db, id_)
            return Conversation(turns.read(self._db, number, newest), whole_id)

    def filling(self, id_: str, tokens: int) -> Conversation:
        """A conversation with as many of its newest turns as fill a budget, and some more.

        Args:
            id_: as `conversation`.
            tokens: of messages and the replies that are shown.
        """
        newest = 64
        while True:
            read = self.conversation(id_, newest)
            if len(read.turns) < newest or len(fitting(read.turns, tokens)) < newest:
                return read
            newest *= 4

    def latest(self, newest: int | None = None) -> Conversation | None:
        """The conversation in which the last turn was begun; None when there is none.

        Args:
            newest: as `conversation`.
        """
        with self._reading():
            row = self._db.execute(
                "SELECT number, id FROM conversations ORDER BY newest DESC LIMIT 1"
            ).fetchone()
            return Conversation(turns.read(self._db, row[0], newest), row[1]) if row else None

    def earlier(self, id_: str, turn_id: str, count: int) -> tuple[Turn, ...]:
        """Turns that came right before one, oldest first.

        Args:
            id_: as `conversation`.
            turn_id: the id of the turn before which they came; one that is gone has none before it.
            count: how many at most.
        """
        with self._reading():
            number, _ = listing.identified(self._db, id_)
            (before,) = turns.numbers(self._db, number, [turn_id]) or (0,)
            return turns.read(self._db, number, count, before)

    def onwards(self, id_: str, turn_id: str, count: int) -> tuple[Turn, ...]:
        """Turns from one on, itself the first, oldest first.

        Args:
            id_: as `conversation`.
            turn_id: the id of the turn with which they begin; none begin with one that is gone.
            count: how many at most.
        """
        with self._reading():
            number, _ = listing.identified(self._db, id_)
            first = turns.numbers(self._db, number, [turn_id])
            return turns.read_onwards(self._db, number, first[0], count) if first else ()

    def said_on(self, day: date, zone: tzinfo | None = None) -> list[Found]:
        """The first message of a day in each conversation that has one; see `search.said_on`."""
        with self._reading():
            return said_on(self._db, day, zone)

    def conversations(
        self, limit: int = 50, offset: int = 0, *, emotions: Collection[Emotion] = ()
    ) -> list[Summary]:
        """Conversations, the one with the newest turn first; see `listing.summaries`."""
        with self._reading():
            return listing.summaries(self._db, limit, offset, emotions)

    def rename(self, id_: str, title: str) -> None:
        """Call a conversation what the person calls it; with a blank title it has its first words again."""
        with self._writing():
            listing.rename(self._db, listing.identified(self._db, id_)[0], title)

    def search(self, text: str, limit: int = 50, *, emotions: Collection[Emotion] = ()) -> list[Found]:
        """The messages of either side that contain a text, newest first; see `search.search`."""
        with self._reading():
            return search(self._db, text, emotions, limit)

    def recap(self, id_: str, before: str | None = None) -> Recap | None:
        """The recap of a conversation; None when there is none.

        Args:
            id_: as `conversation`.
            before: the id of a turn; a recap that tells of it, or of later ones, is none.
        """
        with self._reading():
            return recap.read(self._db, listing.identified(self._db, id_)[0], before)

    def keep_recap(self, id_: str, new: Recap) -> None:
        """Keep this recap of a conversation instead of the last.

        Raises:
            NotThere: the conversation, or the turn that it goes up to, is not there.
        """
        with self._writing():
            recap.keep(self._db, listing.identified(self._db, id_)[0], new)

    def unsent(self) -> str:
        """What was typed and not sent, of an encrypted journal; empty when there is none."""
        with self._reading():
            return unsent.read(self._db)

    def keep_unsent(self, text: str) -> None:
        """Keep what was typed and not sent instead of the last; blank is none."""
        with self._writing():
            unsent.keep(self._db, text)

    def mood(self, until: date, days: int, zone: tzinfo | None = None) -> Mood:
        """How some days have been; see `mood.mood`."""
        with self._reading():
            return mood(self._db, until, days, zone)

    def corrections(self) -> list[Correction]:
        """Each message whose emotion the person picked, oldest first."""
        with self._reading():
            return list(corrections(self._db))

    def delete(self, id_: str) -> Removed:
        """Delete a conversation for good; see `remove`.

        Args:
            id_: its id, or a beginning that no other has.
        Raises:
            NotThere: no conversation has this id, or several begin so.
        """
        with self._writing():
            number, _ = listing.identified(self._db, id_)
            removed = removal.take_out(self._db, number, turns.numbers(self._db, number))
            grams.overwrite(self._db)
        self._sweep()
        return removed

    def remove(self, id_: str, turn_ids: Collection[str]) -> Removed | None:
        """Delete turns of a conversation for good, and the conversation with its last one.

        Their bytes are overwritten, and copies made before migrations go. While another program is
        reading, the log beside the journal may hold them until it is done.

        Returns:
            What was deleted, for `restore`, in this program's memory alone; None when none of the
            turns is there.
        Raises:
            NotThere: as `delete`.
        """
        with self._writing():
            number, _ = listing.identified(self._db, id_)
            wanted = turns.numbers(self._db, number, turn_ids)
            removed = removal.take_out(self._db, number, wanted) if wanted else None
            grams.overwrite(self._db)
        self._sweep()
        return removed

    def restore(self, removed: Removed) -> None:
        """Put back what was deleted, where it stood; once."""
        with self._writing():
            removal.put_back(self._db, removed)

    def ended_before(self, moment: datetime) -> list[str]:
        """The ids of the conversations whose newest turn was begun before this moment."""
        with self._reading():
            return listing.ended_before(self._db, moment)

    def forget(self, ids: Collection[str]) -> None:
        """Delete conversations for good, and every copy of the journal that is beside it.

        Raises:
            NotThere: one of them is not there; none is deleted.
            JournalUnwritable: they are deleted, but another program reads the journal, and until it ends the
                log beside it holds their words.
        """
        with self._writing():
            for id_ in ids:
                number, _ = listing.identified(self._db, id_)
                removal.take_out(self._db, number, turns.numbers(self._db, number))
            grams.overwrite(self._db)
            # First: whoever is killed between the two finds the conversation, and can forget it again.
            for copy in copies.copies_of(self._path) if self._path else ():
                copy.unlink(missing_ok=True)
        if not self._sweep():
            raise JournalUnwritable(
                say(
                    "지웠지만, 다른 프로그램이 기록을 읽고 있어서 흔적이 아직 남아 있어요.",
                    "Deleted; but another program reads the journal, and traces stay until it ends.",
                ),
                say("그 프로그램을 닫고 다시 해 주세요.", "Close it, and run the same command again."),
            )

    def backup(self, target: Path | None = None) -> Path:
        """Copy the whole journal; where the copy is. See `copies.backup`."""
        assert self._path is not None
        with sqlite_errors_explained(self._path):
            return copies.backup(self._db, self._path, target)

    problems = staticmethod(checking.problems_of)

    def _sweep(self) -> bool:
        """Leave nothing of what was deleted in the log, nor in copies made before migrations.

        Returns:
            Whether the log is empty now; another program that is reading keeps it as it is.
        """
        with sqlite_errors_explained(self._path):
            ((busy, *_),) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            for copy in backups_of(self._path) if self._path else ():
                copy.unlink(missing_ok=True)
        return not busy

    def _begin(self, how: str) -> None:
        """Begin a transaction in the file that is the journal now: another program may have put a saved or
        restored one in its place, and what is written to the old one would be seen by nobody."""
        self._db.execute(how)
        if identity(self._path) == self._file:
            return
        self._db.close()
        self._db, self._file = opened(self._path, self._passphrase)
        self._db.execute(how)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Everything that is read inside is of one moment."""
        with sqlite_errors_explained(self._path):
            self._begin("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: all of it or nothing."""
        with sqlite_errors_explained(self._path):
            self._begin("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
