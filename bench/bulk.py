"""Sentences a second over a file on one core, and whether memory grows with the file."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "rivals"))

from tfidf import sentences
from timing import compare, installed, paired, run

TFIDF = str(Path(__file__).parent / "rivals" / "tfidf.py")
COUNT = 200_000


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sweetchat = installed("sweetchat")
    with tempfile.TemporaryDirectory() as folder:
        file, longer, model = Path(folder, "lines"), Path(folder, "longer"), f"{folder}/model.joblib"
        lines = "\n".join(sentences(COUNT, seed=2)) + "\n"
        file.write_text(lines, encoding="utf-8")
        longer.write_text(lines * 5, encoding="utf-8")
        subprocess.run([sys.executable, TFIDF, "make", model], check=True)
        ours = [sweetchat, "classify", "--json", "-c", "lite", "-f", str(file)]
        mine, theirs = paired(ours, [sys.executable, TFIDF, "bulk", model, str(file)], runs=3)
        compare(f"sweetchat classify --json, {COUNT:,} lines", "scikit-learn TF-IDF", mine, theirs)
        for name, runs in (("sweetchat", mine), ("scikit-learn", theirs)):
            print(f"{name:14} {COUNT / statistics.median(r.wall_s for r in runs):9,.0f} sentences a second")
        whole = run([*ours[:-1], str(longer)])
        print(f"peak memory {mine[0].peak_mb:.0f} MB, over five times the lines {whole.peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
