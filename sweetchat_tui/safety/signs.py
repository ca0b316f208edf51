"""Signs of danger, learnt from lines and added up: what the rules do not know to look for.

A second signal after the rules, which can only raise the level. `signs.txt` holds every sign with its
points; `sweetchat lab train-signs` makes it, here with AI Hub's 감성 대화 말뭉치 (NIA) as everyday talk, of
which no sentence is in it. Reading it is a sum of whole numbers: the same everywhere.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain, repeat
from operator import add
from pathlib import Path

from sweetchat_tui.conversation import Danger
from sweetchat_tui.safety.folding import SENTENCE_END

LONGEST = 5
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
    glance: int
    """The least sum of the signs of one and two syllables, each time they are met, with which the others are
    looked for: few messages have it, which makes reading quick."""
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
        """The points of all signs in a text, each counted once; nought if its short ones have too few."""
        runs = list(map(add, text, text[1:]))
        if sum(map(self.points.get, chain(text, runs), repeat(0))) < self.glance:
            return 0
        found = {*text, *runs}
        for length in range(2, LONGEST):
            runs = list(map(add, runs, text[length:]))
            found.update(runs)
        return sum(map(self.points.__getitem__, self.points.keys() & found))


def bounded(folded: str) -> str:
    """A folded message with the mark of a sentence's end around it: a sign may need to begin or end one."""
    return f"{SENTENCE_END}{folded}{SENTENCE_END}"


@cache
def signs() -> Signs:
    """The signs of the data file."""
    return from_text(Path(__file__).with_name("signs.txt").read_text("utf-8"))


def from_text(text: str) -> Signs:
    """The signs that a data file holds.

    Args:
        text: comments, what the sums mean, and a row of signs for each number of points.
    """
    rows = (row.split(" ") for row in text.splitlines() if not row.startswith("#"))
    made, glance, concern, crisis = (next(rows)[1] for _ in range(4))
    points: dict[str, int] = {}
    for number, *found in rows:
        points.update(dict.fromkeys(found, int(number)))
    return Signs(date.fromisoformat(made), points, int(glance), int(concern), int(crisis))
