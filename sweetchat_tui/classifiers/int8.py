"""A BERT's large weights as bytes: a quarter of the memory, three to four times the speed.

Every column of a dense layer and every row of the word embeddings has its own scale, around zero; what
flows between the layers is quantised as it comes. Answers move by a little: `agreement` says by how much.
The head itself stays float32. Knows nothing of folders or sessions.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import places
from sweetchat_tui.classifiers.onnx_graph import Graph
from sweetchat_tui.classifiers.places import Place
from sweetchat_tui.classifiers.shape import is_dense
from sweetchat_tui.classifiers.tensors import Tensors

_WORDS = "embeddings.word_embeddings.weight"
_STEPS = 127


def _is_large(name: str) -> bool:
    return name == _WORDS or (is_dense(name) and not name.startswith("classifier."))


def _scale(name: str) -> str:
    return f"{name}.scale"


def write(tensors: Tensors, stream: BinaryIO) -> dict[str, Place]:
    """Write a model's weights, the large ones as int8 with their scales; holds one at a time.

    Args:
        tensors: float32, of either layout.
        stream: empty, open for writing.

    Returns:
        Where each lies; a dense layer's weight is now (in, out).
    """
    layout: dict[str, tuple[str, tuple[int, ...]]] = {}
    for name, place in tensors.at.items():
        size = place.shape if tensors.keras or not is_dense(name) else place.shape[::-1]
        layout[name] = ("I8" if _is_large(name) else "F32", size)
        if _is_large(name):
            layout[_scale(name)] = ("F32", (size[0], 1) if name == _WORDS else (size[1],))
    return places.write_safetensors(stream, layout, _arrays(tensors))


def _arrays(tensors: Tensors) -> Iterator[NDArray[Any]]:
    for name in tensors.at:
        array = tensors.read(name)
        if is_dense(name) and not tensors.keras:
            array = np.ascontiguousarray(array.T)
        if not _is_large(name):
            yield array
            continue
        axis = 1 if name == _WORDS else 0
        largest = np.maximum(array.max(axis, keepdims=True), -array.min(axis, keepdims=True))
        scale = np.where(largest > 0, largest / np.float32(_STEPS), np.float32(1)).astype(np.float32)
        array /= scale
        yield np.rint(array, out=array).astype(np.int8)
        yield scale if name == _WORDS else scale[0]


class Bytes:
    """The weights that `write` wrote, for a graph."""

    def __init__(self, path: Path, at: dict[str, Place]) -> None:
        self._path = path
        self._at = at
        self._quantised: dict[str, str] = {}

    def rows(self, graph: Graph, name: str, ids: str) -> str:
        """See `onnx_graph.Weights`."""
        steps = graph.node("Cast", [graph.node("Gather", [self._stored(graph, name), ids])], to=1)
        return graph.node("Mul", [steps, graph.node("Gather", [self._stored(graph, _scale(name)), ids])])

    def product(self, graph: Graph, name: str, x: str) -> str:
        """See `onnx_graph.Weights`."""
        if not _is_large(name):
            return graph.node("MatMul", [x, self._stored(graph, name)])
        if x not in self._quantised:
            self._quantised[x] = graph.node("DynamicQuantizeLinear", [x], outputs=3)
        steps = self._quantised[x]
        scale = graph.constant(_scale(name), places.read(self._path, self._at[_scale(name)]))
        weight = self._stored(graph, name)
        return graph.contrib("MatMulIntegerToFloat", [steps, weight, f"{steps}.1", scale, f"{steps}.2"])

    def small(self, name: str) -> NDArray[Any]:
        """See `onnx_graph.Weights`."""
        return places.read(self._path, self._at[name])

    def _stored(self, graph: Graph, name: str) -> str:
        return graph.stored(name, self._at[name], self._path.name)
