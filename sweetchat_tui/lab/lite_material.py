"""What the embedded classifier is learnt from: the corpus and the lab's own lines, as counts of slots.

Knows nothing of how they are learnt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sweetchat_tui.classifiers.lite import WINDOW
from sweetchat_tui.emotions import find
from sweetchat_tui.lab import corpus, lite_features, splits

_HERE = Path(__file__).parent
_FADING = 0.95
"""How much a sentence weighs against the one after it while it is learnt from. Read, they weigh alike."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that is learnt from, as counts of slots."""

    texts: list[str]
    """Every sentence of the corpus."""
    contexts: list[tuple[str, ...]]
    """For each sentence the earlier ones of its dialogue."""
    emotions: NDArray[np.int64]
    """Shape (texts,)."""
    fold: NDArray[np.int64]
    """Shape (texts,)."""
    turns: NDArray[np.int64]
    """Shape (texts,): how many sentences came before in the dialogue."""
    alone: sparse.csr_matrix
    """Shape (texts, slots): each sentence."""
    joined: sparse.csr_matrix
    """Shape (texts, slots): each sentence with the earlier ones."""
    answers: sparse.csr_matrix
    """Shape (dialogues, slots): the system's answers of each dialogue."""
    answer_emotions: NDArray[np.int64]
    """Shape (dialogues,)."""
    answer_fold: NDArray[np.int64]
    """Shape (dialogues,)."""
    short: sparse.csr_matrix
    """Shape (lines, slots): own short lines with an emotion."""
    short_emotions: NDArray[np.int64]
    """Shape (lines,)."""
    plain: list[str]
    """Own lines without an emotion."""
    plain_counts: sparse.csr_matrix
    """Shape (plain lines, slots)."""
    plain_fold: NDArray[np.int64]
    """Shape (plain lines,)."""


def gather(dialogues: Sequence[corpus.Dialogue], folds: int, seed: int) -> Material:
    """Turn dialogues and the lab's own lines into what is learnt from.

    Args:
        dialogues: the corpus.
        folds: how many.
        seed: of the folds.
    """
    emotions = np.array([dialogue.emotion for dialogue in dialogues])
    fold = splits.folds(emotions.tolist(), folds, seed)
    lengths = np.array([len(dialogue.sentences) for dialogue in dialogues])
    texts = [sentence for dialogue in dialogues for sentence in dialogue.sentences]
    contexts = [d.sentences[max(0, at - WINDOW) : at] for d in dialogues for at in range(len(d.sentences))]
    turns = np.array([at for length in lengths for at in range(length)])
    alone = lite_features.counts(texts)
    short = _short_lines()
    plain = _plain_lines()
    return Material(
        texts=texts,
        contexts=contexts,
        emotions=np.repeat(emotions, lengths),
        fold=np.repeat(fold, lengths),
        turns=turns,
        alone=alone,
        joined=(_earlier(turns) @ alone).tocsr(),
        answers=lite_features.counts([" . ".join(dialogue.answers) for dialogue in dialogues]),
        answer_emotions=emotions,
        answer_fold=fold,
        short=lite_features.counts([line for _, line in short]),
        short_emotions=np.array([emotion for emotion, _ in short]),
        plain=plain,
        plain_counts=lite_features.counts(plain),
        plain_fold=splits.folds([0] * len(plain), folds, seed),
    )


def _short_lines() -> list[tuple[int, str]]:
    """The lab's own lines with an emotion: short ones, as people type, and longer ones, as they tell."""
    typed = [line.split("|") for line in _lines("short_lines.txt") if "|" in line]
    told = [line.split("\t") for line in _lines("told_lines.txt")]
    named = [(label, text) for label, texts in typed for text in texts.split(" / ")]
    named += [(label, text) for label, text in told]
    return [(emotion.index, text.strip()) for label, text in named if (emotion := find(label))]


def _lines(name: str) -> list[str]:
    return (_HERE / name).read_text(encoding="utf-8").splitlines()


def _plain_lines() -> list[str]:
    lines = (_HERE / "plain_lines.txt").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(chain.from_iterable(x.split(" / ") for x in lines if not x.startswith("#"))))


def _earlier(turns: NDArray[np.int64]) -> sparse.csr_matrix:
    """Adds to each sentence the ones before it in its dialogue."""
    pairs = [
        (at, at - age, _FADING**age) for at in range(len(turns)) for age in range(min(turns[at], WINDOW) + 1)
    ]
    row, column, value = map(np.array, zip(*pairs, strict=True))
    return sparse.csr_matrix((value.astype(np.float32), (row, column)), (len(turns), len(turns)))
