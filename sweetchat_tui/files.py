"""Files that are the person's alone, and files that could be anything. Knows nothing of what is in them."""

import errno
import os
import stat
from pathlib import Path

from sweetchat_tui.lang import spoken

_REASONS_KO = {
    errno.ENOENT: "그런 곳이 없어요",
    errno.EACCES: "권한이 없어요",
    errno.EPERM: "권한이 없어요",
    errno.EEXIST: "이미 있어요",
    errno.EISDIR: "파일이 아니라 폴더예요",
    errno.ENOTDIR: "폴더가 아니에요",
    errno.ENOSPC: "디스크가 가득 찼어요",
    errno.EDQUOT: "쓸 수 있는 자리를 다 썼어요",
    errno.EROFS: "읽기만 할 수 있는 곳이에요",
    errno.EFBIG: "너무 커요",
    errno.EINVAL: "여기서는 쓸 수 없어요",
    errno.EIO: "디스크가 말을 듣지 않아요",
    errno.ENAMETOOLONG: "이름이 너무 길어요",
    errno.ELOOP: "링크가 빙글빙글 돌아요",
    errno.EMFILE: "열어 둔 파일이 너무 많아요",
    errno.EBUSY: "다른 프로그램이 쓰고 있어요",
    errno.EADDRINUSE: "다른 프로그램이 쓰고 있어요",
    errno.EADDRNOTAVAIL: "이 컴퓨터의 주소가 아니에요",
}


def why(error: OSError) -> str:
    """What the system says of a failure, in the language in use; in English what is rare."""
    told = error.strerror or ""
    return _REASONS_KO.get(error.errno or 0, told) if spoken() == "ko" else told


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
