"""What must hold of the folds, the figures and the making of the weights."""

import re
import shutil
from pathlib import Path
from typing import Any

import corpus_stage
import numpy as np
import openpyxl
import pytest
from conftest import Sweetchat

from sweetchat_tui.classifiers import lite
from sweetchat_tui.classifiers.lite import LiteClassifier
from sweetchat_tui.lab import (
    card,
    corpus,
    data,
    evaluation,
    lite_card,
    lite_material,
    prepare,
    splits,
    train_lite,
)

SHARED = Path(__file__).parents[2] / "../shared/data/emotion_dialogues_dev.xlsx"
HEADER = ["연령", "감정_대분류", "감정_소분류", "사람문장1", "시스템문장1", "사람문장2", "시스템문장2"]


def sheet(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_folds_are_even_in_every_emotion_and_follow_the_seed():
    emotions = [n % 7 for n in range(700)]
    fold = splits.folds(emotions, 5, 3)
    assert np.array_equal(fold, splits.folds(emotions, 5, 3))
    assert not np.array_equal(fold, splits.folds(emotions, 5, 4))
    for emotion in range(7):
        assert np.bincount(fold[np.asarray(emotions) == emotion]).tolist() == [20] * 5


def test_figures_of_known_probabilities():
    chances = np.array([[0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]], dtype=np.float32)
    truth = np.array([0, 1, 1, 0])
    assert evaluation.accuracy(chances, truth) == 0.5
    assert evaluation.accuracy(chances, truth, top=2) == 0.75
    assert evaluation.by_turn(chances, truth, np.array([0, 0, 1, 1])) == [0.5, 0.5]
    assert evaluation.calibration_error(chances, truth) == pytest.approx(0.5 * 0.1 + 0.5 * 0.2, abs=1e-6)


WORDS = {"분노": "빨강 벽돌", "기쁨": "노랑 나비", "슬픔": "파랑 바다", "불안": "보라 안개"}


def made_up(path: Path) -> Path:
    rows = [
        [None, None, label, f"{word} {n}가 {label} 말이야", f"{word} 답이네요", f"그리고 {word} 또", None]
        for n in range(15)
        for label, word in WORDS.items()
    ]
    return sheet(path, [HEADER, *rows])


def test_training_learns_and_repeats_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(train_lite, "_SOFTMAX_STEPS", 2)
    book = made_up(tmp_path / "data.xlsx")
    told: list[str] = []
    figures = train_lite.train(book, tmp_path / "one", folds=2, seed=1, report=told.append)
    train_lite.train(book, tmp_path / "two", folds=2, seed=1, report=told.append)
    for name in ("lite.bin", "lite.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert figures.accuracy > 0.9
    assert any("2겹 가운데 2" in line for line in told)
    made = LiteClassifier.load(tmp_path / "one" / "lite.bin")
    for label, word in WORDS.items():
        assert made.classify([f"{word} 그리고 {word} 말이야"])[0].emotion.label == label
    text = (tmp_path / "one" / "lite.md").read_text(encoding="utf-8")
    assert "NIA" in text
    assert not any(word in text for word in WORDS.values())


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
def test_the_shipped_weights_know_the_corpus_and_are_rarely_uncertain_of_it():
    dialogues = corpus.read(SHARED)[::5]
    read = LiteClassifier.load().read([dialogue.sentences[0] for dialogue in dialogues])
    right = read.order[:, 0] == np.array([dialogue.emotion for dialogue in dialogues])
    assert right.mean() > 0.5
    assert read.uncertain.mean() <= 0.1


def test_the_card_of_weights_made_from_a_prepared_folder_tells_what_evaluate_found(
    tmp_path: Path, sweetchat: Sweetchat, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(train_lite, "_SOFTMAX_STEPS", 2)
    folder = corpus_stage.as_prepared(tmp_path / "data", corpus_stage.dialogues(600))
    told: list[str] = []
    out = tmp_path / "out"
    train_lite.train(folder, out, folds=2, report=told.append)
    assert "대화 540개" in told[0]
    assert "Not measured yet" in (out / "lite.md").read_text("utf-8")

    def evaluate(what: str, part: str) -> dict[str, Any]:
        words = ("lab", "evaluate", what, "--data", str(folder), "--part", part, "-o", str(out), "--json")
        done = sweetchat(*words)
        assert done.code == 0, done.err
        return done.rows[0]

    # What it may have learnt from is measured, and stays out of the card.
    assert [evaluate(str(out), "validation")["seen"], evaluate("lite", "test")["seen"]] == ["yes", "perhaps"]
    assert "Not measured yet" in (out / "lite.md").read_text("utf-8")
    found = evaluate(str(out), "test")
    assert (found["part"], found["dialogues"], found["classifier"]) == ("test", 60, "lite-1")
    assert found["seen"] == "no" and found["times_chance"] > 5
    text = (out / "lite.md").read_text("utf-8")
    assert "With these weights" in text and card.figures(found) in text
    # And again, over the figures that were there.
    evaluate(str(out), "test")
    assert (out / "lite.md").read_text("utf-8") == text
    # Beside other weights that can be measured themselves, the card stays.
    shutil.copy(Path(lite.__file__).with_name("lite.bin"), out / "lite.bin")
    assert not lite_card.renew(out, found | {"accuracy": 0.99})
    assert (out / "lite.md").read_text("utf-8") == text
    # Beside weights that are taught by all, the card says that others were measured.
    (out / "training.json").unlink()
    assert lite_card.renew(out, found)
    assert "These figures are of others" in (out / "lite.md").read_text("utf-8")


@pytest.mark.slow  # the whole recipe once: 90 s of one core
@pytest.mark.timeout(900)
@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
def test_the_shipped_card_tells_what_evaluate_finds(tmp_path: Path, sweetchat: Sweetchat):
    prepare.prepare([SHARED], tmp_path)
    known = data.dialogues(tmp_path, ("train", "validation"))
    material = lite_material.gather(known, 5, 0)
    # Confidences as shipped: by them a turn of mood is seen.
    train_lite.learn(material, LiteClassifier.load()._head).save(tmp_path / "lite.bin")
    found = sweetchat("lab", "evaluate", str(tmp_path), "--data", str(tmp_path), "--json").rows[0]
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", told_by_evaluate(), re.MULTILINE))
    assert f"{found['n']:,} sentences of {found['dialogues']} dialogues" in told_by_evaluate()

    def told(row: str) -> list[float]:
        return [float(number) for number in re.findall(r"\d+\.\d+", rows[row])]

    # Three sentences of room: the sums of another machine may round otherwise.
    assert told("accuracy")[0] == pytest.approx(found["accuracy"], abs=0.002)
    assert told("top 3 / top 5") == pytest.approx([found["top_3"], found["top_5"]], abs=0.002)
    both = [found["macro_f1"], found["weighted_f1"]]
    assert told("macro F1 / weighted F1") == pytest.approx(both, abs=0.003)
    assert told("times chance")[0] == pytest.approx(found["times_chance"], abs=0.2)
    assert told("by turn") == pytest.approx(found["by_turn"], abs=0.004)


def told_by_evaluate() -> str:
    """The part of the shipped card that `lab evaluate` fills."""
    text = Path(lite.__file__).with_name("lite.md").read_text("utf-8")
    (part,) = re.findall(r"## Figures\n(.*?)\nOut of fold", text, re.DOTALL)
    return str(part)
