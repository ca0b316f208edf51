"""Where in a checkpoint's file the tensors of its BERT lie.

Whatever the file calls them, here they have the names of `shape.expected`, and are held against it before
a byte of a weight is read. Knows nothing of graphs or runtimes.
"""

import pickle
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import places
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.classifiers.places import Place, broken
from sweetchat_tui.classifiers.shape import Shape, expected, is_dense
from sweetchat_tui.lang import say

# From the right: the middle of a Keras path is the name of an instance, such as
# `tf_bert_for_sequence_classification_1`, and its first `bert/` is a layer group.
_KERAS = re.compile(r"(?:^|/)(?:bert/((?:embeddings|encoder|pooler)/.+)|(classifier/(?:kernel|bias))):0$")
_KERAS_LEAVES = {"kernel": "weight", "gamma": "weight", "beta": "bias", "embeddings": "weight"}
_TORCH = re.compile(r"(?:^|\.)((?:embeddings|encoder|pooler)\..+|classifier\.(?:weight|bias))$")


@dataclass(frozen=True, slots=True)
class Tensors:
    """Where every tensor of a model lies in one file."""

    path: Path
    at: Mapping[str, Place]
    keras: bool
    """True when a dense layer's weight is stored as (in, out), not (out, in)."""

    @property
    def in_place(self) -> bool:
        """Whether a runtime can use the file as it is."""
        return all(place.dtype == "F32" for place in self.at.values())

    def read(self, name: str) -> NDArray[Any]:
        """A tensor as it is stored; float32."""
        return places.read(self.path, self.at[name])


def locate(checkpoint: Checkpoint, shape: Shape) -> Tensors:
    """Where the tensors lie; for safetensors and HDF5.

    Raises:
        Unreadable: the file is not what it should be, or holds another model.
    """
    path, keras = checkpoint.weights, checkpoint.kind == "hdf5"
    if keras:
        # 45 ms: h5py.
        from sweetchat_tui.classifiers import hdf5

        stored = hdf5.datasets(path)
    else:
        stored = places.safetensors(path)
    at: dict[str, Place] = {}
    for name, place in stored.items():
        ours = _keras_name(name) if keras else _torch_name(name)
        if ours in at:
            raise broken(path, say(f"같은 텐서가 두 번 있어요({ours})", f"a tensor is there twice ({ours})"))
        if ours is not None:
            at[ours] = place
    want = expected(shape)
    _hold_against(path, want, {name: place.shape for name, place in at.items()}, keras)
    if sum(at[name].length for name in want) > path.stat().st_size:
        raise broken(path, say("텐서들이 서로 겹쳐 있어요", "its tensors lie over one another"))
    return Tensors(path, {name: at[name] for name in want}, keras)


def _keras_name(path: str) -> str | None:
    match = _KERAS.search(path)
    if match is None:
        return None
    *head, leaf = re.sub(r"layer_\._(\d+)", r"layer/\1", match[1] or match[2]).split("/")
    return ".".join([*head, _KERAS_LEAVES.get(leaf, leaf)])


def _torch_name(name: str) -> str | None:
    match = _TORCH.search(name)
    # Old checkpoints call the two of a LayerNorm gamma and beta.
    return match and re.sub(r"gamma$", "weight", re.sub(r"beta$", "bias", match[1]))


def _hold_against(
    path: Path, want: Mapping[str, tuple[int, ...]], have: Mapping[str, tuple[int, ...]], keras: bool
) -> None:
    missing = [name for name in want if name not in have]
    if missing:
        more = len(missing) - 1
        raise broken(
            path,
            say(
                f"{missing[0]}" + (f" 말고도 {more}개가 없어요" if more else " 텐서가 없어요"),
                f"{missing[0]}" + (f" and {more} more are missing" if more else " is missing"),
            ),
        )
    for name, shape in want.items():
        stored = have[name][::-1] if keras and is_dense(name) else have[name]
        if stored == shape:
            continue
        if name.startswith("classifier."):
            raise broken(
                path,
                say(
                    f"라벨은 {shape[0]}개인데 출력은 {stored[0] if stored else 0}개예요",
                    f"there are {shape[0]} labels for {stored[0] if stored else 0} outputs",
                ),
            )
        raise broken(
            path,
            say(
                f"{name}의 크기가 config.json과 달라요({stored} ≠ {shape})",
                f"{name} is not of the size in config.json ({stored} is not {shape})",
            ),
        )


def check(tensors: Tensors) -> None:
    """Refuse weights that hold anything but finite numbers; reads each once, one at a time."""
    for name in tensors.at:
        _finite(tensors.path, name, tensors.read(name))


def _finite(path: Path, name: str, array: NDArray[Any]) -> NDArray[Any]:
    # A sum is finite only when every number is, and needs no second array.
    with np.errstate(all="ignore"):
        total = np.add.reduce(array, axis=None)
    if not np.isfinite(total):
        raise broken(path, say(f"숫자가 아닌 값이 있어요({name})", f"it holds what is not a number ({name})"))
    return array


def convert(checkpoint: Checkpoint, shape: Shape, stream: BinaryIO) -> None:
    """Write the weights as float32 safetensors, for what cannot be used in place.

    Args:
        stream: empty, open for writing.

    Raises:
        Unreadable: as `locate`, or a weight is not a finite number.
    """
    want = expected(shape)
    arrays = _unpickled(checkpoint, shape) if checkpoint.kind == "pickle" else _stored(checkpoint, shape)
    finite = (_finite(checkpoint.weights, name, array) for name, array in zip(want, arrays, strict=True))
    places.write_safetensors(stream, {name: ("F32", size) for name, size in want.items()}, finite)


def converted(path: Path) -> Tensors:
    """The tensors of a file that `convert` wrote."""
    return Tensors(path, places.safetensors(path), keras=False)


def _stored(checkpoint: Checkpoint, shape: Shape) -> Iterator[NDArray[Any]]:
    tensors = locate(checkpoint, shape)
    for name in expected(shape):
        array = tensors.read(name)
        yield array.T if tensors.keras and is_dense(name) else array


def _unpickled(checkpoint: Checkpoint, shape: Shape) -> Iterator[NDArray[Any]]:
    # 1.6 s: torch. Only here are its types let in, by weights_only, and none that runs code.
    import torch

    path, want = checkpoint.weights, expected(shape)
    if 2 * sum(map(prod, want.values())) > path.stat().st_size:
        raise broken(path, say("config.json에 적힌 모델보다 작아요", "it is smaller than config.json says"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a pickle's edition, printed over the one sentence
            state = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
        found = {
            _torch_name(str(name)): value
            for name, value in state.items()
            if torch.is_tensor(value) and value.layout == torch.strided
        }
    except (
        pickle.UnpicklingError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
    ) as error:
        raise broken(path, say("안전한 PyTorch 파일이 아니에요", "it is not a safe PyTorch file")) from error
    except AttributeError as error:
        raise broken(path, say("텐서의 목록이 아니에요", "it is not a list of tensors")) from error
    _hold_against(path, want, {str(name): tuple(value.shape) for name, value in found.items()}, keras=False)
    for name in want:
        yield found[name].float().numpy()
