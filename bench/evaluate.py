"""`lab evaluate`: of the embedded classifier over as many sentences as the original's test part has, and of a
BERT of base size with random weights against `classify` over the same sentences.

python bench/evaluate.py [FOLDER]   FOLDER keeps the checkpoints (900 MB), as for bench/bert.py

No peer measures any of this, so for lite there is no rival; half of its run is the sentences read again
without their context. Of the BERT, whole processes: `lab evaluate` begins and ends with more.
"""

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import corpus_stage
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import random_bert
from timing import installed, run

from sweetchat_tui.lab import data

TEST = 28_945
READ = 1_000
ROUNDS = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        lite(Path(folder))
        bert(Path(folder), random_bert.make(Path(*sys.argv[1:] or [folder]))[1])


def lite(folder: Path) -> None:
    corpus_stage.as_prepared(folder, corpus_stage.dialogues(13_000))
    rows = pa.concat_tables([data.table(folder, part) for part in data.PARTS])
    human = np.flatnonzero(np.array(rows["speaker"].to_pylist()) == "human")[:TEST]
    pq.write_table(rows.take(human), data.path_of(folder, "test"))
    command = [installed("sweetchat"), "lab", "evaluate", "lite", "--data", str(folder), "--json"]
    for name, extra in (("figures", []), ("figures, report and pictures", ["-o", f"{folder}/report"])):
        middle = sorted((run([*command, *extra]) for _ in range(5)), key=lambda one: one.wall_s)[2]
        print(
            f"lite, {len(human):,} sentences, {name:30} {middle.wall_s:5.2f} s (cpu {middle.cpu_s:.2f} s),"
            f" peak {middle.peak_mb:4.0f} MB"
        )


def bert(folder: Path, checkpoint: Path) -> None:
    texts = random_bert.sentences(READ)
    corpus, lines = folder / "corpus", folder / "lines.txt"
    corpus.mkdir()
    table = pa.Table.from_pylist([_row(at, text) for at, text in enumerate(texts)], data.SCHEMA)
    pq.write_table(table, data.path_of(corpus, "test"))
    lines.write_text("\n".join(texts) + "\n", encoding="utf-8")
    program, which = installed("sweetchat"), ["--device", "cpu", "--json"]
    commands = {
        "evaluate": [program, "lab", "evaluate", str(checkpoint), "--data", str(corpus), *which],
        "classify": [program, "classify", "-c", str(checkpoint), "-f", str(lines), *which],
    }
    run([program, "classify", "-c", str(checkpoint), "안녕"])  # prepares the checkpoint
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for at in range(ROUNDS):
        # A B, B A, A B …: whoever is second does not always find the machine warmer, or busier.
        for name in [*commands][:: -1 if at % 2 else 1]:
            taken = run(commands[name])
            rates[name].append((READ / taken.wall_s, READ / taken.cpu_s))
    for at, what in enumerate(("second", "second of CPU")):
        ours, theirs = ([pair[at] for pair in rates[name]] for name in ("evaluate", "classify"))
        ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
        print(
            f"BERT-base, sentences a {what:13}: evaluate {statistics.median(ours):6.1f},"
            f" classify {statistics.median(theirs):6.1f}, ratio {statistics.median(ratios):.3f}"
            f" ({min(ratios):.3f}-{max(ratios):.3f})"
        )


def _row(at: int, text: str) -> dict[str, object]:
    return {
        "dialogue": at,
        "turn": 1,
        "speaker": "human",
        "text": text,
        "context": [],
        "label": at % 58,
        "group": at % 6,
    }


if __name__ == "__main__":
    main()
