"""A checkpoint's logits to what a classifier answers. Knows nothing of how the logits came about."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import Batch
from sweetchat_tui.classifiers.checkpoint import Reading
from sweetchat_tui.classifiers.labels import Labels
from sweetchat_tui.emotions import Emotion, Feeling, Score

LEAST_SURE = 0.1
"""Under this probability of the likeliest of 58 nothing clear was read, where a checkpoint does not say
better: six times chance. How sure the original is when it is right has not been measured."""
LEAST_OVER_CHANCE = 1.5
"""The same for heads of few labels, as a multiple of chance."""
LEAST_OF_SEVERAL = 0.5
"""The same where each label is judged by itself."""

_HANGUL = re.compile("[ㄱ-ㆎ가-힣]")


def probabilities(logits: NDArray[np.float32], labels: Labels, temperature: float) -> NDArray[np.float32]:
    """How likely each emotion is.

    Args:
        logits: shape (texts, outputs).

    Returns:
        float32, shape (texts, emotions); rows sum to 1, unless a text may have several emotions.
    """
    heat = logits / np.float32(temperature)
    chances: NDArray[np.float32]
    if labels.several:
        chances = np.exp(-np.logaddexp(np.float32(0), -heat))
    else:
        chances = np.exp(heat - heat.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
    if len(labels.emotions) == len(labels.places):
        return chances
    # Outputs of one emotion count together; each judged by itself, the surest counts.
    joined = np.zeros((len(logits), len(labels.emotions)), dtype=np.float32)
    for output, place in enumerate(labels.places):
        if labels.several:
            joined[:, place] = np.maximum(joined[:, place], chances[:, output])
        else:
            joined[:, place] += chances[:, output]
    return joined


def batch(
    logits: NDArray[np.float32], texts: Sequence[str], labels: Labels, reading: Reading, top: int
) -> Batch:
    """The likeliest emotions of each text, and whether there is none; see `Classifier.read`."""
    chances = probabilities(logits, labels, reading.temperature)
    order = np.argsort(-chances, axis=1, kind="stable")[:, : max(1, top)].astype(np.int64)
    confidence = np.take_along_axis(chances, order, axis=1)
    uncertain = confidence[:, 0] < _least(labels, reading)
    if labels.ours:
        uncertain |= np.fromiter((not _HANGUL.search(text) for text in texts), np.bool_, len(texts))
    return Batch(order, confidence, uncertain)


def _least(labels: Labels, reading: Reading) -> float:
    if reading.uncertain_below is not None:
        return reading.uncertain_below
    if labels.several:
        return LEAST_OF_SEVERAL
    return max(LEAST_SURE, LEAST_OVER_CHANCE / len(labels.emotions))


def feelings(read: Batch, emotions: Sequence[Emotion], name: str) -> list[Feeling]:
    """A batch as values, one for each text.

    Args:
        emotions: what the batch's numbers mean.
        name: the classifier that spoke.
    """
    tops = zip(read.order.tolist(), read.confidence.tolist(), read.uncertain.tolist(), strict=True)
    return [
        Feeling(
            tuple(Score(emotions[index], chance) for index, chance in zip(order, chances, strict=True)),
            name,
            uncertain,
        )
        for order, chances, uncertain in tops
    ]
