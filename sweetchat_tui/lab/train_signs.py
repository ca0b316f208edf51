"""Learn the signs of danger of `safety/signs.txt`: many weak ones, and whole numbers that a person can read.

A linear support vector machine over runs of one to five syllables of the folded text, with an L2 penalty:
on lines of another hand it found more than a few strong signs did. A concern counts half as a crisis and
half as none, so that one sum has both thresholds. They are set on lines of hands that were not learnt
from, of which few harmless ones may reach them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.svm import LinearSVC

from sweetchat_tui.conversation import Danger
from sweetchat_tui.lab import data
from sweetchat_tui.lab.danger_material import FOLDS, Line
from sweetchat_tui.lab.output import writing
from sweetchat_tui.safety.folding import SENTENCE_END, fold
from sweetchat_tui.safety.rules import level as by_rules
from sweetchat_tui.safety.signs import LONGER, LONGEST, SHORT, bounded

SCALE = 1000
"""Points for one unit of the margin."""
PENALTY = 0.01
CRISIS_WEIGHT = 3.0
EVERYDAY_WEIGHT = 3.0
"""Weights against those of a hard harmless line. Few everyday lines are near danger, and all count."""
MOST_HARD = {Danger.CRISIS: 0.02, Danger.CONCERN: 0.08}
"""The share of hard harmless lines that may be raised, of hands that were not learnt from."""
MOST_EVERYDAY = {Danger.CRISIS: 0.001, Danger.CONCERN: 0.006}
"""The same of everyday lines; of the corpus's that would be raised, about one in four is dark indeed."""
MOST_SIGNS = 80_000
GLANCE_LOSES = 0.005
"""The share of found crises that may be lost because their short signs have few points."""
SYLLABLES = re.compile("[.]?[가-힣]+[.]?")
"""What a sign may be: loose letters and digits stand in a folded message only by chance."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt, in points."""

    points: NDArray[np.int64]
    """What each run of syllables adds, nought for most."""
    glance: int
    concern: int
    crisis: int
    rates: str
    """How good it is on lines of hands that were not learnt from, in words."""


def train(lines: Sequence[Line], out: Path, today: date, report: Callable[[str], None]) -> None:
    """Learn signs and write them to a file.

    Args:
        lines: what `danger_material.gather` gave.
        out: the file to write.
        today: the day to write into it.
        report: is told each step.

    Raises:
        OutputUnwritable: `out` cannot be written.
    """
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    texts = [fold(line.text) for line in lines]
    read = np.array([by_rules(text) for text in texts])
    # An everyday line that the rules raise may be dark: it teaches nothing about harmless ones.
    kept = [i for i, line in enumerate(lines) if line.hard or read[i] == Danger.NONE]
    lines, texts, read = [lines[i] for i in kept], [bounded(texts[i]) for i in kept], read[kept]
    report(f"{len(lines)} lines")
    names, met = _signs_in(texts)
    learnt = learn(lines, names, met, read)
    report(learnt.rates)
    with writing(out):
        out.write_text(_file(learnt, lines, names, today), encoding="utf-8")


def spoken(corpus: Path) -> list[tuple[int, str]]:
    """What people say in a corpus of `lab prepare`, each sentence with the number of its dialogue: without,
    one long message in a hundred is raised for nothing."""
    parts = [part for part in data.PARTS if data.path_of(corpus, part).is_file()] or data.PARTS
    return [
        said
        for found in (data.sentences(corpus, part) for part in parts)
        for said in zip(found.dialogues.tolist(), found.texts, strict=True)
    ]


def learn(
    lines: Sequence[Line], names: NDArray[np.str_], met: sparse.csr_matrix, read: NDArray[np.str_]
) -> Learnt:
    """Fit on all lines, with thresholds and rates from hands left out in turn.

    Args:
        lines: the lines.
        names: the runs of syllables that could be signs.
        met: a row for each line, how often each of `names` is in it.
        read: what the rules make of each line.
    """
    level = np.array([line.level for line in lines])
    hard = np.array([line.hard for line in lines])
    fold_of = np.array([line.fold for line in lines])
    has = (met > 0).astype(np.float64)
    short = np.char.str_len(names) <= SHORT
    sums, glances = np.zeros((2, len(lines)))
    for left_out in range(FOLDS):
        new = fold_of == left_out
        points, base = _fit(has[~new], level[~new], hard[~new])
        sums[new], glances[new] = has[new] @ points + base, met[new] @ (points * short) + base
    alone = read == Danger.NONE
    unseen, everyday = alone & hard & (level == Danger.NONE), alone & ~hard
    crisis, concern = (
        max(
            np.quantile(sums[unseen], 1 - MOST_HARD[reached]),
            np.quantile(sums[everyday], 1 - MOST_EVERYDAY[reached]),
        )
        for reached in (Danger.CRISIS, Danger.CONCERN)
    )
    glance = np.quantile(glances[alone & (level == Danger.CRISIS) & (sums > concern)], GLANCE_LOSES)
    sums[glances < glance] = -np.inf
    rates = _rates(level, hard, read, sums, concern, crisis)
    points, base = _fit(has, level, hard)
    glance, concern, crisis = np.ceil(np.array([glance, concern, crisis]) - base).astype(int).tolist()
    return Learnt(points, glance, concern, crisis, rates)


