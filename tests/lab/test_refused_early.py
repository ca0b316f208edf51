"""What cannot be done is refused before torch is loaded, anything fetched, or long worked for."""

from pathlib import Path

import bert_stage
import corpus_stage
import pytest
from conftest import Sweetchat

LISTS = str(Path(__file__).parents[1] / "unit" / "danger")
FETCHED = 69
"""How it ends when a model is asked of a Hub that is not there."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a prepared corpus, and a torch that nobody survives loading."""
    corpus_stage.as_prepared(tmp_path / "corpus", corpus_stage.dialogues(180))
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "poison").mkdir()
    (tmp_path / "poison" / "torch.py").write_text("import os\nos._exit(99)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "poison"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.chdir(tmp_path)
    return tmp_path


TRAINING = [
    (("--data", "none"), 66, "준비된 말뭉치가 없어요"),
    (("--data", "file"), 66, "준비된 말뭉치가 없어요"),
    (("--base", "none"), 66, "없는 감정 모델이에요"),
    (("--base", "empty"), 66, "모델 가중치가 없는 폴더예요"),
    (("--recipe", "another"), 2, "그런 조리법은 없어요"),
    (("--labels", "7"), 2, "그런 라벨은 없어요"),
    (("--device", "abacus"), 78, "device"),
]


@pytest.mark.parametrize("command", ["train", "sweep"])
@pytest.mark.parametrize(("words", "code", "told"), TRAINING)
def test_no_training_is_begun_that_cannot_end(
    sweetchat: Sweetchat, here: Path, command: str, words: tuple[str, ...], code: int, told: str
) -> None:
    done = sweetchat("lab", command, "--data", "corpus", "-o", "out", *words)
    assert (done.code, told in done.err, done.err.count("\n") <= 2) == (code, True, True), done.err
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    "words", [("train", "--learning-rate", "7"), ("sweep", "--rates", "1e-3,7"), ("sweep", "--at-rate", "-1")]
)
def test_a_learning_rate_that_is_none(sweetchat: Sweetchat, here: Path, words: tuple[str, ...]) -> None:
    command, *rest = words
    done = sweetchat("lab", command, "--data", "corpus", "-o", "out", *rest)
    assert (done.code, "학습률은 0과 1 사이" in done.err) == (2, True), done.err
    assert not (here / "out").exists()


def test_what_can_be_trained_gets_as_far_as_torch_or_the_hub(sweetchat: Sweetchat, here: Path) -> None:
    words = ("lab", "train", "--data", "corpus", "-o", "out")
    assert sweetchat(*words, "--base", str(bert_stage.FIXTURE)).code == 99
    # Whether there is such a device is asked of torch before a model is fetched for it.
    assert sweetchat(*words, "--base", "someone/bert", "--device", "cuda").code == 99
    assert sweetchat(*words, "--base", "someone/bert", "--device", "cuda", PYTHONPATH="").code == 2
    assert sweetchat(*words, "--base", "someone/bert", PYTHONPATH="").code == FETCHED


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("evaluate", "lite", "--data", "corpus", "-o", "file"), 74),
        (("evaluate", "lite", "--data", "corpus", "--against", "none", "-o", "out"), 66),
        (("train-lite", "--data", "corpus", "-o", "file"), 74),
        (("train-lite", "--data", "empty", "-o", "out"), 66),
        (("publish", "empty", "--to", "a b/c d"), 2),
        (("publish", "empty", "--to", "me/feelings@main"), 2),
        (("publish", "empty", "--to", "-a/b..c"), 2),
        (("train-signs", "--lists", "none"), 66),
        (("train-signs", "--data", "none"), 66),
        (("train-signs", "--lists", LISTS, "-o", "file/signs.toml"), 74),
        (("gpt-data", "--data", "corpus", "-o", "file"), 74),
        (("gpt-data", "--data", "corpus", "-o", "out", "--persona", "nobody"), 78),
        (("gpt-tune", "start", "none", "-m", "gpt"), 66),
    ],
)
def test_other_work_is_refused_before_it_is_done(
    sweetchat: Sweetchat, here: Path, words: tuple[str, ...], code: int
) -> None:
    done = sweetchat("lab", *words)
    assert (done.code, done.err.count("\n") <= 2) == (code, True), done.err
    assert done.err.startswith("sweetchat: ") and not done.out
    assert not (here / "out").exists()
