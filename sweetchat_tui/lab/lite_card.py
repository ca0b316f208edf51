"""The figures of the embedded classifier and its card. Knows nothing of how it is made."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.lab import evaluation


@dataclass(frozen=True, slots=True)
class Figures:
    """What the recipe reaches on dialogues that it was not trained on."""

    sentences: int
    """How many were read."""
    accuracy: float
    """Share whose emotion came first; each sentence with its dialogue's earlier ones."""
    top3: float
    """Share whose emotion was among the first three."""
    by_turn: tuple[float, ...]
    """Accuracy of the first, second, third… sentences."""
    calibration_error: float
    """Expected calibration error, 0 (best) to 1."""
    uncertain_first: float
    """Share of first sentences called uncertain."""
    uncertain_plain: float
    """Share of the lab's own plain lines called uncertain."""


def figures(
    chances: NDArray[np.float32],
    truth: NDArray[np.int64],
    turns: NDArray[np.int64],
    uncertain_first: NDArray[np.bool_],
    uncertain_plain: NDArray[np.bool_],
) -> Figures:
    """The figures of out-of-fold probabilities, shape (sentences, 58)."""
    return Figures(
        sentences=len(truth),
        accuracy=evaluation.accuracy(chances, truth),
        top3=evaluation.accuracy(chances, truth, top=3),
        by_turn=tuple(evaluation.by_turn(chances, truth, turns)),
        calibration_error=evaluation.calibration_error(chances, truth),
        uncertain_first=float(uncertain_first.mean()),
        uncertain_plain=float(uncertain_plain.mean()),
    )


def line(found: Figures) -> str:
    """The figures in one line."""
    turns = " / ".join(f"{share:.3f}" for share in found.by_turn)
    return (
        f"accuracy {found.accuracy:.4f}, top 3 {found.top3:.4f}, by turn {turns}, "
        f"ECE {found.calibration_error:.4f}, uncertain: first turns {found.uncertain_first:.3f}, "
        f"plain lines {found.uncertain_plain:.3f}"
    )


def card(found: Figures) -> str:
    """The card, in Markdown."""
    today = datetime.now(UTC).date()
    return f"# lite-1\n\n{line(found)}\n\n{today}\n"
