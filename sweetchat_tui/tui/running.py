"""The one turn that runs at a time, in a worker that only reports. Knows nothing of what is shown."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from textual.widget import Widget
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from sweetchat_tui.companion import Event
from sweetchat_tui.tui.messages import Happened


class Running:
    """Runs a turn of the companion's and posts its events to the widget that shows them."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._number = 0
        self._worker: Worker[None] | None = None

    def start(self, events: AsyncGenerator[Event, None]) -> None:
        """Run a turn to its end; one that was running is cancelled."""
        self._number += 1
        turn = self._converse(events, self._number)
        self._worker = self._widget.run_worker(turn, group="turn", exclusive=True)

    async def _converse(self, events: AsyncGenerator[Event, None], run: int) -> None:
        async with aclosing(events) as stream:
            async for event in stream:
                self._widget.post_message(Happened(event, run))

    def is_news(self, happened: Happened) -> bool:
        """Whether an event is of the turn that runs, and not of one that was stopped."""
        return happened.run == self._number

    async def stop(self) -> None:
        """Cancel the turn that runs, if one does, and wait until it has kept what was said."""
        self._number += 1  # what it still has in the queue comes too late
        if self._worker is not None and not self._worker.is_finished:
            self._worker.cancel()
            with suppress(WorkerCancelled, WorkerFailed):
                await self._worker.wait()
