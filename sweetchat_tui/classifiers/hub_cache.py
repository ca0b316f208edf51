"""The classifiers in the Hub's cache on this machine: found, listed and removed without a network.

The cache is the one that `huggingface_hub` has, in its own layout, so that every program on the
machine shares one copy. Looking into it imports nothing. Knows nothing of what the weights say.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from sweetchat_tui.classifiers import hub_failures
from sweetchat_tui.classifiers.hub_failures import Stopped
from sweetchat_tui.errors import Misused, NotThere, TryLater
from sweetchat_tui.lang import say

DEFAULT_MODEL = "burningfalls/my-fine-tuned-bert"

WEIGHTS: Mapping[str, str] = {
    "model.safetensors": "safetensors",
    "tf_model.h5": "tensorflow",
    "pytorch_model.bin": "pytorch",
}
"""The files that weights come in, the best one first, and what kind each is."""

TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model")
"""The files of which a classifier needs at least one."""

COMMIT = re.compile(r"[0-9a-f]{40}")
_SHOWN = re.compile(r"[0-9a-f]{7,40}")
_NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9_][\w.-]{0,95}(/[A-Za-z0-9_][\w.-]{0,95})?", re.ASCII)
_REVISION = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][\w./-]{0,199}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Installed:
    """A classifier in the cache."""

    id: str
    """`owner/name`."""
    revision: str
    """Its commit, 40 hex digits."""
    bytes: int
    """Of its files; another revision may share some of them."""
    kind: str
    """`safetensors`, `tensorflow` or `pytorch`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model's name, taken apart."""

    id: str
    """`owner/name`."""
    revision: str
    """A branch, a tag or a commit, of which the first seven digits do."""
    pinned: bool
    """The person named the revision."""

    @property
    def folder(self) -> Path:
        return cache_folder() / f"models--{self.id.replace('/', '--')}"

    @property
    def commit(self) -> str | None:
        """The commit that the revision stood for when it was last fetched; None when it never was."""
        if COMMIT.fullmatch(self.revision):
            return self.revision
        try:
            return (self.folder / "refs" / self.revision).read_text("ascii").strip()
        except (OSError, UnicodeError):
            found = _snapshots(self.folder.name, self.revision)
            return found[0].name if len(found) == 1 else None


def cache_folder() -> Path:
    """Where every program keeps what comes from the Hub."""
    env = os.environ
    home = env.get("HF_HOME") or f"{env.get('XDG_CACHE_HOME') or '~/.cache'}/huggingface"
    return Path(
        os.path.expandvars(env.get("HF_HUB_CACHE") or env.get("HUGGINGFACE_HUB_CACHE") or f"{home}/hub")
    ).expanduser()


def local(model_id: str) -> Path | None:
    """The folder of a model that is in the cache whole; None when it is not. Asks no one.

    Args:
        model_id: `owner/name`, or `owner/name@revision`.
    """
    wanted = wanted_by(model_id)
    commit = wanted.commit
    snapshot = wanted.folder / "snapshots" / (commit or "")
    return snapshot if commit and _kind(snapshot) else None


def installed() -> list[Installed]:
    """The text classifiers in the cache, whoever put them there."""
    found = []
    for snapshot in sorted(cache_folder().glob("models--*/snapshots/*")):
        kind = _kind(snapshot)
        if kind and _classifies(snapshot):
            size = sum(f.stat().st_size for f in snapshot.rglob("*") if f.is_file())
            found.append(Installed(_id_of(snapshot), snapshot.name, size, kind))
    return found


def remove(model_id: str) -> int:
    """Take a model out of the cache, with whatever a stopped pull has left of it.

    Args:
        model_id: `owner/name` for all of its revisions, or `owner/name@revision` for one.

    Returns:
        Bytes of files that are gone.

    Raises:
        NotThere: it is not in the cache.
        TryLater: it is being pulled.
        CacheUnwritable: the cache is closed to us.
    """
    # 85 ms: the Hub's view of its cache, which knows which files are shared between revisions and models.
    from huggingface_hub import scan_cache_dir

    wanted = wanted_by(model_id)
    folder, store = wanted.folder, cache_folder() / "blobs"
    snapshots = folder / "snapshots"
    commits = [wanted.commit or ""] if wanted.pinned else [s.name for s in snapshots.glob("*")]
    if not folder.is_dir() or (wanted.pinned and not (snapshots / (commits[0] or "-")).is_dir()):
        raise NotThere(
            say(f"받아 둔 적이 없는 모델이에요: {model_id}", f"{model_id} is not on this machine."),
            say("받아 둔 모델 보기: sweetchat models list", "See: sweetchat models list"),
        )
    with locked(wanted, None):
        before = _weight(folder) + _weight(store)
        cache = scan_cache_dir(cache_folder())
        # Two models may share a commit: one may be a copy of the other.
        this = replace(cache, repos=frozenset(r for r in cache.repos if r.repo_path == folder))
        this.delete_revisions(*commits).execute()
        if not wanted.pinned and folder.exists():
            try:
                shutil.rmtree(folder)
            except OSError as e:
                raise hub_failures.unwritable(e, 0) from None
        return before - _weight(folder) - _weight(store)


