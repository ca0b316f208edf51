"""Runs every fault test and writes docs/faults.md: what must hold, and the figures of this run.

python tests/faults/table.py
"""

import ast
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
SPREAD = ["-n", "4", "--dist", "worksteal", "--timeout", "400"]
"""The cases wait more than they work, so there are more workers than cores."""


def held(file: Path) -> dict[str, str]:
    """What must hold, by the name of the test."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        node.name: " ".join((ast.get_docstring(node) or "").split())
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        environ = os.environ | {"SWEETCHAT_FAULT_FIGURES": str(figures), "SWEETCHAT_SLOW": "1"}
        words = [sys.executable, "-m", "pytest", "-q", str(HERE), *SPREAD, *sys.argv[1:]]
        started = time.monotonic()
        code = subprocess.run(words, cwd=REPOSITORY, env=environ, check=False).returncode
        took_s = time.monotonic() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        rows: dict[str, dict[str, Any]] = defaultdict(dict)
        for line in figures.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows[row["test"]] |= row  # a worker tells of a test, and so does who started the worker
    found = defaultdict(list)
    for row in rows.values():
        found[row["test"].rpartition("::")[2].partition("[")[0]].append(row)
    lines = [
        "# Faults",
        "",
        f"Written by `python tests/faults/table.py` on {datetime.now(UTC):%Y-%m-%d}, in {took_s:.0f} s and "
        f"{used.ru_utime + used.ru_stime:.0f} s of processor, on {os.cpu_count()} cores, others too: "
        f"{os.getloadavg()[2]:.0f} programs wanted them. Seconds are of one case, the longest; MB is "
        "the most memory that the program took.",
    ]
    for file in sorted(HERE.glob("test_*.py")):
        lines += [
            "",
            f"## {file.stem.removeprefix('test_')}",
            "",
            "| case | what must hold | tries | outcome | s | MB |",
        ]
        lines += ["|---|---|---|---|---|---|"]
        for name, holds in held(file).items():
            tried = found[name]
            outcome = ", ".join(sorted({row["outcome"] for row in tried})) or "not run"
            seconds = f"{max((row['seconds'] for row in tried), default=0):.1f}" if tried else ""
            mb = max((row["mb"] for row in tried if "mb" in row), default=None)
            case = name.removeprefix("test_").replace("_", " ")
            lines.append(
                f"| {case} | {holds} | {len(tried)} | {outcome} | {seconds} | {(mb and round(mb)) or ''} |"
            )
    (REPOSITORY / "docs" / "faults.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(code)


if __name__ == "__main__":
    main()
