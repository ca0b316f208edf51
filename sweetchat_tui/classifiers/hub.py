"""Classifiers from a Hub: what pulling one means, and how it comes into the cache.

Knows which files a classifier needs and how the Hub's cache is laid out; the bytes themselves come
through `download`. What is in the cache is asked of here too, and answered without a network.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from re import compile as pattern
from shutil import disk_usage
from threading import Event
from typing import Any
from urllib.parse import quote

from sweetchat_tui import __version__
from sweetchat_tui.classifiers import download, hub_failures
from sweetchat_tui.classifiers.download import Meter, Progress, RemoteFile
from sweetchat_tui.classifiers.hub_cache import (
    COMMIT,
    DEFAULT_MODEL,
    TOKENIZERS,
    WEIGHTS,
    Installed,
    Wanted,
    installed,
    local,
    locked,
    remove,
    wanted_by,
)
from sweetchat_tui.classifiers.hub_failures import Changed, Stopped
from sweetchat_tui.errors import TryLater
from sweetchat_tui.lang import say

__all__ = [
    "DEFAULT_MODEL",
    "Installed",
    "Plan",
    "Progress",
    "RemoteFile",
    "Stopped",
    "address",
    "installed",
    "local",
    "plan",
    "pull",
    "remove",
    "told",
]

_SMALL = ("config.json", "tokenizer_config.json", "special_tokens_map.json", *TOKENIZERS, "merges.txt")
_PARTIAL = ".sweetchat.incomplete"
_ETAG = pattern(r"[0-9a-f]{40}|[0-9a-f]{64}")
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_ASK_S = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What pulling a model means."""

    wanted: Wanted
    files: tuple[RemoteFile, ...]
    """The files that a classifier needs, the weights last."""
    total_bytes: int
    commit: str
    """The commit that the revision stands for now, 40 hex digits."""

    @property
    def missing_bytes(self) -> int:
        """Those that are not on this machine yet, or not as they should be; reads all that is here."""
        return sum(map(self.left, self.missing()))

    def missing(self) -> list[RemoteFile]:
        """The files to fetch; reads all that is here."""
        return [
            file
            for file in self.files
            if not download.is_whole(self.blob(file), file)
            and not download.is_whole(self.pointer(file), file)
        ]

    def left(self, file: RemoteFile) -> int:
        """Bytes of a missing file that no earlier try has brought."""
        partial = self.partial(file)
        return max(0, file.size - (partial.stat().st_size if partial.is_file() else 0))

    def blob(self, file: RemoteFile) -> Path:
        """Where its content goes."""
        return self.wanted.folder / "blobs" / file.etag

    def partial(self, file: RemoteFile) -> Path:
        """Where its content grows."""
        return self.blob(file).with_name(file.etag + _PARTIAL)

    def pointer(self, file: RemoteFile) -> Path:
        """Where programs look for it: a link to its content, or itself where there are no links."""
        return self.wanted.folder / "snapshots" / self.commit / file.name


def plan(model_id: str) -> Plan:
    """Ask the Hub what pulling a model means. Answers at once when there is no network.

    Args:
        model_id: `owner/name`, or `owner/name@revision`.

    Raises:
        Unreachable: no network, forbidden by HF_HUB_OFFLINE, or what answers is no Hub.
        NotThere: no such model or revision, or it is no classifier.
        KeyRefused: it is gated, or the token is refused.
        TryLater: too many requests.
        Misused: it cannot be the name of a model.
        Misconfigured: HF_ENDPOINT is no address.
    """
    wanted, endpoint = wanted_by(model_id), address()
    answer = _asked(model_id, f"{endpoint}/api/models/{wanted.id}/revision/{quote(wanted.revision, safe='')}")
    try:
        commit = str(answer["sha"])
        listed = {str(entry["rfilename"]): entry for entry in answer["siblings"]}
        files = tuple(_remote(listed[name]) for name in _needed(model_id, listed))
    except (KeyError, TypeError, ValueError):
        raise hub_failures.not_a_hub(endpoint) from None
    if not COMMIT.fullmatch(commit):
        raise hub_failures.not_a_hub(endpoint)
    return Plan(wanted, files, sum(f.size for f in files), commit)


def pull(
    model_id: str, progress: Callable[[Progress], None] = lambda _: None, stop: Event | None = None
) -> Path:
    """Bring a model into the cache, or up to date; goes on where an earlier pull stopped.

    What lies there is read, and fetched again where it is not what the Hub has.

    Two pulls of one model are safe, in one process or in two: the second waits for the first.

    Args:
        model_id: `owner/name`, or `owner/name@revision`.
        progress: called in this thread, at most ten times a second and at the end.
        stop: set to stop; what has arrived stays for the next time.

    Returns:
        The folder with its files.

    Raises:
        Stopped: it was stopped.
        CacheUnwritable: the disk is full, or the cache is closed to us.
        Unreadable: what came is not what the Hub promised; it is removed.
        TryLater: cut again and again, or the model changed again and again while it came.
        SweetchatError: whatever `plan` raises.
    """
    stop, wanted = stop or Event(), wanted_by(model_id)
    # A commit, whole or as it is shown, stays what it is.
    named = (wanted.commit or "").startswith(wanted.revision)
    if named and (found := local(model_id)) and _is_sound(found):
        return found
    planned = plan(model_id)
    with locked(wanted, stop):
        for _ in range(3):
            try:
                return _bring(model_id, planned, progress, stop)
            except Changed:
                planned = plan(model_id)
    raise TryLater(
        say(f"받는 사이에 모델이 자꾸 바뀌어요: {model_id}", f"{model_id} keeps changing while it comes."),
        say("조금 뒤에 다시 해 주세요.", "Try again later."),
    )