def _signs_in(texts: Sequence[str]) -> tuple[NDArray[np.str_], sparse.csr_matrix]:
    counter = CountVectorizer(
        analyzer="char", ngram_range=(1, LONGEST), lowercase=False, min_df=2, dtype=np.float64
    )
    met = counter.fit_transform(texts)
    names = counter.get_feature_names_out().astype(str)
    fit = [i for i, name in enumerate(names) if _stays(name)]
    return names[fit], met[:, fit].tocsr()


def _stays(name: str) -> bool:
    """Whether a run of syllables is one, and would stand so in any message."""
    bare = name.strip(SENTENCE_END)
    return SYLLABLES.fullmatch(name) is not None and fold(bare) == bare


def _fit(has: sparse.csr_matrix, level: NDArray[np.str_], hard: Bools) -> tuple[NDArray[np.int64], float]:
    """The points of each sign, nought for most, and those of a line without any."""
    between = level == Danger.CONCERN
    rows = sparse.vstack([has[~between], has[between], has[between]])
    crisis = level[~between] == Danger.CRISIS
    halves = np.ones(between.sum())
    weight = np.where(crisis, CRISIS_WEIGHT, np.where(hard[~between], 1.0, EVERYDAY_WEIGHT))
    model = LinearSVC(C=PENALTY, tol=0.1, random_state=0)
    model.fit(rows, np.concatenate([crisis, halves, 0 * halves]), np.concatenate([weight, halves, halves]))
    points = np.rint(model.coef_[0] * SCALE).astype(np.int64)
    # What is met often weighs more on the sums.
    matter = np.abs(points) * np.sqrt(np.asarray(has.sum(axis=0)).ravel())
    points[np.argsort(-matter, kind="stable")[MOST_SIGNS:]] = 0
    return points, float(model.intercept_[0]) * SCALE


def _rates(
    level: NDArray[np.str_], hard: Bools, read: NDArray[np.str_], sums: Floats, concern: float, crisis: float
) -> str:
    alone = read == Danger.NONE
    called = read == Danger.CRISIS
    raised = {Danger.CRISIS: ~called & (sums > crisis), Danger.CONCERN: alone & (sums > concern)}

    def share(which: Bools, found: Bools) -> str:
        return f"{found[which].mean():.1%}"

    danger, harmless, everyday = level == Danger.CRISIS, (level == Danger.NONE) & hard, ~hard
    silent = alone & ~raised[Danger.CONCERN]
    return (
        "On lines of hands that were not learnt from, of crises\n"
        f"  read as harmless: {share(danger, alone)} by the rules, {share(danger, silent)} with the signs\n"
        f"  read as crisis:   {share(danger, called)} by the rules, "
        f"{share(danger, called | raised[Danger.CRISIS])} with the signs\n"
        f"and the signs raise, of hard harmless lines, {share(harmless, raised[Danger.CRISIS])} to a crisis, "
        f"{share(harmless, raised[Danger.CONCERN])} at all,\n"
        f"of everyday lines {share(everyday, raised[Danger.CRISIS])} "
        f"and {share(everyday, raised[Danger.CONCERN])}."
    )


def _file(learnt: Learnt, lines: Sequence[Line], names: NDArray[np.str_], today: date) -> str:
    count = {level: sum(line.level is level for line in lines) for level in Danger}
    head = (
        "Signs of danger, learnt by `sweetchat lab train-signs` and not made by hand.\n"
        "A sign is a run of syllables of the folded text, '.' where a sentence begins or ends. Each row has\n"
        "the signs of so many points. Those of all signs in a message are added up; the sum can only raise\n"
        "what the rules read.\n"
        f"Learnt from {count[Danger.CRISIS]} crisis, {count[Danger.CONCERN]} concern "
        f"and {count[Danger.NONE]} harmless lines: lab/danger/,\n"
        "the tests' lists, the lab's everyday lines and, where one was given, a corpus.\n"
        f"{learnt.rates}\nNot yet reviewed by a clinician."
    )
    rows = [f"# {row}" for row in head.splitlines()]
    rows += [
        f"made {today}",
        f"glance {learnt.glance}",
        f"concern {learnt.concern}",
        f"crisis {learnt.crisis}",
    ]
    short = np.char.str_len(names) <= SHORT
    rows += [*_rows(learnt.points[short], names[short]), LONGER, *_rows(learnt.points[~short], names[~short])]
    return "\n".join(rows) + "\n"


def _rows(points: NDArray[np.int64], names: NDArray[np.str_]) -> list[str]:
    numbers = sorted({*points.tolist()} - {0}, key=lambda number: (-abs(number), number))
    return [" ".join([str(number), *names[points == number]]) for number in numbers]
