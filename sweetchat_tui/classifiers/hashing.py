"""Text to hashed character n-grams, for a whole batch of texts at once.

A word is a run of Hangul, Latin letters and digits. A feature is one to four neighbouring signs of a
word with its edges marked, a whole word, the seam of two neighbouring words, or how a text ends. Each
is a slot, of which the weights know some. Integer arithmetic of fixed width only, so every machine
gives the same slots. Knows nothing of emotions or weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS = 20
SLOTS = 1 << BITS
"""How many slots there are: enough that few features share one."""
NULL = SLOTS
"""The slot of a place that holds no feature."""
SIZES = 4
"""The longest n-gram, and how many slots each place of a word has."""
ENDS = 2
"""How many slots the end of a text has."""
TEXT_LIMIT = 512
"""Code points of a text that are read; an emotion does not need more, and memory stays bounded."""
WORD_LIMIT = 16
"""Longer words are read as several, so that the sums of a word stay small."""

_EDGE = 1
_DIGIT = 2
_PRIME = np.uint32(0x01000193)
_SEEDS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], dtype=np.uint32)
_SEAM = np.uint32(0x165667B1)
_WHOLE = np.uint32(0x2545F491)
_LAST_WORD = np.uint32(0x1B873593)
_LAST_SIGNS = np.uint32(0xE6546B64)


def _signs() -> NDArray[np.uint16]:
    """What each code point counts as: 0 parts words, digits are alike, letters have no case."""
    table = np.zeros(0x10000, dtype=np.uint16)
    for first, last in ((0x3131, 0x318E), (0xAC00, 0xD7A3), (ord("a"), ord("z"))):
        table[first : last + 1] = np.arange(first, last + 1)
    table[ord("A") : ord("Z") + 1] = np.arange(ord("a"), ord("z") + 1)
    table[ord("0") : ord("9") + 1] = _DIGIT
    table[0xFFFF] = 0
    return table


def _powers() -> NDArray[np.uint64]:
    """An odd 64-bit factor for each place in a word (splitmix64)."""
    state = np.arange(1, WORD_LIMIT + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (state ^ (state >> np.uint64(31))) | np.uint64(1)


_SIGNS = _signs()
_POWERS = _powers()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch, each different one once."""

    places: NDArray[np.int64]
    """Shape (places, SIZES): the slots of the n-grams at each place of the different words; the first
    place of a word is its edge, and has the whole word in place of a single sign."""
    starts: NDArray[np.int64]
    """Shape (different words,): the first place of each."""
    which: NDArray[np.int64]
    """Shape (words,): which different word stands here, in reading order."""
    seams: NDArray[np.int64]
    """Shape (words,): the slot of the seam with the word before; NULL at the start of a text."""
    ends: NDArray[np.int64]
    """Shape (texts with words, ENDS): the slots of the last word and of its last three signs."""
    text: NDArray[np.int64]
    """Shape (words,): the text that holds the word; ascending."""
    hangul: NDArray[np.bool_]
    """Shape (texts,): whether a text has any Hangul at all."""


