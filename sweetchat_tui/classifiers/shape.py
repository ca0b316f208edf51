"""The sizes of a BERT classifier, and every tensor that one of them has.

Names are those of PyTorch without the leading `bert.`. Knows what `config.json` says, opens no file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from sweetchat_tui.classifiers import labels
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lang import say

MOST_LAYERS = 200

_LARGEST = {"num_hidden_layers": MOST_LAYERS}
_USUAL = {"model_type": "bert", "hidden_act": "gelu"}
_NUMBERS = {
    "vocab_size": 30_522,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3_072,
}
"""What transformers takes where `config.json` is silent."""


class NeedsTorch(Unreadable):
    """It is no plain BERT: only torch reads it. The hint says whether that is here."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT."""

    words: int
    """Rows of the word embeddings."""
    positions: int
    types: int
    hidden: int
    layers: int
    heads: int
    inner: int
    """Width of the feed-forward layer."""
    outputs: int
    epsilon: float
    """Of layer normalisation."""


def bert_shape(checkpoint: Checkpoint) -> Shape:
    """The sizes of a BERT that runs here on its own.

    Raises:
        NeedsTorch: it is none.
        Unreadable: as `sizes`.
    """
    config = checkpoint.config
    for key, usual in _USUAL.items():
        if config.get(key, usual) != usual:
            raise _needs_torch(config, key)
    return sizes(checkpoint)


def sizes(checkpoint: Checkpoint) -> Shape:
    """The sizes of any BERT, also of one whose parts are not the usual ones.

    Raises:
        Unreadable: a key is not what it can be.
    """
    config = {**_NUMBERS, **checkpoint.config}
    for key in _NUMBERS:
        if type(config[key]) is not int or not 0 < config[key] <= _LARGEST.get(key, 10_000_000):
            raise wrong(config, key)
    epsilon = config.get("layer_norm_eps", 1e-12)
    if type(epsilon) is not float or not 0 <= epsilon < 1:
        raise wrong(config, "layer_norm_eps")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise wrong(config, "position_embedding_type")  # transformers 5 would read it as if it were
    if config["hidden_size"] % config["num_attention_heads"]:
        raise wrong(config, "num_attention_heads")
    words, positions, types, hidden, layers, heads, inner = (config[name] for name in _NUMBERS)
    outputs = len(labels.read(config).places)
    return Shape(words, positions, types, hidden, layers, heads, inner, outputs, epsilon)


def wrong(config: Mapping[str, Any], key: str) -> Unreadable:
    """The error that a model cannot be read for what a key of its `config.json` says."""
    said = f"{key} = {config.get(key)!r:.40}"
    return Unreadable(
        say(
            f"config.json에 적힌 모델 크기나 구조로는 읽을 수 없어요: {said}",
            f"A model of the sizes or parts in config.json cannot be read: {said}",
        ),
        say("모델을 다시 받거나 config.json을 봐 주세요.", "Fetch the model again, or look at config.json."),
    )


def _needs_torch(config: Mapping[str, Any], key: str) -> NeedsTorch:
    said = f"{key} = {config[key]!r:.40}"
    return NeedsTorch(
        say(
            f"CPU에서 바로 읽을 수 있는 BERT가 아니에요: {said}",
            f"This is not a BERT that runs here on its own: {said}",
        ),
        say(
            "torch로 읽는 모델이라 따로 준비하거나 견줄 것이 없어요.",
            "Torch reads it, so there is nothing to prepare or to compare.",
        )
        if find_spec("torch")
        else say(
            "pip install 'sweetchat-tui[gpu]'로 torch를 설치하면 읽을 수 있어요.",
            "Torch reads it: pip install 'sweetchat-tui[gpu]'.",
        ),
    )


def expected(shape: Shape) -> dict[str, tuple[int, ...]]:
    """The shape of every tensor by name; a dense layer's weight is (out, in)."""
    wide, inner = shape.hidden, shape.inner
    tensors: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (shape.words, wide),
        "embeddings.position_embeddings.weight": (shape.positions, wide),
        "embeddings.token_type_embeddings.weight": (shape.types, wide),
    }

    def norm(name: str) -> None:
        tensors[f"{name}.weight"] = tensors[f"{name}.bias"] = (wide,)

    def dense(name: str, out: int, into: int) -> None:
        tensors[f"{name}.weight"] = (out, into)
        tensors[f"{name}.bias"] = (out,)

    norm("embeddings.LayerNorm")
    for number in range(shape.layers):
        layer = f"encoder.layer.{number}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            dense(f"{layer}.attention.{part}", wide, wide)
        norm(f"{layer}.attention.output.LayerNorm")
        dense(f"{layer}.intermediate.dense", inner, wide)
        dense(f"{layer}.output.dense", wide, inner)
        norm(f"{layer}.output.LayerNorm")
    dense("pooler.dense", wide, wide)
    dense("classifier", shape.outputs, wide)
    return tensors


def is_dense(name: str) -> bool:
    """Whether a tensor is the weight of a dense layer, which Keras keeps the other way round."""
    return name.endswith(".weight") and not name.startswith("embeddings.") and "LayerNorm" not in name
