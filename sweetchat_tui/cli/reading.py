"""What comes in: lines of UTF-8 from a file or a pipe, as they arrive."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sweetchat_tui.errors import NotThere, Unreadable
from sweetchat_tui.files import why
from sweetchat_tui.lang import say

_BLOCK = 1 << 20
_LONGEST_LINE = 1 << 26


def piped() -> bool:
    """Whether standard input is something to read, and not a keyboard."""
    return not sys.stdin.isatty()


@contextmanager
def opened(path: Path | None) -> Iterator[BinaryIO]:
    """A file to read, or standard input for None and `-`.

    Raises:
        NotThere: there is no such file.
        Unreadable: it cannot be opened.
    """
    if path is None or str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        # Without O_NONBLOCK, opening a pipe that no one writes to waits for ever.
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        if hasattr(os, "set_blocking"):
            os.set_blocking(fd, True)
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            os.close(fd)
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        file = os.fdopen(fd, "rb")
    except FileNotFoundError:
        raise NotThere(say(f"파일이 없어요: {path}", f"There is no file {path}.")) from None
    except OSError as e:
        raise Unreadable(
            say(f"파일을 열 수 없어요: {path}", f"The file cannot be opened: {path}"), why(e)
        ) from None
    with file:
        yield file


def whole(file: BinaryIO) -> str:
    """All of it.

    Raises:
        Unreadable: it is not UTF-8, or longer than any text.
    """
    data = file.read(_LONGEST_LINE + 1)
    if len(data) > _LONGEST_LINE:
        raise Unreadable(say("글이 너무 길어요.", "That is too long."))
    return _decoded(data, 1).removeprefix("\ufeff")


def blocks(file: BinaryIO) -> Iterator[str]:
    """Runs of whole lines, as many as are there now, about a megabyte at most.

    Raises:
        Unreadable: it is not UTF-8; the lines before the bad one were given.
    """
    rest, line = b"", 1
    while data := os.read(file.fileno(), _BLOCK):
        whole_lines, newline, rest_of_data = data.rpartition(b"\n")
        if not newline:
            rest += data
            if len(rest) > _LONGEST_LINE:
                raise Unreadable(say(f"{line}번째 줄이 너무 길어요.", f"Line {line} is too long."))
            continue
        block = rest + whole_lines + newline
        rest = rest_of_data
        yield from _checked(block, line)
        line += block.count(b"\n")
    if rest:
        yield from _checked(rest, line)


def lines(file: BinaryIO) -> Iterator[str]:
    """Each line with its end, decoded.

    Raises:
        Unreadable: a line is not UTF-8, or longer than any text; the lines before it were given.
    """
    for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
        if len(line) == _LONGEST_LINE:
            raise Unreadable(say(f"{number}번째 줄이 너무 길어요.", f"Line {number} is too long."))
        yield _decoded(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, number)


def _checked(block: bytes, line: int) -> Iterator[str]:
    """The block decoded; on a bad byte, what stands before its line, and then the error."""
    if line == 1:
        block = block.removeprefix(b"\xef\xbb\xbf")
    try:
        yield block.decode()
    except UnicodeDecodeError as e:
        good = block[: block.rfind(b"\n", 0, e.start) + 1]
        if good:
            yield good.decode()
        _decoded(block[len(good) :], line + good.count(b"\n"))


def _decoded(data: bytes, line: int) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as e:
        line += data.count(b"\n", 0, e.start)
        raise Unreadable(
            say(f"{line}번째 줄이 UTF-8이 아니에요.", f"Line {line} is not UTF-8."),
            say(
                "UTF-8로 바꿔서 다시 해 주세요(예: iconv -f cp949 -t utf-8).",
                "Convert it to UTF-8 first (e.g. iconv -f cp949 -t utf-8).",
            ),
        ) from None
