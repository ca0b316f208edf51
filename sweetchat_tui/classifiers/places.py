"""Where a tensor lies in a file, and the safetensors format, read and written.

Knows nothing of what the tensors mean.
"""

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lang import say

SIZES = {"F32": 4, "F16": 2, "BF16": 2, "I8": 1}
"""Bytes of a number of each type."""

_LONGEST_HEADER = 8_000_000
_MOST_AXES = 8
_LINE = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor lies."""

    offset: int
    """Bytes from the start of the file."""
    shape: tuple[int, ...]
    dtype: str
    """One of SIZES, little-endian."""

    @property
    def length(self) -> int:
        """Bytes."""
        return prod(self.shape) * SIZES[self.dtype]


def broken(path: Path, why: str) -> Unreadable:
    """The error that a file of weights cannot be used.

    Args:
        why: the reason, in the language in use, as a clause.
    """
    return Unreadable(
        say(
            f"모델 가중치를 쓸 수 없어요: {why} — {path.name}",
            f"The weights cannot be used: {why} — {path.name}",
        ),
        say(
            "모델을 다시 받거나 safetensors로 다시 저장해 주세요.",
            "Fetch the model again, or save it again as safetensors.",
        ),
    )


def read(path: Path, place: Place) -> NDArray[Any]:
    """The tensor at this place as float32, or as int8 where it is that."""
    raw = np.fromfile(path, dtype=np.uint8, count=place.length, offset=place.offset)
    if raw.size != place.length:
        raise broken(path, say("파일이 잘렸어요", "the file is cut"))
    if place.dtype == "BF16":
        wide = raw.view("<u2").astype(np.uint32) << np.uint32(16)
        return wide.view(np.float32).reshape(place.shape)
    stored = raw.view({"F32": "<f4", "F16": "<f2", "I8": "i1"}[place.dtype]).reshape(place.shape)
    return stored.astype(np.float32) if place.dtype == "F16" else stored


def safetensors(path: Path) -> dict[str, Place]:
    """The tensors of a safetensors file by name; those of other types than SIZES left out.

    Raises:
        Unreadable: it is not one, or is cut.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(8)
        header = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= header <= min(_LONGEST_HEADER, size - 8):
            raise broken(path, say("safetensors 파일이 아니에요", "it is not a safetensors file"))
        blob = stream.read(header)
    try:
        entries = json.loads(blob)
        return {
            name: _entry(path, name, entry, 8 + header, size)
            for name, entry in entries.items()
            if name != "__metadata__" and entry["dtype"] in SIZES
        }
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise broken(path, say("safetensors 파일이 아니에요", "it is not a safetensors file")) from error


def _entry(path: Path, name: str, entry: Mapping[str, Any], start: int, size: int) -> Place:
    first, last = entry["data_offsets"]
    shape = tuple(entry["shape"])
    if len(shape) > _MOST_AXES or not all(
        isinstance(number, int) and number >= 0 for number in (first, last, *shape)
    ):
        raise ValueError("a length that is none")
    place = Place(start + first, shape, entry["dtype"])
    if place.length != last - first or start + last > size:
        raise broken(
            path, say(f"크기가 맞지 않거나 잘렸어요({name[:80]})", f"its size is wrong ({name[:80]})")
        )
    return place


def write_safetensors(
    stream: BinaryIO, layout: Mapping[str, tuple[str, tuple[int, ...]]], arrays: Iterable[NDArray[Any]]
) -> dict[str, Place]:
    """Write tensors one after the other, holding one at a time.

    Args:
        stream: empty, open for writing.
        layout: type and shape by name, in the order of `arrays`.
        arrays: the tensors, already of their type.

    Returns:
        Where each lies.
    """
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, (dtype, shape) in layout.items():
        length = Place(0, shape, dtype).length
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + length]}
        at += length
    blob = json.dumps(header).encode()
    blob += b" " * (-(8 + len(blob)) % _LINE)
    stream.write(struct.pack("<Q", len(blob)) + blob)
    for array in arrays:
        np.ascontiguousarray(array).tofile(stream)
    start = 8 + len(blob)
    return {
        name: Place(start + header[name]["data_offsets"][0], shape, dtype)
        for name, (dtype, shape) in layout.items()
    }
