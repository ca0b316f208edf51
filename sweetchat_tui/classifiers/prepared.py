"""What is derived from a checkpoint, made once and kept in the cache folder.

    models/digests/<path>.json      the sha256 of a file of weights, as long as the file is the same
    models/<key>/fp32.onnx          the graph over the checkpoint's own file
    models/<key>/fp32.safetensors   float32 weights, where the checkpoint's cannot be used in place
    models/<key>/int8.onnx, .safetensors

The key is made of the weights' digest and what else a graph depends on, so nothing in it ever goes stale.
A file has its name only once it is whole, and is made again when it is no longer as it was made; one process
at a time makes them. Knows nothing of sessions.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from sweetchat_tui import paths
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.classifiers.places import broken
from sweetchat_tui.classifiers.shape import Shape
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.files import why
from sweetchat_tui.lang import say

Precision = Literal["fp32", "int8"]

_EDITION = 1
_PARTIAL = ".partial"
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A graph over weights that lie elsewhere."""

    graph: bytes
    """ONNX, serialised."""
    folder: Path
    """Where the file of weights that the graph names lies."""
    home: Path
    """Where what was prepared is kept."""
    precision: Precision


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal; worked out again only when the file has changed.

    Raises:
        Unreadable: the file cannot be read.
    """
    if kept := known_digest(path):
        return kept
    state, found = _worked_out(path)
    _record(path, state, found)
    return found


def known_digest(path: Path) -> str | None:
    """The sha256 that was worked out before, if the file has not changed; None when it never was."""
    kept = _recorded(path)
    with suppress(OSError):
        if kept.get("file") == _state(path):
            return str(kept["sha256"])
    return None


def changed(path: Path) -> bool:
    """Whether a file is another than when it came from the Hub, whose cache names it by its digest; else than
    when it was last read.

    Raises:
        Unreadable: as `digest`.
    """
    name = path.resolve().name
    before = name if _SHA256.fullmatch(name) else _recorded(path).get("sha256")
    return digest(path) != before and before is not None


def _is_as_made(path: Path) -> bool:
    """Whether a file is the one whose digest was worked out when it was made; reads it only where its state
    is another, as in a copied folder."""
    if known_digest(path):
        return True
    made = _recorded(path).get("sha256")
    if made is None or not path.is_file():
        return False
    state, found = _worked_out(path)
    if found == made:
        _record(path, state, found)
    return found == made


def _worked_out(path: Path) -> tuple[list[object], str]:
    """A file's state, and its digest."""
    try:
        state = _state(path)
        with path.open("rb") as stream:
            return state, hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise broken(path, why(error)) from error


def _state(path: Path) -> list[object]:
    status = path.stat()
    # The time of the last change is the one that who changes a file cannot set.
    return [str(path.resolve()), status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _record(path: Path, state: list[object], sha256: str) -> None:
    with suppress(OSError):
        write(_note(path), json.dumps({"file": state, "sha256": sha256}).encode())


def _note(path: Path) -> Path:
    """Where the digest of a file is kept."""
    return (
        models_folder() / "digests" / f"{hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:24]}.json"
    )


def _recorded(path: Path) -> dict[str, object]:
    """What is kept of it; nothing when nothing was, or it cannot be read."""
    try:
        kept = json.loads(_note(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) and isinstance(kept.get("sha256"), str) else {}


def folder(checkpoint: Checkpoint, shape: Shape) -> Path:
    """Where what is derived from this checkpoint is kept."""
    parts = (_EDITION, digest(checkpoint.weights), checkpoint.weights.resolve().name, *astuple(shape))
    return models_folder() / hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def prepare(checkpoint: Checkpoint, shape: Shape, precision: Precision) -> Prepared:
    """The graph of a checkpoint, from the cache or made now.

    Raises:
        Unreadable: the weights are not what they should be.
        SweetchatError: there is no room or no right to write what must be kept.
    """
    home = folder(checkpoint, shape)
    graph, own = home / f"{precision}.onnx", home / f"{precision}.safetensors"
    if not _stands(graph, own):
        try:
            with _alone(home):
                if not _stands(graph, own):
                    _make(checkpoint, shape, precision, home)
        except OSError as error:
            raise SweetchatError(
                say(
                    f"준비한 모델을 저장하지 못했어요: {why(error) or error}",
                    f"The prepared model could not be kept: {why(error) or error}",
                ),
                say(
                    f"{models_folder()} 폴더에 쓸 수 있는지, 디스크에 자리가 있는지 봐 주세요.",
                    f"See whether {models_folder()} can be written and the disk has room.",
                ),
            ) from error
    return Prepared(
        graph.read_bytes(), home if own.is_file() else checkpoint.weights.resolve().parent, home, precision
    )


def _stands(graph: Path, own: Path) -> bool:
    """Whether a graph is there as it was made, and the weights that were made for it, if any were."""
    return _is_as_made(graph) and (_is_as_made(own) or not _recorded(own))


def _make(checkpoint: Checkpoint, shape: Shape, precision: Precision, home: Path) -> None:
    """Write a graph, and its weights before it, so that a graph is never without them."""
    # 70 ms: onnx.
    from sweetchat_tui.classifiers import int8, onnx_graph, tensors

    stored = None if checkpoint.kind == "pickle" else tensors.locate(checkpoint, shape)
    if stored is None or not stored.in_place:
        floats = home / "fp32.safetensors"
        if not _is_as_made(floats):
            with _whole(floats) as stream:
                tensors.convert(checkpoint, shape, stream)
            digest(floats)
        stored = tensors.converted(floats)
    tensors.check(stored)
    weights: onnx_graph.Weights = onnx_graph.Floats(stored)
    if precision == "int8":
        own = home / "int8.safetensors"
        with _whole(own) as stream:
            at = int8.write(stored, stream)
        digest(own)
        weights = int8.Bytes(own, at)
    graph = home / f"{precision}.onnx"
    write(graph, onnx_graph.build(shape, weights))
    digest(graph)


def write(path: Path, content: bytes) -> None:
    """Put a whole file in the place of what was there."""
    with _whole(path) as stream:
        stream.write(content)


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write that gets its name at the end, or leaves nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}{_PARTIAL}")
    try:
        with partial.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One process at a time; what a killed one left is cleared away."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("wb") as lock:
        try:
            import fcntl
        except ImportError:
            # Windows: two may do the same work, and the last one's file stays.
            yield
            return
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in home.glob(f"*{_PARTIAL}"):
            left.unlink(missing_ok=True)
        yield


def models_folder() -> Path:
    """Where all of it is kept; what is deleted of it is made again."""
    return paths.cache_folder() / "models"
