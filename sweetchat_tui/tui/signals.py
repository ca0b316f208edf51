"""What the system tells a program that runs in a terminal: that it closes, that it is to sleep, that it woke.

Textual's own handler starts reading the terminal at every SIGCONT, also after a SIGSTOP, before which nobody
could stop reading it: two threads then share what is typed between them.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from textual.app import App


def heed(app: App[None]) -> None:
    """Have an app, whose event loop runs, end, sleep and wake as it is told."""
    # A terminal that is closed ends the app as Ctrl+Q does: what was typed and said is kept first.
    told: dict[str, Callable[[], object]] = {
        "SIGHUP": app.exit,
        "SIGTERM": app.exit,
        "SIGTSTP": partial(_sleep, app),
        "SIGCONT": app.refresh,
    }
    for name, do in told.items():
        with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), do)


def _sleep(app: App[None]) -> None:
    """Give the terminal back as it was until the program is woken."""
    with app.suspend():
        os.kill(os.getpid(), signal.SIGSTOP)