def _slot(mixed: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Spread 32-bit hashes over the slots (murmur3's last step)."""
    mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return (mixed >> np.uint32(32 - BITS)).astype(np.int64)


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """The signs of all texts, a 0 before each, and where each text begins."""
    cut = [text[:TEXT_LIMIT] for text in texts]
    lengths = np.fromiter(map(len, cut), dtype=np.int64, count=len(cut))
    joined = ("\n" + "\n".join(cut)).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(joined, dtype="<u4")
    signs = _SIGNS[np.minimum(points, np.uint32(0xFFFF))]
    return signs, np.cumsum(lengths + 1) - lengths - 1


def words(texts: Sequence[str]) -> Words:
    """Read the words of all texts.

    Args:
        texts: any strings, at least one.
    """
    signs, begins = _codes(texts)
    at = np.flatnonzero(signs)
    codes = signs[at]
    opens = np.ones(len(at), dtype=np.bool_)
    opens[1:] = np.diff(at) > 1
    places = np.arange(len(at))
    place = places - np.maximum.accumulate(np.where(opens, places, 0))
    place %= WORD_LIMIT
    first = np.flatnonzero(place == 0)
    text = np.searchsorted(begins, at[first], side="right") - 1
    hangul = np.zeros(len(texts), dtype=np.bool_)
    if not len(first):
        empty = np.zeros(0, dtype=np.int64)
        pairs = np.zeros((0, ENDS), dtype=np.int64)
        return Words(np.zeros((0, SIZES), dtype=np.int64), empty, empty, empty, pairs, empty, hangul)
    hangul[text[np.logical_or.reduceat(codes >= 0x3131, first)]] = True
    keys = np.add.reduceat(codes.astype(np.uint64) * _POWERS[place], first)
    length = np.diff(np.append(first, len(at)))
    different, sample, which = np.unique(keys, return_index=True, return_inverse=True)
    slots, starts = _word_slots(codes, first[sample], length[sample], different)
    last = np.flatnonzero(np.diff(text, append=-1))
    ends = _ends(codes, (first + length)[last], length[last], keys[last])
    return Words(slots, starts, which, _seams(codes, first, length, text), ends, text, hangul)


def _word_slots(
    codes: NDArray[np.uint16], first: NDArray[np.int64], length: NDArray[np.int64], keys: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The slots at every place of every different word, and where each word starts among the places."""
    # A word of k signs stands as an edge, k signs, an edge; the second edge starts no n-gram.
    span = length + 2
    starts = np.cumsum(span) - span
    padded = np.full(int(span.sum()) + SIZES, _EDGE, dtype=np.uint32)
    inner = np.arange(int(length.sum())) + np.repeat(starts + 1 - (np.cumsum(length) - length), length)
    source = np.arange(len(inner)) + np.repeat(first - (np.cumsum(length) - length), length)
    padded[inner] = codes[source]
    size = int(span.sum())
    left = np.repeat(starts + span, span) - np.arange(size)
    slots = np.full((size, SIZES), NULL, dtype=np.int64)
    hashed = np.zeros(size, dtype=np.uint32)
    for n in range(SIZES):
        hashed = (hashed ^ padded[n : n + size]) * _PRIME
        hashed ^= hashed >> np.uint32(15)
        slots[:, n] = np.where(left > n, _slot(hashed ^ _SEEDS[n]), NULL)
    slots[starts, 0] = _slot(_folded(keys) ^ _WHOLE)
    kept = left > 1
    return slots[kept], starts - np.arange(len(starts))


def _seams(
    codes: NDArray[np.uint16], first: NDArray[np.int64], length: NDArray[np.int64], text: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each word the slot of the two signs before it and its own first two."""
    last = first + length - 1
    wide = codes.astype(np.uint32)
    head = wide[first] * np.uint32(0x9E3779B1)
    head += np.where(length > 1, wide[np.minimum(first + 1, len(wide) - 1)], _EDGE).astype(np.uint32)
    tail = wide[last] * np.uint32(0x85EBCA77)
    tail += np.where(length > 1, wide[np.maximum(last - 1, 0)], _EDGE).astype(np.uint32)
    slots = np.full(len(first), NULL, dtype=np.int64)
    joined = (tail[:-1] * _PRIME ^ head[1:]) * np.uint32(0xCC9E2D51) ^ _SEAM
    slots[1:] = np.where(text[1:] == text[:-1], _slot(joined), NULL)
    return slots


def _ends(
    codes: NDArray[np.uint16], after: NDArray[np.int64], length: NDArray[np.int64], keys: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """For each last word its own slot and that of its last three signs."""
    signs = np.full(len(after), _EDGE, dtype=np.uint32)
    for back in range(1, 4):
        sign = np.where(length >= back, codes[np.maximum(after - back, 0)], _EDGE).astype(np.uint32)
        signs = (signs ^ sign) * _PRIME
        signs ^= signs >> np.uint32(15)
    return np.stack((_slot(_folded(keys) ^ _LAST_WORD), _slot(signs ^ _LAST_SIGNS)), axis=1)


def _folded(keys: NDArray[np.uint64]) -> NDArray[np.uint32]:
    return (keys ^ (keys >> np.uint64(32))).astype(np.uint32)
