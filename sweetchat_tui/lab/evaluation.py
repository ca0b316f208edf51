"""How well probabilities fit the truth. Knows no model, no text and no label names."""

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
