"""Learn the signs of danger of `safety/signs.toml`: sparse, and whole numbers that a person can read.

A logistic regression with an L1 penalty over runs of two to four syllables of the folded text. A
concern counts half as a crisis and half as none, so that one sum has both thresholds. They are set on
topics that were not learnt from, in which few harmless lines may reach them.
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
from sklearn.linear_model import LogisticRegression

from sweetchat_tui.conversation import Danger
from sweetchat_tui.lab import danger_material, data
from sweetchat_tui.lab.danger_material import Line
from sweetchat_tui.lab.output import writing
from sweetchat_tui.safety.folding import fold
from sweetchat_tui.safety.rules import level as by_rules
from sweetchat_tui.safety.signs import LONGEST, bounded

FOLDS = 5
SCALE = 40
"""Points for one unit of log odds."""
PENALTY = 1.0
CRISIS_WEIGHT = 3.0
MOST_HARMLESS = {Danger.CRISIS: 0.015, Danger.CONCERN: 0.05}
"""The share of hard harmless lines that may be raised, on topics that were not learnt from."""
SYLLABLES = re.compile("[.]?[가-힣]+[.]?")
"""What a sign may be: loose letters and digits stand in a folded message only by chance."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt, in points."""

    points: dict[str, int]
    concern: int
    crisis: int
    rates: str
    """How good it is on topics that were not learnt from, in words."""


def train(lists: Path, corpus: Path | None, out: Path, today: date, report: Callable[[str], None]) -> None:
    """Learn signs and write them to a file.

    Args:
        lists: the folder of the tests' lists.
        corpus: a folder of `lab prepare`, whose sentences are everyday ones: without, one long message in
            a hundred is raised for nothing.
        out: the file to write.
        today: the day to write into it.
        report: is told each step.

    Raises:
        NotThere: a list is missing, or no corpus is prepared there.
        OutputUnwritable: `out` cannot be written.
    """
    danger_material.require(lists)
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    spoken = _spoken(corpus) if corpus else []
    lines, reasons = danger_material.gather(lists, spoken)
    texts = [fold(line.text) for line in lines]
    read = np.array([by_rules(text) for text in texts])
    # An everyday line that the rules raise may be dark: it teaches nothing about harmless ones.
    kept = [i for i, line in enumerate(lines) if line.hard or read[i] == Danger.NONE]
    lines, texts, read = [lines[i] for i in kept], [bounded(texts[i]) for i in kept], read[kept]
    report(f"{len(lines)} lines")
    learnt = learn(lines, texts, read)
    report(learnt.rates)
    with writing(out):
        out.write_text(_file(learnt, lines, texts, reasons, today), encoding="utf-8")


def _spoken(corpus: Path) -> list[tuple[int, str]]:
    """What people say in a corpus, each sentence with the number of its dialogue."""
    parts = [part for part in data.PARTS if data.path_of(corpus, part).is_file()] or data.PARTS
    return [
        said
        for found in (data.sentences(corpus, part) for part in parts)
        for said in zip(found.dialogues.tolist(), found.texts, strict=True)
    ]


def learn(lines: Sequence[Line], texts: Sequence[str], read: NDArray[np.str_]) -> Learnt:
    """Fit on all lines, with thresholds and rates from topics left out in turn."""
    fold_of = _folds(lines)
    sums = np.zeros(len(lines))
    for k in range(FOLDS):
        known, new = np.flatnonzero(fold_of != k), np.flatnonzero(fold_of == k)
        points = _fit(*_these(known, lines, texts))
        sums[new] = sums_of(points, _these(new, lines, texts)[1])
    harmless = np.array([line.hard and line.level is Danger.NONE for line in lines])
    unseen = harmless & (read == Danger.NONE)
    crisis, concern = (
        int(np.quantile(sums[unseen], 1 - MOST_HARMLESS[level])) + 1
        for level in (Danger.CRISIS, Danger.CONCERN)
    )
    return Learnt(_fit(lines, texts), concern, crisis, _rates(lines, read, sums, concern, crisis))


def sums_of(points: dict[str, int], texts: Sequence[str]) -> Floats:
    """The sum of the points of each text."""
    if not points:
        return np.zeros(len(texts))
    counter = CountVectorizer(
        analyzer="char", ngram_range=(2, LONGEST), binary=True, lowercase=False, vocabulary=list(points)
    )
    return np.asarray(counter.transform(texts) @ np.array(list(points.values())), dtype=np.float64)


def _these(
    which: NDArray[np.intp], lines: Sequence[Line], texts: Sequence[str]
) -> tuple[list[Line], list[str]]:
    return [lines[int(i)] for i in which], [texts[int(i)] for i in which]


def _folds(lines: Sequence[Line]) -> NDArray[np.int64]:
    """The fold of each line, by topic; topics of each level are dealt out evenly."""
    topics = sorted({line.topic for line in lines})
    fold = {topic: number % FOLDS for number, topic in enumerate(topics)}
    return np.array([fold[line.topic] for line in lines])


