"""From the start of the process to the end of the app's first frame, in a pseudo-terminal."""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pexpect
from timing import installed

BARE = str(Path(__file__).parent / "rivals" / "bare_textual.py")
END_OF_FRAME = "\x1b\\[\\?2026l"


def first_frame_ms(command: str, arguments: list[str], environment: dict[str, str]) -> float:
    """Milliseconds until the first synchronized update has ended."""
    started = time.perf_counter()
    app = pexpect.spawn(command, arguments, env=environment, dimensions=(24, 80), timeout=30)
    # Textual only says when frames end to a terminal that says it understands.
    app.expect("\x1b\\[\\?2026\\$p")
    app.send("\x1b[?2026;2$y")
    app.expect(END_OF_FRAME)
    elapsed = (time.perf_counter() - started) * 1000
    app.close(force=True)
    return elapsed


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "TERM": "xterm-256color"}
        environment |= {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        state = Path(home) / "sweetchat"
        state.mkdir()
        (state / "welcomed").touch()  # or the first frame would be that of the first run
        ours = (installed("sweetchat"), ["chat", "--provider", "offline"])
        rival = (sys.executable, [BARE])
        pairs = [
            (first_frame_ms(*ours, environment), first_frame_ms(*rival, environment)) for _ in range(10)
        ][1:]
    for name, at in (("sweetchat", 0), ("a bare Textual app", 1)):
        times = [pair[at] for pair in pairs]
        print(f"{name:24} first frame {statistics.median(times):6.0f} ms ({min(times):.0f}-{max(times):.0f})")
    ratios = [a / b for a, b in pairs]
    print(f"{'ratio':24} {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})")


if __name__ == "__main__":
    main()
