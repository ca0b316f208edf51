"""How sure a figure is, and whether one classifier is better than another on the same rows.

Sentences of one dialogue hang together, so what is drawn again and again is dialogues, not sentences.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000


def intervals(
    right: NDArray[np.bool_], dialogues: NDArray[np.int64], *, seed: int = 0, draws: int = DRAWS
) -> list[tuple[float, float]]:
    """The middle 95 % of shares over bootstrap draws of whole dialogues (Efron, 1979; percentile method).

    Args:
        right: shape (sentences, shares): what each share is of.
        dialogues: shape (sentences,): which dialogue each belongs to.
        draws: how many times as many dialogues are drawn, with replacement.
    """
    _, own = np.unique(dialogues, return_inverse=True)
    sizes = np.bincount(own).astype(np.float64)
    hits = np.stack([np.bincount(own, weights=column) for column in right.T], axis=1)
    random = np.random.default_rng(seed)
    shares = np.empty((draws, right.shape[1]))
    for at in range(draws):
        drawn = np.bincount(random.integers(len(sizes), size=len(sizes)), minlength=len(sizes))
        shares[at] = (drawn @ hits) / (drawn @ sizes)
    low, high = np.quantile(shares, (0.025, 0.975), axis=0).tolist()
    return list(zip(low, high, strict=True))


@dataclass(frozen=True, slots=True)
class McNemar:
    """Two classifiers on the same rows."""

    only_first: int
    """Rows that only the first one got right."""
    only_second: int
    p: float
    """Chance of a difference as large if neither were better."""


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> McNemar:
    """The exact, two-sided test of McNemar (1947): among the rows where one alone is right, is it a coin?

    Args:
        first, second: shape (rows,): whether each was right.
    """
    # 1 s: all distributions there are.
    from scipy.stats import binomtest

    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    apart = only_first + only_second
    p = float(binomtest(only_first, apart).pvalue) if apart else 1.0
    return McNemar(only_first, only_second, p)
