"""What `sweetchat doctor` says of one thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sweetchat_tui.errors import Misconfigured, SweetchatError

State = Literal["fine", "look", "broken"]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was looked at."""

    name: str
    """For programs, such as `journal`."""
    title: str
    """For people, in the language in use."""
    told: str
    """How it is, in one sentence."""
    state: State = "fine"
    hint: str = ""
    """What to do; empty when there is nothing to do."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What was found, for programs; no secrets."""
    exit_code: int = 0
    """What the program ends with for it; 0 unless it is broken."""


def broken(name: str, title: str, error: SweetchatError, **facts: object) -> Row:
    """A row for what cannot work, said as the command that needs it would."""
    code = error.exit_code if error.exit_code != 1 else Misconfigured.exit_code
    return Row(name, title, error.message, "broken", error.hint, facts, code)
