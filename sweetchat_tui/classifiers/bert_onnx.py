"""A BERT checkpoint on the CPU, through onnxruntime: no torch, no transformers, no TensorFlow.

In fp32 a text gets the same answer, to the fourth decimal, alone and in any company. In int8 what flows
between the layers is quantised for a whole batch at once, so company moves an answer a little.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import Batch, answers, batching, checkpoint, labels, prepared, session, shape
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.classifiers.prepared import Precision
from sweetchat_tui.classifiers.tokens import Encoder, Row
from sweetchat_tui.emotions import Emotion, Feeling
from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lang import say

WINDOW = 4096
"""Texts that are tokenised and sorted together; memory does not grow beyond them."""


class BertOnnx:
    """Reads emotions with a BERT. Safe to call from any thread."""

    def __init__(
        self,
        name: str,
        found: Checkpoint,
        running: Any,
        encoder: Encoder,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        """Args:
        found: what `running` is a session of.
        renamed: as in `labels.read`.
        """
        self.name = name
        self._labels = labels.read(found.config, renamed)
        self.emotions: Sequence[Emotion] = self._labels.emotions
        self.reads_context = found.reading.context
        """Whether earlier messages are read; the original was taught on single sentences."""
        self._reading = found.reading
        self._words = shape.bert_shape(found).words
        self._session = running
        self._encoder = encoder

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        name: str,
        precision: Precision = "fp32",
        one_shot: bool = False,
        renamed: Mapping[str, str] | None = None,
    ) -> "BertOnnx":
        """The classifier in a checkpoint's folder; its graph is made now if it never was.

        Args:
            name: what the badge calls it.
            one_shot: for a process that reads a text or two: starts ten times sooner, runs half as fast.
            renamed: labels of the checkpoint by the names that the person gives them.

        Raises:
            NotThere: a file is missing.
            Unreadable: a file is not what it should be.
            Misconfigured: a renamed label is not there.
            SweetchatError: what must be kept cannot be written.
        """
        found = checkpoint.find(folder)
        sizes = shape.bert_shape(found)
        encoder = Encoder.open(found, sizes.words)
        running = session.start(prepared.prepare(found, sizes, precision), one_shot=one_shot)
        return cls(name, found, running, encoder, renamed)

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
            float32, shape (texts, outputs).
        """
        rows = self._encoder.encode(texts, contexts if self.reads_context else None)
        place: dict[Row, int] = {}
        back = [place.setdefault(row, len(place)) for row in rows]
        distinct = list(place)
        lengths = np.fromiter((len(row.ids) for row in distinct), np.int64, len(distinct))
        scores = np.empty((len(distinct), len(self._labels.places)), dtype=np.float32)
        for chosen in batching.packed(lengths):
            scores[chosen] = self._run([distinct[index] for index in chosen.tolist()])
        return scores[back]

    def _run(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        ids, mask = batching.padded([row.ids for row in rows])
        if int(ids.max()) >= self._words:
            raise Unreadable(
                say(
                    "토크나이저가 모델에 없는 단어를 썼어요.",
                    "The tokenizer used a word that the model lacks.",
                ),
                say("모델을 다시 받아 주세요.", "Fetch the model again."),
            )
        froms = np.array([row.message_from for row in rows])
        types = (np.arange(ids.shape[1]) >= froms[:, None]) & (mask == 1)
        inputs = {"ids": ids, "mask": mask, "types": types.astype(np.int64)}
        logits: NDArray[np.float32] = self._session.run(None, inputs)[0]
        return logits
