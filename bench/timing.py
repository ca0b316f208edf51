"""Two commands in turn, as whole processes, and what each took."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One finished process."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def run(command: Sequence[str]) -> Run:
    """Run a command to its end; its output is read and thrown away.

    Raises:
        SystemExit: the command failed.
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def paired(ours: Sequence[str], rival: Sequence[str], runs: int = 9) -> tuple[list[Run], list[Run]]:
    """Both commands in turn, after one run of each that does not count."""
    run(ours)
    run(rival)
    pairs = [(run(ours), run(rival)) for _ in range(runs)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def compare(name: str, rival_name: str, ours: Sequence[Run], rival: Sequence[Run]) -> None:
    """Print both medians and the ratio pair by pair."""
    ratios = [a.wall_s / b.wall_s for a, b in zip(ours, rival, strict=True)]
    for label, some in ((name, ours), (rival_name, rival)):
        walls = [r.wall_s * 1000 for r in some]
        print(
            f"{label:44} wall {statistics.median(walls):8.0f} ms ({min(walls):.0f}-{max(walls):.0f})"
            f"  cpu {statistics.median(r.cpu_s for r in some) * 1000:8.0f} ms"
            f"  peak {max(r.peak_mb for r in some):6.0f} MB"
        )
    print(f"{'ratio':44} {statistics.median(ratios):.3f} ({min(ratios):.3f}-{max(ratios):.3f})\n")


def installed(name: str) -> str:
    """The path of a program of this environment.

    Raises:
        SystemExit: it is not installed.
    """
    path = Path(sys.executable).parent / name
    if not path.exists():
        sys.exit(f"{name} is not installed here; see bench/README.md")
    return str(path)
