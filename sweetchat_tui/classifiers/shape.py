"""The sizes of a BERT classifier, and every tensor that one of them has.

Names are those of PyTorch without the leading `bert.`. Pure: knows what `config.json` says, opens no file.
"""

from dataclasses import dataclass

from sweetchat_tui.classifiers import labels
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lang import say

_LARGEST = {"num_hidden_layers": 200}
_NUMBERS = (
    "vocab_size",
    "max_position_embeddings",
    "type_vocab_size",
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
)


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
    """The sizes that `config.json` tells.

    Raises:
        Unreadable: it is no BERT that can be run here.
    """
    config = checkpoint.config
    numbers = [config.get(name) for name in _NUMBERS]
    whole = all(
        isinstance(number, int) and 0 < number <= _LARGEST.get(name, 10_000_000)
        for name, number in zip(_NUMBERS, numbers, strict=True)
    )
    epsilon = config.get("layer_norm_eps", 1e-12)
    usual = (
        checkpoint.architecture == "bert"
        and config.get("hidden_act", "gelu") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
    )
    if not usual:
        raise Unreadable(
            say(
                f"CPU에서 바로 읽을 수 있는 BERT가 아니에요: {checkpoint.architecture[:40]}",
                f"This is not a BERT that runs here on its own: {checkpoint.architecture[:40]}",
            ),
            say(
                "다른 구조의 모델은 pip install 'sweetchat-tui[gpu]'로 torch를 설치하면 읽을 수 있어요.",
                "Other architectures need torch: pip install 'sweetchat-tui[gpu]'.",
            ),
        )
    if not whole or not isinstance(epsilon, float) or config["hidden_size"] % config["num_attention_heads"]:
        raise Unreadable(
            say(
                "config.json에 적힌 모델 크기가 올바르지 않아요.",
                "The sizes in config.json are not those of a model.",
            ),
            say("모델을 다시 받아 주세요.", "Fetch the model again."),
        )
    words, positions, types, hidden, layers, heads, inner = (config[name] for name in _NUMBERS)
    outputs = len(labels.read(config).places)
    return Shape(words, positions, types, hidden, layers, heads, inner, outputs, epsilon)


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
