"""Makes the embedded classifier: reads the corpus, checks the recipe by folds, writes weights and card.

The same file, seed and library versions give the same weights, bit for bit. Knows the recipe; the
arithmetic is in `lite_features`, the words of the card in `lite_card`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar

from sweetchat_tui.classifiers.hashing import ROWS
from sweetchat_tui.classifiers.lite import COLUMNS, HEAD, WINDOW, Head, LiteClassifier
from sweetchat_tui.emotions import EMOTIONS, GROUPS, find
from sweetchat_tui.lab import corpus, lite_card, lite_features, splits
from sweetchat_tui.lab.lite_card import Figures

_HERE = Path(__file__).parent
_DECAY = 1.0
_RARITY = 0.8
_RIDGE = 3.0
_ANSWER_WEIGHT = 0.5
_SHORT_WEIGHT = 1.0
_GROUP_SHARE = 0.3
_PLAIN_RIDGE = 1.0
_PLAIN_WEIGHT = 4.0
_CLIP = 0.9999
PLAIN_SHARE = 0.06
"""The share of the corpus's first turns that may pass for plain, out of fold."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that is learnt from, as counts of rows."""

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
    """Shape (texts, ROWS): each sentence."""
    joined: sparse.csr_matrix
    """Shape (texts, ROWS): each sentence with the earlier ones."""
    answers: sparse.csr_matrix
    """Shape (dialogues, ROWS): the system's answers of each dialogue."""
    answer_emotions: NDArray[np.int64]
    """Shape (dialogues,)."""
    answer_fold: NDArray[np.int64]
    """Shape (dialogues,)."""
    short: sparse.csr_matrix
    """Shape (lines, ROWS): own short lines with an emotion."""
    short_emotions: NDArray[np.int64]
    """Shape (lines,)."""
    plain: list[str]
    """Own lines without an emotion."""
    plain_counts: sparse.csr_matrix
    """Shape (plain lines, ROWS)."""
    plain_fold: NDArray[np.int64]
    """Shape (plain lines,)."""


def train(
    data: Path, out: Path, *, folds: int = 5, seed: int = 0, report: Callable[[str], object] = print
) -> Figures:
    """Make the weights, `lite.bin`, and the card, `lite.md`, in the folder `out`.

    Args:
        data: the corpus, a spreadsheet.
        out: is made if it is not there.
        folds: how many parts the dialogues are split into to measure the recipe.
        seed: of the split.
        report: is told in one line at a time how it goes.

    Raises:
        NotThere: no file at `data`.
        Unreadable: `data` is not the corpus.
    """
    material = gather(corpus.read(data), folds, seed)
    report(f"{len(material.texts):,} sentences of {material.answers.shape[0]:,} dialogues")
    figures, head = _measure(material, folds, report)
    weights = _fit(material, np.ones(len(material.texts), bool), np.ones(len(material.plain), bool))
    scales, rows = _quantise(weights)
    out.mkdir(parents=True, exist_ok=True)
    final = Head(scales, head.bias, head.sharpness, head.decay, head.plain_from)
    (out / "lite.bin").write_bytes(final.pack().tobytes() + rows.tobytes())
    (out / "lite.md").write_text(lite_card.card(figures), encoding="utf-8")
    report(f"{out / 'lite.bin'}, {out / 'lite.md'}")
    return figures


def gather(dialogues: Sequence[corpus.Dialogue], folds: int, seed: int) -> Material:
    """Turn dialogues and the lab's own lines into what is learnt from."""
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
    lines = (_HERE / "short_lines.txt").read_text(encoding="utf-8").splitlines()
    named = [line.split("|") for line in lines if "|" in line]
    return [
        (emotion.index, text.strip())
        for label, texts in named
        if (emotion := find(label))
        for text in texts.split(" / ")
    ]


def _plain_lines() -> list[str]:
    lines = (_HERE / "plain_lines.txt").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(chain.from_iterable(x.split(" / ") for x in lines if not x.startswith("#"))))


def _earlier(turns: NDArray[np.int64]) -> sparse.csr_matrix:
    """Adds to each sentence the ones before it in its dialogue, as the classifier does."""
    pairs = [
        (at, at - age, _DECAY**age) for at in range(len(turns)) for age in range(min(turns[at], WINDOW) + 1)
    ]
    row, column, value = map(np.array, zip(*pairs, strict=True))
    return sparse.csr_matrix((value.astype(np.float32), (row, column)), (len(turns), len(turns)))


def _targets(emotions: NDArray[np.int64]) -> NDArray[np.float32]:
    """One for the emotion, a share for the others of its group, centred."""
    groups = np.array([GROUPS.index(str(emotion.group)) for emotion in EMOTIONS])
    kin = (groups[:, None] == groups[None, :]).astype(np.float32)
    table = np.eye(len(EMOTIONS), dtype=np.float32) + _GROUP_SHARE * kin / kin.sum(axis=1, keepdims=True)
    table -= table.mean(axis=1, keepdims=True)
    return table[emotions]


