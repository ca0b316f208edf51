"""Time and memory of `lab prepare --split original` over a corpus of the real one's size, made up."""

import importlib.util
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import corpus_stage
from timing import Run, compare, installed, paired, run

PANDAS = str(Path(__file__).parent / "rivals" / "pandas_split.py")
RUNS = 3


def alone(name: str, ours: Sequence[Run]) -> None:
    """Print what ours took where there is no rival."""
    walls = [one.wall_s for one in ours]
    peak = max(one.peak_mb for one in ours)
    print(f"{name:44} wall {statistics.median(walls) * 1000:8.0f} ms  peak {peak:6.0f} MB\n")


def main() -> None:
    rival = importlib.util.find_spec("pandas") is not None
    if not rival:
        print("pandas is not installed, so ours runs alone; see bench/README.md\n")
    with tempfile.TemporaryDirectory() as folder:
        made, out = corpus_stage.whole(), Path(folder, "out")
        sheet = corpus_stage.as_xlsx(Path(folder, "corpus.xlsx"), made)
        listed = corpus_stage.as_json(Path(folder, "corpus.json"), made)
        words = [installed("sweetchat"), "-q", "lab", "prepare", "-o", str(out), "--force"]
        for source in (sheet, listed):
            name = f"sweetchat lab prepare --split original {source.suffix}"
            ours = [*words, "--split", "original", str(source)]
            if rival and source is sheet:
                mine, theirs = paired(ours, [sys.executable, PANDAS, str(source), folder], RUNS)
                compare(name, "pandas.read_excel, the same split", mine, theirs)
            else:
                alone(name, [run(ours) for _ in range(RUNS)])
        alone("sweetchat lab prepare .xlsx", [run([*words, str(sheet)]) for _ in range(RUNS)])
        run([*words, "--split", "original", str(sheet)])
        parts = json.loads((out / "prepare.json").read_text(encoding="utf-8"))["parts"]
        print(*(f"{part} {count['sentences']:,}" for part, count in parts.items()), sep=" / ")


if __name__ == "__main__":
    main()
