"""What stands between the commands and the terminal: nothing passes that could command it, but what we draw.

Whatever a command prints, of whomever's words, goes through here; none has to remember to clean it.
"""

import sys
from collections.abc import Iterable
from typing import Any, TextIO

from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import inert


class Edge:
    """A text stream without what could command a terminal; else the stream that it stands before."""

    def __init__(self, stream: TextIO) -> None:
        self.beyond = stream
        """Where it goes; only for what the program itself draws."""

    def write(self, text: str) -> int:
        self.beyond.write(inert(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.beyond, name)


def guard() -> None:
    """From now on, what is printed in this process is harmless, and in UTF-8 whatever the locale."""
    sys.stdout, sys.stderr = _guarded(sys.stdout), _guarded(sys.stderr)


def _guarded(stream: TextIO) -> TextIO:
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="replace")
    return stream if isinstance(stream, Edge) else Edge(stream)  # type: ignore[return-value]


def require_pipe() -> None:
    """
    Raises:
        Misused: what is printed would go to a terminal.
    """
    if sys.stdout.isatty():
        raise Misused(
            say(
                "--raw는 터미널에 쓸 수 없어요. 글이 터미널에 명령할 수 있거든요.",
                "--raw is not for a terminal: a text could command it.",
            ),
            say("파이프나 파일로 보내 주세요.", "Send it to a pipe or a file."),
        )


def draw(text: str, *, err: bool = False) -> None:
    """Print as it is, at once: colours and lines that renew themselves, of which every word is the program's.

    Or what a person has asked to have raw.
    """
    stream = sys.stderr if err else sys.stdout
    beyond = stream.beyond if isinstance(stream, Edge) else stream
    beyond.write(text)
    beyond.flush()
