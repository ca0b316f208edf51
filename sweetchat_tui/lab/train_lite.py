"""Makes the embedded classifier: reads the corpus, checks the recipe by folds, writes weights and card.

The same file, seed and library versions give the same weights, bit for bit. Knows the recipe; the
arithmetic is in `lite_features`, the words of the card in `lite_card`.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from sweetchat_tui.classifiers import prepared
from sweetchat_tui.classifiers.lite import LiteClassifier
from sweetchat_tui.classifiers.lite_head import COLUMNS, Head, chances
from sweetchat_tui.emotions import EMOTIONS, GROUPS
from sweetchat_tui.lab import corpus, lite_card, lite_features, lite_material
from sweetchat_tui.lab import data as tables
from sweetchat_tui.lab.data import Part
from sweetchat_tui.lab.lite_card import Figures
from sweetchat_tui.lab.lite_material import Material
from sweetchat_tui.lab.output import writing
from sweetchat_tui.lang import say

_HERE = Path(__file__).parent
_PARTS: tuple[Part, ...] = ("train", "validation")
_FLOOR = 100.0
_ROWS = 93_000
_RARITY = 0.8
_LONGEST = 0.7
_SEAM = 1.3
_RIDGE = 2.0
_STEPS = 12
_LATER_WEIGHT = 0.5
_ANSWER_WEIGHT = 0.8
_SHORT_WEIGHT = 1.0
_GROUP_SHARE = 2.5
_KIN_SHARE = 0.15
_LOOSENESS = 2.5
_SOFTMAX_STEPS = 35
_SMOOTHING = 0.2
_OWN_SHARE = 0.2
_SHARES = {"logistic": 0.33, "usual": 0.7, "rare": 0.7}
_PLAIN_RIDGE = 1.0
_PLAIN_WEIGHT = 4.0
_RELIEF = 0.025
_BRIGHTENS_BELOW = 0.3
_DARKENS_BELOW = 0.7
PLAIN_SHARE = 0.05
"""The share of the corpus's first turns that may pass for plain, out of fold."""
_ONES = np.ones(COLUMNS, dtype=np.float32)
_NEUTRAL = Head(_ONES, _ONES[:3], bend=0.0, floor=_FLOOR, relief=_RELIEF, plain_from=0.0)
"""Before calibration: puts the emotions in the right order, with confidences that mean nothing."""


def train(
    data: Path, out: Path, *, folds: int = 5, seed: int = 0, report: Callable[[str], object] = print
) -> Figures:
    """Make the weights, `lite.bin`, and the card, `lite.md`, in the folder `out`.

    Args:
        data: the corpus, or a folder of `lab prepare`, whose test part is then kept for `lab evaluate`.
        out: is made if it is not there.
        folds: how many parts the dialogues are split into to measure the recipe.
        seed: of the split.
        report: is told in one line at a time how it goes.

    Raises:
        NotThere: no file at `data`.
        Unreadable: `data` is not the corpus.
        OutputUnwritable: `out` cannot be written.
    """
    known = tables.dialogues(data, _PARTS) if data.is_dir() else corpus.read(data)
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    material = lite_material.gather(known, folds, seed)
    sentences, dialogues = len(material.texts), len(material.answer_fold)
    report(
        say(
            f"대화 {dialogues:,}개의 문장 {sentences:,}개",
            f"{sentences:,} sentences of {dialogues:,} dialogues",
        )
    )
    figures, head = _measure(material, folds, report)
    template = (_HERE / "lite_card.md").read_text(encoding="utf-8")
    date = datetime.now(UTC).date().isoformat()
    card = lite_card.card(figures, template, dialogues=dialogues, folds=folds, seed=seed, date=date)
    story = {
        "schema": 1,
        "data": tables.digest(data) if data.is_dir() else prepared.digest(data),
        "parts": _PARTS if data.is_dir() else (),
        "folds": folds,
        "seed": seed,
    }
    with writing(out):
        learn(material, head).save(out / "lite.bin")
        (out / lite_card.FILE).write_text(card, encoding="utf-8")
        (out / "training.json").write_text(json.dumps(story, indent=1) + "\n", encoding="utf-8")
    return figures


