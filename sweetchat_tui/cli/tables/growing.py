"""A text file that grows by whole rows, and is cut back to them whatever happens."""

from contextlib import ExitStack
from pathlib import Path

from sweetchat_tui.cli.tables import unwritable


class GrowingFile:
    """Bytes up to `keep` are whole rows, and stay; what follows was torn, and goes."""

    def __init__(self, path: Path, keep: int, first: str = "") -> None:
        """
        Args:
            first: rows to begin with.

        Raises:
            OSError: the file cannot be opened or made.
            OutputUnwritable: as `append`.
        """
        self._path = path
        # Unbuffered, so that no later flush can put back a row that was cut.
        self._file = path.open("r+b" if path.exists() else "xb", buffering=0)
        self._whole = keep
        with ExitStack() as opened:
            opened.enter_context(self._file)
            self._cut()
            self.append(first)
            opened.pop_all()

    def append(self, rows: str) -> None:
        """Add whole rows.

        Raises:
            OutputUnwritable: the disk is full, or the like; none of the rows is there then.
        """
        # A lone surrogate is written as the escape that JSON has for it.
        data = memoryview(rows.encode("utf-8", "backslashreplace"))
        at = 0
        try:
            while at < len(data):
                at += self._file.write(data[at:])
        except OSError as e:
            raise unwritable(self._path, e) from None
        self._whole += len(data)

    def close(self) -> None:
        """Cut what an interrupted `append` left."""
        self._cut()
        self._file.close()

    def _cut(self) -> None:
        self._file.truncate(self._whole)
        self._file.seek(self._whole)
