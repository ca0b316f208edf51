"""Needs torch and transformers; skipped where the extra [gpu] is not installed."""

import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from bert_stage import copied, with_config  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402

from sweetchat_tui.classifiers import bert_torch, checkpoint  # noqa: E402
from sweetchat_tui.classifiers.bert_onnx import BertOnnx  # noqa: E402
from sweetchat_tui.classifiers.bert_torch import BertTorch  # noqa: E402
from sweetchat_tui.emotions import EMOTIONS  # noqa: E402
from sweetchat_tui.errors import Misused, SweetchatError, Unreadable  # noqa: E402

FIXTURES = Path(__file__).parents[1] / "fixtures"
CHECKPOINT = FIXTURES / "tf-checkpoint"
REFERENCE = json.loads((FIXTURES / "tf-checkpoint-reference.json").read_text("utf-8"))
SIZES = {
    "vocab_size": 40,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "num_labels": 58,
}
TEXTS = ["가 나 다", "가", "라 마 바 사 아 자 차 카 타 파 하", "가 나 다", "모르는 말"]


def saved(kind: str, folder: Path, **settings: Any) -> Any:
    """A tiny model of this kind with random weights and a tokenizer, stored; the model."""
    torch.manual_seed(7)
    first, last = ("<s>", "</s>") if kind == "Roberta" else ("[CLS]", "[SEP]")
    words = [first, "<pad>", last, "<unk>", *"가나다라마바사아자차카타파하"]
    bare = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="<unk>"))
    bare.pre_tokenizer = pre_tokenizers.Whitespace()
    bare.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, 0), (last, 2)]
    )
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=bare, cls_token=first, sep_token=last, pad_token="<pad>", unk_token="<unk>"
    )
    sizes = SIZES | settings
    if kind == "DistilBert":
        sizes |= {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64}
    config = getattr(transformers, f"{kind}Config")(**sizes, pad_token_id=1)
    model = getattr(transformers, f"{kind}ForSequenceClassification")(config).eval()
    with torch.no_grad():
        # Fresh weights all but agree on every text.
        for parameter in model.parameters():
            parameter.normal_(0, 0.3)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return model


def alone(model: Any, folder: Path, texts: Sequence[str]) -> Any:
    """What transformers itself says to each text alone."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        return np.concatenate(
            [
                model(**tokenizer(text, return_tensors="pt", max_length=128, truncation=True)).logits.numpy()
                for text in texts
            ]
        )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tiny genuine checkpoint, to be broken."""
    folder = tmp_path / "copy"
    shutil.copytree(CHECKPOINT, folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    return folder


def test_tensorflow_weights_say_what_tensorflow_said() -> None:
    bert = BertTorch.load(CHECKPOINT, name="x")
    logits = np.array(REFERENCE["logits"])
    assert np.abs(bert.logits(REFERENCE["sentences"]) - logits).max() < 1e-4
    for sentence, alone in zip(REFERENCE["sentences"], logits, strict=True):
        (feeling,) = bert.classify([sentence], top=1)
        assert feeling.emotion == EMOTIONS[alone.argmax()]


def test_bf16_answers_nearly_alike() -> None:
    bert = BertTorch.load(CHECKPOINT, name="x", precision="bf16")
    assert 0 < np.abs(bert.logits(REFERENCE["sentences"]) - np.array(REFERENCE["logits"])).max() < 0.5


@pytest.mark.parametrize("kind", ["Bert", "Roberta", "Electra", "DistilBert", "XLMRoberta", "Albert"])
@pytest.mark.parametrize("pickled", [False, True])
def test_other_architectures_say_what_transformers_says(tmp_path: Path, kind: str, pickled: bool) -> None:
    model = saved(kind, tmp_path)
    expected = alone(model, tmp_path, TEXTS)
    if pickled:
        torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")
        (tmp_path / "model.safetensors").unlink()
    bert = BertTorch.load(tmp_path, name="x")
    assert np.abs(bert.logits(TEXTS) - expected).max() < 1e-4
    assert np.ptp(expected, axis=0).max() > 0.01


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("Bert", "hidden_act", "foo"),
        ("Bert", "layer_norm_eps", "x"),
        ("Roberta", "hidden_act", "foo"),
        ("Roberta", "hidden_size", "thirty"),
        ("Roberta", "num_hidden_layers", 10**9),
    ],
)
def test_a_wrong_key_of_a_config_is_named(tmp_path: Path, kind: str, key: str, value: object) -> None:
    saved(kind, tmp_path)
    with_config(tmp_path, **{key: value})
    with pytest.raises(Unreadable, match=re.escape(f"{key} = {value!r}")):
        BertTorch.load(tmp_path, name="x")


