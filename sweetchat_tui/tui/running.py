"""The one turn that runs at a time, in a worker that only reports. Knows nothing of what is shown."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from textual.screen import Screen
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from sweetchat_tui.companion import Event
from sweetchat_tui.tui.messages import Happened


class Running:
    """Runs a turn of the companion's and posts its events to a screen."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._number = 0
        self._worker: Worker[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether a turn is being answered."""
        return self._worker is not None and not self._worker.is_finished

    def start(self, events: AsyncGenerator[Event, None]) -> None:
        """Run a turn to its end; one that was running is cancelled."""
        self._number += 1
        self._worker = self._screen.run_worker(
            self._converse(events, self._number), group="turn", exclusive=True
        )

    async def _converse(self, events: AsyncGenerator[Event, None], run: int) -> None:
        async with aclosing(events) as stream:
            async for event in stream:
                self._screen.post_message(Happened(event, run))

    def is_news(self, happened: Happened) -> bool:
        """Whether an event is of the turn that runs, and not of one that was stopped."""
        return happened.run == self._number

    async def stop(self) -> bool:
        """Cancel the turn that runs and wait until it has kept what was said; False when none runs."""
        if self._worker is None or not self.busy:
            return False
        self._worker.cancel()
        with suppress(WorkerCancelled, WorkerFailed):
            await self._worker.wait()
        self._number += 1  # what it still has in the queue comes too late
        return True
