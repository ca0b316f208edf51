"""The ONNX graph of a BERT classifier over weights that stay where they are.

`build` gives half a megabyte of graph whose large weights are byte ranges of another file, the
checkpoint's own or one that `int8` wrote. The last layer is worked out for [CLS] alone, the only place
that the head reads. Contrib operators of onnxruntime do attention, GELU and normalisation in one step
each. Knows nothing of folders or sessions.

Inputs: `ids` int64, `mask` int32 (1 where there is a token), `types` int64, each (texts, tokens).
Output: logits, float32, (texts, outputs).
"""

from typing import Any, Protocol

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from sweetchat_tui.classifiers.places import Place
from sweetchat_tui.classifiers.shape import Shape, is_dense
from sweetchat_tui.classifiers.tensors import Tensors

_CONTRIB = "com.microsoft"
_OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
_IR_VERSION = 10
_TYPES = {"F32": TensorProto.FLOAT, "I8": TensorProto.INT8}


class Graph:
    """Nodes and constants, as they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def node(self, operator: str, inputs: list[str], outputs: int = 1, **attributes: Any) -> str:
        """Add an operator.

        Returns:
            The name of its first output; further ones have `.1`, `.2` … behind it.
        """
        name = f"{operator}{len(self.nodes)}"
        names = [name, *(f"{name}.{number}" for number in range(1, outputs))]
        self.nodes.append(helper.make_node(operator, inputs, names, name, **attributes))
        return name

    def contrib(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        """Add an operator that only onnxruntime has."""
        return self.node(operator, inputs, domain=_CONTRIB, **attributes)

    def constant(self, name: str, array: NDArray[Any]) -> str:
        """Add a small tensor, kept in the graph itself."""
        # Not ascontiguousarray, which would make an index of a number.
        self.constants[name] = numpy_helper.from_array(np.array(array, order="C"), name)
        return name

    def stored(self, name: str, place: Place, location: str) -> str:
        """Add a tensor that lies in another file."""
        if name not in self.constants:
            tensor = TensorProto(name=name, data_type=_TYPES[place.dtype], dims=place.shape)
            tensor.data_location = TensorProto.EXTERNAL
            for key, value in (("location", location), ("offset", place.offset), ("length", place.length)):
                tensor.external_data.add(key=key, value=str(value))
            self.constants[name] = tensor
        return name


class Weights(Protocol):
    """How a graph multiplies with its weights: as floats, or as bytes."""

    def rows(self, graph: Graph, name: str, ids: str) -> str:
        """The rows of an embedding at `ids`."""
        ...

    def product(self, graph: Graph, name: str, x: str) -> str:
        """`x` through a dense layer's weight, without its bias."""
        ...

    def small(self, name: str) -> NDArray[Any]:
        """A bias, a scale or a small table, float32."""
        ...


class Floats:
    """float32 weights in the file where they already lie."""

    def __init__(self, tensors: Tensors) -> None:
        self._tensors = tensors

    def rows(self, graph: Graph, name: str, ids: str) -> str:
        """See `Weights`."""
        return graph.node("Gather", [self._stored(graph, name), ids])

    def product(self, graph: Graph, name: str, x: str) -> str:
        """See `Weights`."""
        weight = self._stored(graph, name)
        if self._tensors.keras and is_dense(name):
            return graph.node("MatMul", [x, weight])
        return graph.contrib("FusedMatMul", [x, weight], transB=1)

    def small(self, name: str) -> NDArray[Any]:
        """See `Weights`."""
        return self._tensors.read(name)

    def _stored(self, graph: Graph, name: str) -> str:
        return graph.stored(name, self._tensors.at[name], self._tensors.path.resolve().name)