def test_a_bert_of_unusual_parts_is_read_from_tensorflows_weights_too(tmp_path: Path) -> None:
    bert = BertTorch.load(copied(tmp_path / "c", hidden_act="relu"), name="x")
    assert np.isfinite(bert.logits(TEXTS)).all()


def test_context_is_read_only_by_those_that_were_taught_to(tmp_path: Path) -> None:
    saved("Roberta", tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    plain = BertTorch.load(tmp_path, name="x")
    (tmp_path / "config.json").write_text(json.dumps(config | {"sweetchat": {"context": True}}))
    taught = BertTorch.load(tmp_path, name="x")
    earlier = [["나 나 나"]]
    assert np.array_equal(plain.logits(["가"]), plain.logits(["가"], earlier))
    assert not np.allclose(taught.logits(["가"]), taught.logits(["가"], earlier))


def test_a_very_long_text_is_read_to_where_it_was_taught(tmp_path: Path) -> None:
    saved("Roberta", tmp_path, max_position_embeddings=40)
    bert = BertTorch.load(tmp_path, name="x")
    assert np.allclose(bert.logits(["가 " * 5000]), bert.logits(["가 " * 500]))


@pytest.mark.parametrize("kind", ["Bert", "Roberta"])
def test_what_a_recipe_asks_for_is_cut_where_the_model_has_no_more_places(kind: str, tmp_path: Path) -> None:
    model = saved(kind, tmp_path, max_position_embeddings=34)
    found = checkpoint.find(tmp_path)
    asked = replace(found, reading=replace(found.reading, max_length=128))
    (row,) = bert_torch.encoder_of(asked, model).encode(["가 " * 500])
    assert 30 < len(row.ids) <= 34
    model(**{name: torch.from_numpy(of) for name, of in bert_torch.inputs([row], model.config).items()})


def test_a_bert_with_few_places_reads_the_same_on_either_runtime(tmp_path: Path) -> None:
    saved("Bert", tmp_path, max_position_embeddings=32)
    config = json.loads((tmp_path / "config.json").read_text())
    taught = config | {"sweetchat": {"context": True, "max_length": 128}}
    (tmp_path / "config.json").write_text(json.dumps(taught))
    texts, earlier = ["가 나 " * 500, "다"], [["라 " * 20], ["마 " * 20, "바 " * 20]]
    here = BertTorch.load(tmp_path, name="x").logits(texts, earlier)
    assert np.allclose(BertOnnx.load(tmp_path, name="x").logits(texts, earlier), here, atol=1e-3)


def test_no_gpu_is_said_with_what_there_is() -> None:
    missing = next(device for device in ("cuda", "mps") if device not in bert_torch.devices())
    with pytest.raises(Misused) as caught:
        BertTorch.load(CHECKPOINT, name="x", device=missing)  # type: ignore[arg-type]
    assert missing in caught.value.message and "cpu" in caught.value.hint


def test_weights_of_another_model_are_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))
    with pytest.raises(Unreadable):
        BertTorch.load(copy, name="x")


