"""What must hold of the folds, the figures and the making of the weights."""

import json
from pathlib import Path

import corpus_stage
import numpy as np
import openpyxl
import pytest

from sweetchat_tui.classifiers.lite import LiteClassifier
from sweetchat_tui.lab import corpus, evaluation, splits, train_lite

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
    data = made_up(tmp_path / "data.xlsx")
    told: list[str] = []
    figures = train_lite.train(data, tmp_path / "one", folds=2, seed=1, report=told.append)
    train_lite.train(data, tmp_path / "two", folds=2, seed=1, report=told.append)
    for name in ("lite.bin", "lite.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert figures.accuracy > 0.9
    assert any("fold 2 of 2" in line for line in told)
    made = LiteClassifier.load(tmp_path / "one" / "lite.bin")
    for label, word in WORDS.items():
        assert made.classify([f"{word} 그리고 {word} 말이야"])[0].emotion.label == label
    card = (tmp_path / "one" / "lite.md").read_text(encoding="utf-8")
    assert "NIA" in card
    assert not any(word in card for word in WORDS.values())


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
def test_the_shipped_weights_know_the_corpus_and_are_rarely_uncertain_of_it():
    dialogues = corpus.read(SHARED)[::5]
    read = LiteClassifier.load().read([dialogue.sentences[0] for dialogue in dialogues])
    right = read.order[:, 0] == np.array([dialogue.emotion for dialogue in dialogues])
    assert right.mean() > 0.5
    assert read.uncertain.mean() <= 0.1


def test_a_prepared_folder_keeps_its_test_part_apart_and_measures_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(train_lite, "_SOFTMAX_STEPS", 2)
    data = corpus_stage.as_prepared(tmp_path / "data", corpus_stage.dialogues(600))
    told: list[str] = []
    train_lite.train(data, tmp_path / "out", folds=2, report=told.append)
    assert "of 540 dialogues" in told[0]
    found = json.loads((tmp_path / "out" / "evaluation.json").read_text("utf-8"))
    assert (found["part"], found["dialogues"], found["classifier"]) == ("test", 60, "lite-1")
    assert found["times_chance"] > 5
