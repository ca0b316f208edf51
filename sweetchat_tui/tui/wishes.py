"""What a person wants of an answer, one key after the other: its manner and its length."""

from collections.abc import Iterator
from itertools import cycle

from sweetchat_tui.companion import Equipment
from sweetchat_tui.lang import say


def manners() -> Iterator[tuple[Equipment, str]]:
    """Each manner in turn, with what is said of it."""
    return cycle(
        (
            (Equipment(manner="listen"), say("이제 듣기만 해요.", "Just listens from now on.")),
            (Equipment(manner="comfort"), say("이제 위로해 줘요.", "Comforts from now on.")),
            (Equipment(manner="advise"), say("이제 조언해 줘요.", "Advises from now on.")),
            (Equipment(manner="auto"), say("이제 알아서 대답해요.", "Answers as it sees fit.")),
        )
    )


def lengths() -> Iterator[tuple[Equipment, str]]:
    """Each length in turn, with what is said of it."""
    return cycle(
        (
            (Equipment(length="short"), say("이제 짧게 대답해요.", "Answers briefly from now on.")),
            (Equipment(length="long"), say("이제 길게 대답해요.", "Answers at length from now on.")),
            (Equipment(length="auto"), say("길이는 알아서 해요.", "As long as it sees fit.")),
        )
    )
