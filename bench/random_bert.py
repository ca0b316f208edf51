"""A BERT of base size with random weights, as TensorFlow stores it and as safetensors: its speed is
the real one's, its answers are not. Its words are the syllables of Hangul."""

import json
from pathlib import Path

import h5py
import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from sweetchat_tui.classifiers import checkpoint, shape

CONFIG = {
    "architectures": ["BertForSequenceClassification"],
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": 768,
    "intermediate_size": 3072,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 512,
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "pad_token_id": 0,
    "type_vocab_size": 2,
    "vocab_size": 32000,
    "id2label": {str(index): f"LABEL_{index}" for index in range(58)},
    "label2id": {f"LABEL_{index}": index for index in range(58)},
}
SYLLABLES = [chr(0xAC00 + index) for index in range(11172)]
LEAVES = {"weight": "kernel", "bias": "bias"}


def make(folder: Path) -> tuple[Path, Path]:
    """Write both checkpoints once; the folders of TensorFlow's and of safetensors'."""
    keras, torch = folder / "keras", folder / "safetensors"
    if (torch / "model.safetensors").exists():
        return keras, torch
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *SYLLABLES, *(f"##{s}" for s in SYLLABLES)]
    words += [f"[unused{index}]" for index in range(32000 - len(words))]
    for each in (keras, torch):
        each.mkdir(parents=True, exist_ok=True)
        (each / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
        (each / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
        settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": False}
        (each / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
        _tokenizer(words).save(str(each / "tokenizer.json"))
    (keras / "tf_model.h5").touch()
    tensors = shape.expected(shape.bert_shape(checkpoint.find(keras)))
    rng = np.random.default_rng(0)
    stored = {}
    with h5py.File(keras / "tf_model.h5", "w") as file:
        for name, size in tensors.items():
            array = rng.normal(0, 0.05, size).astype(np.float32)
            if "LayerNorm.weight" in name:
                array += 1
            dense = shape.is_dense(name)
            file[_keras_name(name)] = array.T if dense else array
            stored[name if name.startswith("classifier") else f"bert.{name}"] = array
    save_file(stored, torch / "model.safetensors", metadata={"format": "pt"})
    return keras, torch


def _tokenizer(words: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(WordPiece({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.add_special_tokens(words[:5])
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def _keras_name(name: str) -> str:
    *path, leaf = name.split(".")
    if "LayerNorm" in path:
        leaf = {"weight": "gamma", "bias": "beta"}[leaf]
    elif path[0] == "embeddings":
        leaf = "weight" if path[-1] == "word_embeddings" else "embeddings"
    else:
        leaf = LEAVES[leaf]
    inner = "/".join([*path, leaf]).replace("layer/", "layer_._")
    if path[0] == "classifier":
        return f"classifier/tf_bert_for_sequence_classification/{inner}:0"
    return f"bert/tf_bert_for_sequence_classification/bert/{inner}:0"


def sentences(count: int) -> list[str]:
    """Made-up sentences, each its own, as long as real ones: half have 18 tokens, one in ten 34."""
    rng = np.random.default_rng(3)
    lengths = np.clip(np.exp(rng.normal(np.log(18), 0.5, count)), 4, 120).astype(int) - 2
    return [
        "".join(
            ch + (" " if rng.random() < 0.3 else "") for ch in rng.choice(SYLLABLES, max(1, length))
        ).strip()
        for length in lengths
    ]
