"""The help of every command, in the language in use and in a terminal's columns.

typer says a few words of its own, in English, and breaks lines by letters, of which a Hangul syllable is
one and two columns wide.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from typer._click.core import Context
from typer._click.formatting import HelpFormatter

from sweetchat_tui.lang import say, spoken

_KO = {
    "Arguments": "인자",
    "Options": "옵션",
    "Commands": "명령",
    "Show this message and exit.": "이 도움말을 보여요.",
    "Install completion for the current shell.": "지금 쓰는 셸에 자동 완성을 깔아요.",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "지금 쓰는 셸의 자동 완성을 보여요(베끼거나 고쳐 쓸 수 있게)."
    ),
}
_MARKS_KO = (
    ("[required]", "[꼭 있어야 해요]"),
    ("[default: ", "[기본: "),
    ("; required]", "; 꼭 있어야 해요]"),
)
_USAGE_KO = {"[OPTIONS]": "[옵션]", "COMMAND": "명령", "[ARGS]...": "[인자]..."}
_GAP = 2
_NAMES_AT_MOST = 30


class _Formatter(HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        if spoken() == "ko":
            args = " ".join(_USAGE_KO.get(word, word) for word in args.split())
        super().write_usage(prog, args, prefix or say("쓰는 법: ", "Usage: "))

    def write_heading(self, heading: str) -> None:
        super().write_heading(_said(heading))

    def write_text(self, text: str) -> None:
        for line in _wrapped(text, self.width - self.current_indent):
            self.write(f"{'':{self.current_indent}}{line}\n")

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = _NAMES_AT_MOST, col_spacing: int = _GAP
    ) -> None:
        column = min(max(_columns(name) for name, _ in rows), col_max) + col_spacing
        room = max(self.width - self.current_indent - column, 10)
        for name, what in rows:
            lines = list(_wrapped(_said(what), room)) or [""]
            if _columns(name) > column - col_spacing:
                lines.insert(0, "")
            first = name + " " * (column - _columns(name)) + lines[0]
            self.write(f"{'':{self.current_indent}}{first.rstrip()}\n")
            for line in lines[1:]:
                self.write(f"{'':{self.current_indent + column}}{line}\n")


def set_up() -> None:
    """Let every command's help be written so."""
    Context.formatter_class = _Formatter


def _said(text: str) -> str:
    if spoken() != "ko":
        return text
    for sign, ko in (*_KO.items(), *_MARKS_KO):
        text = text.replace(sign, ko) if sign != text else ko
    return text


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and _columns(line) + 1 + _columns(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".lstrip()
    if line:
        yield line
