"""A small BERT that nobody has trained, of a prepared corpus's own words; and the command that trains."""

import json
import os
import subprocess
from pathlib import Path

import warm
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.trainers import WordPieceTrainer

from sweetchat_tui.lab import data

ALONE = {"OMP_NUM_THREADS": "1"}
"""Threads that wait for one another by spinning are slow where others run, and so small a model needs one."""

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def small_bert(folder: Path, corpus: Path, *, hidden: int = 64, layers: int = 2, words: int = 3000) -> Path:
    """An encoder of random weights with a WordPiece vocabulary learnt from the corpus, in a folder."""
    # Four seconds: torch and transformers, which only these tests need.
    import torch
    from transformers import BertConfig, BertModel

    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    trainer = WordPieceTrainer(vocab_size=words, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(data.sentences(corpus, "train").texts, trainer)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        intermediate_size=4 * hidden,
        max_position_embeddings=128,
        # With BERT's own 0.02 so small a model sees all texts alike, and learns for three epochs nothing.
        initializer_range=0.05,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer"}))
    return folder


def lab(*words: str, first: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `sweetchat lab` with words; `first` is a file that is run before it."""
    done = warm.run(
        ("lab", *words), b"", {**os.environ, **ALONE, **variables}, timeout=350, first=first, trains=True
    )
    return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())
