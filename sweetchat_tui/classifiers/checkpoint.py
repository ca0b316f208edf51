"""What lies in a checkpoint's folder: which weights, what `config.json` says, and how it was taught to read.

A checkpoint of ours tells the last in its `config.json`; each key may be left out:

    "sweetchat": {"context": true, "max_length": 128, "temperature": 1.0, "uncertain_below": 0.1}

One without `"context": true`, like the original, is shown the message alone. Opens no weights and imports
no runtime.
"""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from sweetchat_tui.errors import NotThere, Unreadable
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

Kind = Literal["safetensors", "hdf5", "pickle"]

WEIGHTS: dict[str, Kind] = {
    "model.safetensors": "safetensors",
    "tf_model.h5": "hdf5",
    "pytorch_model.bin": "pickle",
}
"""Files of weights, the preferred first."""
TRAINED_LENGTH = 128
"""Tokens that the original was trained on, [CLS] and [SEP] among them."""

_LARGEST_JSON = 4_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """How a checkpoint was taught to read."""

    context: bool = False
    """Whether it is shown the same person's earlier messages."""
    max_length: int = TRAINED_LENGTH
    """Tokens, [CLS] and [SEP] among them."""
    temperature: float = 1.0
    """Logits are divided by it before they become probabilities; above 0."""
    uncertain_below: float | None = None
    """Probability of the likeliest label under which nothing clear was read; None where not measured."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A folder that holds a classifier."""

    folder: Path
    weights: Path
    """The file of weights by the name that people know; a link in the Hub's cache."""
    kind: Kind
    config: Mapping[str, Any]
    """`config.json`."""
    reading: Reading

    @property
    def architecture(self) -> str:
        """Such as `bert`, `roberta`, `electra`."""
        return str(self.config.get("model_type", "bert"))


def find(folder: Path) -> Checkpoint:
    """The checkpoint in this folder.

    Raises:
        NotThere: a file that a checkpoint must have is missing, or PyTorch's pickle cannot be read for
            want of torch.
        Unreadable: `config.json` is not what it should be, or the weights are larger than the memory.
    """
    if not folder.is_dir():
        raise NotThere(say(f"모델 폴더가 없어요: {folder}", f"There is no such folder: {folder}"))
    weights = next((folder / name for name in WEIGHTS if (folder / name).is_file()), None)
    if weights is None:
        raise NotThere(
            say(f"모델 가중치가 없는 폴더예요: {folder}", f"No weights are in this folder: {folder}"),
            say(
                f"이 가운데 하나가 있어야 해요: {', '.join(WEIGHTS)}",
                f"One of these must be there: {', '.join(WEIGHTS)}",
            ),
        )
    if not (folder / "config.json").is_file():
        raise NotThere(
            say(f"config.json이 없는 폴더예요: {folder}", f"No config.json is in this folder: {folder}"),
            say("모델을 저장한 폴더 전체가 필요해요.", "The whole folder of the saved model is needed."),
        )
    _hold_within_memory(weights)
    kind = WEIGHTS[weights.name]
    if kind == "pickle" and find_spec("torch") is None:
        raise NotThere(
            say(
                f"{with_particle(weights.name, '을/를')} 읽을 torch가 없어요.",
                f"Reading {weights.name} needs torch.",
            ),
            say(
                "pip install 'sweetchat-tui[gpu]' 또는 safetensors로 저장한 모델을 써 주세요.",
                "pip install 'sweetchat-tui[gpu]', or use a model saved as safetensors.",
            ),
        )
    config = json_object(folder / "config.json")
    return Checkpoint(folder, weights, kind, config, _reading(config))


def _hold_within_memory(weights: Path) -> None:
    """Refuse what could only be read by swapping, before its digest alone takes an hour."""
    if not hasattr(os, "sysconf"):  # Windows, which refuses by itself when the tensors are read
        return
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    size = weights.stat().st_size
    if size > memory:
        raise Unreadable(
            say(
                f"이 컴퓨터의 메모리보다 큰 모델이에요: {weights.name}({size // 10**9}GB)",
                f"The model is larger than this machine's memory: {weights.name} ({size // 10**9} GB)",
            ),
            say("더 작은 모델을 써 주세요.", "Use a smaller model."),
        )


def json_object(path: Path) -> dict[str, Any]:
    """The JSON object in this file.

    Raises:
        Unreadable: it holds something else, or far too much of it.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            value = json.loads(stream.read(_LARGEST_JSON))
    except (OSError, ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Unreadable(
            say(f"{path.name} 파일을 읽을 수 없어요: {path}", f"{path.name} cannot be read: {path}"),
            say("모델을 다시 받아 주세요.", "Fetch the model again."),
        )
    return value


def _reading(config: Mapping[str, Any]) -> Reading:
    said = config.get("sweetchat", {})
    try:
        positions = int(config.get("max_position_embeddings", 512))
        threshold = said.get("uncertain_below")
        reading = Reading(
            said.get("context", False) is True,
            min(int(said.get("max_length", TRAINED_LENGTH)), positions),
            float(said.get("temperature", 1.0)),
            None if threshold is None else float(threshold),
        )
    except (AttributeError, TypeError, ValueError, OverflowError):
        reading = Reading(max_length=0)
    below = reading.uncertain_below or 0.0
    hot = not math.isfinite(reading.temperature) or reading.temperature <= 0
    if reading.max_length < 8 or hot or not 0 <= below <= 1:
        raise Unreadable(
            say(
                "config.json의 길이나 sweetchat 설정이 올바르지 않아요.",
                "The lengths or the sweetchat settings in config.json make no sense.",
            ),
            say(
                "max_length는 8 이상, temperature는 0보다 크게, uncertain_below는 0~1로 적어 주세요.",
                "max_length must be 8 or more, temperature above 0, uncertain_below 0 to 1.",
            ),
        )
    return reading
