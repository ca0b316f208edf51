"""Ctrl+C that always ends what is being waited for, also where Python alone would lose it; and its like."""

import _thread
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SOON_S = 0.05
_ENDS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def guard() -> None:
    """From now on, in this process, no interrupt is lost. To be called by the main thread."""
    sys.unraisablehook = _unraisable
    if sys.platform == "win32":
        return
    # Python looks for signals between two steps, and not again before it waits: one that falls in between
    # would be heard when the wait has ended. With the machine busy that was 1 in 15.
    signal.signal(signal.SIGURG, lambda *_: None)  # a signal that nobody misses: it ends a wait
    came, comes = os.pipe()
    os.set_blocking(comes, False)
    signal.set_wakeup_fd(comes, warn_on_full_buffer=False)
    threading.Thread(target=_end_waits, args=(came,), daemon=True).start()


@contextmanager
def for_every_end() -> Iterator[None]:
    """Hear SIGTERM, and a terminal that closes, as Ctrl+C, where something is to be closed first."""
    # What was ignored stays so: nohup wants it.
    heard = [end for end in _ENDS if signal.getsignal(end) is signal.SIG_DFL]

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        for end in heard:  # of a terminal that closes, the system tells, and the shell once more
            signal.signal(end, signal.SIG_IGN)
        raise KeyboardInterrupt

    for end in heard:
        signal.signal(end, interrupt)
    try:
        yield
    finally:
        for end in heard:
            signal.signal(end, signal.SIG_DFL)


def _end_waits(came: int) -> None:
    """Have Python look again, a moment after each interrupt."""
    while signals := os.read(came, 64):
        if {signal.SIGINT, *_ENDS} & set(signals):
            time.sleep(_SOON_S)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGURG)


def _unraisable(found: "sys.UnraisableHookArgs") -> None:
    """Interrupt once more where Python has swallowed it: Ctrl+C may fall while an object is cleaned up."""
    if isinstance(found.exc_value, KeyboardInterrupt):
        # From another thread: here it would be swallowed again.
        threading.Timer(_SOON_S, _thread.interrupt_main).start()
    # What asyncio says of a process that ends after its loop, as one of `serve` does when Ctrl+C ends both.
    elif not (isinstance(found.exc_value, RuntimeError) and "loop is closed" in str(found.exc_value)):
        sys.__unraisablehook__(found)
