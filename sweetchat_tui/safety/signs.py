"""Signs of danger, learnt from lines and added up: what the rules do not know to look for.

A second signal after the rules, which can only raise the level. `signs.toml` holds every sign with its
points; `sweetchat lab train-signs` makes it. Reading it is a sum of whole numbers: the same everywhere.
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
    keys: dict[str, tuple[str, ...]]
    """By their rarest syllable the signs without which a message is not looked at."""
    concern: int
    """The least sum that is a concern."""
    crisis: int
    """The least sum that is a crisis."""

    def may_stand_in(self, syllables: str) -> bool:
        """Whether a message has a key sign; most have none, and are read no further."""
        return any(
            key in syllables for rarest in self.keys.keys() & set(syllables) for key in self.keys[rarest]
        )

    def level(self, folded: str) -> Danger:
        """How much danger the signs in a folded message speak of."""
        if not self.may_stand_in(folded):
            return Danger.NONE
        text = bounded(folded)
        most = max(self.sum(text[at : at + WINDOW]) for at in range(0, max(1, len(text) - STEP), STEP))
        if most >= self.crisis:
            return Danger.CRISIS
        return Danger.CONCERN if most >= self.concern else Danger.NONE

    def sum(self, text: str) -> int:
        """The points of all signs in a text, each counted once."""
        runs, found = list(text), set[str]()
        for size in range(2, LONGEST + 1):
            runs = list(map(add, runs, text[size - 1 :]))
            found.update(runs)
        return sum(self.points[sign] for sign in self.points.keys() & found)


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
    keys: dict[str, list[str]] = {}
    for rarest, key in (pair.split(":") for pair in data["keys"].split()):
        keys.setdefault(rarest, []).append(key)
    return Signs(
        data["made"],
        points,
        {rarest: tuple(found) for rarest, found in keys.items()},
        data["concern"],
        data["crisis"],
    )
