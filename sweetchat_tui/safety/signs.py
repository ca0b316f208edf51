"""Signs of danger, learnt from lines and added up: what the rules do not know to look for.

A second signal after the rules, which can only raise the level. `signs.toml` holds every sign with its
points; `sweetchat lab train-signs` makes it, here with AI Hub's 감성 대화 말뭉치 (NIA) as everyday talk, of
which no sentence is in it. Reading it is a sum of whole numbers: the same everywhere.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import add
from pathlib import Path
from typing import Any

from sweetchat_tui.conversation import Danger
from sweetchat_tui.safety.folding import SENTENCE_END

LONGEST = 4
"""Syllables of the longest sign."""

WINDOW, STEP = 60, 30
"""Syllables that are added up together, and how far on the next begin: a long message is not worse
for being long."""


@dataclass(frozen=True, slots=True)
class Signs:
    """All signs, and what their sums mean."""

    made: date
    points: dict[str, int]
    """For each sign what it adds; below nought for what speaks against danger."""
    by_beginning: dict[str, tuple[str, ...]]
    """The same signs by their first two syllables, which few messages have: what makes reading quick."""
    concern: int
    """The least sum that is a concern."""
    crisis: int
    """The least sum that is a crisis."""

    def level(self, folded: str) -> Danger:
        """How much danger the signs in a folded message speak of."""
        text = bounded(folded)
        most = max(self.sum(text[at : at + WINDOW]) for at in range(0, max(1, len(text) - STEP), STEP))
        if most >= self.crisis:
            return Danger.CRISIS
        return Danger.CONCERN if most >= self.concern else Danger.NONE

    def sum(self, text: str) -> int:
        """The points of all signs in a text, each counted once."""
        begun = self.by_beginning.keys() & set(map(add, text, text[1:]))
        return sum(self.points[sign] for pair in begun for sign in self.by_beginning[pair] if sign in text)


def bounded(folded: str) -> str:
    """A folded message with the mark of a sentence's end around it: a sign may need to begin or end one."""
    return f"{SENTENCE_END}{folded}{SENTENCE_END}"


@cache
def signs() -> Signs:
    """The signs of the data file."""
    with Path(__file__).with_name("signs.toml").open("rb") as file:
        return from_data(tomllib.load(file))


def from_data(data: dict[str, Any]) -> Signs:
    """The signs that a data file holds.

    Args:
        data: what TOML made of the file.
    """
    words = [word for group in data["group"] for word in group["signs"].split()]
    points = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    by_beginning: dict[str, tuple[str, ...]] = {}
    for sign in points:
        by_beginning[sign[:2]] = (*by_beginning.get(sign[:2], ()), sign)
    return Signs(data["made"], points, by_beginning, data["concern"], data["crisis"])
