"""What every BERT does around its network, whichever runtime runs that: texts in, emotions out.

Equal texts are read once, and those of like length go through the network together. Knows no runtime.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import Batch, batching
from sweetchat_tui.classifiers.checkpoint import Reading
from sweetchat_tui.classifiers.labels import Labels
from sweetchat_tui.classifiers.tokens import Encoder, Row
from sweetchat_tui.emotions import Emotion, Feeling, Score

Network = Callable[[Sequence[Row]], NDArray[np.float32]]
"""Rows to logits, shape (rows, outputs of the head). Safe to call from any thread."""

_LIKELY = 0.5
"""A head of several emotions holds those that are likelier than not."""


class Bert:
    """A network with its tokenizer and its labels. Safe to call from any thread."""

    def __init__(
        self,
        name: str,
        labels: Labels,
        reading: Reading,
        encoder: Encoder,
        network: Network,
        *,
        budget: int = batching.BUDGET,
    ) -> None:
        """
        Args:
            name: what the badge calls it.
            budget: tokens of a batch, padding among them.
        """
        self.name = name
        self.emotions: Sequence[Emotion] = labels.emotions
        self.reading = reading
        self._labels = labels
        self._encoder = encoder
        self._network = network
        self._budget = budget

    def classify(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> list[Feeling]:
        """Read each text; see `classifiers.Classifier`."""
        batch = self.read(texts, contexts, top=top)
        tops = zip(batch.order.tolist(), batch.confidence.tolist(), batch.uncertain.tolist(), strict=True)
        return [
            Feeling(
                tuple(
                    Score(self.emotions[place], chance) for place, chance in zip(order, chances, strict=True)
                ),
                self.name,
                uncertain,
            )
            for order, chances, uncertain in tops
        ]

    def read(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> Batch:
        """Read each text into arrays; arguments as `classify`."""
        chances = self._chances(self.logits(texts, contexts))
        top = max(1, min(top, len(self.emotions)))
        order = np.argsort(-chances, axis=1, kind="stable")[:, :top]
        confidence = np.take_along_axis(chances, order, axis=1)
        unclear = confidence[:, 0] < self._clear_from()
        empty = np.fromiter((not text.strip() for text in texts), dtype=np.bool_, count=len(texts))
        return Batch(order, confidence, unclear | empty)

    def logits(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None
    ) -> NDArray[np.float32]:
        """What the head says, float32, shape (texts, outputs of the head)."""
        rows = self._encoder.encode(texts, contexts if self.reading.context else None)
        # Two messages of one text are read once: a chat repeats itself.
        first: dict[Row, int] = {}
        which = np.fromiter((first.setdefault(row, len(first)) for row in rows), np.int64, len(rows))
        distinct = list(first)
        logits = np.empty((len(distinct), len(self._labels.places)), dtype=np.float32)
        lengths = np.fromiter((len(row.ids) for row in distinct), np.int64, len(distinct))
        for places in batching.packed(lengths, self._budget):
            logits[places] = self._network([distinct[place] for place in places])
        return logits[which]

    def _chances(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities, shape (texts, emotions): rows sum to 1, or not where a text may have several."""
        scores = logits / np.float32(self.reading.temperature)
        merged = np.zeros((len(logits), len(self.emotions)), dtype=np.float32)
        places = np.asarray(self._labels.places)
        if self._labels.several:
            chances = np.float32(0.5) * (np.float32(1) + np.tanh(np.float32(0.5) * scores))
            np.maximum.at(merged, (slice(None), places), chances)
        else:
            scores -= scores.max(axis=1, keepdims=True, initial=-np.inf)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=1, keepdims=True)
            np.add.at(merged, (slice(None), places), scores)
        return merged

    def _clear_from(self) -> float:
        if self.reading.uncertain_below is not None:
            return self.reading.uncertain_below
        return _LIKELY if self._labels.several else 0.0


def arrays(
    rows: Sequence[Row], padding: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Rows as a network takes them.

    Args:
        padding: the token behind the short ones.

    Returns:
        Token ids, int64; 1 where a token is, int32; types, int64, 1 where the message is and a context
        stands before it. Each of shape (rows, longest).
    """
    ids, there = batching.padded([row.ids for row in rows], padding)
    starts = np.fromiter((row.message_from for row in rows), np.int64, len(rows))
    types = (np.arange(ids.shape[1]) >= starts[:, None]) & there.astype(np.bool_)
    return ids, there, types.astype(np.int64)
