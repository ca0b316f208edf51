"""`lab evaluate` of the embedded classifier over as many sentences as the original's test part has.

python bench/evaluate.py   has no rival: no peer measures any of this. Sentences are made up, in the shape of
the corpus; half of a run is the sentences read again without their context.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import corpus_stage
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from timing import installed, run

from sweetchat_tui.lab import data

TEST = 28_945


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = corpus_stage.dialogues(13_000)
        corpus_stage.as_prepared(Path(folder), made)
        parts = [data.table(Path(folder), part) for part in data.PARTS]
        rows = pa.concat_tables(parts)
        human = np.flatnonzero(np.array(rows["speaker"].to_pylist()) == "human")[:TEST]
        pq.write_table(rows.take(human), data.path_of(Path(folder), "test"))
        command = [installed("sweetchat"), "lab", "evaluate", "lite", "--data", folder, "--json"]
        for name, extra in (("figures", []), ("figures, report and pictures", ["-o", f"{folder}/report"])):
            times = sorted((run([*command, *extra]) for _ in range(5)), key=lambda one: one.wall_s)
            middle = times[2]
            print(
                f"{len(human):,} sentences, {name:30} {middle.wall_s:5.2f} s, peak {middle.peak_mb:4.0f} MB"
            )


if __name__ == "__main__":
    main()