def _fit(
    material: Material, mine: NDArray[np.bool_], plain_mine: NDArray[np.bool_], left_out: int | None = None
) -> NDArray[np.float32]:
    """Weights over all COLUMNS, shape (ROWS, COLUMNS), learnt from a part of the material."""
    importance = lite_features.importance(material.alone[mine], _RARITY)
    answered = material.answer_fold != (-1 if left_out is None else left_out)
    parts = [material.joined[mine], material.answers[answered], material.short]
    sizes = [part.shape[0] for part in parts]
    examples = lite_features.vectors(sparse.vstack(parts, format="csr"), importance)
    weights = np.repeat(np.array([1.0, _ANSWER_WEIGHT, _SHORT_WEIGHT], dtype=np.float32), sizes)
    emotions = np.concatenate(
        [material.emotions[mine], material.answer_emotions[answered], material.short_emotions]
    )
    felt = lite_features.fit(examples, _targets(emotions), weights, _RIDGE)
    plain = _fit_plain(material, mine, plain_mine, importance)
    columns = np.concatenate([felt, np.ones((ROWS, 1), np.float32), plain], axis=1) * importance[:, None]
    columns[:, len(EMOTIONS)] = importance**2
    return columns.astype(np.float32)


def _fit_plain(
    material: Material,
    mine: NDArray[np.bool_],
    plain_mine: NDArray[np.bool_],
    importance: NDArray[np.float32],
) -> NDArray[np.float32]:
    first = mine & (material.turns == 0)
    parts = [material.plain_counts[plain_mine], material.short, material.alone[first]]
    sizes = [part.shape[0] for part in parts]
    examples = lite_features.vectors(sparse.vstack(parts, format="csr"), importance)
    targets = np.repeat(np.array([1.0, -1.0, -1.0], dtype=np.float32), sizes)[:, None]
    weights = np.repeat(np.array([_PLAIN_WEIGHT, _PLAIN_WEIGHT, 1.0], dtype=np.float32), sizes)
    return lite_features.fit(examples, targets, weights, _PLAIN_RIDGE)


def _quantise(weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """A scale a column, and int8 rows with a row of zeros at the end; the rare extremes are clipped."""
    sizes = np.quantile(np.abs(weights), _CLIP, axis=0)
    scales = (np.where(sizes > 0, sizes, 1) / 127).astype(np.float32)
    rows = np.zeros((ROWS + 1, COLUMNS), dtype=np.int8)
    rows[:ROWS] = np.clip(np.rint(weights / scales), -127, 127)
    return scales, rows


def _measure(material: Material, folds: int, report: Callable[[str], object]) -> tuple[Figures, Head]:
    """The figures of the recipe out of fold, and a head with the calibration found there."""
    scores = np.empty((len(material.texts), len(EMOTIONS)), dtype=np.float32)
    plain = np.empty(len(material.texts), dtype=np.float32)
    small_talk = np.empty(len(material.plain), dtype=np.float32)
    neutral = Head(np.ones(COLUMNS), np.zeros(len(EMOTIONS)), np.ones(3), _DECAY, 0.0)
    for one in range(folds):
        mine, plain_mine = material.fold != one, material.plain_fold != one
        scales, rows = _quantise(_fit(material, mine, plain_mine, one))
        reader = LiteClassifier(Head(scales, neutral.bias, neutral.sharpness, _DECAY, 0.0), rows)
        here = np.flatnonzero(~mine)
        texts, contexts = [material.texts[i] for i in here], [material.contexts[i] for i in here]
        scores[here], plain[here], _ = reader.scores(texts, contexts)
        theirs = np.flatnonzero(~plain_mine)
        small_talk[theirs] = reader.scores([material.plain[i] for i in theirs])[1]
        report(f"fold {one + 1} of {folds}")
    first = material.turns == 0
    plain_from = float(np.quantile(plain[first], 1 - PLAIN_SHARE))
    sharpness = _sharpness(scores, material.emotions, material.turns)
    chances = np.empty_like(scores)
    for one in range(folds):
        mine = material.fold != one
        other = _sharpness(scores[mine], material.emotions[mine], material.turns[mine])
        chances[~mine] = _softmax(scores[~mine], other[np.minimum(material.turns[~mine], 2)])
    figures = lite_card.figures(
        chances, material.emotions, material.turns, plain[first] >= plain_from, small_talk >= plain_from
    )
    report(lite_card.line(figures))
    return figures, Head(neutral.scales, neutral.bias, sharpness, _DECAY, plain_from)


def _softmax(scores: NDArray[np.float32], sharpness: NDArray[np.float32]) -> NDArray[np.float32]:
    sharp = scores * sharpness[:, None]
    raised = np.exp(sharp - sharp.max(axis=1, keepdims=True))
    return (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)


def _sharpness(
    scores: NDArray[np.float32], emotions: NDArray[np.int64], turns: NDArray[np.int64]
) -> NDArray[np.float32]:
    """For 0, 1, 2 or more earlier sentences, what makes the truth likeliest."""
    found = np.ones(3, dtype=np.float32)
    for turn in range(3):
        here = np.flatnonzero(np.minimum(turns, 2) == turn)
        if len(here):

            def surprise(log: float, here: NDArray[np.int64] = here) -> float:
                chances = _softmax(scores[here], np.full(len(here), np.exp(log), dtype=np.float32))
                return -float(np.log(chances[np.arange(len(here)), emotions[here]] + 1e-9).mean())

            found[turn] = np.exp(minimize_scalar(surprise, bounds=(-2, 6), method="bounded").x)
    return found
