"""What the person may change while the app runs. Handed in by whoever knows the concrete parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from sweetchat_tui.companion import Equipment

Fetch = Callable[[Callable[[str], None], Event], Equipment | None]
"""Brings a classifier to this machine: is given who to tell how far it is, and what is set to stop it.

Gives what to work with from then on, and None when it was stopped."""


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What is told and asked when the app runs for the first time."""

    now: str
    """Who answers as things stand, as a choice."""
    host: str | None
    """Where words go as things stand; None is nowhere."""
    open: bool
    """Whether who answers is still to be chosen."""
    key: Callable[[str], Equipment]
    """Keeps a key for OpenAI, which then answers."""
    server: Callable[[str, str], Equipment]
    """Keeps the address and the model of a server, which then answers."""
    done: Callable[[], None]
    """Remembers that it was asked."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything else that could read or answer."""

    offered: Callable[[], Sequence[tuple[str, Equipment]]] = tuple
    """What is there now, by the name that the command palette gives it; short to call."""
    model: Callable[[str, str], Equipment] | None = None
    """Another model, by the name of a profile and of the model; None when there is no choice."""
    fetch: Fetch | None = None
    """Brings the better classifier here; None when it is here, or not wanted."""
    offer: str = ""
    """What is said of that classifier before anything was said; empty when it was said before."""
    first: FirstRun | None = None
    """What is asked at the first run; None when that was before."""
