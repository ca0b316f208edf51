"""What the parts of the screen tell one another. Past tense: each has happened."""

from textual.message import Message

from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.companion import Equipment, Event, Said
from sweetchat_tui.conversation import Turn
from sweetchat_tui.emotions import Emotion
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Generator


class MessageSubmitted(Message):
    """The person sent words.

    Args:
        place: a turn whose place they take; None is a new one.
    """

    def __init__(self, text: str, place: Turn | None) -> None:
        super().__init__()
        self.text = text
        self.place = place


class EmotionPicked(Message):
    """The person picked an emotion for a turn."""

    def __init__(self, turn: Turn, emotion: Emotion) -> None:
        super().__init__()
        self.turn = turn
        self.emotion = emotion


class EmotionSought(Message):
    """The person wants to pick any of the emotions for a turn."""

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self.turn = turn


class VariantFlipped(Message):
    """The person wants to see another variant of a turn's answer."""

    def __init__(self, turn: Turn, step: int) -> None:
        """
        Args:
            step: 1 for the next variant, -1 for the one before.
        """
        super().__init__()
        self.turn = turn
        self.step = step


class EditSought(Message):
    """The person wants to change the words of a turn."""

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self.turn = turn


class CopySought(Message):
    """The person wants to have a text elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class RecapSought(Message):
    """The person wants to see what the friend is told of the turns that it sees no more."""


class TalkChanged(Message):
    """What was said, felt or shown in the conversation is not what it was."""


class Settled(Message):
    """An answer came to its end, was stopped, or failed."""

    def __init__(self, *, failed: bool) -> None:
        super().__init__()
        self.failed = failed


class News(Message):
    """Something that the person should hear of in passing."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class GivenBack(Message):
    """Words that were sent did not go; they belong to the composer again."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Happened(Message, bubble=False):
    """The companion told the worker of one step of a turn."""

    def __init__(self, event: Event, run: int) -> None:
        """
        Args:
            run: which of the worker's runs it belongs to; news of a run that was stopped comes too late.
        """
        super().__init__()
        self.event = event
        self.run = run

    def can_replace(self, message: Message) -> bool:
        """A longer reply stands for a shorter one that still waits; nothing else may be dropped."""
        return (
            isinstance(message, Happened)
            and message.run == self.run
            and isinstance(message.event, Said)
            and isinstance(self.event, Said)
        )


class ModelsReady(Message):
    """The classifier and the generator are loaded."""

    def __init__(self, classifier: Classifier, generator: Generator, news: str = "") -> None:
        """
        Args:
            news: what is to be told of it.
        """
        super().__init__()
        self.news = news
        self.classifier = classifier
        self.generator = generator


class FetchAdvanced(Message):
    """A classifier that is being fetched came a little further."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self.line = line

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, FetchAdvanced)


class Fetched(Message):
    """A classifier is on this machine, or the person stopped it from coming."""

    def __init__(self, equipment: Equipment | None) -> None:
        super().__init__()
        self.equipment = equipment


class FetchFailed(Message):
    """A classifier could not be fetched; what came of it is kept for the next time."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class ModelsMissing(Message):
    """The classifier or the generator could not be loaded."""

    def __init__(self, error: SweetchatError) -> None:
        super().__init__()
        self.error = error
