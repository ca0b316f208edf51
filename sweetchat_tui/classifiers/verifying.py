"""Every runtime and precision that this machine has for a checkpoint, held against one of them.

Against fp32 on the CPU, which is what stands nearest to the checkpoint for all. What is found is kept,
and lets `--precision auto` choose.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import agreement, bert_torch, checkpoint
from sweetchat_tui.classifiers.agreement import Agreement
from sweetchat_tui.classifiers.bert_onnx import BertOnnx
from sweetchat_tui.classifiers.bert_torch import BertTorch
from sweetchat_tui.classifiers.checkpoint import Checkpoint

_SENTENCES = Path(__file__).with_name("sentences.txt")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one runtime and precision answered."""

    name: str
    """Such as `int8`, `torch-cpu-fp32`, `torch-cuda-bf16`."""
    found: Agreement
    """Against fp32 on the CPU."""
    texts_per_s: float
    """Texts read in a second, while they were compared."""


def sentences() -> list[str]:
    """Korean sentences of many feelings and of none, written for this."""
    return _SENTENCES.read_text(encoding="utf-8").splitlines()


def verify(folder: Path, texts: Sequence[str]) -> Iterator[Verdict]:
    """Compare all that there is, one after the other, keeping each result as it comes.

    Args:
        texts: cleaned; one or more.

    Raises:
        NotThere: a file of the checkpoint is missing.
        Unreadable: it is broken, or no BERT.
    """
    found = checkpoint.find(folder)
    reference = _Timed(BertOnnx.load(folder, name="fp32"), texts)
    for name, other in _others(found):
        timed = _Timed(other, texts)
        verdict = Verdict(name, agreement.compare(reference, timed, texts), len(texts) / timed.elapsed_s)
        agreement.keep(found, name, verdict.found)
        yield verdict


class _Timed:
    """A classifier's logits for some texts, worked out once."""

    def __init__(self, reader: agreement.Scorer, texts: Sequence[str]) -> None:
        reader.logits(texts[:2])
        started = time.perf_counter()
        self._logits = reader.logits(texts)
        self.elapsed_s = time.perf_counter() - started

    def logits(
        self,
        texts: Sequence[str],  # noqa: ARG002
        contexts: Sequence[Sequence[str]] | None = None,  # noqa: ARG002
    ) -> NDArray[np.float32]:
        """See `agreement.Scorer`; of the texts that were given."""
        return self._logits


def _others(found: Checkpoint) -> Iterator[tuple[str, agreement.Scorer]]:
    yield "int8", BertOnnx.load(found.folder, name="int8", precision="int8")
    for device in bert_torch.devices():
        precision: bert_torch.Precision = "bf16" if device == "cuda" else "fp32"
        name = f"torch-{device}-{precision}"
        yield name, BertTorch.load(found.folder, name=name, device=device, precision=precision)
