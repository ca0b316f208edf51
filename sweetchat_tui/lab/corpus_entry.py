"""One dialogue as its file writes it. Knows nothing of what is in it, nor of kinds of files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One exchange, as written."""

    number: int
    """Which sentence of the dialogue its column or key says that it is, from 1."""
    human: str
    """Empty where nothing was said."""
    system: str
    """The answer; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a spreadsheet, or an element of a JSON list."""

    file: str
    """Name of the file, within its archive or folder where it is in one."""
    row: int
    """Row of the sheet or place in the list, from 1."""
    emotion: str
    """Name or code; empty where it is missing."""
    group: str
    """Name of the group; empty where the file does not say."""
    exchanges: tuple[Said, ...]
    """By number."""
