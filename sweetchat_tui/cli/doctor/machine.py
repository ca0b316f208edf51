"""The program, the terminal and what is installed: rows about the machine. Loads nothing that is heavy."""

import locale
import os
import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec

from sweetchat_tui import __version__
from sweetchat_tui.cli.doctor.rows import Row
from sweetchat_tui.errors import Misconfigured
from sweetchat_tui.lang import say

_PACKAGE = "sweetchat-tui"
_SHOWN = ("textual", "openai", "onnxruntime", "numpy")
_SMALLEST = (60, 20)
_EXTRAS = {
    "png": ("PIL",),
    "parquet": ("pyarrow",),
    "serve": ("textual_serve",),
    "encrypt": ("sqlcipher3",),
    "gpu": ("torch", "transformers"),
    "lab": ("sklearn", "scipy", "matplotlib", "python_calamine", "accelerate"),
}
"""What each extra brings, by the names under which it is imported."""


def program() -> Row:
    """The versions, and whether every library that the program needs is there."""
    found = {name: _version(name) for name in _needed()}
    missing = sorted(name for name, number in found.items() if number is None)
    title = say("프로그램", "program")
    facts = {
        "sweetchat": __version__,
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        **found,
    }
    if missing:
        return Row(
            "program",
            title,
            say(f"라이브러리가 없어요: {', '.join(missing)}", f"Libraries are missing: {', '.join(missing)}"),
            "broken",
            f"pip install {' '.join(missing)}",
            facts,
            Misconfigured.exit_code,
        )
    shown = [f"{name} {found[name]}" for name in _SHOWN if found.get(name)]
    told = [f"SweetChat {__version__}", f"Python {facts['python']}", *shown, str(facts["system"])]
    return Row("program", title, " · ".join(told), facts=facts)


def _needed() -> list[str]:
    """The libraries that the installed program asks for, extras left out."""
    try:
        wanted = requires(_PACKAGE) or []
    except PackageNotFoundError:  # run from a folder
        return list(_SHOWN)
    return [_name(line) for line in wanted if "extra ==" not in line]


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def extras() -> Row:
    """Which extras are installed; all are optional."""
    there = {name: all(find_spec(module) for module in modules) for name, modules in _EXTRAS.items()}
    with_them = [name for name, installed in there.items() if installed]
    without = [name for name, installed in there.items() if not installed]
    told = say("있음: ", "installed: ") + (", ".join(with_them) or say("없음", "none"))
    if without:
        told += say(" · 없음: ", " · not installed: ") + ", ".join(without)
    return Row("extras", say("더 깐 것", "extras"), told, facts=there)


def terminal() -> Row:
    """What the terminal can do, as far as it says so."""
    # 1 ms: no textual.
    from sweetchat_tui.tui import clipboard

    title = say("터미널", "terminal")
    # By the C library, for Python's own UTF-8 mode hides what the terminal was told.
    coding = locale.nl_langinfo(locale.CODESET) if hasattr(locale, "nl_langinfo") else "UTF-8"
    tool = next((name for name, _ in clipboard.tools(os.environ)), clipboard.TERMINAL)
    size, colours = _size(), _colours()
    facts = {
        "columns": size and size[0],
        "rows": size and size[1],
        "term": os.environ.get("TERM", ""),
        "colours": colours,
        "coding": coding,
        "copies_by": tool,
    }
    if size is None:
        told = say("터미널이 아닌 곳에서 돌고 있어요", "not run in a terminal")
        return Row("terminal", title, told, facts=facts)
    told = " · ".join(
        (
            f"{size[0]}×{size[1]}",
            say(f"{colours:,}색", f"{colours:,} colours"),
            coding,
            say(f"복사: {tool}", f"copies by {tool}"),
        )
    )
    for wrong, hint in (
        (
            coding.upper().replace("-", "") != "UTF8",
            say(
                "한글이 깨질 수 있어요. 이렇게 해 보세요: export LANG=ko_KR.UTF-8 (또는 C.UTF-8)",
                "Hangul may come out broken; try export LANG=C.UTF-8",
            ),
        ),
        (
            size[0] < _SMALLEST[0] or size[1] < _SMALLEST[1],
            say("창을 60×20보다 크게 해 주세요.", "Make the window 60×20 or larger."),
        ),
        (
            os.environ.get("TERM", "dumb") == "dumb",
            say(
                "그릴 수 없는 터미널이에요: sweetchat chat --plain",
                "It cannot be drawn on: sweetchat chat --plain",
            ),
        ),
    ):
        if wrong:
            return Row("terminal", title, told, "look", hint, facts)
    return Row("terminal", title, told, facts=facts)


def _size() -> tuple[int, int] | None:
    """Columns and rows of the terminal, whichever stream it is at; None when there is none."""
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            size = os.get_terminal_size(stream.fileno()) if stream else None
        except (OSError, ValueError):
            continue
        if size and size.columns:
            return size.columns, size.lines
    return None


def _colours() -> int:
    """How many the terminal says that it has; 0 where none are wanted."""
    if os.environ.get("NO_COLOR"):
        return 0
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        return 1 << 24
    return 256 if "256" in os.environ.get("TERM", "") else 16
