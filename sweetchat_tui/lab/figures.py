"""All that is measured of a classifier on one part of a prepared corpus.

Reads through the same `Classifier` that the program uses, and matches labels by what they are called, so
a checkpoint that counts them in another order is measured right. Knows no screen and no file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.emotions import EMOTIONS, GROUPS
from sweetchat_tui.errors import Misused
from sweetchat_tui.lab import evaluation, significance
from sweetchat_tui.lab.data import Sentences
from sweetchat_tui.lab.evaluation import PerLabel, Reliability
from sweetchat_tui.lang import say

TOPS = (1, 3, 5)
_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Figures:
    """What a classifier reached."""

    classifier: str
    labels: tuple[str, ...]
    """The 58 labels, or the six groups when the classifier knows no finer ones."""
    n: int
    """Sentences."""
    dialogues: int
    top: dict[int, float]
    """Share whose label was among the first 1, 3, 5."""
    intervals: dict[int, tuple[float, float]]
    """The middle 95 % of each share, over draws of dialogues."""
    per_label: PerLabel
    confusion: NDArray[np.int64]
    """Shape (labels, labels)."""
    group_accuracy: float
    """Share whose group, the sum of its labels, came first; the truth is the corpus's own column."""
    by_turn: list[float]
    """Share right of the first, second, third… sentences."""
    alone: float | None
    """Share right when shown no earlier sentences; None where it never is shown any."""
    calibration_error: float
    reliability: Reliability
    uncertain: float
    """Share called uncertain."""
    right: NDArray[np.bool_]
    """Shape (sentences,): whether the first label was right."""

    @property
    def times_chance(self) -> float:
        """The accuracy over that of guessing evenly."""
        return self.top[1] * len(self.labels)


def measure(classifier: Classifier, rows: Sentences) -> Figures:
    """Read a part, and count.

    Raises:
        Misused: the classifier's labels are neither the 58 nor the six groups.
    """
    known = _labels(classifier)
    places = {label: at for at, label in enumerate(known)}
    columns = np.array([places[emotion.label] for emotion in classifier.emotions])
    truth = rows.groups if known == GROUPS else rows.labels
    chances, uncertain = _read(classifier, rows.texts, rows.contexts, columns)
    alone = None
    if classifier.reads_context:
        alone = evaluation.accuracy(_read(classifier, rows.texts, None, columns)[0], truth)
    ranked = np.argsort(-chances, axis=1, kind="stable")[:, : max(TOPS)]
    hits = {top: (ranked[:, :top] == truth[:, None]).any(axis=1) for top in TOPS}
    ends = significance.intervals(np.stack([*hits.values()], axis=1), rows.dialogues)
    counted = evaluation.confusion(truth, evaluation.guesses(chances), len(known))
    return Figures(
        classifier=classifier.name,
        labels=known,
        n=len(rows.texts),
        dialogues=len(np.unique(rows.dialogues)),
        top={top: float(hit.mean()) for top, hit in hits.items()},
        intervals=dict(zip(TOPS, ends, strict=True)),
        per_label=evaluation.per_label(counted),
        confusion=counted,
        group_accuracy=evaluation.accuracy(_by_group(chances, known), rows.groups),
        by_turn=evaluation.by_turn(chances, truth, rows.turns),
        alone=alone,
        calibration_error=evaluation.calibration_error(chances, truth),
        reliability=evaluation.reliability(chances, truth),
        uncertain=float(uncertain.mean()),
        right=hits[1],
    )


def _labels(classifier: Classifier) -> tuple[str, ...]:
    names = {emotion.label for emotion in classifier.emotions}
    if names == set(GROUPS):
        return GROUPS
    if names == {emotion.label for emotion in EMOTIONS}:
        return tuple(emotion.label for emotion in EMOTIONS)
    strange = ", ".join(sorted(names - {emotion.label for emotion in EMOTIONS})[:3])
    raise Misused(
        say(
            f"{classifier.name}의 라벨은 58가지 감정도 여섯 갈래도 아니에요({len(names)}개, {strange} …).",
            f"{classifier.name} names neither the 58 nor the six groups ({len(names)} labels, {strange} …).",
        ),
        say(
            "config.toml의 labels에 우리 이름을 적으면 맞출 수 있어요.",
            "Give them our names under `labels` in config.toml.",
        ),
    )


def _read(
    classifier: Classifier,
    texts: Sequence[str],
    contexts: Sequence[Sequence[str]] | None,
    columns: NDArray[np.int64],
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Probabilities over our labels, shape (texts, labels), and which texts are uncertain."""
    chances = np.zeros((len(texts), len(columns)), dtype=np.float32)
    uncertain = np.zeros(len(texts), dtype=np.bool_)
    for at in range(0, len(texts), _AT_ONCE):
        here = slice(at, at + _AT_ONCE)
        batch = classifier.read(texts[here], contexts and contexts[here], top=len(columns))
        np.put_along_axis(chances[here], columns[batch.order], batch.confidence, axis=1)
        uncertain[here] = batch.uncertain
    return chances, uncertain


def _by_group(chances: NDArray[np.float32], labels: Sequence[str]) -> NDArray[np.float32]:
    """Shape (texts, 6): the probabilities of each group's labels, summed."""
    if tuple(labels) == GROUPS:
        return chances
    member = np.array([[emotion.group == group for group in GROUPS] for emotion in EMOTIONS])
    summed: NDArray[np.float32] = chances @ member.astype(np.float32)
    return summed
