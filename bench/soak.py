"""Simulated conversation through the real app in a pseudo-terminal: is memory flat, is anything leaked?

    python bench/soak.py --minutes 60     20 turns a minute
    python bench/soak.py --turns 600      as fast as it goes

Memory, descriptors, threads and tasks are looked at every 20 turns; what grew after the first third is
told per 100 turns. Ends with 1 when memory grew by more than 5 %, or anything else at all.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from faults.stage import HEAD, Talk, app, provider
from terminal import Terminal

EVERY = 20
A_TURN_S = 3.0
WORDS = ("오늘은 {}번째로 힘든 일이 있었어", "{}번째 면접에서 떨어졌어", "그래도 {}번 웃었어")


@dataclass(frozen=True)
class Look:
    """How a process stands."""

    turns: int
    mb: float
    descriptors: int
    threads: int
    tasks: int


def look(pid: int, turns: int, tasks: Path) -> Look:
    """Look at a process now."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    told = tasks.read_text() if tasks.exists() else ""
    return Look(
        turns,
        int(status["VmRSS"].split()[0]) / 1024,
        sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()),
        int(status["Threads"]),
        int(told or 0),
    )


def answers(talk: Talk) -> None:
    """A short answer in a few pieces."""
    talk.send(HEAD)
    talk.say(f"{talk.number}번째로 ", *["그랬구나. "] * 7, "다했다.")
    talk.end()


def talked(screen: Terminal, pid: int, turns: int, pace_s: float, tasks: Path) -> list[Look]:
    """So many turns, and how the process stood in between."""
    looks = []
    for number in range(turns):
        began = time.monotonic()
        words = WORDS[number % 3].format(number)
        screen.type(words + "\r")
        # Not the number that the provider gave it: a recap of a long conversation is a request as well.
        screen.until(lambda shown, words=words: " · m-1" in shown.partition(words)[2])  # type: ignore[misc]
        screen.raw = b""
        if pace_s:
            screen.until(lambda _, end=began + pace_s: time.monotonic() >= end)  # type: ignore[misc]
        if number % EVERY == EVERY - 1:
            looks.append(now := look(pid, number + 1, tasks))
            print(now, flush=True)
    return looks


def grown(looks: list[Look], name: str) -> tuple[float, float]:
    """What grew per 100 turns (least squares), and all of it in percent, after the first third."""
    warm = looks[len(looks) // 3 :]
    values = [float(getattr(one, name)) for one in warm]
    slope = statistics.linear_regression([one.turns for one in warm], values).slope
    return slope * 100, slope * (warm[-1].turns - warm[0].turns) / values[0] * 100


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--turns", type=int, default=600)
    given = parser.parse_args()
    turns = int(given.minutes * 60 / A_TURN_S) if given.minutes else given.turns
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = str(home / kind.lower())
        os.environ["HOME"] = folder
        tasks = home / "tasks"
        with provider(answers, home), app(rows=40, columns=100, FAULT_TASKS=str(tasks)) as screen:
            screen.shows("127.0.0.1")
            began = time.monotonic()
            looks = talked(screen, screen.child.pid, turns, A_TURN_S if given.minutes else 0, tasks)
            print(f"{turns} turns in {time.monotonic() - began:.0f} s")
    bad = False
    for name in ("mb", "descriptors", "threads", "tasks"):
        slope, percent = grown(looks, name)
        bad |= abs(percent) > (5 if name == "mb" else 3)
        last = getattr(looks[-1], name)
        print(f"{name:12} {last:8.1f} at the end, {slope:+.3f} per 100 turns, {percent:+.1f} % in all")
    sys.exit(bad)


if __name__ == "__main__":
    main()