def build(shape: Shape, weights: Weights) -> bytes:
    """The graph, serialised."""
    graph = Graph()
    x = _embedded(graph, shape, weights)
    for number in range(shape.layers):
        x = _layer(graph, shape, weights, f"encoder.layer.{number}", x, last=number == shape.layers - 1)
    x = graph.node("Squeeze", [x, graph.constant("axis", np.array([1]))])
    pooled = graph.node("Tanh", [_dense(graph, weights, "pooler.dense", x)])
    logits = _dense(graph, weights, "classifier", pooled)
    whole = helper.make_graph(
        graph.nodes,
        "bert",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"]),
            helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "tokens"]),
            helper.make_tensor_value_info("types", TensorProto.INT64, ["texts", "tokens"]),
        ],
        [helper.make_tensor_value_info(logits, TensorProto.FLOAT, ["texts", shape.outputs])],
        list(graph.constants.values()),
    )
    model = helper.make_model(whole, opset_imports=_OPSETS, ir_version=_IR_VERSION)
    return bytes(model.SerializeToString())


def _embedded(graph: Graph, shape: Shape, weights: Weights) -> str:
    words = weights.rows(graph, "embeddings.word_embeddings.weight", "ids")
    length = graph.node("Gather", [graph.node("Shape", ["ids"]), graph.constant("second", np.array(1))])
    start, step = graph.constant("zero", np.array(0)), graph.constant("one", np.array(1))
    places = graph.node("Range", [start, length, step])
    positions = weights.small("embeddings.position_embeddings.weight")
    types = weights.small("embeddings.token_type_embeddings.weight")
    x = graph.node("Add", [words, graph.node("Gather", [graph.constant("positions", positions), places])])
    x = graph.node("Add", [x, graph.node("Gather", [graph.constant("kinds", types), "types"])])
    name = "embeddings.LayerNorm"
    scale, shift = (graph.constant(f"{name}.{part}", weights.small(f"{name}.{part}")) for part in _NORM)
    return graph.node("LayerNormalization", [x, scale, shift], axis=-1, epsilon=shape.epsilon)


_NORM = ("weight", "bias")


def _layer(graph: Graph, shape: Shape, weights: Weights, name: str, x: str, *, last: bool) -> str:
    """One layer; the last only for the first token, whose place is kept: (texts, 1, hidden)."""
    head = x
    if last:
        head = graph.node("Gather", [x, graph.constant("first", np.array([0]))], axis=1)
    query, key, value = (f"{name}.attention.self.{part}" for part in ("query", "key", "value"))
    biases = np.concatenate([weights.small(f"{part}.bias") for part in (query, key, value)])
    products = [
        weights.product(graph, f"{part}.weight", head if part == query else x) for part in (query, key, value)
    ]
    attended = graph.contrib(
        "MultiHeadAttention",
        [*products, graph.constant(f"{name}.biases", biases), "mask"],
        num_heads=shape.heads,
    )
    between = _added(graph, shape, weights, f"{name}.attention.output", attended, head)
    inner = f"{name}.intermediate.dense"
    bias = graph.constant(f"{inner}.bias", weights.small(f"{inner}.bias"))
    wide = graph.contrib("BiasGelu", [weights.product(graph, f"{inner}.weight", between), bias])
    return _added(graph, shape, weights, f"{name}.output", wide, between)


def _added(graph: Graph, shape: Shape, weights: Weights, name: str, x: str, skip: str) -> str:
    """A dense layer, its input's detour added, normalised."""
    product = weights.product(graph, f"{name}.dense.weight", x)
    small = [f"{name}.LayerNorm.weight", f"{name}.LayerNorm.bias", f"{name}.dense.bias"]
    constants = [graph.constant(part, weights.small(part)) for part in small]
    return graph.contrib("SkipLayerNormalization", [product, skip, *constants], epsilon=shape.epsilon)


def _dense(graph: Graph, weights: Weights, name: str, x: str) -> str:
    bias = graph.constant(f"{name}.bias", weights.small(f"{name}.bias"))
    return graph.node("Add", [weights.product(graph, f"{name}.weight", x), bias])
