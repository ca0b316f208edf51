"""Which runtime reads a checkpoint: onnxruntime on a CPU, torch on a GPU and for what is no BERT.

Loads the one that is chosen and no other. Knows nothing of where checkpoints come from.
"""

import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from sweetchat_tui.classifiers import Classifier, agreement, checkpoint, prepared, shape
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.classifiers.prepared import Precision
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

# Files that are there where a driver for NVIDIA, AMD or Windows' GPUs is.
_GPU_SIGNS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg", "C:/Windows/System32/nvcuda.dll")


def start(
    folder: Path,
    name: str,
    *,
    device: str,
    precision: str,
    one_shot: bool,
    renamed: Mapping[str, str] | None = None,
    notify: Callable[[str], None],
) -> Classifier:
    """The classifier in a checkpoint's folder; arguments as `classifiers.load`.

    Args:
        name: what the badge calls it.

    Raises:
        Misused: it cannot run there or so.
        NotThere: a file of it is missing.
        Unreadable: a file of it is broken.
    """
    found = checkpoint.find(folder)
    if prepared.changed(found.weights):
        notify(
            say(
                f"감정 모델의 파일이 전과 달라졌어요: {name} · 직접 바꾼 게 아니면 다시 받아 주세요.",
                f"The classifier's file has changed: {name}. If that was not you, fetch it again.",
            )
        )
    if device == "auto":
        device = "cpu" if one_shot else _best_device()
    if device == "cpu" and _is_plain_bert(found):
        return _on_cpu(found, name, precision, one_shot=one_shot, renamed=renamed, notify=notify)
    return _on_torch(found, name, device, precision, renamed)


def _best_device() -> str:
    """A GPU if torch has one here, else the CPU."""
    signs = sys.platform == "darwin" or any(Path(sign).exists() for sign in _GPU_SIGNS)
    if not signs or find_spec("torch") is None:
        return "cpu"
    # 1.6 s: torch, where there is a GPU to hope for.
    from sweetchat_tui.classifiers import bert_torch

    return next(iter(bert_torch.devices()), "cpu")


def _is_plain_bert(found: Checkpoint) -> bool:
    """Whether onnxruntime can take it; where torch is not installed, it must."""
    try:
        shape.bert_shape(found)
    except shape.NeedsTorch:
        if find_spec("torch") is None:
            raise
        return False
    return True


def _on_cpu(
    found: Checkpoint,
    name: str,
    precision: str,
    *,
    one_shot: bool,
    renamed: Mapping[str, str] | None,
    notify: Callable[[str], None],
) -> Classifier:
    if precision == "auto":
        precision = agreement.automatic(found)
        if precision == "int8" and (seen := agreement.kept(found, "int8")):
            notify(
                say(
                    f"빠른 int8로 읽어요(확인한 문장의 {seen.equal_first_share:.1%}에서 fp32와 같았어요).",
                    f"Reading in int8, which said the same as fp32 for {seen.equal_first_share:.1%}.",
                )
            )
    _require(precision, ("fp32", "int8"), "cpu")
    # 170 ms: onnxruntime.
    from sweetchat_tui.classifiers.bert_onnx import BertOnnx

    return BertOnnx.load(
        found.folder,
        name=_named(name, precision),
        precision=cast("Precision", precision),
        one_shot=one_shot,
        renamed=renamed,
    )


def _on_torch(
    found: Checkpoint, name: str, device: str, precision: str, renamed: Mapping[str, str] | None
) -> Classifier:
    if precision == "auto":
        precision = "bf16" if device == "cuda" else "fp32"
    _require(
        precision, ("fp32",) if device == "cpu" else ("fp32", "bf16"), f"{found.architecture} · {device}"
    )
    # 0 ms here; loading takes 4 s: torch and transformers.
    from sweetchat_tui.classifiers import bert_torch

    return bert_torch.BertTorch.load(
        found.folder,
        name=_named(name, precision),
        device=cast("bert_torch.Device", device),
        precision=cast("bert_torch.Precision", precision),
        renamed=renamed,
    )


def _named(name: str, precision: str) -> str:
    """Its name, with the precision where that may change an answer."""
    return name if precision == "fp32" else f"{name}+{precision}"


def _require(precision: str, there: tuple[str, ...], where: str) -> None:
    if precision not in there:
        raise Misused(
            say(
                f"{where}에서는 {with_particle(precision, '으로/로')} 읽을 수 없어요.",
                f"There is no {precision} for {where}.",
            ),
            say(f"쓸 수 있는 것: {', '.join(there)}", f"There is: {', '.join(there)}."),
        )
