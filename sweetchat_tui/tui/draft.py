"""What was typed and not yet sent, kept over a restart."""

from pathlib import Path

from sweetchat_tui.files import read_bounded, write_private
from sweetchat_tui.text import clean

_MOST_BYTES = 1 << 22


class Draft:
    """A file with the draft, readable by the person alone; there is none while there is no draft."""

    def __init__(self, file: Path | None) -> None:
        """
        Args:
            file: None keeps nothing.
        """
        self._file = file
        self._kept = ""

    def load(self) -> str:
        """The draft that was left behind; empty when there is none."""
        if self._file is not None:
            try:
                self._kept = clean(read_bounded(self._file, _MOST_BYTES).decode())
            except (OSError, UnicodeDecodeError):
                self._kept = ""
        return self._kept

    def keep(self, text: str) -> None:
        """Keep this draft instead of the last; one that cannot be written is tried again next time."""
        if self._file is None or text == self._kept:
            return
        try:
            if text:
                write_private(self._file, text)
            else:
                self._file.unlink(missing_ok=True)
        except OSError:
            return
        self._kept = text
