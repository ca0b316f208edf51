"""What was typed and not yet sent, kept over a restart."""

from pathlib import Path

from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.files import read_bounded, write_private
from sweetchat_tui.journal import Journal
from sweetchat_tui.journal.copies import erase
from sweetchat_tui.text import clean

_MOST_BYTES = 1 << 22


class Draft:
    """The draft, in a file readable by the person alone, or in the journal where that is encrypted.

    There is no file while there is no draft.
    """

    def __init__(self, file: Path | None, journal: Journal | None = None) -> None:
        """
        Args:
            file: None keeps nothing.
            journal: what keeps the draft instead of the file while it is encrypted.
        """
        self._file = file
        self._journal = journal if file is not None else None
        self._kept: str | None = ""

    def load(self) -> str:
        """The draft that was left behind, also where it is not kept any more; empty when there is none."""
        in_file, in_journal = self._in_file(), self._in_journal()
        draft = "\n".join(dict.fromkeys(filter(None, (in_file, in_journal))))
        moves = in_file if self._sealed else in_journal
        self._kept = None if moves else draft
        return draft

    def keep(self, text: str) -> None:
        """Keep this draft instead of the last; one that cannot be written is tried again next time."""
        if self._file is None or text == self._kept:
            return
        try:
            if self._journal is not None and (self._sealed or self._kept is None):
                self._journal.keep_unsent(text if self._sealed else "")
            if text and not self._sealed:
                write_private(self._file, text)
            else:
                erase(self._file)
                erase(self._file.with_suffix(".new"))
        except (OSError, SweetchatError):
            return
        self._kept = text

    @property
    def _sealed(self) -> bool:
        return self._journal is not None and self._journal.encrypted

    def _in_file(self) -> str:
        try:
            return clean(read_bounded(self._file, _MOST_BYTES).decode()) if self._file else ""
        except (OSError, UnicodeDecodeError):
            return ""

    def _in_journal(self) -> str:
        try:
            return self._journal.unsent() if self._journal else ""
        except SweetchatError:
            return ""