def learn(material: Material, head: Head) -> LiteClassifier:
    """What is learnt from all of the material, with the calibration of `head`."""
    return _classifier(
        material, np.ones(len(material.texts), bool), np.ones(len(material.plain), bool), None, head
    )


def _kin() -> NDArray[np.float32]:
    """Shape (58, 58): each emotion spread evenly over its group."""
    groups = np.array([GROUPS.index(str(emotion.group)) for emotion in EMOTIONS])
    kin = (groups[:, None] == groups[None, :]).astype(np.float32)
    even: NDArray[np.float32] = kin / kin.sum(axis=1, keepdims=True)
    return even


def _classifier(
    material: Material,
    mine: NDArray[np.bool_],
    plain_mine: NDArray[np.bool_],
    left_out: int | None,
    head: Head,
) -> LiteClassifier:
    """What is learnt from a part of the material, quantised as it ships, with the calibration of `head`."""
    counted = sparse.vstack([material.alone[mine], material.short, material.plain_counts[plain_mine]])
    importance = lite_features.importance(counted.tocsr(), _RARITY, _ROWS) * lite_features.emphasis(
        material.texts, _LONGEST, _SEAM
    )
    slots = np.flatnonzero(importance)
    importance = importance[slots]
    felt = _fit_felt(material, mine, plain_mine, left_out, slots, importance)
    plain = _fit_plain(material, mine, plain_mine, slots, importance)
    columns = np.concatenate([felt, importance[:, None], plain], axis=1) * importance[:, None]
    scales, rows = _quantise(columns)
    return LiteClassifier(replace(head, scales=scales), slots.astype(np.uint32), rows)


def _fit_felt(
    material: Material,
    mine: NDArray[np.bool_],
    plain_mine: NDArray[np.bool_],
    left_out: int | None,
    slots: NDArray[np.int64],
    importance: NDArray[np.float32],
) -> NDArray[np.float32]:
    answered = material.answer_fold != (-1 if left_out is None else left_out)
    plain = material.plain_counts[plain_mine]
    later = mine & (material.turns > 0)
    parts = [
        material.joined[mine],
        material.alone[later],
        material.answers[answered],
        material.short,
        plain,
    ]
    sizes = [part.shape[0] for part in parts]
    examples = lite_features.vectors(sparse.vstack(parts, format="csr")[:, slots], importance, _FLOOR)
    weights = np.repeat(
        np.array([1.0, _LATER_WEIGHT, _ANSWER_WEIGHT, _SHORT_WEIGHT, 1.0], dtype=np.float32), sizes
    )
    emotions = np.concatenate(
        [
            material.emotions[mine],
            material.emotions[later],
            material.answer_emotions[answered],
            material.short_emotions,
        ]
    )
    # Plain lines belong to no emotion: they pull every score towards the middle.
    members = np.full((len(weights), len(EMOTIONS)), 1 / len(EMOTIONS), dtype=np.float32)
    members[: len(emotions)] = np.eye(len(EMOTIONS))[emotions]
    kin = members @ _kin()
    centred = members + _GROUP_SHARE * kin - (1 + _GROUP_SHARE) / len(EMOTIONS)
    felt = lite_features.fit(examples, centred.astype(np.float32), weights, _RIDGE, _STEPS)
    soft = (1 - _KIN_SHARE) * members + _KIN_SHARE * kin
    logistic = lite_features.fit_softmax(examples, soft, weights, _LOOSENESS, _SOFTMAX_STEPS)
    rare, usual = lite_features.contrast(examples, members, weights, _SMOOTHING, _OWN_SHARE)
    others = (("logistic", logistic), ("usual", usual), ("rare", rare))
    mixed = _levelled(felt)
    for name, layer in others:
        mixed += np.float32(_SHARES[name]) * _levelled(layer)
    return mixed


