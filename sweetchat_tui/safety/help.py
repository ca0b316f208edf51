"""What the program itself says to a person who may be in danger: calm words and where to find help.

Not the words of a model, so they come at once, without network or key, and are the same each time.
Knows nothing of how they are shown.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sweetchat_tui.conversation import Danger
from sweetchat_tui.lang import say


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One place that helps, in both languages."""

    number: str
    """What to dial, or the name to look for where there is no number."""
    for_ko: str
    for_en: str
    how_ko: str
    how_en: str
    levels: tuple[Danger, ...]
    """The cards on which it stands."""

    def __str__(self) -> str:
        """At most 40 terminal cells, to be shown on a line of its own and never wrapped."""
        return f"{self.number}  {say(self.for_ko, self.for_en)} ({say(self.how_ko, self.how_en)})"


@dataclass(frozen=True, slots=True)
class HelpCard:
    """What is shown once in full when danger is first read."""

    title: str
    sentences: tuple[str, ...]
    """Whole sentences, free to be wrapped."""
    lines: tuple[HelpLine, ...]
    """The first to call comes first."""


@cache
def _data() -> tuple[tuple[HelpLine, ...], date]:
    with Path(__file__).with_name("help_lines.toml").open("rb") as file:
        data = tomllib.load(file)
    lines = (raw | {"levels": tuple(Danger(name) for name in raw["levels"])} for raw in data["line"])
    return tuple(HelpLine(**line) for line in lines), data["verified"]


def help_lines() -> tuple[HelpLine, ...]:
    """Every place that helps, the first to call first."""
    return _data()[0]


def verified() -> date:
    """The day on which the help lines were last checked."""
    return _data()[1]


def card(danger: Danger) -> HelpCard:
    """The words and lines for a level of danger, in the language in use.

    Asked for `Danger.NONE`, as when a person calls for help by a key, it is the lighter card.
    """
    crisis = danger is Danger.CRISIS
    level = Danger.CRISIS if crisis else Danger.CONCERN
    title, sentences = _crisis() if crisis else _concern()
    return HelpCard(title, sentences, tuple(line for line in help_lines() if level in line.levels))


def pinned() -> str:
    """The line that stays in sight once the card has been shown; at most 40 cells."""
    return say("도움: 109 (24시간, 문자), 급할 땐 119", "Help: 109 (24 h, text), urgent: 119")


def unanswered() -> str:
    """What is said to a person in danger when the friend cannot answer; one sentence."""
    return say(
        "친구가 대답하지 못해도 109는 지금 전화를 받아요. 혼자 있지 않으셔도 돼요.",
        "Even when your friend cannot answer, 109 answers right now. You need not be alone.",
    )


def plain(card: HelpCard) -> str:
    """The card as lines of text, for a pipe or a terminal without colour; no newline at the end."""
    return "\n".join([card.title, *card.sentences, *(f"  {line}" for line in card.lines)])


def _crisis() -> tuple[str, tuple[str, ...]]:
    return (
        say("많이 힘드셨겠어요.", "This sounds very hard."),
        (
            say(
                "그 마음을 말해 주셔서 고마워요. 혼자 견디지 않으셔도 돼요.",
                "Thank you for saying it. You do not have to bear it alone.",
            ),
            say(
                "지금 이야기를 들어 줄 사람이 있어요. 믿는 사람에게도 곁에 있어 달라고 해 주세요.",
                "Someone is there to listen right now. Ask a person you trust to be with you, too.",
            ),
            say(
                "지금 위험하다면 119나 112에 연락하고, 위험한 물건에서 떨어져 계세요.",
                "If you are in danger now, call 119 or 112, and move away from anything that could hurt you.",
            ),
            say("저는 AI이고, 사람이 아니에요. 대화는 계속하셔도 돼요.", _AI_EN),
        ),
    )


def _concern() -> tuple[str, tuple[str, ...]]:
    return (
        say("마음이 쓰이는 이야기네요.", "This matters."),
        (
            say(
                "본인의 일이어도, 곁에 있는 사람의 일이어도 편하게 물어볼 수 있는 곳이 있어요.",
                "Whether it is about you or about someone near you, there are people you can ask.",
            ),
            say(
                "누군가 위험한 상황이라면 바로 119나 112에 연락해 주세요.",
                "If anyone is in danger now, please call 119 or 112.",
            ),
            say("저는 AI이고, 사람이 아니에요. 대화는 계속하셔도 돼요.", _AI_EN),
        ),
    )


_AI_EN = "I am an AI, not a person. You can go on talking here."
