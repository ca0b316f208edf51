"""A BERT checkpoint on the CPU, through onnxruntime: no torch, no transformers, no TensorFlow.

In fp32 a text gets the same answer, to the fourth decimal, alone and in any company. In int8 what flows
between the layers is quantised for a whole batch at once, so company moves an answer a little.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.beside import Beside
from sweetchat_tui.classifiers import checkpoint, prepared, session, shape
from sweetchat_tui.classifiers.bert import Bert, arrays
from sweetchat_tui.classifiers.prepared import Precision
from sweetchat_tui.classifiers.tokens import Encoder, Row
from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lang import say


class BertOnnx(Bert):
    """A classifier whose network runs on onnxruntime. Safe to call from any thread."""

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
        # 25 ms outside of Python, while onnxruntime is imported; before anything is prepared for nothing.
        opening = Beside(lambda: Encoder.open(found, sizes.words))
        session.imported()
        encoder = opening.result()
        running = session.start(prepared.prepare(found, sizes, precision), one_shot=one_shot)
        return cls(name, found, encoder, _Network(running, sizes.words), renamed)


class _Network:
    """Rows to logits."""

    def __init__(self, running: Any, words: int) -> None:
        self._session = running
        self._words = words

    def __call__(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        ids, there, types = arrays(rows)
        if int(ids.max()) >= self._words:
            raise Unreadable(
                say(
                    "토크나이저가 모델에 없는 단어를 썼어요.",
                    "The tokenizer used a word that the model lacks.",
                ),
                say("모델을 다시 받아 주세요.", "Fetch the model again."),
            )
        logits: NDArray[np.float32] = self._session.run(None, {"ids": ids, "mask": there, "types": types})[0]
        return logits
