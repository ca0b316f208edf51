"""Loaded by every Python that a fault test starts: breaks that process where its variables say.

    FAULT_KILL   MODULE:FUNCTION[:N]  it dies at the Nth call of the function, as by `kill -9`
    FAULT_CLOCK  SECONDS              its wall clock jumps back so far with every look at it
    FAULT_FSIZE  BYTES                no file can grow larger
    FAULT_TASKS  FILE                 the number of its tasks is written there each second

MODULE is the last part of a module's name; that of a builtin is `C`.
"""

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any


def _die_at(wanted: str) -> None:
    module, name, *count = wanted.split(":")
    left = int(count[0]) if count else 1

    def watch(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal left
        if event == "call":
            found = frame.f_code.co_qualname == name and (
                frame.f_globals.get("__name__", "").rpartition(".")[2] == module
            )
        else:
            found = module == "C" and event == "c_call" and getattr(arg, "__qualname__", "") == name
        if found:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(watch)
    sys.setprofile(watch)


def _run_backwards(step_s: float) -> None:
    import datetime
    import time

    real, looks = time.time, [0]

    def earlier() -> float:
        looks[0] += 1
        return real() - step_s * looks[0]

    class Backwards(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> "Backwards":
            return cls.fromtimestamp(earlier(), tz)

    time.time = earlier
    datetime.datetime = Backwards  # type: ignore[misc]


def _count_tasks(file: str) -> None:
    import asyncio
    from pathlib import Path

    class Counting(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self) -> asyncio.AbstractEventLoop:
            loop = super().new_event_loop()

            def count() -> None:
                Path(file).write_text(str(len(asyncio.all_tasks(loop))))
                loop.call_later(1, count)

            loop.call_soon(count)
            return loop

    asyncio.set_event_loop_policy(Counting())


if _tasks := os.environ.get("FAULT_TASKS"):
    _count_tasks(_tasks)
if _kill := os.environ.get("FAULT_KILL"):
    _die_at(_kill)
if _clock := os.environ.get("FAULT_CLOCK"):
    _run_backwards(float(_clock))
if _size := os.environ.get("FAULT_FSIZE"):
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (int(_size), int(_size)))
