"""What a companion tells of a turn, step by step, and what it can be told to work with. Values only."""

from collections.abc import Callable
from dataclasses import dataclass

from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.conversation import Danger, Length, Manner, Turn
from sweetchat_tui.emotions import Feeling
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Generator, Waiting


@dataclass(frozen=True, slots=True)
class Heard:
    """The person's words are in the journal."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Alarm:
    """The person may be in danger; help is to be shown now, by the program."""

    danger: Danger


@dataclass(frozen=True, slots=True)
class Felt:
    """The emotion of the words was read."""

    feeling: Feeling


@dataclass(frozen=True, slots=True)
class Said:
    """The reply so far, whole from its beginning, cleaned."""

    text: str
    piece: str = ""
    """What came last of it, as it came."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The turn ended well and is in the journal."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Failed:
    """The reply could not be had, or broke off; what was said of it is in the turn."""

    error: SweetchatError
    partial: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a companion works with from the next turn on; None stays as it is."""

    generator: Callable[[], Generator] | None = None
    classifier: Callable[[], Classifier] | None = None
    persona: str | None = None
    manner: Manner | None = None
    length: Length | None = None


Event = Heard | Alarm | Felt | Waiting | Said | Kept | Failed