@pytest.mark.parametrize(
    "change",
    [
        {"num_hidden_layers": 10**9},
        {"hidden_size": 2**30, "intermediate_size": 2**30},
        {"hidden_size": -1},
        {"num_attention_heads": 0},
        {"intermediate_size": 65},
        {"vocab_size": 10},
        {"model_type": "no-such-thing"},
        {"model_type": "gpt2"},
        {"id2label": {"0": "기쁨", "1": "슬픔"}, "label2id": {}, "num_labels": 2},
    ],
)
def test_a_config_that_does_not_fit_is_one_sentence(tmp_path: Path, change: dict[str, Any]) -> None:
    saved("Roberta", tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(SweetchatError) as caught:
        BertTorch.load(tmp_path, name="x")
    assert caught.value.exit_code == 65


def test_what_is_missing_or_not_a_number_is_refused(tmp_path: Path) -> None:
    model = saved("Electra", tmp_path)
    (tmp_path / "model.safetensors").unlink()
    state = model.state_dict()
    for broken in (
        {key: value for key, value in state.items() if "classifier" not in key},
        state | {"classifier.out_proj.weight": torch.full((58, 32), torch.nan)},
    ):
        torch.save(broken, tmp_path / "pytorch_model.bin")
        with pytest.raises(Unreadable, match="classifier"):
            BertTorch.load(tmp_path, name="x")


class _Evil:
    def __reduce__(self) -> Any:
        return os.mkdir, ("evil",)


def test_a_pickle_runs_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved("Electra", tmp_path)
    (tmp_path / "model.safetensors").unlink()
    monkeypatch.chdir(tmp_path)
    torch.save({"a": _Evil()}, tmp_path / "pytorch_model.bin")
    with pytest.raises(Unreadable):
        BertTorch.load(tmp_path, name="x")
    assert not (tmp_path / "evil").exists()


def test_code_of_a_checkpoint_is_never_run(tmp_path: Path) -> None:
    saved("Electra", tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    own = {"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}}
    (tmp_path / "config.json").write_text(json.dumps(config | own))
    (tmp_path / "own.py").write_text(f"import os\nos.mkdir({str(tmp_path / 'evil')!r})\nclass Own: pass\n")
    with pytest.raises(Unreadable):
        BertTorch.load(tmp_path, name="x")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00" * 64, b"\x08" + b"\x00" * 7 + b'{"a":1}x'])
def test_broken_weights_are_refused(tmp_path: Path, content: bytes) -> None:
    saved("Electra", tmp_path)
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(Unreadable):
        BertTorch.load(tmp_path, name="x")


def test_nothing_is_printed_while_a_model_is_loaded(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    saved("Electra", tmp_path)
    capfd.readouterr()
    BertTorch.load(tmp_path, name="x")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("key", "value"),
    [("hidden_act", None), ("hidden_size", None), ("hidden_size", "x"), ("num_hidden_layers", 10**9)],
)
def test_a_value_that_no_model_has_is_one_sentence(copy: Path, key: str, value: object) -> None:
    config = json.loads((copy / "config.json").read_text("utf-8"))
    (copy / "config.json").write_text(json.dumps(config | {key: value}))
    with pytest.raises(SweetchatError):
        BertTorch.load(copy, name="x")


def test_a_tokenizer_of_another_architecture_is_bounded_too(tmp_path: Path) -> None:
    saved("Roberta", tmp_path)
    path = tmp_path / "tokenizer.json"
    whole = json.loads(path.read_text("utf-8"))
    doubling = {"type": "Replace", "pattern": {"String": "가"}, "content": "가가"}
    for part, hostile in (
        ("normalizer", {"type": "Sequence", "normalizers": [doubling] * 64}),
        (
            "pre_tokenizer",
            {"type": "Split", "pattern": {"Regex": "(가+)+$"}, "behavior": "Isolated", "invert": False},
        ),
        (
            "post_processor",
            whole["post_processor"] | {"single": whole["post_processor"]["single"][:1] * 5000},
        ),
    ):
        path.write_text(json.dumps(whole | {part: hostile}), "utf-8")
        with pytest.raises(Unreadable, match="토크나이저"):
            BertTorch.load(tmp_path, name="x")
    path.write_text(json.dumps(whole), "utf-8")
    with (tmp_path / "vocab.json").open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(Unreadable, match="토크나이저"):
        BertTorch.load(tmp_path, name="x")
