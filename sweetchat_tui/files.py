"""Files that are the person's alone, and files that could be anything. Knows nothing of what is in them."""

import errno
import os
import stat
from pathlib import Path


def read_bounded(path: Path, most: int) -> bytes:
    """All of a file, in bounded time and memory whatever stands in its place.

    Args:
        most: bytes that it may have.

    Raises:
        OSError: it cannot be read, has more, or is a folder, a pipe or a device.
    """
    # Without O_NONBLOCK, opening a pipe that no one writes to waits for ever.
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "Not a regular file", str(path))
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def write_private(path: Path, text: str) -> None:
    """Put a text in a file that only the person can read, whole or not at all; missing folders are made 0700.

    Raises:
        OSError: it cannot be written; what was there before stands.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with open(fresh, "x", encoding="utf-8", opener=private) as f:
        f.write(text)
        f.flush()
        os.fsync(f.fileno())  # or a power cut could leave the new name with nothing in it
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let a file's new name outlast a power cut, where folders can be told so."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def private(path: str, flags: int) -> int:
    """An opener for `open`: what it makes is born private, for it could be opened before it is narrowed."""
    return os.open(path, flags, 0o600)
