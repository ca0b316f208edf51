"""Checkpoints for tests: the genuine tiny one, and the same in other forms and with other faults."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from sweetchat_tui.classifiers import checkpoint, places, shape, tensors

FIXTURE = Path(__file__).parent / "fixtures" / "tf-checkpoint"
REFERENCE: dict[str, Any] = json.loads(
    (FIXTURE.parent / "tf-checkpoint-reference.json").read_text(encoding="utf-8")
)


def copied(folder: Path, **config: object) -> Path:
    """The genuine checkpoint in a folder of the test's own, with other keys in its `config.json`."""
    shutil.copytree(FIXTURE, folder)
    with_config(folder, **config)
    return folder


def with_config(folder: Path, **changes: object) -> None:
    """Change keys of a checkpoint's `config.json`; None takes one out."""
    path = folder / "config.json"
    config = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    kept = {key: value for key, value in config.items() if value is not None}
    path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def weights() -> dict[str, np.ndarray]:
    """The genuine weights by PyTorch's names, dense layers as (out, in)."""
    found = checkpoint.find(FIXTURE)
    stored = tensors.locate(found, shape.bert_shape(found))
    return {
        name: stored.read(name).T.copy() if shape.is_dense(name) else stored.read(name) for name in stored.at
    }


def as_safetensors(
    folder: Path, values: Mapping[str, np.ndarray], dtype: str = "F32", prefix: str = "bert."
) -> Path:
    """The checkpoint with these weights as `model.safetensors` alone."""
    copied(folder)
    (folder / "tf_model.h5").unlink()
    named = {
        name if name.startswith("classifier") else prefix + name: value for name, value in values.items()
    }
    layout = {name: (dtype, value.shape) for name, value in named.items()}
    with (folder / "model.safetensors").open("wb") as stream:
        places.write_safetensors(stream, layout, (_of_type(value, dtype) for value in named.values()))
    return folder


def _of_type(value: np.ndarray, dtype: str) -> np.ndarray:
    if dtype == "BF16":
        return (np.ascontiguousarray(value).view(np.uint32) >> 16).astype(np.uint16)
    return value.astype({"F32": np.float32, "F16": np.float16}[dtype])


def with_hdf5(folder: Path, change: Callable[[h5py.File], None]) -> Path:
    """The checkpoint with something changed in its HDF5."""
    copied(folder)
    with h5py.File(folder / "tf_model.h5", "r+") as file:
        change(file)
    return folder


def dataset(file: h5py.File, ending: str) -> str:
    """The path of the first dataset that ends so."""
    found: list[str] = []
    file.visit(lambda name: found.append(name) if name.endswith(ending) else None)
    return found[0]
