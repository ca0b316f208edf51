"""How alike two runtimes or precisions of one checkpoint answer, and what that lets `--precision auto` do.

Knows nothing of how they answer.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import prepared
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.classifiers.prepared import Precision
from sweetchat_tui.classifiers.shape import bert_shape

ENOUGH = 0.98
"""Share of equal first labels from which int8 may stand for fp32."""


class Scorer(Protocol):
    """What can be compared."""

    def logits(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None
    ) -> NDArray[np.float32]:
        """float32, shape (texts, outputs)."""
        ...


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike two answered."""

    greatest_logit_difference: float
    equal_first_share: float
    """Share of the texts whose likeliest label is the same, 0 to 1."""
    n: int
    """Texts compared."""


def compare(a: Scorer, b: Scorer, texts: Sequence[str]) -> Agreement:
    """How alike two answer to these texts, of which there is one or more."""
    first, second = a.logits(texts), b.logits(texts)
    equal = first.argmax(axis=1) == second.argmax(axis=1)
    return Agreement(float(np.abs(first - second).max()), float(equal.mean()), len(texts))


def keep(checkpoint: Checkpoint, name: str, found: Agreement) -> None:
    """Keep what was found beside what was prepared.

    Args:
        name: what was held against fp32 on this machine's CPU, such as `int8` or `torch-cuda-bf16`.
    """
    path = prepared.folder(checkpoint, bert_shape(checkpoint)) / "agreement.json"
    every = {**_every(checkpoint), name: asdict(found)}
    prepared.write(path, json.dumps(every).encode())


def kept(checkpoint: Checkpoint, name: str) -> Agreement | None:
    """What was found last; None when it was never compared."""
    with suppress(KeyError, TypeError, ValueError):
        found = _every(checkpoint)[name]
        return Agreement(
            float(found["greatest_logit_difference"]), float(found["equal_first_share"]), int(found["n"])
        )
    return None


def _every(checkpoint: Checkpoint) -> dict[str, Any]:
    path = prepared.folder(checkpoint, bert_shape(checkpoint)) / "agreement.json"
    with suppress(OSError, ValueError):
        read = json.loads(path.read_text(encoding="utf-8"))
        return read if isinstance(read, dict) else {}
    return {}


def automatic(checkpoint: Checkpoint) -> Precision:
    """The precision that `auto` means on the CPU: int8 only where it was found to answer alike."""
    found = kept(checkpoint, "int8")
    return "int8" if found is not None and found.equal_first_share >= ENOUGH else "fp32"
