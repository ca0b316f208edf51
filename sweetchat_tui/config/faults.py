"""Where a fault of a configuration file stands, and what is wrong there.

Knows nothing of what the settings are.
"""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sweetchat_tui.errors import Misconfigured
from sweetchat_tui.lang import say

_MOST_LINES = 300
"""Each line is one more reading of those before it: half a second for so many."""

_REASONS_KO = (
    (r"overwrite|twice|[Dd]uplicate|immutable|already", "같은 이름이 앞에 또 있어요."),
    (
        r"Illegal character|Unterminated|Unescaped",
        "따옴표가 닫히지 않았거나, 따옴표 안에 쓸 수 없는 글자예요.",
    ),
    (r"Unclosed|Expected '[]}]|Expected ']]'", "괄호가 닫히지 않았어요."),
    (r"Invalid value|Invalid date", '글은 따옴표로 감싸 주세요(예: persona = "friend").'),
    (r"newline", "한 줄에 하나씩 적어 주세요."),
)


def line_of(text: str, fault: Misconfigured, check: Callable[[dict[str, Any]], object]) -> int | None:
    """The line that brings a fault, counted from 1; None where that cannot be told.

    It is the first one with which what stands above it and in it has the same fault: no second reader of
    TOML is needed.

    Args:
        check: raises the fault.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    for n in range(1, min(len(lines), _MOST_LINES) + 1):
        try:
            check(tomllib.loads("\n".join(lines[:n])))
        except Misconfigured as error:
            if error.message == fault.message:
                return n
        except (ValueError, RecursionError):  # in the middle of a value
            continue
    return None


def no_toml(error: Exception, text: str, file: Path) -> Misconfigured:
    """What is said of a file that is no TOML, with the line if the reader of TOML told it."""
    reason, _, place = str(error).partition(" (at ")
    told = re.match(r"line (\d+)", place)
    n = int(told[1]) if told else text.rstrip().count("\n") + 1
    ko = next(
        (ko for pattern, ko in _REASONS_KO if re.search(pattern, reason)), "이름 = 값 모양으로 적어 주세요."
    )
    if not place:
        return Misconfigured(
            say(f"설정 파일의 문법이 맞지 않아요: {file}", f"The configuration is not valid TOML: {file}"),
            reason,
        )
    return Misconfigured(
        say(
            f"설정 파일의 {n}번째 줄이 문법에 맞지 않아요: {file}",
            f"Line {n} of the configuration is not valid TOML: {file}",
        ),
        say(ko, f"{reason}."),
    )
