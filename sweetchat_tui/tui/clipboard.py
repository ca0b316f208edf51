"""Copying: with the machine's own tool where there is one, else through the terminal (OSC 52)."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping

from sweetchat_tui.text import clean

TERMINAL = "OSC 52"
_PATIENCE_S = 2.0

_TOOLS: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("pbcopy", (), None),
    ("wl-copy", (), "WAYLAND_DISPLAY"),
    ("xclip", ("-selection", "clipboard"), "DISPLAY"),
    ("xsel", ("--clipboard", "--input"), "DISPLAY"),
    ("clip.exe", (), None),
)
"""Each tool with its arguments and the variable without which it has nowhere to copy to."""


def copy(text: str, through_terminal: Callable[[str], None], environment: Mapping[str, str]) -> str:
    """Copy a text, cleaned of terminal commands; blocks for as long as a tool takes.

    Args:
        through_terminal: asks the terminal to copy; the terminal does not say whether it did.
    Returns:
        What copied it: the name of a tool, or `TERMINAL`.
    """
    text = clean(text)
    for tool, command in tools(environment):
        if _took(command, tool, text):
            return tool
    through_terminal(text)
    return TERMINAL


def tools(environment: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The tools that may copy here, each with its command."""
    # Over SSH a tool would copy on the far machine, where no one pastes.
    if "SSH_CONNECTION" not in environment:
        for tool, arguments, needs in _TOOLS:
            path = shutil.which(tool, path=environment.get("PATH"))
            if path and (needs is None or environment.get(needs)):
                yield tool, [path, *arguments]


def _took(command: list[str], tool: str, text: str) -> bool:
    # pbcopy reads by the locale; clip.exe reads UTF-16 whatever the code page is.
    coded = text.encode("utf-16-le" if tool == "clip.exe" else "utf-8")
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=coded,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE_S,
            env=os.environ | ({"LC_CTYPE": "UTF-8"} if tool == "pbcopy" else {}),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