def _fit(lines: Sequence[Line], texts: Sequence[str]) -> dict[str, int]:
    counter = CountVectorizer(
        analyzer="char", ngram_range=(2, LONGEST), binary=True, lowercase=False, min_df=4
    )
    counts = counter.fit_transform(texts)
    level = np.array([line.level for line in lines])
    between = level == Danger.CONCERN
    rows = sparse.vstack([counts[~between], counts[between], counts[between]])
    wanted = np.concatenate(
        [level[~between] == Danger.CRISIS, np.ones(between.sum()), np.zeros(between.sum())]
    )
    weight = np.where(level[~between] == Danger.CRISIS, CRISIS_WEIGHT, 1.0)
    weights = np.concatenate([weight, np.ones(2 * between.sum())])
    model = LogisticRegression(
        l1_ratio=1, solver="liblinear", C=PENALTY, max_iter=300, tol=1e-3, random_state=0
    )
    model.fit(rows, wanted, sample_weight=weights)
    points = np.rint(model.coef_[0] * SCALE).astype(int)
    names = counter.get_feature_names_out()
    kept = (i for i in np.flatnonzero(points) if SYLLABLES.fullmatch(names[i]))
    return {str(names[i]): int(points[i]) for i in kept}


def _rates(lines: Sequence[Line], read: NDArray[np.str_], sums: Floats, concern: int, crisis: int) -> str:
    level = np.array([line.level for line in lines])
    hard = np.array([line.hard for line in lines])
    alone = read == Danger.NONE
    raised = {Danger.CRISIS: alone & (sums >= crisis), Danger.CONCERN: alone & (sums >= concern)}

    def share(which: NDArray[np.bool_], found: NDArray[np.bool_]) -> str:
        return f"{found[which].mean():.1%}"

    danger, harmless, everyday = level == Danger.CRISIS, (level == Danger.NONE) & hard, ~hard
    silent = alone & ~raised[Danger.CONCERN]
    called = read == Danger.CRISIS
    return (
        "On topics that were not learnt from, of crisis lines\n"
        f"  read as harmless: {share(danger, alone)} by the rules, {share(danger, silent)} with the signs\n"
        f"  read as crisis:   {share(danger, called)} by the rules, "
        f"{share(danger, called | raised[Danger.CRISIS])} with the signs\n"
        f"and the signs raise, of hard harmless lines, {share(harmless, raised[Danger.CRISIS])} to a crisis, "
        f"{share(harmless, raised[Danger.CONCERN])} at all,\n"
        f"of everyday lines {share(everyday, raised[Danger.CRISIS])} "
        f"and {share(everyday, raised[Danger.CONCERN])}."
    )


def _file(
    learnt: Learnt,
    lines: Sequence[Line],
    texts: Sequence[str],
    reasons: dict[str, str],
    today: date,
) -> str:
    count = {level: sum(line.level is level for line in lines) for level in Danger}
    head = (
        "Signs of danger with their points, learnt by `sweetchat lab train-signs` and not made by hand.\n"
        "A sign is a run of syllables of the folded text, '.' where a sentence begins or ends. The points\n"
        "of all signs in a message are added up; the sum can only raise what the rules read as harmless.\n"
        f"Learnt from {count[Danger.CRISIS]} crisis, {count[Danger.CONCERN]} concern "
        f"and {count[Danger.NONE]} harmless lines: lab/danger_lines.txt,\n"
        "the tests' lists, the lab's everyday lines and, where one was given, a corpus.\n"
        f"{learnt.rates}\nNot yet reviewed by a clinician."
    )
    rows = [f"# {row}" for row in head.splitlines()]
    rows += ["", f"made = {today}", f"concern = {learnt.concern}", f"crisis = {learnt.crisis}"]
    for why, found in _grouped(learnt.points, lines, texts, reasons).items():
        pairs = [f"{sign} {points}" for sign, points in found]
        rows += ["", "[[group]]", f'why = "{why}"', f'signs = """\n{_wrapped(pairs, 8)}\n"""']
    return "\n".join(rows) + "\n"


def _grouped(
    points: dict[str, int], lines: Sequence[Line], texts: Sequence[str], reasons: dict[str, str]
) -> dict[str, list[tuple[str, int]]]:
    """The signs under the reason of the topic in which they are most at home, the strongest first."""
    signs = list(points)
    has = CountVectorizer(
        analyzer="char", ngram_range=(2, LONGEST), binary=True, lowercase=False, vocabulary=signs
    ).transform(texts)
    topics = list(reasons)
    for_danger = np.array([not topic.startswith(Danger.NONE) for topic in topics])
    topic_of = np.array([line.topic for line in lines])
    share = np.array([np.asarray(has[topic_of == topic].mean(axis=0)).ravel() for topic in topics])
    grouped: dict[str, list[tuple[str, int]]] = {}
    for place, sign in sorted(enumerate(signs), key=lambda item: (-abs(points[item[1]]), item[1])):
        side = share[:, place] * (for_danger == (points[sign] > 0))
        home = reasons[topics[int(np.argmax(side))]] if side.max() > 0 else "words of everyday lines"
        grouped.setdefault(home, []).append((sign, points[sign]))
    order = [*reasons.values(), "words of everyday lines"]
    return {why: grouped[why] for why in order if why in grouped}


def _wrapped(words: Sequence[str], per_row: int) -> str:
    return "\n".join("  ".join(words[at : at + per_row]) for at in range(0, len(words), per_row))
