"""Something that is to happen soon, by the clock of the event loop. Knows nothing of what it is."""

import asyncio
from collections.abc import Callable
from typing import Self

AFTER_S = 0.8
"""A word that was on the screen for a second is in the journal."""


class Soon:
    """Does something soon after it was wanted, by the clock: the next piece of an answer may never come."""

    def __init__(self, do: Callable[[], None]) -> None:
        self._do = do
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def want(self) -> None:
        """Have it done within `AFTER_S`."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(AFTER_S, self._now)

    def _now(self) -> None:
        self._timer = None
        self._do()
