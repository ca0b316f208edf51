"""What is measured of a classifier, held against scikit-learn and against what must be so."""

import json
from collections.abc import Sequence
from pathlib import Path

import bert_stage
import corpus_stage
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from sweetchat_tui.classifiers import Batch, checkpoint
from sweetchat_tui.emotions import EMOTIONS, GROUPS, Emotion, Feeling, Score, find
from sweetchat_tui.errors import Misused, OutputUnwritable
from sweetchat_tui.lab import data, evaluation, figures, recipes, report, seen, significance, training


class Knowing:
    """Reads the label that the row has, for all but every fourth row, in a label order of its own."""

    name = "knowing-1"
    reads_context = False

    def __init__(self, rows: data.Sentences, emotions: Sequence[Emotion], *, groups: bool = False) -> None:
        self.emotions = emotions
        self._groups = groups
        self._label = dict(zip(rows.texts, rows.groups if groups else rows.labels, strict=True))

    def read(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> Batch:
        names = GROUPS if self._groups else [e.label for e in EMOTIONS]
        here = {emotion.label: at for at, emotion in enumerate(self.emotions)}
        order = np.empty((len(texts), len(here)), dtype=np.int64)
        for row, text in enumerate(texts):
            right = here[names[self._label[text]]]
            first = (right + 1) % len(here) if row % 4 == 0 else right
            order[row] = [first, *(at for at in range(len(here)) if at != first)]
        confidence = np.full((len(texts), top), 0.3 / (len(here) - 1), dtype=np.float32)
        confidence[:, 0] = 0.7
        return Batch(order[:, :top], confidence, np.zeros(len(texts), dtype=np.bool_))

    def classify(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> list[Feeling]:
        return [Feeling((Score(self.emotions[0], 1.0),), self.name, False) for _ in texts]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus_stage.as_prepared(tmp_path_factory.mktemp("corpus"), corpus_stage.dialogues(600))


@pytest.fixture(scope="module")
def rows(prepared: Path) -> data.Sentences:
    return data.sentences(prepared, "train")


@settings(deadline=None)  # a machine may be busy; what is held here is numbers
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=80),
)
def test_precision_recall_and_f1_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, guess = (np.array(column) for column in zip(*pairs, strict=True))
    per = evaluation.per_label(evaluation.confusion(truth, guess, 6))
    theirs = precision_recall_fscore_support(truth, guess, labels=range(6), zero_division=0)
    for ours, wanted in zip((per.precision, per.recall, per.f1, per.support), theirs, strict=True):
        np.testing.assert_allclose(ours, wanted)
    met = sorted({*truth.tolist(), *guess.tolist()})
    for average, ours_three in (("macro", per.macro()), ("weighted", per.weighted())):
        wanted_three = precision_recall_fscore_support(
            truth, guess, labels=met, average=average, zero_division=0
        )[:3]
        np.testing.assert_allclose(ours_three, wanted_three)


def test_labels_in_another_order_are_matched_by_name(rows: data.Sentences) -> None:
    found = figures.measure(Knowing(rows, EMOTIONS[::-1]), rows)
    wrong = len(rows.texts) - sum(len(range(0, min(4096, len(rows.texts)), 4)) for _ in (0,))
    assert found.top[1] == pytest.approx(wrong / len(rows.texts), abs=0.02)
    assert found.top[1] > 0.7
    assert found.labels == tuple(e.label for e in EMOTIONS)
    assert found.times_chance == pytest.approx(found.top[1] * 58)
    low, high = found.intervals[1]
    assert low < found.top[1] < high


def test_a_classifier_of_the_six_groups_is_measured_on_them(rows: data.Sentences) -> None:
    six = [e for name in reversed(GROUPS) if (e := find(name))]
    found = figures.measure(Knowing(rows, six, groups=True), rows)
    assert found.labels == GROUPS
    assert found.top[1] == found.group_accuracy > 0.7


def test_strange_labels_are_refused(rows: data.Sentences) -> None:
    strange = [Emotion(0, "좋음", "good", None, None), Emotion(1, "나쁨", "bad", None, None)]
    with pytest.raises(Misused, match="58가지"):
        figures.measure(Knowing(rows, strange), rows)


