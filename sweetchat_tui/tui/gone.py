"""A terminal that has gone, while something was being painted.

Textual paints through a thread with a short queue. Writing to a terminal that is no more ends that thread,
and the app would wait for room in the queue for ever: deaf to SIGHUP, and never to end.
"""

from contextlib import suppress

from textual.drivers._writer_thread import WriterThread


class Writer(WriterThread):
    """Textual's, which goes on taking what is painted when nobody can see it."""

    def run(self) -> None:
        """Write until the end, or until the terminal is gone; then throw away what comes."""
        try:
            super().run()
        except OSError:
            while self._queue.get() is not None:
                pass


def outlive() -> None:
    """Have the app see to its own end when its terminal goes."""
    with suppress(ImportError):  # on Windows, where the terminal is written to otherwise
        from textual.drivers import linux_driver

        setattr(linux_driver, "WriterThread", Writer)  # noqa: B010
