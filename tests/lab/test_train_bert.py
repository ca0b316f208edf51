"""Real training, small: it learns, it survives a kill, and what it leaves is a classifier.

On the corpus's own sentences where they are at hand, else on a generated corpus.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import corpus_stage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab_stage import ALONE, lab, small_bert

from sweetchat_tui.classifiers import checkpoint
from sweetchat_tui.emotions import EMOTIONS
from sweetchat_tui.lab import calibration, curves, prepare, recipes, training

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
    pytest.mark.timeout(400),  # a guard against hanging: real training, on a machine that may be busy
]

FAST = ("--learning-rate", "2e-3", "--device", "cpu")
EPOCHS = 2
SHARED = Path(__file__).parents[2] / "../shared/data/emotion_dialogues_dev.xlsx"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    if SHARED.exists():
        prepare.prepare([SHARED], folder)
        return folder
    return corpus_stage.as_prepared(folder, corpus_stage.dialogues(2400))


@pytest.fixture(scope="module")
def base(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_bert(tmp_path_factory.mktemp("base"), corpus)


def command(corpus: Path, base: Path, out: Path, *more: str) -> list[str]:
    return ["train", "--data", str(corpus), "--base", str(base), "-o", str(out), *FAST, *more]


@pytest.fixture(scope="module")
def trained(corpus: Path, base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    out = tmp_path_factory.mktemp("trained") / "bert"
    home = tmp_path_factory.mktemp("home")
    epochs = ("--epochs", str(EPOCHS))
    done = lab(*command(corpus, base, out, *epochs), HOME=str(home), XDG_CACHE_HOME=str(home))
    assert done.returncode == 0, done.stderr
    yield out


def test_it_beats_chance_by_far_more_than_ten_times_and_measures_the_same_twice(
    trained: Path, corpus: Path
) -> None:
    words = ("evaluate", str(trained), "--data", str(corpus))
    first = json.loads(lab(*words, "--device", "cpu", "--json").stdout)
    assert first["times_chance"] > 10
    assert first["accuracy"] > first["alone"]
    assert first["ece"] < 0.15
    again = json.loads(lab(*words, "--device", "cpu", "--json").stdout)
    assert again == first


def test_what_it_leaves_is_a_whole_classifier_and_its_story(trained: Path) -> None:
    names = {path.name for path in trained.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "training.json", "metrics.jsonl"} <= names
    assert "checkpoints" not in names and not [name for name in names if name.startswith(".")]
    assert "아직 재지 않았어요" in (trained / "README.md").read_text("utf-8")
    config = json.loads((trained / "config.json").read_text("utf-8"))
    assert [config["id2label"][str(e.index)] for e in EMOTIONS] == [e.label for e in EMOTIONS]
    assert config["sweetchat"]["context"] is True and config["sweetchat"]["temperature"] > 0
    story = json.loads((trained / "training.json").read_text("utf-8"))
    assert len(story["epochs"]) == EPOCHS and story["accuracy"] == max(
        e["eval_accuracy"] for e in story["epochs"]
    )
    course = curves.course(trained / "metrics.jsonl")
    assert len(course.loss) == len(course.validation_accuracy) == EPOCHS
    assert course.loss[0] > course.loss[-1]
    assert course.accuracy[-1] > course.accuracy[0]


def test_a_kill_in_the_middle_changes_nothing_in_the_end(base: Path, tmp_path: Path) -> None:
    few = corpus_stage.as_prepared(tmp_path / "few", corpus_stage.dialogues(180))
    whole, out = tmp_path / "whole", tmp_path / "bert"
    assert lab(*command(few, base, whole, "--epochs", "4")).returncode == 0
    words = command(few, base, out, "--epochs", "4")
    new = [sys.executable, "-m", "sweetchat_tui", "lab", *words]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(new, **quiet, env=os.environ | ALONE) as process:
        metrics = out / "metrics.jsonl"
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and not (
            metrics.is_file()
            and "eval_accuracy" in metrics.read_text()
            and list(out.glob("checkpoints/*/trainer_state.json"))
        ):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert not (out / "model.safetensors").exists()
    (out / "checkpoints" / "checkpoint-99999").mkdir()  # what a kill leaves of one that was being written
    done = lab(*words)
    assert done.returncode == 0, done.stderr
    assert "이어서" in done.stderr
    assert (out / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()
    assert (out / "config.json").read_text() == (whole / "config.json").read_text()


def test_a_folder_holds_one_training(trained: Path, corpus: Path, base: Path) -> None:
    again = lab(*command(corpus, base, trained, "--epochs", str(EPOCHS)))
    assert (again.returncode, "이미 끝난 학습" in again.stderr) == (2, True)
    other = lab(*command(corpus, base, trained, "--epochs", "9"))
    assert (other.returncode, "다른 학습" in other.stderr) == (2, True)


def test_a_sweep_trains_each_once_and_draws_its_curves(base: Path, tmp_path: Path) -> None:
    few = corpus_stage.as_prepared(tmp_path / "few", corpus_stage.dialogues(180))
    words = ["sweep", "--data", str(few), "--base", str(base)]
    words += ["-o", str(tmp_path / "sweep"), "--rates", "1e-3", "--batches", "32", "--at-batch", "32"]
    words += ["--at-rate", "1e-3", "--epochs", "1", "--device", "cpu"]
    first = lab(*words)
    assert first.returncode == 0, first.stderr
    lines = first.stdout.splitlines()
    assert len(lines) == 5 and lines[1].startswith("*") and "▁" in lines[1]
    assert lines[3].startswith("learning rate 0.001") and lines[4].startswith("batch size 32")
    assert "rate-0.001-batch-32: 에폭 1" in first.stderr
    runs = [path.name for path in (tmp_path / "sweep").iterdir() if path.is_dir()]
    assert runs == ["rate-0.001-batch-32"]  # which lies on both curves, and is trained once
    assert (tmp_path / "sweep" / "rate.png").stat().st_size > 1000
    assert (tmp_path / "sweep" / runs[0] / "curves.png").stat().st_size > 1000
    again = lab(*words)
    assert again.stdout == first.stdout and "이미 끝났어요" in again.stderr


@pytest.mark.parametrize("changed", ["data", "labels", "seed", "epochs", "recipe"])
def test_a_sweep_never_passes_off_another(base: Path, tmp_path: Path, changed: str) -> None:
    few = corpus_stage.as_prepared(tmp_path / "few", corpus_stage.dialogues(60))
    out = tmp_path / "sweep"
    run = out / "rate-0.001-batch-32"
    run.mkdir(parents=True)
    recipe = replace(recipes.ORIGINAL, learning_rate=1e-3, batch=32, epochs=1)
    plan = training.plan(checkpoint.find(base), "", few, recipe, "58", 0)
    (run / "training.json").write_text(json.dumps(plan | {"accuracy": 0.25}))
    (run / "metrics.jsonl").touch()
    (out / "sweep.json").write_text("what was found")
    given = {"data": str(few), "labels": "58", "seed": "0", "epochs": "1", "recipe": "original"}
    other = corpus_stage.as_prepared(tmp_path / "other", corpus_stage.dialogues(61))
    others = {"data": str(other), "labels": "6", "seed": "1", "epochs": "2", "recipe": "sweetchat"}

    def sweep(asked: dict[str, str]) -> subprocess.CompletedProcess[str]:
        words = [word for name, value in asked.items() for word in (f"--{name}", value)]
        words += ["--rates", "1e-3", "--batches", "", "--at-batch", "32", "--device", "cpu"]
        return lab("sweep", *words, "--base", str(base), "-o", str(out))

    refused = sweep(given | {changed: others[changed]})
    assert (refused.returncode, "다른 학습이 들어 있는 폴더예요" in refused.stderr) == (2, True), (
        refused.stderr
    )
    assert not refused.stdout and (out / "sweep.json").read_text() == "what was found"
    if changed == "data":
        same = sweep(given)
        assert (same.returncode, "이미 끝났어요" in same.stderr) == (0, True), same.stderr
        assert "0.2500" in same.stdout


def test_a_sweep_goes_on_after_a_run_that_failed(base: Path, tmp_path: Path) -> None:
    few = corpus_stage.as_prepared(tmp_path / "few", corpus_stage.dialogues(180))
    out = tmp_path / "sweep"
    out.mkdir()
    (out / "rate-0.002-batch-64").write_text("in the way")
    words = ["sweep", "--data", str(few), "--base", str(base)]
    words += ["-o", str(out), "--rates", "2e-3,1e-3", "--batches", "", "--epochs", "1", "--device", "cpu"]
    done = lab(*words)
    assert done.returncode == 74, done.stderr
    assert "rate-0.002-batch-64에서 멈췄어요: " in done.stderr and "쓸 수 없어요" in done.stderr
    assert [row["rate"] for row in json.loads((out / "sweep.json").read_text())] == [0.001]


@given(st.lists(st.floats(-1e6, 1e6), max_size=20))
def test_a_line_of_blocks_has_one_for_each_value(values: list[float]) -> None:
    drawn = curves.blocks(values)
    assert len(drawn) == len(values)
    if values and min(values) < max(values):
        assert drawn[values.index(max(values))] == "█" and drawn[values.index(min(values))] == "▁"


def test_a_temperature_makes_overconfident_logits_honest() -> None:
    import numpy as np

    random = np.random.default_rng(0)
    honest = random.normal(size=(4000, 10)).astype(np.float32) * 2
    shares = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    truth = np.array([random.choice(10, p=row / row.sum()) for row in shares.astype(np.float64)])
    assert calibration.temperature(honest * 3, truth) == pytest.approx(3, rel=0.1)
