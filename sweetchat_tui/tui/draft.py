"""What was typed and not yet sent, kept over a restart."""

import os
from pathlib import Path


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
                self._kept = self._file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                self._kept = ""
        return self._kept

    def keep(self, text: str) -> None:
        """Keep this draft instead of the last; one that cannot be written is tried again next time."""
        if self._file is None or text == self._kept:
            return
        fresh = self._file.with_suffix(".new")
        try:
            if text:
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                fresh.unlink(missing_ok=True)
                private = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(private, "w", encoding="utf-8") as f:
                    f.write(text)
                fresh.replace(self._file)
            else:
                self._file.unlink(missing_ok=True)
        except OSError:
            return
        self._kept = text
