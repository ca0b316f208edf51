"""Stand-ins at the real seams: a classifier and a generator that do what a test tells them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from sweetchat_tui.classifiers import Batch
from sweetchat_tui.conversation import Finish, Forgotten, Prompt, Usage
from sweetchat_tui.emotions import EMOTIONS, Emotion, Feeling, Score, find
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Finished, Piece, Said


def feeling(*labels: str, uncertain: bool = False) -> Feeling:
    """A feeling over all 58 in which these come first."""
    first = [e for label in labels if (e := find(label))]
    rest = [e for e in EMOTIONS if e not in first]
    shares = [0.41, 0.12, 0.09, *[0.38 / 55] * 55]
    return Feeling(
        tuple(Score(e, c) for e, c in zip([*first, *rest], shares, strict=True)), "told-1", uncertain
    )


class ToldClassifier:
    """Says the feeling that it was told to say, and remembers what it was given."""

    name = "told-1"
    emotions: Sequence[Emotion] = EMOTIONS
    reads_context = True

    def __init__(self, *told: Feeling) -> None:
        self.told = list(told) or [feeling("좌절한", "실망한", "슬픔")]
        self.contexts: list[list[str]] = []

    def classify(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> list[Feeling]:
        self.contexts += [list(c) for c in contexts or []]
        return [self.told.pop(0) if len(self.told) > 1 else self.told[0] for _ in texts]

    def read(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> Batch:
        raise NotImplementedError  # only the bulk path of the command line reads so


class ToldGenerator:
    """Streams the answers that it was told, one after the other, and remembers the prompts."""

    provider = "told"
    model = "told-model"
    host: str | None = None

    def __init__(
        self, *answers: str | Sequence[object], pause_s: float = 0.0, finish: Finish = "stop"
    ) -> None:
        """
        Args:
            answers: a text, streamed by word, or what to stream one by one; an error is raised in
                its place.
        """
        self.answers = list(answers)
        self.pause_s = pause_s
        self.finish = finish
        self.prompts: list[Prompt] = []
        self.recaps: list[str | SweetchatError] = []
        """What it makes of what was forgotten, one after the other; nothing when there are none."""
        self.forgotten: list[Forgotten] = []

    async def warm(self) -> None:
        pass

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Said, None]:
        self.prompts.append(prompt)
        answer = self.answers.pop(0) if self.answers else "그랬구나. 더 얘기해 줘."
        pieces = [Piece(word + " ") for word in answer.split(" ")] if isinstance(answer, str) else answer
        for piece in pieces:
            if self.pause_s:
                await asyncio.sleep(self.pause_s)
            if isinstance(piece, SweetchatError):
                raise piece
            yield piece  # type: ignore[misc]
        yield Finished(self.finish, Usage(10, 5))

    async def recap(self, forgotten: Forgotten) -> str | None:
        self.forgotten.append(forgotten)
        told = self.recaps.pop(0) if self.recaps else None
        if isinstance(told, SweetchatError):
            raise told
        return told

    def request(self, prompt: Prompt) -> dict[str, object]:
        return {"text": prompt.text, "emotion": prompt.emotion and prompt.emotion.label}

    async def aclose(self) -> None:
        pass
