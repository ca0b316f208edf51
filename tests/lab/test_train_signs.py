"""What `lab train-signs` must hold: the same lines give the same file, which tells danger from none."""

import os
import subprocess
import sys
from pathlib import Path

from sweetchat_tui.conversation import Danger
from sweetchat_tui.lab.danger_material import FILES, FOLDS, gather
from sweetchat_tui.safety.folding import fold
from sweetchat_tui.safety.signs import from_text

LISTS = Path(__file__).parents[1] / "unit" / "danger"

TRAIN = """
import sys
from datetime import date
from pathlib import Path
from sweetchat_tui.lab import danger_material, train_signs
lines = danger_material.gather(Path(sys.argv[1]))[::12]
train_signs.train(lines, Path(sys.argv[2]), date(2026, 11, 28), report=print)
"""


def trained(out: Path, seed: str) -> str:
    command = [sys.executable, "-c", TRAIN, str(LISTS), str(out)]
    subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True)
    return out.read_text("utf-8")


def test_the_same_lines_give_the_same_file_which_tells_danger_from_none(tmp_path: Path) -> None:
    text = trained(tmp_path / "once.txt", "1")
    assert trained(tmp_path / "again.txt", "2") == text
    signs = from_text(text)
    assert signs.points["유서"] > 0
    lines = gather(LISTS)[::12]
    raised = {
        level: [signs.level(fold(line.text)) is not Danger.NONE for line in lines if line.level is level]
        for level in Danger
    }
    assert sum(raised[Danger.CRISIS]) > 0.5 * len(raised[Danger.CRISIS])
    assert sum(raised[Danger.NONE]) < 0.1 * len(raised[Danger.NONE])


def test_no_line_of_the_material_stands_in_two_files_or_is_kept_apart() -> None:
    rows = [row for file in FILES for row in file.read_text("utf-8").splitlines() if row]
    lines = [row for row in rows if not row.startswith("#")]
    assert len(set(lines)) == len(lines)
    topics = [row.split(":")[0] for row in rows if row.startswith("## ")]
    assert len(set(topics)) == len(topics)
    apart = [path for path in LISTS.glob("*.txt") if path.stem.startswith(("blind", "held_out"))]
    assert apart
    for path in apart:
        assert not set(lines) & set(path.read_text("utf-8").splitlines()), path.name


def test_each_file_is_left_out_whole() -> None:
    lines = gather(LISTS)
    assert {line.fold for line in lines} == set(range(FOLDS))
    for fold_number, file in enumerate(FILES):
        written = file.read_text("utf-8")
        some = [line.text for line in lines if line.hard and line.fold == fold_number][-50:]
        assert file.stem == "patterns" or all(text in written for text in some)
