"""Classifiers: the words of a person to a `Feeling`.

Importing this package imports no runtime; `load` imports the one that is asked for.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sweetchat_tui.emotions import Emotion, Feeling
from sweetchat_tui.errors import Misused, NotThere, SweetchatError
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read in many texts."""

    order: "NDArray[np.int64]"
    """Shape (texts, top): indices of the likeliest emotions, most likely first."""
    confidence: "NDArray[np.float32]"
    """Shape (texts, top): their probabilities."""
    uncertain: "NDArray[np.bool_]"
    """Shape (texts,): whether a text carries no clear emotion."""


class Classifier(Protocol):
    """Reads the emotion of messages. Safe to call from any thread."""

    @property
    def name(self) -> str:
        """What the badge and the JSON call it, such as `lite-1`."""
        ...

    @property
    def emotions(self) -> Sequence[Emotion]:
        """Its labels, by index."""
        ...

    @property
    def reads_context(self) -> bool:
        """Whether it reads the earlier messages too; otherwise it sees the message alone."""
        ...

    def classify(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> list[Feeling]:
        """Read each text.

        Args:
            texts: cleaned messages.
            contexts: for each text the same person's earlier messages of the conversation, oldest
                first; None when there are none.
            top: how many emotions each `Feeling` names, most likely first.
        """
        ...

    def read(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> Batch:
        """Read each text into arrays, for bulk; arguments as `classify`."""
        ...


def load(
    name: str,
    *,
    device: str = "auto",
    precision: str = "auto",
    one_shot: bool = False,
    renamed: Mapping[str, str] | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Classifier:
    """The classifier of this name. Asks no network.

    Args:
        name: `auto` (the BERT of the Hub if it is on this machine, else the embedded one), `lite`,
            `bert`, a folder with a checkpoint, or `owner/name[@revision]` of the Hub.
        device: `auto`, `cpu`, `cuda` or `mps`.
        precision: `auto`, `fp32`, `int8` or `bf16`.
        one_shot: for a process that reads a text or two: starts sooner, runs slower.
        renamed: what the person calls labels of a checkpoint; see `labels.read`.
        notify: is told in one sentence what was chosen for the person and is not what they may expect.

    Raises:
        NotThere: there is no such classifier on this machine.
        Unreadable: it is broken; `auto` then takes the embedded one, and notifies.
        Misused: it cannot run on that device or in that precision.
    """
    if name == "lite":
        return _lite(device, precision)
    try:
        folder, shown = located("bert" if name == "auto" else name)
    except NotThere:
        if name != "auto":
            raise
        return _lite(device, precision)
    # 90 ms: numpy.
    from sweetchat_tui.classifiers import runtimes

    try:
        return runtimes.start(
            folder,
            shown,
            device=device,
            precision=precision,
            one_shot=one_shot,
            renamed=renamed,
            notify=notify,
        )
    except SweetchatError as error:
        if name != "auto" or isinstance(error, Misused):
            raise
        notify(
            say(
                f"{with_particle(shown, '을/를')} 쓸 수 없어서 내장 모델로 읽어요: {error.message}",
                f"{shown} cannot be used, so the embedded classifier reads: {error.message}",
            )
        )
        return _lite("auto", "auto")


def _lite(device: str, precision: str) -> Classifier:
    for wanted, there in ((device, "cpu"), (precision, "int8")):
        if wanted not in ("auto", there):
            raise Misused(
                say(
                    f"내장 모델은 {with_particle(wanted, '으로/로')} 읽지 않아요.",
                    f"The embedded classifier has no {wanted}.",
                ),
                say(
                    f"{with_particle(there, '으로/로')} 읽어요. BERT 받기: sweetchat models pull",
                    f"It has {there}. To get the BERT: sweetchat models pull",
                ),
            )
    # 75 ms: numpy.
    from sweetchat_tui.classifiers.lite import LiteClassifier

    return LiteClassifier.load()


def located(name: str) -> tuple[Path, str]:
    """The folder of a checkpoint, and what the badge calls it. Asks no network.

    Args:
        name: `bert`, a folder, or `owner/name[@revision]` of the Hub.

    Raises:
        NotThere: it is not on this machine.
    """
    path = os.path.expanduser(name)  # noqa: PTH111 - pathlib raises for a home that is not there
    if os.path.isdir(path):  # noqa: PTH112 - and for a name that is too long
        return Path(path), Path(path).resolve().name
    # 10 ms: the names of the Hub's cache.
    from sweetchat_tui.classifiers import hub_cache

    pull = "sweetchat models pull"
    try:
        folder = hub_cache.local(name)
        pull += f" {name}" if name != "bert" else ""
    except Misused:
        folder = None
    if folder is None:
        raise NotThere(
            say(
                f"이 컴퓨터에 없는 감정 모델이에요: {name}",
                f"There is no classifier {name} on this machine.",
            ),
            say(f"받기: {pull} · 내장 모델은 lite예요.", f"To get it: {pull}. The embedded one is lite."),
        )
    return folder, f"{hub_cache.wanted_by(name).id.rpartition('/')[2]}@{folder.name[:7]}"
