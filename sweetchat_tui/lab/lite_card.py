"""The figures of the embedded classifier and its card. Knows nothing of how it is made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import prepared
from sweetchat_tui.classifiers.lite import LiteClassifier
from sweetchat_tui.lab import card as cards
from sweetchat_tui.lab import evaluation
from sweetchat_tui.lang import say

FILE = "lite.md"
"""The card's name, beside the weights."""

_EVALUATED = re.compile(r"(?<=\n## Figures\n\n).*?(?=\nOut of fold)", re.DOTALL)
_THESE = "With these weights, on dialogues that they were not taught by (data `$data`):"
_OTHERS = (
    "The weights here are taught by all dialogues. These figures are of others that `lab train-lite` made"
    " without the $part part of `lab prepare` (data `$data`), on that part:"
)


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
    alone: float
    """Accuracy of every sentence read without the earlier ones."""
    calibration_error: float
    """Expected calibration error, 0 (best) to 1."""
    uncertain_first: float
    """Share of first sentences called uncertain."""
    uncertain_plain: float
    """Share of the lab's own plain lines called uncertain."""


def figures(
    chances: NDArray[np.float32],
    alone: NDArray[np.float32],
    truth: NDArray[np.int64],
    turns: NDArray[np.int64],
    uncertain_first: NDArray[np.bool_],
    uncertain_plain: NDArray[np.bool_],
) -> Figures:
    """The figures of out-of-fold probabilities, shape (sentences, 58), and scores of sentences alone."""
    return Figures(
        sentences=len(truth),
        accuracy=evaluation.accuracy(chances, truth),
        top3=evaluation.accuracy(chances, truth, top=3),
        by_turn=tuple(evaluation.by_turn(chances, truth, turns)),
        alone=evaluation.accuracy(alone, truth),
        calibration_error=evaluation.calibration_error(chances, truth),
        uncertain_first=float(uncertain_first.mean()),
        uncertain_plain=float(uncertain_plain.mean()),
    )


def line(found: Figures) -> str:
    """The figures in one line."""
    turns = " / ".join(f"{share:.3f}" for share in found.by_turn)
    return say(
        f"정확도 {found.accuracy:.4f}, 위 3개 안 {found.top3:.4f}, 차례별 {turns}, 문장만 {found.alone:.3f}, "
        f"ECE {found.calibration_error:.4f}, 뚜렷하지 않음: 첫 문장 {found.uncertain_first:.3f}, "
        f"감정 없는 말 {found.uncertain_plain:.3f}",
        f"accuracy {found.accuracy:.4f}, top 3 {found.top3:.4f}, by turn {turns}, alone {found.alone:.3f}, "
        f"ECE {found.calibration_error:.4f}, uncertain: first turns {found.uncertain_first:.3f}, "
        f"plain lines {found.uncertain_plain:.3f}",
    )


def card(found: Figures, template: str, *, dialogues: int, folds: int, seed: int, date: str) -> str:
    """The card, in Markdown.

    Args:
        found: the figures of the recipe.
        template: the text, with a `$name` for each value.
        dialogues: how many it was made from.
        folds: how many the figures were measured over.
        seed: of the folds.
        date: when it was made, as in 2026-11-22.
    """
    return Template(template).substitute(
        sentences=f"{found.sentences:,}",
        dialogues=f"{dialogues:,}",
        folds=folds,
        seed=seed,
        date=date,
        accuracy=f"{found.accuracy:.3f}",
        top3=f"{found.top3:.3f}",
        turns=" / ".join(f"{share:.3f}" for share in found.by_turn),
        alone=f"{found.alone:.3f}",
        error=f"{found.calibration_error:.3f}",
        first=f"{found.uncertain_first:.1%}",
        plain=f"{found.uncertain_plain:.1%}",
        evaluated=cards.figures({}),
    )


def renew(folder: Path, measured: Mapping[str, Any]) -> bool:
    """Put what `lab evaluate` found into the card that `lab train-lite` left in this folder.

    Without a card, for another classifier, or where it may have known the sentences, do nothing. Of other
    weights a card tells only where its own are taught by all dialogues, so that nothing is left to measure.

    Returns:
        Whether the card tells it now.
    """
    path = folder / FILE
    own = cards.weights(folder) == measured["weights"]
    may = own or not cards.read(folder, "training.json").get("parts")
    known = measured["classifier"] == LiteClassifier.name and measured["seen"] == "no"
    if not (path.is_file() and may and known):
        return False
    prepared.write(path, evaluated(path.read_text(encoding="utf-8"), measured, own=own).encode())
    return True


def evaluated(card: str, measured: Mapping[str, Any], *, own: bool) -> str:
    """The card with these figures in the place of those that it had.

    Args:
        measured: what `lab evaluate` wrote.
        own: it read with the very weights that the card is about.
    """
    said = Template(_THESE if own else _OTHERS).substitute(data=measured["data"][:12], part=measured["part"])
    return _EVALUATED.sub(lambda _: f"{said}\n\n{cards.figures(measured)}", card)
