"""Splits by dialogue: no two sentences of one dialogue fall on both sides. Knows no texts."""

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


def parts(strata: Sequence[int], shares: Sequence[float], seed: int) -> NDArray[np.int64]:
    """The part of each dialogue; every stratum, and all of them together, is divided by the shares.

    The first part gets at least one dialogue of each stratum, so that a rare emotion can be learnt.

    Args:
        strata: what is to be divided evenly: the emotion of each dialogue, for one.
        shares: of the parts, each above 0; their sum counts as the whole.
        seed: the same seed gives the same parts.
    """
    random = np.random.default_rng(seed)
    kinds = np.asarray(strata)
    wanted = np.asarray(shares, dtype=np.float64) / sum(shares)
    part = np.empty(len(kinds), dtype=np.int64)
    given = np.zeros(len(wanted))
    for kind in np.unique(kinds):
        for place, member in enumerate(random.permutation(np.flatnonzero(kinds == kind))):
            # To the part that is furthest behind its share, over all strata so far.
            behind = wanted * (given.sum() + 1) - given
            part[member] = behind.argmax() if place else 0
            given[part[member]] += 1
    return part
