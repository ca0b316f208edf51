"""What has been made ready of a checkpoint, told without making anything.

Knows nothing of how it is made ready.
"""

from dataclasses import dataclass
from pathlib import Path

from sweetchat_tui.classifiers import agreement, checkpoint, prepared, shape
from sweetchat_tui.classifiers.agreement import Agreement


@dataclass(frozen=True, slots=True)
class Readiness:
    """A checkpoint on this machine."""

    architecture: str
    """Such as `bert`, `roberta`."""
    alone: bool
    """It is read on a CPU without torch."""
    prepared: tuple[str, ...]
    """The precisions whose graph is made: `fp32`, `int8`."""
    int8: Agreement | None
    """How alike int8 was found to answer; None when that was never measured."""


def look(folder: Path) -> Readiness:
    """How ready the checkpoint in a folder is.

    Raises:
        NotThere: a file of it is missing.
        Unreadable: it is broken.
    """
    found = checkpoint.find(folder)
    try:
        sizes = shape.bert_shape(found)
    except shape.NeedsTorch:
        return Readiness(found.architecture, False, (), None)
    if prepared.known_digest(found.weights) is None:
        return Readiness(found.architecture, True, (), None)
    home = prepared.folder(found, sizes)
    made = tuple(p for p in ("fp32", "int8") if (home / f"{p}.onnx").is_file())
    return Readiness(found.architecture, True, made, agreement.kept(found, "int8"))
