"""What becomes of the app when its terminal goes."""

import os
import pty
import threading
from contextlib import suppress

from textual.drivers import linux_driver

from sweetchat_tui.tui import gone


def test_what_is_painted_on_a_terminal_that_has_gone_holds_nobody_up() -> None:
    before = linux_driver.WriterThread
    gone.outlive()
    try:
        ours, theirs = pty.openpty()
        terminal = os.fdopen(theirs, "w")
        os.close(ours)
        writer = linux_driver.WriterThread(terminal)
        writer.start()

        def paint() -> None:
            for _ in range(1000):
                writer.write("\x1b[Ha screen")
            writer.stop()

        painting = threading.Thread(target=paint, daemon=True)
        painting.start()
        painting.join(10)
        assert not painting.is_alive()
        with suppress(OSError):
            terminal.close()
    finally:
        linux_driver.WriterThread = before  # type: ignore[misc]
