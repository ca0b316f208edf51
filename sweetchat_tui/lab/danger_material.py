"""The lines that signs of danger are learnt from. All that are kept here are the project's own, and none is
a real person's; a corpus of one's own can add what is said every day."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sweetchat_tui.conversation import Danger
from sweetchat_tui.errors import NotThere
from sweetchat_tui.lang import say

_HERE = Path(__file__).parent
MOST = {Danger.CRISIS: 12, Danger.CONCERN: 20, Danger.NONE: 24}
"""Lines of one pattern at most, so that none outweighs the others."""
FILES = sorted((_HERE / "danger").glob("*.txt"))
FOLDS = len(FILES) + 1
"""Each file is left out in turn, to be read by what was learnt from the others; so are the tests' lists."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line and what it speaks of."""

    text: str
    level: Danger
    fold: int
    """Lines of one hand resemble each other: they are learnt from, or measured on, together."""
    hard: bool = True
    """Whether it was written to be told from the other levels."""


def gather(lists: Path, spoken: Sequence[tuple[int, str]] = ()) -> list[Line]:
    """All lines.

    Args:
        lists: the folder of crisis.txt, concern.txt and none.txt. Held-out lists in it are not read.
        spoken: everyday sentences of a corpus, each with the number of its dialogue.

    Raises:
        NotThere: one of the lists is not in the folder.
    """
    lines: list[Line] = []
    for fold, file in enumerate(FILES):
        for row in file.read_text("utf-8").splitlines():
            if row.startswith("## "):
                level = Danger(row.split()[1])
            elif row and not row.startswith("#"):
                spelt = dict.fromkeys(spelt_out(row, MOST[level]))
                lines += [Line(text, level, fold) for text in spelt]
    for level in Danger:
        lines += [Line(text, level, FOLDS - 1) for text in _listed(lists / f"{level}.txt")]
    everyday = [*enumerate(dict.fromkeys(_everyday())), *spoken]
    lines += [Line(text, Danger.NONE, number % FOLDS, hard=False) for number, text in everyday]
    return lines


def _listed(path: Path) -> list[str]:
    if not path.is_file():
        raise NotThere(
            say(f"위험 문장 목록이 없어요: {path}", f"There is no such list of danger: {path}"),
            say(
                "소스 폴더에서 하거나 --lists로 알려 주세요.",
                "Run it where the source is, or name the folder with --lists.",
            ),
        )
    return path.read_text("utf-8").splitlines()


def spelt_out(pattern: str, most: int) -> list[str]:
    """Lines that a pattern stands for, always the same ones.

    Args:
        pattern: text in which `(a|b)` is one of its parts.
        most: how many at most, spread evenly by chance.
    """
    parts = [
        part[1:-1].split("|") if part.startswith("(") else [part]
        for part in re.split(r"(\([^)]*\))", pattern)
    ]
    count = 1
    for part in parts:
        count *= len(part)
    chosen = sorted(random.Random(pattern).sample(range(count), min(most, count)))  # noqa: S311 (no secret)
    return [" ".join("".join(_parts(parts, number)).split()) for number in chosen]


def _parts(parts: list[list[str]], number: int) -> list[str]:
    found = []
    for part in parts:
        number, place = divmod(number, len(part))
        found.append(part[place])
    return found


def _everyday() -> chain[str]:
    """Lines with and without an emotion, written for the classifiers."""
    told = _rows("told_lines.txt")
    rows = chain(_rows("short_lines.txt"), _rows("plain_lines.txt"))
    grouped = (text.strip() for row in rows for text in row.rpartition(" | ")[2].split(" / "))
    return chain((row.partition("\t")[2] for row in told), grouped)


def _rows(name: str) -> list[str]:
    rows = (_HERE / name).read_text("utf-8").splitlines()
    return [row for row in rows if row and not row.startswith("#")]
