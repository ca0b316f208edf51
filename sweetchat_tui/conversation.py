"""What was said: turns, the replies to them, and which of them a model is shown.

Frozen values and pure functions. Knows nothing about how they are stored, made or shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from os import urandom
from typing import Literal

from sweetchat_tui.emotions import Emotion, Feeling

LONGEST_MESSAGE = 20_000
"""Characters. A longer message is refused before it is sent, and stays in the composer."""


class Danger(StrEnum):
    """Whether the person who wrote is in danger, as `safety` read it."""

    NONE = "none"
    CONCERN = "concern"
    CRISIS = "crisis"

    def exceeds(self, other: "Danger") -> bool:
        """Whether this is more danger than the other."""
        return list(Danger).index(self) > list(Danger).index(other)


Finish = Literal["stop", "length", "cut", "cancelled", "filtered"]
"""How a reply ended: said in full, at the model's limit, broken off by a fault, stopped by the
person, or withheld by the provider's filter."""


Manner = Literal["auto", "listen", "comfort", "advise"]
"""What the person wants of an answer: to be heard, comfort, or advice; `auto` leaves it to the friend."""
Length = Literal["auto", "short", "long"]
"""How long an answer should be; `auto` leaves it to the persona."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a provider counted for one reply."""

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to a turn; a turn answered again has several, its variants."""

    text: str
    emotion: Emotion | None
    """The emotion that the reply was asked to reflect; None when it was asked for none."""
    provider: str
    """Name of the profile that answered, such as `openai` or `offline`."""
    model: str
    host: str | None
    """Where the words were sent; None when they stayed on this machine."""
    persona: str
    finish: Finish | None = None
    """None while the reply is still growing, or when the program died while it grew."""
    usage: Usage | None = None
    """None when the provider counted nothing."""
    id: str = field(default_factory=lambda: urandom(8).hex())


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the person, how it was read, and the answers to it."""

    text: str
    feeling: Feeling | None = None
    """None when the classifier has not read it, or could not."""
    picked: Emotion | None = None
    """The emotion that the person picked instead of the predicted one; None when they did not."""
    danger: Danger = Danger.NONE
    replies: tuple[Reply, ...] = ()
    """Variants of the answer, oldest first."""
    shown: int = -1
    """Index into `replies` of the variant on the screen; -1 is the newest."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    id: str = field(default_factory=lambda: urandom(8).hex())

    @property
    def reply(self) -> Reply | None:
        """The variant on the screen; None when there is no answer yet."""
        return self.replies[self.shown] if self.replies else None

    @property
    def emotion(self) -> Emotion | None:
        """What the answer should reflect: what the person picked, else what was clearly read."""
        if self.picked is not None:
            return self.picked
        if self.feeling is None or self.feeling.uncertain:
            return None
        return self.feeling.emotion


@dataclass(frozen=True, slots=True)
class Conversation:
    """A run of turns, oldest first."""

    turns: tuple[Turn, ...] = ()
    id: str = field(default_factory=lambda: urandom(6).hex())

    def with_turn(self, turn: Turn) -> "Conversation":
        """This conversation with the turn at its place, or at the end when it is new."""
        known = [t.id for t in self.turns]
        if turn.id not in known:
            return replace(self, turns=(*self.turns, turn))
        at = known.index(turn.id)
        return replace(self, turns=(*self.turns[:at], turn, *self.turns[at + 1 :]))

    def turn(self, id_: str) -> Turn | None:
        """The turn with this id; None when it is not of this conversation."""
        return next((turn for turn in self.turns if turn.id == id_), None)

    def before(self, turn: Turn) -> tuple[Turn, ...]:
        """The turns that came before this one; all of them when it is new."""
        known = [t.id for t in self.turns]
        return self.turns[: known.index(turn.id)] if turn.id in known else self.turns


@dataclass(frozen=True, slots=True)
class Recap:
    """What a model is told of the turns of a conversation that fit its budget no more."""

    text: str
    until: str
    """Id of the newest turn that it tells of."""
    edited: bool = False
    """True when the person changed its words, which are then not made anew unasked."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a recap is to be made of."""

    recap: str
    """The recap until now; empty when there is none."""
    turns: tuple[Turn, ...]
    """What came after it and is not shown to the model any more, oldest first."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a generator is asked to answer."""

    text: str
    """The person's words, unchanged."""
    emotion: Emotion | None
    """What the answer should reflect; None asks for no emotion."""
    earlier: tuple[Turn, ...] = ()
    """The turns that fit the budget, oldest first."""
    recap: str = ""
    """What came before those, in short; empty when nothing did, or nothing is told of it."""
    calm: bool = False
    """True when the person is in danger: the tone is calm whatever emotion is picked."""
    persona: str = "friend"
    manner: Manner = "auto"
    length: Length = "auto"


def tokens(*messages: str) -> int:
    """About how many tokens a model reads messages as; rather too many than too few.

    One a character, and four a message for the marks around it. No tokenizer is at hand, and each model
    has its own. OpenAI's read whole Korean chats as 0.62 to 0.67 tokens a character, and English and
    code as fewer; single short messages came to 1.14 at most. Models with small vocabularies take more.
    """
    return sum(len(message) + 4 for message in messages)


def fitting(turns: Sequence[Turn], most: int, each: int = 0) -> tuple[Turn, ...]:
    """The newest turns that together, with the replies that are shown, stay within a number of tokens.

    Args:
        each: tokens that a turn takes besides its words.
    """
    kept: list[Turn] = []
    for turn in reversed(turns):
        most -= tokens(turn.text, *([turn.reply.text] if turn.reply else [])) + each
        if most < 0:
            break
        kept.append(turn)
    return tuple(reversed(kept))
