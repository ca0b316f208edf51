"""Classifiers: the words of a person to a `Feeling`.

Importing this package imports no runtime; `load` imports the one that is asked for.
"""

from collections.abc import Sequence
from typing import Protocol

from sweetchat_tui.emotions import Emotion, Feeling


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