def _levelled(layer: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same layer, at a size at which layers can be added."""
    levelled: NDArray[np.float32] = layer / np.sqrt((layer * layer).mean())
    return levelled


def _fit_plain(
    material: Material,
    mine: NDArray[np.bool_],
    plain_mine: NDArray[np.bool_],
    slots: NDArray[np.int64],
    importance: NDArray[np.float32],
) -> NDArray[np.float32]:
    first = mine & (material.turns == 0)
    parts = [material.plain_counts[plain_mine], material.short, material.alone[first]]
    sizes = [part.shape[0] for part in parts]
    examples = lite_features.vectors(sparse.vstack(parts, format="csr")[:, slots], importance, _FLOOR)
    targets = np.repeat(np.array([1.0, -1.0, -1.0], dtype=np.float32), sizes)[:, None]
    weights = np.repeat(np.array([_PLAIN_WEIGHT, _PLAIN_WEIGHT, 1.0], dtype=np.float32), sizes)
    return lite_features.fit(examples, targets, weights, _PLAIN_RIDGE, _STEPS)


def _quantise(weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """A scale a column, and int8 rows with a row of zeros at the end."""
    sizes = np.abs(weights).max(axis=0)
    scales = (np.where(sizes > 0, sizes, 1) / 127).astype(np.float32)
    rows = np.zeros((len(weights) + 1, COLUMNS), dtype=np.int8)
    rows[:-1] = np.clip(np.rint(weights / scales), -127, 127)
    return scales, rows


def _measure(material: Material, folds: int, report: Callable[[str], object]) -> tuple[Figures, Head]:
    """The figures of the recipe out of fold, and a head with the calibration found there."""
    scores = np.empty((len(material.texts), len(EMOTIONS)), dtype=np.float32)
    alone = np.empty_like(scores)
    plain = np.empty(len(material.texts), dtype=np.float32)
    small_talk = np.empty(len(material.plain), dtype=np.float32)
    readers = []
    for one in range(folds):
        mine, plain_mine = material.fold != one, material.plain_fold != one
        readers.append(reader := _classifier(material, mine, plain_mine, one, _NEUTRAL))
        here = np.flatnonzero(~mine)
        texts, contexts = [material.texts[i] for i in here], [material.contexts[i] for i in here]
        scores[here], plain[here], _ = reader.scores(texts, contexts)
        alone[here] = reader.scores(texts)[0]
        theirs = np.flatnonzero(~plain_mine)
        small_talk[theirs] = reader.scores([material.plain[i] for i in theirs])[1]
        report(say(f"{folds}겹 가운데 {one + 1}", f"fold {one + 1} of {folds}"))
    first = material.turns == 0
    plain_from = float(np.quantile(plain[first], 1 - PLAIN_SHARE))
    turns = np.minimum(material.turns, 2)
    found = np.empty_like(scores)
    # Calibrated before the mood may turn, since whether it does is read in calibrated chances.
    shipped = replace(
        _NEUTRAL, plain_from=plain_from, brightens_below=_BRIGHTENS_BELOW, darkens_below=_DARKENS_BELOW
    )
    for one, reader in enumerate(readers):
        mine = material.fold != one
        head = _calibrate(shipped, scores[mine], material.emotions[mine], turns[mine])
        here = np.flatnonzero(~mine)
        texts, contexts = [material.texts[i] for i in here], [material.contexts[i] for i in here]
        found[here] = reader.calibrated(head).probabilities(texts, contexts)[0]
    uncertain = plain[first] >= plain_from, small_talk >= plain_from
    figures = lite_card.figures(found, alone, material.emotions, material.turns, *uncertain)
    report(lite_card.line(figures))
    return figures, _calibrate(shipped, scores, material.emotions, turns)


def _calibrate(
    head: Head, scores: NDArray[np.float32], emotions: NDArray[np.int64], turns: NDArray[np.int64]
) -> Head:
    """The head with the sharpness, by turn, and the bend that make the truth likeliest."""
    size = float(scores.std())

    def bent(logs: NDArray[np.float64]) -> Head:
        values = np.exp(np.clip(logs, -6, 6)) / size
        return replace(head, sharpness=values[:3].astype(np.float32), bend=float(np.float32(values[3])))

    def surprise(logs: NDArray[np.float64]) -> float:
        truth = chances(scores, turns, bent(logs))[np.arange(len(scores)), emotions]
        return -float(np.log(truth + 1e-9).mean())

    start = np.array([0.3, 0.4, 0.5, -3.0])
    found = minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 200, "fatol": 1e-5})
    return bent(found.x)
