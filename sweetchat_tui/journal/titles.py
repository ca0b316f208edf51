"""What a conversation is called: its first words. Pure."""

import unicodedata

from sweetchat_tui.text import one_line

LONGEST_TITLE = 40
"""Characters."""


def title_from(text: str) -> str:
    """The first words of a text on one line, never cut within what shows as one sign."""
    line = one_line(text)
    if len(line) <= LONGEST_TITLE:
        return line
    last = LONGEST_TITLE - 1
    cut = next((at for at in range(last, 0, -1) if not _joined(line, at)), last)
    return line[:cut].rstrip() + "…"


def _joined(line: str, at: int) -> bool:
    """Whether the character at this index shows as one with the character before it."""
    return (
        unicodedata.category(line[at]) in {"Mn", "Mc", "Me"}
        or "\U0001f3fb" <= line[at] <= "\U0001f3ff"  # skin tones
        or "\N{ZERO WIDTH JOINER}" in line[at - 1 : at + 1]
    )
