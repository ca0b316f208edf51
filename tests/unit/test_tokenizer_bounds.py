"""A tokenizer that comes with a checkpoint takes a message in bounded time and memory, or is refused."""

import base64
import json
import struct
from pathlib import Path

import pytest
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from sweetchat_tui.classifiers import tokenizer_bounds
from sweetchat_tui.classifiers.tokenizer_bounds import require_small_files, trusted

GPT_2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def of(normalizer: object = None, pre: object = None, model: object = None) -> Tokenizer:
    tokenizer = Tokenizer(model or models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    if normalizer:
        tokenizer.normalizer = normalizer
    if pre:
        tokenizer.pre_tokenizer = pre
    return tokenizer


GENUINE = {
    "xlm-r": of(
        normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]),
        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]),
    ),
    "albert": of(
        normalizers.Sequence(
            [normalizers.Replace("``", '"'), normalizers.NFKD(), normalizers.StripAccents()]
        ),
        pre_tokenizers.Metaspace(),
    ),
    "llama": of(normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])),
    "roberta": of(pre=pre_tokenizers.ByteLevel(), model=models.BPE()),
    "gpt-2": of(pre=pre_tokenizers.Split(Regex(GPT_2), "isolated"), model=models.BPE()),
    "bert": of(normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()),
}
HOSTILE = {
    "searches for ever": of(normalizers.Replace(Regex("(가+)+$"), "")),
    "splits for ever": of(pre=pre_tokenizers.Split(Regex("(가+)+$"), "isolated")),
    "hidden in a sequence": of(
        pre=pre_tokenizers.Sequence(
            [pre_tokenizers.Sequence([pre_tokenizers.Split(Regex("(a|a)*$"), "removed")])]
        )
    ),
    "doubles": of(normalizers.Sequence([normalizers.Replace("가", "가가")] * 64)),
    "a megabyte for a letter": of(normalizers.Replace("가", "나" * 1_000_000)),
    "before each": of(normalizers.Sequence([normalizers.Prepend("가" * 1000)] * 1000)),
    "a table of long words": of(pre=pre_tokenizers.Metaspace()),
    "a long word": of(
        model=models.WordPiece({"[UNK]": 0}, unk_token="[UNK]", max_input_chars_per_word=10**9)
    ),
}
_state = json.loads(HOSTILE["a table of long words"].to_str())
_state["normalizer"] = {
    "type": "Precompiled",
    "precompiled_charsmap": base64.b64encode(
        struct.pack("<I", 1024) + bytes(1024) + b"x" * 1_000_000 + b"\0"
    ).decode(),
}
HOSTILE["a table of long words"] = Tokenizer.from_str(json.dumps(_state))


@pytest.mark.parametrize("kind", GENUINE)
def test_those_of_known_architectures_are_trusted(kind: str) -> None:
    assert trusted(GENUINE[kind])


@pytest.mark.parametrize("trick", HOSTILE)
def test_those_that_a_message_could_blow_up_are_not(trick: str) -> None:
    assert not trusted(HOSTILE[trick])


def test_files_that_are_larger_than_any_tokenizer_are_refused(tmp_path: Path) -> None:
    (tmp_path / "merges.txt").write_text("a b\n")
    require_small_files(tmp_path)
    with (tmp_path / "vocab.json").open("wb") as file:
        file.truncate(tokenizer_bounds.LARGEST + 1)
    with pytest.raises(ValueError, match=r"vocab\.json"):
        require_small_files(tmp_path)
