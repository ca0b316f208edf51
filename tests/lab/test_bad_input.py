"""What is wrong with what a person gives, each through the real command: one sentence and its exit code."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import bert_stage
import corpus_stage
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Done, Sweetchat

from sweetchat_tui.classifiers import hub_cache
from sweetchat_tui.emotions import EMOTIONS
from sweetchat_tui.lab import data

HEADER = list(corpus_stage.HEADER)
MADE = corpus_stage.dialogues(120)
ROWS = corpus_stage.rows(MADE)


def refused(done: Done, code: int, *words: str) -> None:
    """One sentence and at most one hint, with these words and this exit code."""
    assert done.code == code, done.err
    assert all(word in done.err for word in words), done.err
    assert "Traceback" not in done.err and len(done.err.splitlines()) <= 2


def book(path: Path, rows: list[list[str | None]], sheet: str = "Sheet1") -> Path:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def with_emotion(name: str) -> list[list[str | None]]:
    return [[*row[:5], name, *row[6:]] for row in ROWS]


SOURCES: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "a text": (lambda path: path.write_text("그냥 글"), ("xlsx도 zip도 JSON도",)),
    "another sheet": (lambda path: book(path, [["달", "매출"], ["1", "2"]], "매출"), ("감정_소분류", "매출")),
    "no column of emotions": (
        lambda path: book(path, [["기분" if n == "감정_소분류" else n for n in HEADER], *ROWS]),
        ("감정_소분류가 있는 시트가 없어요",),
    ),
    "no column of sentences": (
        lambda path: book(path, [[n.replace("사람문장", "말") for n in HEADER], *ROWS]),
        ("사람문장1이 있는 시트가 없어요",),
    ),
    "an emotion that nobody knows": (
        lambda path: book(path, [HEADER, *with_emotion("즐거움")]),
        ("아는 감정이 하나도 없어요", "즐거움"),
    ),
    "no row": (lambda path: book(path, [HEADER]), ("쓸 대화가 없어요", "AI Hub")),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_what_is_not_the_corpus_is_not_prepared(sweetchat: Sweetchat, tmp_path: Path, kind: str) -> None:
    make, words = SOURCES[kind]
    make(tmp_path / "given.xlsx")
    done = sweetchat("lab", "prepare", str(tmp_path / "given.xlsx"), "-o", str(tmp_path / "out"))
    refused(done, 65, *words)
    assert not (tmp_path / "out").exists()


def test_some_unknown_emotions_are_left_out_and_told(sweetchat: Sweetchat, tmp_path: Path) -> None:
    source = book(tmp_path / "given.xlsx", [HEADER, *ROWS[:110], *with_emotion("즐거움")[:7]])
    done = sweetchat("lab", "prepare", str(source), "-o", str(tmp_path / "out"))
    assert (done.code, "모르는 감정의 대화(즐거움) 7" in done.err) == (0, True), done.err


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    return corpus_stage.as_prepared(tmp_path / "corpus", corpus_stage.dialogues(180))


def empty(path: Path) -> None:
    pq.write_table(pq.read_table(path).slice(0, 0), path)


def without_labels(path: Path) -> None:
    pq.write_table(pq.read_table(path).drop_columns(["label"]), path)


def mute(path: Path) -> None:
    rows = pq.read_table(path).to_pylist()
    pq.write_table(pa.Table.from_pylist([r for r in rows if r["speaker"] == "system"], data.SCHEMA), path)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (empty, "비어 있는 표"),
        (mute, "비어 있는 표"),
        (without_labels, "lab prepare가 만든 표가 아니에요"),
        (cut, "읽을 수 없는 표"),
    ],
)
def test_a_part_that_is_empty_or_none_is_not_measured(
    sweetchat: Sweetchat, prepared: Path, spoil: Callable[[Path], None], word: str
) -> None:
    spoil(data.path_of(prepared, "test"))
    refused(sweetchat("lab", "evaluate", "lite", "--data", str(prepared)), 65, word)


def test_an_emotion_with_one_example_is_measured(sweetchat: Sweetchat, prepared: Path) -> None:
    path = data.path_of(prepared, "test")
    human = [row for row in pq.read_table(path).to_pylist() if row["speaker"] == "human"]
    others = [row for row in human if row["label"] != human[0]["label"]]
    pq.write_table(pa.Table.from_pylist([human[0], *others], data.SCHEMA), path)
    done = sweetchat("lab", "evaluate", "lite", "--data", str(prepared), "--json")
    assert done.code == 0, done.err
    (content,) = done.rows
    assert content["per_class"][EMOTIONS[human[0]["label"]].label]["support"] == 1
    assert "NaN" not in done.out


def reordered(folder: Path) -> Path:
    """The genuine checkpoint with its labels the other way round, and so the rows of its head."""
    weights = bert_stage.weights()
    for name in ("classifier.weight", "classifier.bias"):
        weights[name] = np.ascontiguousarray(weights[name][::-1])
    bert_stage.as_safetensors(folder, weights)
    names = {str(at): emotion.label for at, emotion in enumerate(reversed(EMOTIONS))}
    bert_stage.with_config(folder, id2label=names, label2id={name: int(at) for at, name in names.items()})
    return folder


def test_a_checkpoint_that_counts_its_labels_in_another_order_is_measured_the_same(
    sweetchat: Sweetchat, prepared: Path, tmp_path: Path
) -> None:
    words = ("--data", str(prepared), "--device", "cpu", "--json")
    ours = sweetchat("lab", "evaluate", str(bert_stage.FIXTURE), *words)
    theirs = sweetchat("lab", "evaluate", str(reordered(tmp_path / "other")), *words)
    assert (ours.code, theirs.code) == (0, 0), ours.err + theirs.err
    apart = ("classifier", "weights")
    assert {k: v for k, v in theirs.rows[0].items() if k not in apart} == {
        k: v for k, v in ours.rows[0].items() if k not in apart
    }


def test_auto_measures_the_berts_own_weights_where_one_is_here(
    sweetchat: Sweetchat, prepared: Path, own_home: Path
) -> None:
    words = ("lab", "evaluate", "auto", "--data", str(prepared), "--json")
    lite = sweetchat(*words)
    assert (lite.rows[0]["classifier"], lite.rows[0]["weights"]) == ("lite-1", None)
    assert lite.rows[0]["seen"] == "perhaps"
    kept = (
        own_home / "cache" / "huggingface" / "hub" / f"models--{hub_cache.DEFAULT_MODEL.replace('/', '--')}"
    )
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("a" * 40)
    shutil.copytree(bert_stage.FIXTURE, kept / "snapshots" / ("a" * 40))
    bert = sweetchat(*words)
    assert bert.code == 0, bert.err
    named = sweetchat("lab", "evaluate", "bert", "--data", str(prepared), "--json")
    assert bert.rows[0]["weights"] == named.rows[0]["weights"] and len(bert.rows[0]["weights"]) == 64
    assert bert.rows[0]["seen"] == "unknown" and bert.rows[0]["classifier"].endswith("@aaaaaaa")


def test_sentences_that_were_learnt_are_told(sweetchat: Sweetchat, prepared: Path, tmp_path: Path) -> None:
    folder = bert_stage.copied(tmp_path / "bert")
    story = {"data": data.digest(prepared)}
    (folder / "training.json").write_text(json.dumps(story))
    words = ("lab", "evaluate", str(folder), "--data", str(prepared), "--device", "cpu")
    assert "배운" not in sweetchat(*words).out
    assert "여기서 배운 문장들" in sweetchat(*words, "--part", "train").out
    (folder / "training.json").write_text(json.dumps({"data": "0" * 64}))
    done = sweetchat(*words, "--against", "lite", "-o", str(tmp_path / "report"))
    report = (tmp_path / "report" / "evaluation.md").read_text("utf-8")
    for told in (done.out, report):
        assert told.count("다른 조각으로 배웠어요") == 2 and "p = " in told
    assert json.loads((tmp_path / "report" / "evaluation.json").read_text("utf-8"))["seen"] == "perhaps"


def test_no_sentence_of_the_corpus_stands_in_a_report(
    sweetchat: Sweetchat, prepared: Path, tmp_path: Path
) -> None:
    said = data.sentences(prepared, "test").texts
    done = sweetchat("lab", "evaluate", "lite", "--data", str(prepared), "-o", str(tmp_path / "report"))
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "report").glob("*.[jm]*"))
    long = [text for text in said if len(text) > 12]
    assert not any(text in written for text in long)
    assert sum(text[:8] in done.out for text in long) >= 5  # the ten by lot, for the eyes alone
