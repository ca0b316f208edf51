"""What must hold of a prepared corpus, of what is told of it, and of a folder that could not be written."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import bert_stage
import corpus_stage
import numpy as np
import pytest
from conftest import Sweetchat
from hub_server import Hub

from sweetchat_tui.classifiers import checkpoint
from sweetchat_tui.classifiers.tokens import Encoder
from sweetchat_tui.emotions import EMOTIONS, GROUPS
from sweetchat_tui.errors import Misused, Unreadable
from sweetchat_tui.lab import corpus, data, original_split, prepare, splits
from sweetchat_tui.lab.prepare_report import Leak
from sweetchat_tui.lab.token_lengths import TokenCounter

SHARED = Path(__file__).parents[2] / "../shared/data/emotion_dialogues_dev.xlsx"
MADE = corpus_stage.dialogues(1_200)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return corpus_stage.as_json(tmp_path / "made.json", MADE)


def tables(folder: Path) -> dict[str, list[dict[str, object]]]:
    return {part: data.table(folder, part).to_pylist() for part in data.PARTS}


def test_every_word_of_every_dialogue_stands_in_one_part_with_what_came_before_it(
    tmp_path: Path, source: Path
):
    told = prepare.prepare([source], tmp_path / "out")
    found = tables(tmp_path / "out")
    taken = corpus.read(source)
    expected = [
        {
            "dialogue": at,
            "turn": turn,
            "speaker": speaker,
            "text": text,
            "context": list(dialogue.sentences[: turn - 1]),
            "label": dialogue.emotion,
            "group": dialogue.group,
        }
        for at, dialogue in enumerate(taken, 1)
        for turn, exchange in enumerate(dialogue.exchanges, 1)
        for speaker, text in (("human", exchange.sentence), ("system", exchange.answer))
    ]
    rows = [row for part in data.PARTS for row in found[part]]
    assert sorted(rows, key=lambda row: (row["dialogue"], row["turn"], row["speaker"])) == expected
    homes = [{row["dialogue"] for row in found[part]} for part in data.PARTS]
    assert sum(map(len, homes)) == len(taken)
    assert [round(len(home) / len(taken), 2) for home in homes] == [0.8, 0.1, 0.1]
    assert told.leak.dialogue == 0
    for part in data.PARTS:
        assert set(data.sentences(tmp_path / "out", part).labels.tolist()) == set(range(len(EMOTIONS)))


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path, source: Path):
    for name, seed in (("one", 0), ("two", 0), ("three", 1)):
        prepare.prepare([source], tmp_path / name, seed=seed)
    for part in data.PARTS:
        first = data.path_of(tmp_path / "one", part).read_bytes()
        assert first == data.path_of(tmp_path / "two", part).read_bytes()
        assert first != data.path_of(tmp_path / "three", part).read_bytes()


def test_shares_hold_in_every_stratum_and_the_first_part_has_them_all():
    strata = np.repeat(np.arange(9), [1, 2, 3, 4, 10, 40, 100, 400, 1_000])
    part = splits.parts(strata.tolist(), (6, 3, 1), 5)
    for stratum, count in Counter(strata.tolist()).items():
        counts = np.bincount(part[strata == stratum], minlength=3)
        assert counts[0] >= 1
        assert np.abs(counts - np.array([0.6, 0.3, 0.1]) * count).max() <= 2
    assert np.abs(np.bincount(part) - np.array([936, 468, 156])).max() <= 2


def test_an_emotion_of_one_dialogue_is_learnt_and_told(tmp_path: Path):
    rare = MADE[7]
    made = [one for one in MADE[:600] if one.label != rare.label]
    source = corpus_stage.as_json(tmp_path / "made.json", [*made, rare])
    told = prepare.prepare([source], tmp_path / "out")
    label = EMOTIONS[rare.label].label
    assert told.single == (label,)
    assert told.emotions[label] == {"train": len(rare.sentences), "validation": 0, "test": 0}


def test_one_endless_sentence_does_not_fill_the_screen(tmp_path: Path, sweetchat: Sweetchat):
    endless = corpus_stage.MadeUp("E10", ("가" * 20_000,), ("나",))
    source = corpus_stage.as_json(tmp_path / "made.json", [*MADE[:120], endless])
    done = sweetchat("lab", "prepare", str(source), "-o", str(tmp_path / "out"))
    assert "20000" in done.err
    assert len(done.err.splitlines()) < 60


def test_the_originals_split_keeps_its_order_and_its_leak_is_counted(tmp_path: Path, source: Path):
    told = prepare.prepare([source], tmp_path / "out", split="original")
    taken = corpus.read(source)
    rows, duplicates = original_split.table(taken)
    parts = dict(zip(data.PARTS, original_split.parts(len(rows)), strict=True))
    for part in data.PARTS:
        found = data.sentences(tmp_path / "out", part)
        assert found.texts == [taken[at].sentences[place] for at, place in rows[parts[part]]]
        assert found.contexts == [list(taken[at].sentences[:place]) for at, place in rows[parts[part]]]
    learnt = {at for at, _ in rows[parts["train"]]}
    leaked = sum(at in learnt for at, _ in rows[parts["test"]])
    assert told.leak == Leak(dialogue=leaked, word_for_word=0, of=len(parts["test"]))
    assert leaked > len(parts["test"]) / 2
    (dropped,) = [one for one in told.left_out if one.reason == "duplicate_sentence"]
    assert dropped.count == len(duplicates) > 0


def test_the_report_counts_what_the_tables_hold(tmp_path: Path, source: Path):
    told = prepare.prepare([source], tmp_path / "out")
    found = tables(tmp_path / "out")
    human = {part: [row for row in rows if row["speaker"] == "human"] for part, rows in found.items()}
    for part, rows in human.items():
        assert told.parts[part].dialogues == len({row["dialogue"] for row in rows})
        assert told.parts[part].sentences == len(rows)
        assert told.parts[part].answers == len(found[part]) - len(rows)
        for at, emotion in enumerate(EMOTIONS):
            assert told.emotions[emotion.label][part] == sum(row["label"] == at for row in rows)
        for at, group in enumerate(GROUPS):
            assert told.groups[group][part] == sum(row["group"] == at for row in rows)
    lengths = [len(str(row["text"])) for rows in human.values() for row in rows]
    assert told.characters.longest == max(lengths)
    assert told.characters.bins == tuple(
        sum(length // 16 == at for length in lengths) for at in range(max(lengths) // 16 + 1)
    )
    learnt = {row["text"] for row in human["train"]}
    assert told.leak.word_for_word == sum(row["text"] in learnt for row in human["test"])
    written = json.loads((tmp_path / "out" / "prepare.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(told.document()))
    assert written["split"] == {"kind": "dialogue", "shares": [8, 1, 1], "seed": 0}


def test_tokens_are_counted_as_the_classifier_counts_them():
    found = checkpoint.find(bert_stage.FIXTURE)
    texts = [one.sentences[-1][:20] for one in MADE[:40]]
    contexts = [[text[:9] for text in one.sentences[:-1]] for one in MADE[:40]]
    alone, joined = TokenCounter(str(bert_stage.FIXTURE)).count(texts, contexts)
    encoder = Encoder.open(found, words=10**6)
    assert alone.tolist() == [len(row.ids) for row in encoder.encode(texts)]
    assert joined.tolist() == [len(row.ids) for row in encoder.encode(texts, contexts)]
    assert (joined > alone).any()


def test_too_few_dialogues_are_refused(tmp_path: Path):
    few = corpus_stage.as_json(tmp_path / "few.json", MADE[:2])
    one = corpus_stage.as_json(tmp_path / "one.json", corpus_stage.dialogues(1))
    with pytest.raises(Unreadable, match="validation"):
        prepare.prepare([few], tmp_path / "out")
    with pytest.raises(Unreadable, match="나눌 수 없어요"):
        prepare.prepare([one], tmp_path / "out", shares=(1, 1, 1))
    assert not (tmp_path / "out").exists()


def test_a_prepared_folder_is_replaced_only_when_told(tmp_path: Path, source: Path):
    out = tmp_path / "out"
    prepare.prepare([source], out)
    (out / "notes.txt").write_text("mine")
    before = data.path_of(out, "train").read_bytes()
    with pytest.raises(Misused, match="이미"):
        prepare.prepare([source], out, seed=1)
    assert data.path_of(out, "train").read_bytes() == before
    prepare.prepare([source], out, seed=1, force=True)
    assert data.path_of(out, "train").read_bytes() != before
    assert {path.name for path in out.iterdir()} == {
        *("train.parquet", "validation.parquet", "test.parquet", "prepare.json", "notes.txt")
    }


@pytest.mark.parametrize("there", [False, True], ids=["new folder", "over an earlier run"])
def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path: Path, source: Path, there: bool):
    out = tmp_path / "out"
    if there:
        prepare.prepare([source], out)
    before = {path.name: path.read_bytes() for path in out.iterdir()} if there else None
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000));"
        "from sweetchat_tui.cli import main; main(sys.argv[1:])"
    )
    words = ["lab", "prepare", str(source), "-o", str(out), "--force", "--seed", "1"]
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, timeout=60)
    assert done.returncode == 74
    assert str(out) in done.stderr.decode()
    after = {path.name: path.read_bytes() for path in out.iterdir()} if out.exists() else None
    assert after == before


def test_a_person_sees_counts_and_rows_but_no_sentence(tmp_path: Path, sweetchat: Sweetchat):
    made = [*MADE, *MADE[:3]]
    source = corpus_stage.as_xlsx(tmp_path / "made.xlsx", made)
    out = tmp_path / "out"
    done = sweetchat("lab", "prepare", str(source), "-o", str(out), "--split", "original")
    assert done.code == 0, done.err
    assert done.out == ""
    for told in (
        "made.xlsx: 대화 1,203개",
        "made.xlsx:1202, 1203, 1204",
        "144,723",
        "train",
        "가난한, 불우한",
    ):
        assert told in done.err
    said = {word for one in made for text in one.sentences for word in text.split()}
    report = (out / "prepare.json").read_text(encoding="utf-8")
    assert not said & {*done.err.split(), *report.replace('"', " ").split()}
    quiet = sweetchat("-q", "lab", "prepare", str(source), "-o", str(out), "--force")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--split", "half"), 2, "half"),
        (("--split", "original", "--seed", "0"), 2, "--seed"),
        (("--split", "original", "--shares", "6:2:2"), 2, "--shares"),
        (("--shares", "8:1"), 2, "8:1"),
        (("--shares", "8:1:0"), 2, "8:1:0"),
        (("--shares", "nan:1:1"), 2, "nan"),
        (("--tokenizer", "{folder}"), 66, "토크나이저"),
        (("none.json",), 66, "none.json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_has_one_sentence_and_a_code(
    tmp_path: Path, source: Path, sweetchat: Sweetchat, words: tuple[str, ...], code: int, told: str
):
    named = [word.format(folder=tmp_path) for word in words]
    done = sweetchat("lab", "prepare", str(source), *named, "-o", str(tmp_path / "out"))
    assert done.code == code
    assert told in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "out").exists()


def test_a_tokenizer_of_the_hub_is_fetched_without_its_weights(
    tmp_path: Path, source: Path, sweetchat: Sweetchat
):
    files = {path.name: path.read_bytes() for path in bert_stage.FIXTURE.iterdir()}
    words = ("lab", "prepare", str(source), "-o", str(tmp_path / "out"), "--limit", "20", "--tokenizer")
    with Hub("someone/bert", files) as hub:
        done = sweetchat(*words, "someone/bert", HF_ENDPOINT=hub.url)
        assert done.code == 0, done.err
        assert not any("tf_model" in asked.path for asked in hub.asked)
        hub.missing = True
        gone = sweetchat(*words, "someone/else", "--force", HF_ENDPOINT=hub.url)
        assert (gone.code, "someone/else" in gone.err) == (66, True)
    tokens = json.loads((tmp_path / "out" / "prepare.json").read_text(encoding="utf-8"))["tokens"]
    assert tokens["tokenizer"] == "someone/bert"
    assert 0 < tokens["alone_cut"] < tokens["with_context_cut"]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
def test_the_real_corpus_is_prepared(tmp_path: Path):
    told = prepare.prepare([SHARED], tmp_path / "out")
    assert told.files == {SHARED.name: 5_333}
    assert sum(part.sentences for part in told.parts.values()) == 14_436
    assert all(min(parts.values()) for parts in told.emotions.values())
