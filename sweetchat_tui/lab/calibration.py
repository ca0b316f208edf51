"""What makes confidences honest, found on sentences that were not trained on."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

UNCERTAIN_SHARE = 0.05
"""Share of first sentences that may be called uncertain, as for the embedded classifier."""


def temperature(logits: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """What to divide logits by so that the truth is likeliest (Guo et al., 2017).

    Args:
        logits: shape (examples, labels).
        truth: shape (examples,).
    """
    rows = np.arange(len(truth))

    def surprise(log_heat: float) -> float:
        return -float(log_softmax(logits / np.exp(log_heat), axis=1)[rows, truth].mean())

    found = minimize_scalar(surprise, bounds=(-3.0, 3.0), method="bounded")
    return float(np.exp(found.x))


def uncertain_below(logits: NDArray[np.float32], heat: float, first: NDArray[np.bool_]) -> float:
    """The confidence under which UNCERTAIN_SHARE of the first sentences of dialogues fall.

    Args:
        heat: as `temperature` finds it.
        first: shape (examples,); where there is none, all sentences count.
    """
    confidence = np.exp(log_softmax(logits / heat, axis=1)).max(axis=1)
    return float(np.quantile(confidence[first] if first.any() else confidence, UNCERTAIN_SHARE))
