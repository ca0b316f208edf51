"""Draws lines, bars and signs in ASCII. What is copied or stored stays as it is."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_LYING = "─━┄┅┈┉╌╍═"
_STANDING = "│┃┆┇┊┋╎╏║"
_SIGNS = {
    "·": ".",
    "•": "*",
    "●": "*",
    "○": "o",
    "…": ".",
    "–": "-",
    "—": "-",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "▶": ">",
    "▼": "v",
    "❯": ">",
    "⏎": "<",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "×": "x",
    "🔎": "? ",
}
# Each sign is as wide as what stands for it, or nothing on the line would be at its place.
_TABLE = str.maketrans(
    {chr(code): "+" for code in range(0x2500, 0x2580)}
    | dict.fromkeys(_LYING, "-")
    | dict.fromkeys(_STANDING, "|")
    | {chr(code): " " for code in (*range(0x2580, 0x25A0), *range(0x1FB00, 0x1FBB0))}
    | _SIGNS
)


class InAscii(LineFilter):
    """Puts ASCII in the place of everything else that the program draws, Hangul aside."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [Segment(text.translate(_TABLE), style, control) for text, style, control in segments]
