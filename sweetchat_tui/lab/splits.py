"""Folds by dialogue: no two sentences of one dialogue fall on both sides. Knows no texts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def folds(emotions: Sequence[int], count: int, seed: int) -> NDArray[np.int64]:
    """The fold of each dialogue, 0 to count - 1; each emotion is spread evenly.

    Args:
        emotions: the emotion of each dialogue.
        count: how many folds.
        seed: the same seed gives the same folds.
    """
    random = np.random.default_rng(seed)
    labels = np.asarray(emotions)
    fold = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == label))
        fold[members] = (np.arange(len(members)) + random.integers(count)) % count
    return fold