def _bring(model_id: str, planned: Plan, progress: Callable[[Progress], None], stop: Event) -> Path:
    """Fetch what is missing; only when every file is there does the cache say that the model is."""
    wanted, endpoint = planned.wanted, address()
    blobs = wanted.folder / "blobs"
    missing = planned.missing()
    ahead = sum(map(planned.left, missing))
    headers, meter = _headers(), Meter(planned.total_bytes, progress)
    with _disk(ahead):
        blobs.mkdir(parents=True, exist_ok=True)
        if ahead > (free := disk_usage(blobs).free):
            raise hub_failures.disk_full(ahead, free)
    for file in planned.files:
        if file in missing:
            url = f"{endpoint}/{wanted.id}/resolve/{planned.commit}/{quote(file.name)}"
            with told(model_id, endpoint):
                download.fetch(url, headers, file, planned.partial(file), meter, stop)
            with _disk(0):
                planned.partial(file).replace(planned.blob(file))
        meter.finish(file)
    with _disk(0):
        for file in planned.files:
            _point(planned.pointer(file), planned.blob(file))
        if not COMMIT.fullmatch(wanted.revision):
            _write(wanted.folder / "refs" / wanted.revision, planned.commit)
        for left_of_another_commit in blobs.glob(f"*{_PARTIAL}"):
            left_of_another_commit.unlink()
    return wanted.folder / "snapshots" / planned.commit


def _needed(model_id: str, listed: Mapping[str, object]) -> list[str]:
    """The names of the files that a classifier needs, the weights last."""
    small = [name for name in _SMALL if name in listed]
    weights = next((name for name in WEIGHTS if name in listed), None)
    if weights is None:
        raise hub_failures.missing(model_id, ", ".join(WEIGHTS))
    for needed in (("config.json",), TOKENIZERS):
        if not set(needed) & set(small):
            raise hub_failures.missing(model_id, ", ".join(needed))
    return [*small, weights]


def _remote(entry: Mapping[str, Any]) -> RemoteFile:
    """A file as the Hub lists it. Raises ValueError, KeyError or TypeError when it is not one."""
    large = entry.get("lfs")
    etag = str(large["sha256"] if large else entry["blobId"])
    if not _ETAG.fullmatch(etag):
        raise ValueError(etag)
    return RemoteFile(str(entry["rfilename"]), int(large["size"] if large else entry["size"]), etag)


def _is_sound(snapshot: Path) -> bool:
    """Whether the files of a snapshot are what they are called by in the cache; asks no Hub."""
    contents = [path.resolve() for path in snapshot.iterdir()]
    return all(
        download.is_whole(path, RemoteFile(path.name, path.stat().st_size, path.name))
        for path in contents
        if _ETAG.fullmatch(path.name)
    )


def _point(pointer: Path, blob: Path) -> None:
    """Make a file of a snapshot lead to its content, as the Hub's client does."""
    if pointer.exists() and (not blob.exists() or pointer.samefile(blob)):
        return
    pointer.parent.mkdir(parents=True, exist_ok=True)
    new = pointer.with_name(f"{pointer.name}.sweetchat")
    new.unlink(missing_ok=True)
    try:
        new.symlink_to(os.path.relpath(blob, pointer.parent))
    except OSError:
        new = blob  # no links here, as on many a Windows: the file itself moves
    new.replace(pointer)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.sweetchat")
    new.write_text(text, "ascii")
    new.replace(path)


def address() -> str:
    """Where the Hub is."""
    # 20 ms: the Hub's own client, which knows where the Hub is.
    from huggingface_hub import constants

    return (os.environ.get("HF_ENDPOINT") or constants._HF_DEFAULT_ENDPOINT).rstrip("/")


def _asked(model_id: str, url: str) -> Mapping[str, Any]:
    """What the Hub says of a model."""
    if {os.environ.get(name, "").upper() for name in _OFFLINE} & {"1", "ON", "YES", "TRUE"}:
        raise hub_failures.offline()
    # 90 ms. The Hub's `HfApi` takes 140, and asks the Hub what it should report of this machine.
    from huggingface_hub import get_session
    from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

    with told(model_id, address()):
        response = get_session().get(url, params={"blobs": "true"}, headers=_headers(), timeout=_ASK_S)
        hf_raise_for_status(response)
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise hub_failures.not_a_hub(address())
    return answer


def _headers() -> dict[str, str]:
    """Who asks, and the person's token; both go to the Hub alone."""
    from huggingface_hub.utils import get_token_to_send  # type: ignore[attr-defined]

    headers = {"User-Agent": f"sweetchat/{__version__}"}
    token = get_token_to_send(None)
    if token and not token.isascii():
        raise hub_failures.bad_token()
    return headers | ({"Authorization": f"Bearer {token}"} if token else {})


@contextmanager
def told(model_id: str, endpoint: str) -> Iterator[None]:
    """Errors of the Hub and of the network, told as ours."""
    import httpx2  # loaded with the session that the block uses

    try:
        yield
    except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as e:
        known = hub_failures.told(e, model_id, endpoint)
        if known is None:
            raise
        raise known from None


@contextmanager
def _disk(needed: int) -> Iterator[None]:
    """Errors of the disk, told as ours."""
    try:
        yield
    except OSError as e:
        raise hub_failures.unwritable(e, needed) from None
