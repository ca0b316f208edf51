"""Classifiers: the words of a person to a `Feeling`.

Importing this package imports no runtime; `load` imports the one that is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sweetchat_tui.emotions import Emotion, Feeling
from sweetchat_tui.errors import NotThere
from sweetchat_tui.lang import say

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


def load(name: str) -> Classifier:
    """The classifier of this name: `auto` or `lite`.

    Raises:
        NotThere: there is no such classifier on this machine.
    """
    if name in ("auto", "lite"):
        # 75 ms: numpy.
        from sweetchat_tui.classifiers.lite import LiteClassifier

        return LiteClassifier.load()
    raise NotThere(
        say(f"감정 모델이 없어요: {name}", f"There is no classifier {name}."),
        say("내장 모델은 lite예요.", "The embedded one is lite."),
    )
