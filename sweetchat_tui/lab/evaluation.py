"""How well probabilities fit the truth. Knows no model, no text and no label names."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15


def accuracy(chances: NDArray[np.float32], truth: NDArray[np.int64], top: int = 1) -> float:
    """The share whose true label is among the `top` likeliest.

    Args:
        chances: shape (examples, labels).
        truth: shape (examples,).
    """
    best = np.argsort(-chances, axis=1, kind="stable")[:, :top]
    return float((best == truth[:, None]).any(axis=1).mean())


def calibration_error(chances: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Expected calibration error of the likeliest label over BINS equal bins, 0 (best) to 1."""
    confidence = chances.max(axis=1)
    right = chances.argmax(axis=1) == truth
    place = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = [
        abs(float(confidence[place == one].mean()) - float(right[place == one].mean()))
        * float((place == one).mean())
        for one in np.unique(place)
    ]
    return float(sum(gaps))


def by_turn(chances: NDArray[np.float32], truth: NDArray[np.int64], turns: NDArray[np.int64]) -> list[float]:
    """The accuracy of each turn present, from the first on."""
    return [accuracy(chances[turns == turn], truth[turns == turn]) for turn in np.unique(turns)]


def guesses(chances: NDArray[np.float32]) -> NDArray[np.int64]:
    """Shape (examples,): the likeliest label of each; the first of several that are equally likely."""
    best: NDArray[np.int64] = chances.argmax(axis=1)
    return best


def confusion(truth: NDArray[np.int64], guess: NDArray[np.int64], labels: int) -> NDArray[np.int64]:
    """Shape (labels, labels): how often the label of the row was taken for that of the column."""
    counted: NDArray[np.int64] = np.zeros((labels, labels), dtype=np.int64)
    np.add.at(counted, (truth, guess), 1)
    return counted


@dataclass(frozen=True, slots=True)
class PerLabel:
    """How well each label was found. A share of nothing is 0, as scikit-learn reports it."""

    precision: NDArray[np.float64]
    """Shape (labels,)."""
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]
    support: NDArray[np.int64]
    """How many examples have the label."""
    guessed: NDArray[np.int64]
    """How many were taken for it."""

    def macro(self) -> tuple[float, float, float]:
        """Precision, recall and F1 averaged over the labels that occur or were guessed."""
        met = (self.support > 0) | (self.guessed > 0)
        return _three(v[met].mean() for v in (self.precision, self.recall, self.f1))

    def weighted(self) -> tuple[float, float, float]:
        """Precision, recall and F1, each label counted as often as it occurs."""
        share = self.support / self.support.sum()
        return _three((v * share).sum() for v in (self.precision, self.recall, self.f1))


def _three(values: Iterable[float]) -> tuple[float, float, float]:
    precision, recall, f1 = (float(value) for value in values)
    return precision, recall, f1


def per_label(counted: NDArray[np.int64]) -> PerLabel:
    """Precision, recall, F1 and support of each label, from a confusion matrix."""
    right = np.diag(counted).astype(np.float64)
    given, said = counted.sum(axis=1), counted.sum(axis=0)
    precision = right / np.maximum(said, 1)
    recall = right / np.maximum(given, 1)
    both = precision + recall
    f1 = 2 * precision * recall / np.where(both > 0, both, 1)
    return PerLabel(precision, recall, f1, given, said)


def worst_pairs(counted: NDArray[np.int64], most: int = 10) -> list[tuple[int, int, int]]:
    """The pairs of labels most often taken for one another: true label, guess, how often."""
    wrong = counted.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:most]
    pairs = zip(*np.unravel_index(order, wrong.shape), strict=True)
    return [(int(true), int(guess), int(wrong[true, guess])) for true, guess in pairs if wrong[true, guess]]


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often the likeliest label was right, by how sure the classifier was."""

    confidence: list[float]
    """Mean confidence of each bin that holds an example."""
    accuracy: list[float]
    """Share right in it."""
    count: list[int]


def reliability(chances: NDArray[np.float32], truth: NDArray[np.int64]) -> Reliability:
    """The diagram of Guo et al., "On Calibration of Modern Neural Networks" (2017), over BINS equal bins."""
    confidence = chances.max(axis=1)
    right = chances.argmax(axis=1) == truth
    place = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    bins = [place == one for one in np.unique(place)]
    return Reliability(
        [float(confidence[one].mean()) for one in bins],
        [float(right[one].mean()) for one in bins],
        [int(one.sum()) for one in bins],
    )
