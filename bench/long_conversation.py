"""A conversation of 5,000 turns: from the key that opens it to its last words on the screen, and the memory.

Our app goes from another conversation to it by the list; the rival mounts every message.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pexpect
from journal import made_up
from timing import installed

from sweetchat_tui.conversation import Turn
from sweetchat_tui.journal import Journal, turns
from sweetchat_tui.journal.database import open_database

TURNS = 5_000
RUNS = 5
LAST = "마지막말이에요"
RIVAL = str(Path(__file__).parent / "rivals" / "all_mounted.py")


def filled(file: Path) -> None:
    """A journal with the long conversation, and a short one that was talked in last."""
    file.parent.mkdir(parents=True)
    db = open_database(file)
    db.execute("BEGIN")
    for n, turn in enumerate(made_up(TURNS)):
        turns.keep(db, "long", replace(turn, text=LAST) if n == TURNS - 1 else turn)
    db.execute("COMMIT")
    db.close()
    with Journal.open(file) as journal:
        journal.keep("short", Turn("짧은 대화"))


def opened(app: pexpect.spawn, keys: list[tuple[str, str]]) -> tuple[float, float]:
    """Milliseconds from the last key to the last words on the screen, and the most memory in MB."""
    for key, ready in keys:
        app.expect(ready)
        time.sleep(1)  # what is loaded behind the screen is not what is measured
        started = time.perf_counter()
        app.send(key)
    app.expect(LAST)
    elapsed = (time.perf_counter() - started) * 1000
    status = Path(f"/proc/{app.pid}/status").read_text()
    peak = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    app.close(force=True)
    return elapsed, peak


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "TERM": "xterm-256color"}
        environment |= {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        file = Path(home) / "sweetchat" / "journal.db"
        filled(file)
        file.with_name("welcomed").touch()  # or the first run would be on the screen

        def run(command: str, words: list[str], keys: list[tuple[str, str]]) -> tuple[float, float]:
            app = pexpect.spawn(
                command, words, env=environment, dimensions=(40, 140), timeout=120, encoding="utf-8"
            )
            return opened(app, keys)

        ours = (
            installed("sweetchat"),
            ["chat", "--provider", "offline"],
            [("\x0f", "offline-1"), ("\x1b[B", "5000번"), ("\r", "")],
        )
        rival = (sys.executable, [RIVAL, str(file)], [("x", "ready")])
        pairs = [(run(*ours), run(*rival)) for _ in range(RUNS)]
    for name, at in (("sweetchat", 0), ("every message mounted", 1)):
        times, peaks = zip(*(pair[at] for pair in pairs), strict=True)
        print(
            f"{name:24} {statistics.median(times):7.0f} ms ({min(times):.0f}-{max(times):.0f})"
            f"  peak {max(peaks):5.0f} MB"
        )


if __name__ == "__main__":
    main()
