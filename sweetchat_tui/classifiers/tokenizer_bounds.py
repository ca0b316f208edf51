"""Which tokenizers can be trusted with a message: those whose time and memory no message can blow up.

A tokenizer is a small program that whoever made the checkpoint has written. A regular expression can be made
to search for ever, upon which tokenizers panics; replacements one after the other double a text each; a table
can put a megabyte in the place of a letter; a word is tried in all its beginnings.
"""

import base64
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

LARGEST = 64_000_000
"""Bytes of a file of a tokenizer's."""
_LONGEST_WORD = 1000
"""Characters of a word that is looked up; BERT's own tokenizer has 100."""
_MOST_GROWTH = 16
"""How many times as long a text may become; the decomposing ones of Unicode make three of one."""
_LONGEST_LETTER = 256
"""Bytes that may stand for one sign; the longest of Unicode's own has 33."""
_KNOWN = frozenset(
    (
        " {2,}",  # SentencePiece's, in XLM-R, T5 and ALBERT
        r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",  # GPT-2
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+",  # Llama 3
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+",  # Qwen 2
    )
)
"""Expressions that take time in proportion to the text; no other is run."""


def trusted(tokenizer: Tokenizer) -> bool:
    """Whether no text can take it minutes, gigabytes, or the process with it."""
    if getattr(tokenizer.model, "max_input_chars_per_word", 0) > _LONGEST_WORD:
        return False
    growth = 1.0
    for part in (tokenizer.normalizer, tokenizer.pre_tokenizer):
        # As tokenizers itself writes it: however the file spelt it, a key reads like this.
        for rule in _rules(json.loads(part.__getstate__()) if part else None):
            pattern = rule.get("pattern", {})
            if "Regex" in pattern and pattern["Regex"] not in _KNOWN:
                return False
            if not _small(rule.get("precompiled_charsmap")):
                return False
            growth *= _growth(rule, pattern.get("String", " "))
    return growth <= _MOST_GROWTH


def require_small_files(folder: Path) -> None:
    """
    Raises:
        ValueError: a file of which transformers reads what it likes is larger than any tokenizer's, or none.
        OSError: the folder cannot be read.
    """
    for path in folder.iterdir():
        if path.suffix in (".json", ".txt", ".model", ".jinja") and not (
            path.is_file() and path.stat().st_size <= LARGEST
        ):
            raise ValueError(path.name)


def _rules(state: object) -> Iterator[dict[str, Any]]:
    """Every object in a state, wherever it is nested."""
    if isinstance(state, dict):
        yield state
        state = list(state.values())
    if isinstance(state, list):
        for inner in state:
            yield from _rules(inner)


def _growth(rule: dict[str, Any], replaced: str) -> float:
    """How many times as long a rule can make a text of some length."""
    match rule:
        case {"type": "Replace", "content": str(content)}:
            return max(1.0, len(content) / max(1, len(replaced)))
        case {"type": "Prepend", "prepend": str(before)} | {"type": "Metaspace", "replacement": str(before)}:
            return max(1.0, float(len(before)))
    return 1.0


def _small(charsmap: object) -> bool:
    """Whether a table of SentencePiece's puts but little in the place of a sign.

    Its first four bytes are the size of a trie; behind that stand the texts that it leads to, ended by zeros.
    """
    if not isinstance(charsmap, str):
        return True
    table = base64.b64decode(charsmap)
    at = 4 + struct.unpack_from("<I", table)[0] if len(table) >= 4 else 0
    return all(len(text) <= _LONGEST_LETTER for text in table[at:].split(b"\0"))
