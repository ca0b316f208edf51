"""One file from a Hub to a folder: goes on where it was cut, and is checked before it counts.

The Hub's own client does neither: it throws away what has arrived when it fails or is killed, and it
takes a file of the right length for the right file. Knows HTTP and digests; not where a cache keeps
its files, nor which of them a classifier needs.
"""

import hashlib
import os
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sweetchat_tui.classifiers import hub_failures
from sweetchat_tui.classifiers.hub_failures import Changed, Stopped
from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError

PAUSES_S = (0.2, 1.0, 2.0, 4.0, 8.0)
"""Before each new try after one that brought nothing; then it is given up."""

_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_GONE = frozenset({404, 416})
_CONNECT_S, _SILENCE_S = 10.0, 10.0
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the Hub describes it."""

    name: str
    """Its place in the repository."""
    size: int
    """In bytes."""
    etag: str
    """What the Hub calls its content: a large file's sha256 (64 hex digits), a small one's git sha1 (40)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is."""

    done: int
    """Bytes that are on the disk, those of earlier tries included."""
    total: int
    """Bytes of all files."""
    rate: float
    """Bytes a second over the last seconds; 0 before anything has arrived."""
    left: float | None
    """Seconds until it is done at this rate; None before there is a rate to trust."""


class Meter:
    """Tells how far a download is, at most ten times a second."""

    _EVERY_S = 0.1
    _WINDOW_S = 5.0
    _TRUSTED_S = 1.0

    def __init__(self, total: int, progress: Callable[[Progress], None]) -> None:
        """
        Args:
            total: bytes of all files.
            progress: called with how far it is, in the thread of the download.
        """
        self._total = total
        self._progress = progress
        self._before = 0
        self._arrived = 0
        self._samples = deque([(time.monotonic(), 0)])

    def tell(self, position: int, arrived: int) -> None:
        """A file stands at this many bytes, of which so many came from the network just now."""
        self._arrived += arrived
        now, done = time.monotonic(), self._before + position
        if done < self._total and now - self._samples[-1][0] < self._EVERY_S:
            return
        self._samples.append((now, self._arrived))
        while len(self._samples) > 2 and now - self._samples[0][0] > self._WINDOW_S:
            self._samples.popleft()
        (start, first), (end, last) = self._samples[0], self._samples[-1]
        rate = (last - first) / max(end - start, 1e-6)
        left = (self._total - done) / rate if rate and end - start >= self._TRUSTED_S else None
        self._progress(Progress(done, self._total, rate, left))

    def finish(self, file: RemoteFile) -> None:
        """This file is whole; the next one starts."""
        self.tell(file.size, 0)
        self._before += file.size


class _Partial:
    """What has arrived of a file: on the disk, and in the digest that runs along."""

    def __init__(self, path: Path, file: RemoteFile) -> None:
        self._file = file
        self._digest = _digest(file)
        self.size = 0
        try:
            self._out = path.open("a+b", buffering=0)
        except OSError as e:
            raise hub_failures.unwritable(e, file.size) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.close()

    def catch_up(self, stop: Event) -> None:
        """Hash what an earlier try left."""
        self._out.seek(0)
        while block := self._out.read(_BLOCK):
            if stop.is_set():
                raise Stopped
            self._digest.update(block)
            self.size += len(block)

    def append(self, data: bytes) -> None:
        if self.size + len(data) > self._file.size:
            raise Changed
        view = memoryview(data)
        try:
            while view:
                view = view[self._out.write(view) :]
        except OSError as e:
            raise hub_failures.unwritable(e, self._file.size - self.size) from None
        self._digest.update(data)
        self.size += len(data)

    def restart(self) -> None:
        self._out.truncate(0)
        self._digest = _digest(self._file)
        self.size = 0

    def settle(self) -> bool:
        """Put it on the disk for good; whether it is the right file."""
        try:
            os.fsync(self._out.fileno())
        except OSError as e:
            raise hub_failures.unwritable(e, 0) from None
        return self._digest.hexdigest() == self._file.etag


def fetch(
    url: str, headers: Mapping[str, str], file: RemoteFile, path: Path, meter: Meter, stop: Event
) -> None:
    """Bring what has arrived of a file to the whole file, checked and on the disk.

    Args:
        url: where the Hub has it; it may redirect to another host, which never sees the token.
        headers: with the token, if there is one.
        path: where the file grows; what an earlier try left there is hashed and gone on from.
        stop: set to stop; looked at whenever bytes arrive, or after ten seconds of silence.

    Raises:
        Stopped: it was stopped; what arrived stays at `path`.
        Changed: the Hub has another file there now.
        TryLater: it was cut again and again; what arrived stays.
        Unreadable: the whole file came and is not the right one; it is removed.
        CacheUnwritable: the disk is full or closed.
        HfHubHTTPError: the Hub refused.
    """
    with _Partial(path, file) as partial:
        partial.catch_up(stop)
        meter.tell(partial.size, 0)
        furthest, tries = partial.size, 0
        while partial.size < file.size:
            failure = _receive(url, headers, file, partial, meter, stop)
            if partial.size > furthest:
                furthest, tries = partial.size, 0
            elif partial.size < file.size:
                if tries == len(PAUSES_S):
                    raise failure or hub_failures.cut(furthest, file.size)
                if stop.wait(PAUSES_S[tries]):
                    raise Stopped
                tries += 1
        right = partial.size == file.size and partial.settle()
    if not right:
        path.unlink()
        raise Unreadable(
            say(f"받은 파일이 원본과 달라요: {file.name}", f"What came is not the right file: {file.name}"),
            say("지웠으니 다시 받아 주세요.", "It is removed; please pull again."),
        )


def _receive(
    url: str, headers: Mapping[str, str], file: RemoteFile, partial: _Partial, meter: Meter, stop: Event
) -> "HfHubHTTPError | None":
    """One request for what is missing, and all that it brings before it ends or is cut.

    Returns:
        The Hub's refusal, when asking again may help; None when it answered or was cut.
    """
    # Loaded already: the Hub's session, with the person's proxies and certificates.
    import httpx2
    from huggingface_hub import get_session
    from huggingface_hub.errors import HfHubHTTPError

    asked = dict(headers) | {"Accept-Encoding": "identity"}
    if partial.size:
        asked["Range"] = f"bytes={partial.size}-"
    timeout = httpx2.Timeout(_SILENCE_S, connect=_CONNECT_S)
    try:
        with get_session().stream("GET", url, headers=asked, timeout=timeout) as response:
            if not _continues(response, file, partial.size):
                partial.restart()
            for data in response.iter_raw():
                if stop.is_set():
                    raise Stopped
                partial.append(data)
                meter.tell(partial.size, len(data))
    except HfHubHTTPError as e:
        if e.response.status_code not in _AGAIN:
            raise
        return e
    except (httpx2.TransportError, httpx2.StreamError):
        pass
    return None


def _continues(response: "httpx2.Response", file: RemoteFile, position: int) -> bool:
    """Whether an answer goes on at this position; otherwise it starts from the first byte.

    Raises:
        Changed: it is of another file.
        HfHubHTTPError: it is a refusal.
    """
    from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

    if response.status_code in _GONE:
        raise Changed
    if response.is_error:
        response.read()
        hf_raise_for_status(response)
    for answer in (*response.history, response):
        linked = answer.headers.get("X-Linked-Etag", "").removeprefix("W/").strip('"')
        if linked and linked != file.etag:
            raise Changed
    if response.status_code != 206:
        return position == 0
    span, _, total = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
    if total not in ("*", str(file.size)) or span.partition("-")[0] != str(position):
        raise Changed
    return True


def is_whole(path: Path, file: RemoteFile) -> bool:
    """Whether what lies there is this file, to the last byte."""
    try:
        with path.open("rb") as stream:
            return (
                os.fstat(stream.fileno()).st_size == file.size
                and hashlib.file_digest(stream, lambda: _digest(file)).hexdigest() == file.etag
            )
    except OSError:
        return False


def _digest(file: RemoteFile) -> "hashlib._Hash":
    if len(file.etag) == 64:
        return hashlib.sha256()
    return hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
