"""`sweetchat models convert` and `verify`, on a tiny genuine checkpoint."""

from pathlib import Path

import pytest
from bert_stage import copied

from sweetchat_tui.classifiers import agreement, checkpoint, verifying

CHECKPOINT = Path(__file__).parents[1] / "fixtures" / "tf-checkpoint"


def test_what_is_converted_is_in_the_cache_and_made_once(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("models", "convert", str(CHECKPOINT))
    assert done.code == 0, done.err
    made = {path.name: path.stat().st_mtime_ns for path in Path(done.out.strip()).iterdir()}
    assert {"fp32.onnx", "int8.onnx", "int8.safetensors"} <= set(made)
    again = sweetchat("models", "convert", str(CHECKPOINT))
    assert {path.name: path.stat().st_mtime_ns for path in Path(again.out.strip()).iterdir()} == made


def test_what_was_spoilt_is_converted_again(sweetchat) -> None:  # type: ignore[no-untyped-def]
    home = Path(sweetchat("models", "convert", str(CHECKPOINT)).out.strip())
    whole = {path.name: path.read_bytes() for path in home.iterdir()}
    (home / "int8.safetensors").write_bytes(bytes(len(whole["int8.safetensors"])))
    assert sweetchat("models", "convert", str(CHECKPOINT)).code == 0
    assert {path.name: path.read_bytes() for path in home.iterdir()} == whole


def test_what_is_verified_is_printed_and_kept(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "lines.txt"
    file.write_text("외로워\n\n행복해\n", encoding="utf-8")
    done = sweetchat("models", "verify", str(CHECKPOINT), "-f", str(file), "--json")
    assert done.code == 0, done.err
    int8 = done.rows[0]
    assert (int8["name"], int8["n"]) == ("int8", len(verifying.sentences()) + 2)
    assert 0.5 < int8["equal_first_share"] <= 1 and int8["greatest_logit_difference"] > 0
    kept = agreement.kept(checkpoint.find(CHECKPOINT), "int8")
    assert kept is not None and kept.equal_first_share == int8["equal_first_share"]
    for row in done.rows[1:]:
        assert row["name"].startswith("torch-")
        assert row["equal_first_share"] == 1 or "bf16" in row["name"]
        assert row["greatest_logit_difference"] < 1e-4 or "bf16" in row["name"]


def test_people_get_a_table(sweetchat) -> None:  # type: ignore[no-untyped-def]
    lines = sweetchat("models", "verify", str(CHECKPOINT)).out.splitlines()
    assert lines[0].startswith("실행기\t") and lines[1].startswith("int8\t")
    assert {line.count("\t") for line in lines} == {4}


@pytest.mark.parametrize("command", ["convert", "verify"])
def test_what_is_not_here_is_said_with_how_to_get_it(sweetchat, command: str) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("models", command, "--json") if command == "verify" else sweetchat("models", command)
    assert (done.code, "models pull" in done.err) == (66, True)
    assert sweetchat("models", command).out == ""


@pytest.mark.parametrize("torch", [True, False])
def test_what_torch_reads_is_not_converted_nor_compared(  # type: ignore[no-untyped-def]
    sweetchat, tmp_path: Path, torch: bool
) -> None:
    if torch:
        pytest.importorskip("torch")
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "sitecustomize.py").write_text(_WITHOUT_TORCH)
    environment = {} if torch else {"PYTHONPATH": str(tmp_path / "without")}
    folder = copied(tmp_path / "model", model_type="roberta")
    for command, code in (("convert", 0 if torch else 65), ("verify", 65)):
        done = sweetchat("models", command, str(folder), **environment)
        assert (done.code, done.out) == (code, ""), done.err
        assert ("pip install" in done.err, "견줄 것이 없어요" in done.err) == (not torch, torch)


_WITHOUT_TORCH = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "torch" else find(name, *rest)
"""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hidden_act", "foo"),
        ("hidden_size", "thirty"),
        ("num_hidden_layers", 10**9),
        ("layer_norm_eps", "x"),
        ("position_embedding_type", "relative_key"),
        ("num_attention_heads", 5),
    ],
)
def test_a_wrong_key_of_a_config_is_named(sweetchat, tmp_path: Path, key: str, value: object) -> None:  # type: ignore[no-untyped-def]
    folder = str(copied(tmp_path / "model", **{key: value}))
    commands = [["classify", "-c", folder, "안녕"], ["models", "verify", folder]]
    if key != "hidden_act":
        commands.append(["models", "convert", folder])
    for words in commands:
        done = sweetchat(*words)
        assert (done.code, f"{key} = {value!r}" in done.err) == (65, True), done.err
        assert "pip install" not in done.err


def test_the_sentences_are_many_and_each_its_own() -> None:
    sentences = verifying.sentences()
    assert len(sentences) == len(set(sentences)) >= 50
    assert all(sentence == sentence.strip() != "" for sentence in sentences)
