import json
import shutil
from pathlib import Path

import pytest

from sweetchat_tui import classifiers
from sweetchat_tui.classifiers.hub_cache import DEFAULT_MODEL, cache_folder
from sweetchat_tui.errors import Misused, NotThere, SweetchatError, Unreadable

CHECKPOINT = Path(__file__).parents[1] / "fixtures" / "tf-checkpoint"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def fetched() -> Path:
    """The BERT of the Hub on this machine, a tiny one; its folder."""
    home = cache_folder() / f"models--{DEFAULT_MODEL.replace('/', '--')}"
    folder = home / "snapshots" / COMMIT
    shutil.copytree(CHECKPOINT, folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(COMMIT)
    return folder


def test_auto_is_the_embedded_one_until_the_bert_is_here() -> None:
    assert classifiers.load("auto").name.startswith("lite")


@pytest.mark.parametrize("name", ["auto", "bert", DEFAULT_MODEL, f"{DEFAULT_MODEL}@{COMMIT}"])
def test_the_bert_that_is_here_reads(fetched: Path, name: str) -> None:
    assert classifiers.load(name).name == "my-fine-tuned-bert@0123456"


def test_a_folder_reads_and_int8_is_in_the_name() -> None:
    assert classifiers.load(str(CHECKPOINT)).name == "tf-checkpoint"
    assert classifiers.load(str(CHECKPOINT), precision="int8").name == "tf-checkpoint+int8"


def test_a_broken_bert_is_told_of_and_the_embedded_one_reads(fetched: Path) -> None:
    (fetched / "tf_model.h5").write_bytes(b"cut")
    said: list[str] = []
    assert classifiers.load("auto", notify=said.append).name.startswith("lite")
    assert len(said) == 1 and "내장" in said[0]
    with pytest.raises(Unreadable):
        classifiers.load("bert")


@pytest.mark.parametrize(
    "name", ["bert", "no/body", "no-body", "그런 이름", "", "~nobody/x", "a" * 5000, "\0"]
)
def test_what_is_not_here_is_said_with_how_to_get_it(name: str) -> None:
    with pytest.raises(NotThere) as caught:
        classifiers.load(name)
    assert "models pull" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("lite", {"device": "cuda"}),
        ("auto", {"device": "mps"}),
        ("lite", {"precision": "bf16"}),
        (str(CHECKPOINT), {"precision": "bf16"}),
        (str(CHECKPOINT), {"device": "cpu", "precision": "bf16"}),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(name: str, asked: dict[str, str]) -> None:
    with pytest.raises(Misused) as caught:
        classifiers.load(name, **asked)  # type: ignore[arg-type]
    assert caught.value.hint


def test_an_explicit_device_is_not_quietly_changed(fetched: Path) -> None:
    with pytest.raises(Misused):
        classifiers.load("auto", precision="bf16", device="cpu")


def test_int8_is_automatic_only_where_it_was_seen_to_answer_alike() -> None:
    from sweetchat_tui.classifiers import agreement, checkpoint

    found = checkpoint.find(CHECKPOINT)
    said: list[str] = []
    for share, name in ((0.97, "tf-checkpoint"), (0.99, "tf-checkpoint+int8")):
        agreement.keep(found, "int8", agreement.Agreement(0.1, share, 100))
        assert classifiers.load(str(CHECKPOINT), notify=said.append).name == name
    assert ["99.0%" in sentence for sentence in said] == [True]


def test_another_architecture_needs_torch_or_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(CHECKPOINT, folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "electra"}))
    with pytest.raises(SweetchatError) as caught:
        classifiers.load(str(folder))
    assert caught.value.exit_code == 65
