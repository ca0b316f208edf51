"""What a person wants of an answer: its manner and its length, one key after the other."""

from typing import TypeVar

from sweetchat_tui.companion import Equipment
from sweetchat_tui.conversation import Length, Manner
from sweetchat_tui.lang import say

_T = TypeVar("_T")

_MANNERS: dict[Manner, tuple[str, str]] = {
    "auto": ("", say("어떻게 대답할지 친구에게 맡겨요.", "Answers as it sees fit.")),
    "listen": (say("듣기만", "listens"), say("이제 들어 주기만 해요.", "Just listens from now on.")),
    "comfort": (say("위로", "comforts"), say("이제 위로해 줘요.", "Comforts from now on.")),
    "advise": (say("조언", "advises"), say("이제 조언해 줘요.", "Advises from now on.")),
}
_LENGTHS: dict[Length, tuple[str, str]] = {
    "auto": ("", say("길이는 친구에게 맡겨요.", "As long as it sees fit.")),
    "short": (say("짧게", "short"), say("이제 짧게 대답해요.", "Answers briefly from now on.")),
    "long": (say("길게", "long"), say("이제 길게 대답해요.", "Answers at length from now on.")),
}


class Wishes:
    """What is wanted now; goes round from there."""

    def __init__(self, manner: Manner, length: Length) -> None:
        self._manner = manner
        self._length = length

    def told(self) -> list[str]:
        """What is wanted, where it is not left to the friend."""
        return list(filter(None, (_MANNERS[self._manner][0], _LENGTHS[self._length][0])))

    def next_manner(self) -> tuple[Equipment, str]:
        """Want the next manner; with what is said of it."""
        self._manner = _after(self._manner, list(_MANNERS))
        return Equipment(manner=self._manner), _MANNERS[self._manner][1]

    def next_length(self) -> tuple[Equipment, str]:
        """Want the next length; with what is said of it."""
        self._length = _after(self._length, list(_LENGTHS))
        return Equipment(length=self._length), _LENGTHS[self._length][1]


def _after(one: _T, some: list[_T]) -> _T:
    return some[(some.index(one) + 1) % len(some)]
