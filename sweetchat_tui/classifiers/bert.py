"""What every BERT does around its network, whichever runtime runs that: texts in, emotions out.

Equal texts are read once, and those of like length go through the network together. Knows no runtime.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import Batch, answers, batching, labels, prepared
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.classifiers.tokens import Encoder, Row
from sweetchat_tui.emotions import Emotion, Feeling
from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lang import say

WINDOW = 4096
"""Texts that are tokenised and sorted together; memory does not grow beyond them."""

Network = Callable[[Sequence[Row]], NDArray[np.float32]]
"""Rows, of which there is one or more, to float32, shape (rows, outputs). Safe to call from any thread."""


class Bert:
    """Reads emotions with a network. Safe to call from any thread."""

    def __init__(
        self,
        name: str,
        found: Checkpoint,
        encoder: Encoder,
        network: Network,
        renamed: Mapping[str, str] | None = None,
        *,
        budget: int = batching.BUDGET,
    ) -> None:
        """
        Args:
            name: what the badge calls it.
            found: what `network` runs.
            renamed: as in `labels.read`.
            budget: tokens of a batch, padding among them.
        """
        self.name = name
        self._labels = labels.read(found.config, renamed)
        self.emotions: Sequence[Emotion] = self._labels.emotions
        self.reads_context = found.reading.context
        """Whether earlier messages are read; the original was taught on single sentences."""
        self._reading = found.reading
        self._encoder = encoder
        self._network = network
        self._budget = budget

    def classify(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> list[Feeling]:
        """Read each text; see `Classifier`."""
        return answers.feelings(self.read(texts, contexts, top=top), self.emotions, self.name)

    def read(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> Batch:
        """Read each text into arrays; see `Classifier`."""
        width = max(1, min(top, len(self.emotions)))
        whole = Batch(
            np.empty((len(texts), width), dtype=np.int64),
            np.empty((len(texts), width), dtype=np.float32),
            np.empty(len(texts), dtype=np.bool_),
        )
        for start in range(0, len(texts), WINDOW):
            part = slice(start, start + WINDOW)
            logits = self.logits(texts[part], contexts and contexts[part])
            read = answers.batch(logits, texts[part], self._labels, self._reading, width)
            whole.order[part], whole.confidence[part] = read.order, read.confidence
            whole.uncertain[part] = read.uncertain
        return whole

    def logits(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None
    ) -> NDArray[np.float32]:
        """What the head gives, before it becomes probabilities.

        Returns:
            float32, shape (texts, outputs); finite.

        Raises:
            Unreadable: the weights lead to no numbers.
        """
        rows = self._encoder.encode(texts, contexts if self.reads_context else None)
        place: dict[Row, int] = {}
        back = [place.setdefault(row, len(place)) for row in rows]
        distinct = list(place)
        lengths = np.fromiter((len(row.ids) for row in distinct), np.int64, len(distinct))
        scores = np.empty((len(distinct), len(self._labels.places)), dtype=np.float32)
        for chosen in batching.packed(lengths, self._budget):
            scores[chosen] = self._network([distinct[index] for index in chosen.tolist()])
        if not np.isfinite(scores).all():
            raise Unreadable(
                say("모델의 답이 숫자가 아니에요.", "What the model answers is not a number."),
                say(
                    f"모델을 다시 받고, 그래도 그러면 {prepared.models_folder()} 폴더를 지워 주세요.",
                    f"Fetch the model again; if that does not help, delete {prepared.models_folder()}.",
                ),
            )
        return scores[back]


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
    types = (np.arange(ids.shape[1]) >= starts[:, None]) & (there == 1)
    return ids, there, types.astype(np.int64)
