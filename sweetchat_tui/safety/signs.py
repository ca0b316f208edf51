"""Signs of danger, learnt from lines and added up: what the rules do not know to look for.

A second signal after the rules, which can only raise the level. `signs.txt` holds every sign with its
points; `sweetchat lab train-signs` makes it, here with AI Hub's 감성 대화 말뭉치 (NIA) as everyday talk, of
which no sentence is in it. Reading it is a sum of whole numbers: the same everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import chain, repeat
from operator import add
from pathlib import Path

from sweetchat_tui.conversation import Danger
from sweetchat_tui.safety.folding import SENTENCE_END

SHORT, LONGEST = 2, 5
"""Syllables of the longest sign that is looked for in every message, and of the longest of all."""
LONGER = "longer"
"""The row of the data file after which the longer ones stand."""

WINDOW, STEP = 60, 30
"""Syllables that are added up together, and how far on the next begin: a long message is not worse
for being long."""


@dataclass(frozen=True)
class Signs:
    """All signs, and what their sums mean."""

    made: date
    short: dict[str, int]
    """For each sign of one or two syllables what it adds; below nought for what speaks against danger."""
    rows_of_longer: str
    """The longer signs, as they stand in the file."""
    glance: int
    """The least sum of the short signs, each time they are met, with which the longer are looked for: few
    messages have it, which makes reading quick."""
    concern: int
    """The least sum that is a concern."""
    crisis: int
    """The least sum that is a crisis."""

    @cached_property
    def points(self) -> dict[str, int]:
        """What each sign of any length adds. Made when first a message needs it: 40 ms."""
        return self.short | _points(self.rows_of_longer.splitlines())

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
        if sum(map(self.short.get, chain(text, runs), repeat(0))) < self.glance:
            return 0
        found = {*text, *runs}
        for length in range(SHORT, LONGEST):
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
        text: comments, what the sums mean, and a row of signs for each number of points, the short
            signs first.
    """
    first, _, longer = text.partition(f"\n{LONGER}\n")
    rows = [row for row in first.splitlines() if not row.startswith("#")]
    made, glance, concern, crisis = (row.split(" ")[1] for row in rows[:4])
    short = _points(rows[4:])
    return Signs(date.fromisoformat(made), short, longer, int(glance), int(concern), int(crisis))


def _points(rows: Sequence[str]) -> dict[str, int]:
    points: dict[str, int] = {}
    for row in rows:
        number, *found = row.split(" ")
        points.update(dict.fromkeys(found, int(number)))
    return points