def test_a_label_without_an_example_divides_by_nothing(rows: data.Sentences) -> None:
    few = data.Sentences(
        rows.texts[:3],
        rows.contexts[:3],
        rows.labels[:3],
        rows.groups[:3],
        rows.turns[:3],
        rows.dialogues[:3],
    )
    found = figures.measure(Knowing(rows, EMOTIONS), few)
    content = report.document(found, {"part": "test", "date": "2026-01-01"})
    assert json.loads(json.dumps(content))["n"] == 3
    assert "NaN" not in json.dumps(content)


def test_mcnemar_counts_what_one_alone_got_right() -> None:
    first = np.array([True] * 30 + [False] * 10 + [True] * 60)
    second = np.array([False] * 30 + [True] * 10 + [True] * 60)
    test = significance.mcnemar(first, second)
    assert (test.only_first, test.only_second) == (30, 10)
    assert test.p == pytest.approx(0.002221, rel=1e-3)  # the binomial test's own table
    assert significance.mcnemar(first, first).p == 1.0


def test_an_interval_is_wider_where_sentences_hang_together() -> None:
    right = np.repeat(np.random.default_rng(0).random(100) < 0.5, 5)
    (together,) = significance.intervals(right[:, None], np.repeat(np.arange(100), 5))
    (apart,) = significance.intervals(right[:, None], np.arange(500))
    assert together[1] - together[0] > 1.5 * (apart[1] - apart[0])
    both = significance.intervals(np.stack([~right, right], axis=1), np.arange(500))
    assert both[1] == pytest.approx(apart)
    assert both[0] == pytest.approx((1 - apart[1], 1 - apart[0]))


def test_what_the_encoder_was_taught_before_is_not_forgotten(prepared: Path, tmp_path: Path) -> None:
    here = data.digest(prepared)

    def trained(folder: Path, base: Path) -> Path:
        bert_stage.copied(folder)
        plan = training.plan(checkpoint.find(base), "", prepared, recipes.ORIGINAL, "58", 0)
        (folder / "training.json").write_text(json.dumps(plan | {"accuracy": 0.5}))
        return folder

    first = trained(tmp_path / "first", bert_stage.FIXTURE)
    again = trained(tmp_path / "again", first)
    parts: tuple[data.Part, ...] = ("train", "test")
    for folder in (first, again):
        assert [seen.seen(folder, here, part) for part in parts] == ["yes", "no"]
    other = bert_stage.copied(tmp_path / "other")
    (other / "training.json").write_text('{"data": "another cut"}')
    second = trained(tmp_path / "second", other)
    third = trained(tmp_path / "third", second)
    for folder in (second, third):
        assert [seen.seen(folder, here, part) for part in parts] == ["yes", "perhaps"]
        assert "다른 조각" in seen.told(seen.seen(folder, here, "test"), "bert")


def test_the_command_prints_writes_and_says_the_same_twice(sweetchat, prepared: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    words = ("lab", "evaluate", "lite", "--data", str(prepared), "--json")
    first = sweetchat(*words, "-o", str(tmp_path / "report"), "--against", "lite")
    assert first.code == 0, first.err
    content = json.loads(first.out)
    assert json.loads((tmp_path / "report" / "evaluation.json").read_text("utf-8")) == content
    written = {path.name for path in (tmp_path / "report").iterdir()}
    assert written == {"evaluation.json", "evaluation.md", "reliability.png", "confusions.png"}
    assert content["against"]["p"] == 1.0 and len(content["per_class"]) == 58
    again = json.loads(sweetchat(*words).out)
    assert again == {key: value for key, value in content.items() if key != "against"}
    assert "정확도" in sweetchat(*words[:-1]).out


def test_what_is_not_prepared_is_said(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("lab", "evaluate", "lite", "--data", str(tmp_path))
    assert (done.code, "lab prepare" in done.err) == (66, True)
    assert sweetchat("lab", "evaluate", "lite", "--data", str(tmp_path), "--part", "dev").code == 2


def test_a_report_that_cannot_be_written_is_said(rows: data.Sentences, tmp_path: Path) -> None:
    found = figures.measure(Knowing(rows, EMOTIONS), rows)
    content = report.document(found, {"part": "test", "date": "2026-01-01"})
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputUnwritable):
        report.write(tmp_path / "file" / "report", content, found, [])
