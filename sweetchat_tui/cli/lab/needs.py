"""What the lab needs and a plain installation does not bring."""

from collections.abc import Iterator
from contextlib import contextmanager

from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle


@contextmanager
def workshop() -> Iterator[None]:
    """Around the imports of a command of the lab.

    Raises:
        Misused: one of the lab's libraries is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        raise Misused(
            say(
                f"이 일에 필요한 {with_particle(str(missing.name), '이/가')} 없어요.",
                f"This needs {missing.name}.",
            ),
            "pip install '.[lab]'",
        ) from None
