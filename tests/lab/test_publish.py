"""A checkpoint published to a Hub on loopback: what goes, what does not, and when it is refused."""

import json
import shutil
from pathlib import Path

import corpus_stage
import pytest
from bert_stage import FIXTURE
from conftest import Sweetchat
from hub_uploads import UploadHub

from sweetchat_tui.classifiers import checkpoint, prepared, shape, tensors

LICENCE = ("--license", "mit")
FIGURES = {
    "schema": 1,
    "classifier": "bert",
    "part": "test",
    "date": "2026-11-23",
    "n": 1000,
    "dialogues": 400,
    "labels": 58,
    "accuracy": 0.4321,
    "intervals": {"accuracy": [0.41, 0.45]},
    **dict.fromkeys(("top_3", "top_5", "macro_f1", "weighted_f1", "groups", "ece"), 0.5),
    "times_chance": 25.1,
    "by_turn": [0.4, 0.44, 0.45],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A trained folder: the genuine tiny checkpoint as safetensors, with figures, and things that stay."""
    made = tmp_path / "bert"
    made.mkdir()
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copyfile(FIXTURE / name, made / name)
    found = checkpoint.find(FIXTURE)
    with (made / "model.safetensors").open("wb") as stream:
        tensors.convert(found, shape.bert_shape(found), stream)
    figures = FIGURES | {"weights": prepared.digest(made / "model.safetensors")}
    (made / "evaluation.json").write_text(json.dumps(figures), encoding="utf-8")
    (made / "metrics.jsonl").write_text("{}\n")
    (made / "notes.txt").write_text("비밀 메모")
    (made / "checkpoints").mkdir()
    (made / "checkpoints" / "optimizer.pt").write_bytes(b"large")
    return made


def test_what_is_named_goes_and_nothing_else(sweetchat, folder: Path) -> None:  # type: ignore[no-untyped-def]
    with UploadHub() as hub:
        done = sweetchat(
            *("lab", "publish", str(folder), "--to", "me/feelings", "--yes", "--private", *LICENCE),
            HF_ENDPOINT=hub.url,
            HF_TOKEN="hf_secret",
        )
    assert done.code == 0, done.err
    assert set(hub.files) == {
        *("README.md", "config.json", "model.safetensors", "tokenizer.json"),
        *("tokenizer_config.json", "vocab.txt", "evaluation.json"),
    }
    assert hub.files["model.safetensors"] == (folder / "model.safetensors").read_bytes()
    card = hub.files["README.md"].decode()
    assert (
        card.startswith("---\nlicense: mit\n")
        and "base_model" not in card
        and "0.4321" in card
        and "한국지능정보사회진흥원(NIA)" in card
    )
    assert hub.tokens == {"Bearer hf_secret"} and hub.made[0]["visibility"] == "private"
    assert "hf_secret" not in done.out + done.err


def test_what_is_to_be_private_does_not_go_where_everyone_reads(sweetchat, folder: Path) -> None:  # type: ignore[no-untyped-def]
    words = ("lab", "publish", str(folder), "--to", "me/feelings", "--yes", "--private", *LICENCE)
    with UploadHub(public=True) as hub:
        done = sweetchat(*words, HF_ENDPOINT=hub.url, HF_TOKEN="hf_x")
    assert (done.code, "모두에게 열려 있는" in done.err) == (2, True)
    assert not hub.files and not hub.large


def test_a_dry_run_shows_all_and_asks_nobody(sweetchat, folder: Path) -> None:  # type: ignore[no-untyped-def]
    with UploadHub() as hub:
        done = sweetchat(
            "lab", "publish", str(folder), "--to", "me/feelings", "--dry-run", *LICENCE, HF_ENDPOINT=hub.url
        )
    assert done.code == 0 and not hub.tokens
    assert "model.safetensors\t" in done.out and "notes.txt" not in done.out and "pipeline_tag" in done.out


def test_without_a_yes_nothing_goes(sweetchat, folder: Path) -> None:  # type: ignore[no-untyped-def]
    with UploadHub() as hub:
        words = ("lab", "publish", str(folder), "--to", "me/feelings", *LICENCE)
        done = sweetchat(*words, stdin="n\n", HF_ENDPOINT=hub.url, HF_TOKEN="hf_x")
    assert done.code == 130 and not hub.tokens


def test_what_was_not_measured_is_not_published(sweetchat, folder: Path) -> None:  # type: ignore[no-untyped-def]
    words = ("lab", "publish", str(folder), "--to", "me/feelings", "--dry-run")
    figures = json.loads((folder / "evaluation.json").read_text("utf-8"))
    (folder / "evaluation.json").write_text(json.dumps(figures | {"weights": "0" * 64}))
    other = sweetchat(*words)
    assert (other.code, "다른 가중치" in other.err) == (2, True)
    (folder / "evaluation.json").unlink()
    none = sweetchat(*words)
    assert (none.code, "lab evaluate" in none.err) == (66, True)


@pytest.mark.parametrize(
    ("what", "part"), [("lite", "test"), ("{folder}", "validation"), ("{folder}", "test")]
)
def test_a_folder_holds_the_figures_of_its_own_model_alone(
    sweetchat: Sweetchat, folder: Path, tmp_path: Path, what: str, part: str
) -> None:
    corpus = corpus_stage.as_prepared(tmp_path / "corpus", corpus_stage.dialogues(180))
    (folder / "training.json").write_text('{"data": "another"}')
    (folder / "README.md").write_text("the card")
    figures = (folder / "evaluation.json").read_text("utf-8")
    words = ("lab", "evaluate", what.format(folder=folder), "--data", str(corpus), "--part", part)
    done = sweetchat(*words, "-o", str(folder))
    assert done.code == 0, done.err
    assert (folder / "evaluation.md").is_file()
    same = (folder / "evaluation.json").read_text("utf-8") == figures
    card = (folder / "README.md").read_text("utf-8")
    kept = (what, part) != ("{folder}", "test")
    assert ("그대로 뒀어요" in done.err, same, card == "the card") == (kept, kept, kept), done.err


def test_an_evaluation_that_lacks_a_figure_is_told_which(sweetchat, folder: Path) -> None:  # type: ignore[no-untyped-def]
    figures = json.loads((folder / "evaluation.json").read_text("utf-8"))
    del figures["ece"]
    (folder / "evaluation.json").write_text(json.dumps(figures))
    done = sweetchat("lab", "publish", str(folder), "--to", "me/feelings", "--dry-run", *LICENCE)
    assert (done.code, "없는 수치: ece" in done.err) == (66, True)


def test_figures_on_what_was_learnt_are_not_published(sweetchat, folder: Path) -> None:  # type: ignore[no-untyped-def]
    figures = json.loads((folder / "evaluation.json").read_text("utf-8"))
    (folder / "evaluation.json").write_text(json.dumps(figures | {"seen": "yes"}))
    done = sweetchat("lab", "publish", str(folder), "--to", "me/feelings", "--dry-run", *LICENCE)
    assert (done.code, "배운 문장" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("story", "figures", "code"),
    [
        ({"recipe": {"context": True}, "seed": 0}, {}, 0),  # a training that was not finished
        ({}, {}, 0),
        ({"recipe": "none"}, {}, 65),
        ({"epochs": [{"epoch": "first"}]}, {}, 65),
        ({}, {"accuracy": "good"}, 65),
        ({}, {"by_turn": 0.5}, 65),
        ({}, {"intervals": {"accuracy": []}}, 65),
    ],
)
def test_a_story_that_is_broken_or_not_over_has_one_sentence(  # type: ignore[no-untyped-def]
    sweetchat, folder: Path, story: dict[str, object], figures: dict[str, object], code: int
) -> None:
    known = json.loads((folder / "evaluation.json").read_text("utf-8"))
    (folder / "evaluation.json").write_text(json.dumps(known | figures))
    (folder / "training.json").write_text(json.dumps(story))
    done = sweetchat("lab", "publish", str(folder), "--to", "me/feelings", "--dry-run", *LICENCE)
    assert (done.code, "Traceback" in done.err) == (code, False), done.err
    assert len(done.err.splitlines()) <= 2 and (code == 0) == ("pipeline_tag" in done.out)


def test_a_licence_is_that_of_the_encoder_or_asked_for(sweetchat, folder: Path) -> None:  # type: ignore[no-untyped-def]
    words = ("lab", "publish", str(folder), "--to", "me/feelings", "--dry-run")
    unknown = sweetchat(*words)
    assert (unknown.code, "--license" in unknown.err) == (2, True)
    story = {
        "base": "klue/bert-base",
        "recipe": {"context": True},
        "epochs": [],
        "versions": {},
        "seed": 0,
        "data": "0" * 64,
    }
    (folder / "training.json").write_text(json.dumps(story), encoding="utf-8")
    known = sweetchat(*words)
    assert (
        known.code == 0
        and "license: cc-by-sa-4.0\n" in known.out
        and "base_model: klue/bert-base\n" in known.out
    )


@pytest.mark.parametrize(
    ("refuses", "token", "code"), [(0, "", 77), (401, "hf_x", 77), (503, "hf_x", 69), (429, "hf_x", 75)]
)
def test_what_the_hub_refuses_is_one_sentence(  # type: ignore[no-untyped-def]
    sweetchat, folder: Path, refuses: int, token: str, code: int
) -> None:
    with UploadHub(refuses=refuses) as hub:
        words = ("lab", "publish", str(folder), "--to", "me/feelings", "--yes", *LICENCE)
        done = sweetchat(*words, HF_ENDPOINT=hub.url, HF_TOKEN=token)
    assert done.code == code, done.err
    assert len(done.err.splitlines()) <= 3 and "Traceback" not in done.err


def test_offline_and_a_strange_name_are_told_at_once(sweetchat, folder: Path) -> None:  # type: ignore[no-untyped-def]
    words = ("lab", "publish", str(folder), "--yes", *LICENCE, "--to")
    assert sweetchat(*words, "me/feelings", HF_HUB_OFFLINE="1").code == 69
    assert sweetchat(*words, "feelings").code == 2