def wanted_by(model_id: str) -> Wanted:
    """Take a name apart.

    Args:
        model_id: `owner/name`, or `owner/name@revision`; `bert` for the default one. The badge's
            `name@revision` has no owner: it means the one model here that has it.

    Raises:
        Misused: it cannot be a name.
    """
    name, at, revision = model_id.partition("@")
    if not _NAME.fullmatch(name) or (at and not _REVISION.fullmatch(revision)):
        raise Misused(
            say(
                f"Hub의 모델 이름이 아니에요: {model_id}",
                f"This is no name of a model on the Hub: {model_id}",
            ),
            say(f"이런 모양이에요: {DEFAULT_MODEL}", f"They look like {DEFAULT_MODEL}."),
        )
    if name == "bert":
        name = DEFAULT_MODEL
    elif "/" not in name and len(found := _snapshots(f"models--*--{name}", revision)) == 1:
        name = _id_of(found[0])
    return Wanted(name, revision or "main", bool(at))


@contextmanager
def locked(wanted: Wanted, stop: Event | None) -> Iterator[None]:
    """Hold a model's files in the cache against other pulls and removals, in this process or another.

    Args:
        wanted: the model; all of its revisions are held.
        stop: set to stop waiting; None does not wait.

    Raises:
        Stopped: it was stopped while it waited.
        TryLater: another one holds it, and there is no waiting.
        CacheUnwritable: the cache cannot be written.
    """
    # 33 ms, and loaded already where the Hub's client is.
    from filelock import FileLock, Timeout

    path = cache_folder() / ".locks" / wanted.folder.name / "sweetchat.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, mode=0o664, thread_local=False)
        while True:
            try:
                lock.acquire(timeout=0.2 if stop else 0)
                break
            except Timeout:
                if stop is None:
                    raise TryLater(
                        say(f"지금 받는 중인 모델이에요: {wanted.id}", f"{wanted.id} is being pulled."),
                        say("다 받거나 멈춘 뒤에 해 주세요.", "Wait for it, or stop it."),
                    ) from None
                if stop.is_set():
                    raise Stopped from None
    except OSError as e:
        raise hub_failures.unwritable(e, 0) from None
    try:
        yield
    finally:
        lock.release()


def _snapshots(folder: str, shown: str) -> list[Path]:
    """What was fetched into folders of this pattern whose commit begins as is shown."""
    return list(cache_folder().glob(f"{folder}/snapshots/{shown}*")) if _SHOWN.fullmatch(shown) else []


def _id_of(snapshot: Path) -> str:
    return snapshot.parents[1].name.removeprefix("models--").replace("--", "/")


def _kind(snapshot: Path) -> str | None:
    """What kind of weights a folder has; None when it lacks something that a classifier needs."""
    if not (snapshot / "config.json").is_file() or not any((snapshot / t).is_file() for t in TOKENIZERS):
        return None
    return next((kind for name, kind in WEIGHTS.items() if (snapshot / name).is_file()), None)


def _classifies(snapshot: Path) -> bool:
    try:
        config = json.loads((snapshot / "config.json").read_bytes())
    except (OSError, ValueError):
        return False
    architectures = config.get("architectures") if isinstance(config, dict) else None
    return "ForSequenceClassification" in str(architectures)


def _weight(folder: Path) -> int:
    """Bytes of the files in a folder, each once, links not followed."""
    return sum(
        (Path(at) / name).lstat().st_size
        for at, _, names in os.walk(folder)
        for name in names
        if not (Path(at) / name).is_symlink()
    )
