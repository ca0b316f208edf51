"""The one turn that runs at a time, in a worker that only reports. Knows nothing of what is shown."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from textual.widget import Widget
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from sweetchat_tui.companion import Event, Said
from sweetchat_tui.tui.messages import Happened

_SAY_EVERY_S = 0.1
"""An answer is painted ten times a second at most, however fast it comes."""
_TOGETHER_S = 0.02
"""Pieces that come within this time are painted together."""


class Running:
    """Runs a turn of the companion's and posts its events to the widget that shows them."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._number = 0
        self._worker: Worker[None] | None = None
        self._said: Said | None = None
        self._said_at = float("-inf")
        self._saying: asyncio.TimerHandle | None = None

    def start(self, events: AsyncGenerator[Event, None]) -> None:
        """Run a turn to its end; one that was running is cancelled."""
        self._number += 1
        self._said = None
        turn = self._converse(events, self._number)
        self._worker = self._widget.run_worker(turn, group="turn", exclusive=True)

    async def _converse(self, events: AsyncGenerator[Event, None], run: int) -> None:
        async with aclosing(events) as stream:
            async for event in stream:
                if isinstance(event, Said):
                    self._said = event
                    if self._saying is None:
                        loop = asyncio.get_running_loop()
                        at = max(loop.time() + _TOGETHER_S, self._said_at + _SAY_EVERY_S)
                        self._saying = loop.call_at(at, self._report_said, run)
                else:
                    self._report_said(run)
                    self._widget.post_message(Happened(event, run))

    def _report_said(self, run: int) -> None:
        """Report how far the answer has come; each report holds it whole, so earlier ones may be dropped."""
        if self._saying is not None:
            self._saying.cancel()
            self._saying = None
        if self._said is not None:
            self._widget.post_message(Happened(self._said, run))
            self._said = None
            self._said_at = asyncio.get_running_loop().time()

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
