"""A BERT on the CPU answers as TensorFlow did."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from bert_stage import FIXTURE, REFERENCE, as_safetensors, copied, weights, with_config

from sweetchat_tui.classifiers import Classifier, agreement, checkpoint, prepared, session
from sweetchat_tui.classifiers.bert_onnx import BertOnnx
from sweetchat_tui.emotions import EMOTIONS
from sweetchat_tui.errors import Unreadable

SENTENCES = REFERENCE["sentences"]
LOGITS = np.array(REFERENCE["logits"])


def _load(folder: Path = FIXTURE, **options: object) -> BertOnnx:
    return BertOnnx.load(folder, name="bert", **options)


@pytest.mark.parametrize("one_shot", [True, False])
def test_logits_agree_with_tensorflow_alone_and_padded(one_shot):
    bert = _load(one_shot=one_shot)
    alone = np.concatenate([bert.logits([sentence]) for sentence in SENTENCES])
    assert np.abs(alone - LOGITS).max() < 1e-4
    assert np.abs(bert.logits(SENTENCES) - REFERENCE["logits_padded_batch"]).max() < 1e-4


def test_the_order_of_the_texts_is_kept_and_a_repeated_text_gets_one_answer():
    texts = [SENTENCES[number] for number in (5, 2, 5, 0, 6, 2)]
    logits = _load().logits(texts)
    assert np.abs(logits - LOGITS[[5, 2, 5, 0, 6, 2]]).max() < 1e-4
    assert np.array_equal(logits[0], logits[2])


def test_lists_longer_than_a_window_are_read_whole(monkeypatch):
    monkeypatch.setattr("sweetchat_tui.classifiers.bert.WINDOW", 3)
    read = _load().read(SENTENCES, top=2)
    assert read.order[:, 0].tolist() == LOGITS.argmax(axis=1).tolist()
    assert read.confidence.shape == (len(SENTENCES), 2)


def test_nothing_to_read_is_read():
    assert _load().classify([]) == []


def test_feelings_name_the_likeliest_of_the_58():
    bert: Classifier = _load()
    for feeling, logits in zip(bert.classify(SENTENCES, top=58), LOGITS, strict=True):
        assert feeling.emotion is EMOTIONS[logits.argmax()]
        assert sum(score.confidence for score in feeling.top) == pytest.approx(1, abs=1e-5)
        assert feeling.classifier == "bert"


def test_the_hubs_links_are_no_hindrance(tmp_path):
    folder = copied(tmp_path / "blobs")
    (folder / "tf_model.h5").rename(folder / "0a1b")
    snapshot = tmp_path / "snapshots" / "main"
    snapshot.mkdir(parents=True)
    for name, blob in {**{path.name: path.name for path in folder.iterdir()}, "tf_model.h5": "0a1b"}.items():
        (snapshot / name).symlink_to(folder / blob)
    assert np.abs(_load(snapshot).logits(SENTENCES) - LOGITS).max() < 1e-4


def test_a_checkpoint_taught_without_context_is_shown_none():
    bert = _load()
    assert not bert.reads_context
    contexts = [[SENTENCES[0]]] * len(SENTENCES)
    assert np.array_equal(bert.logits(SENTENCES, contexts), bert.logits(SENTENCES))


def test_a_checkpoint_taught_with_context_reads_it_the_same_alone_and_in_company(tmp_path):
    bert = _load(copied(tmp_path / "c", sweetchat={"context": True}))
    assert bert.reads_context
    contexts = [SENTENCES[:number] for number in range(len(SENTENCES))]
    together = bert.logits(SENTENCES, contexts)
    alone = np.concatenate(
        [bert.logits([text], [context]) for text, context in zip(SENTENCES, contexts, strict=True)]
    )
    assert np.abs(together - alone).max() < 1e-4
    assert np.abs(together[0] - LOGITS[0]).max() < 1e-4
    assert np.abs(together[1:] - LOGITS[1:]).max() > 0.1


def test_context_reaches_the_second_kind_of_embedding(tmp_path):
    values = weights()
    values["embeddings.token_type_embeddings.weight"][1, ::2] += 1
    both = [as_safetensors(tmp_path / "a", weights()), as_safetensors(tmp_path / "b", values)]
    for folder in both:
        with_config(folder, sweetchat={"context": True})
    a, b = (_load(folder) for folder in both)
    assert np.array_equal(a.logits(["화나"]), b.logits(["화나"]))
    assert np.abs(a.logits(["화나"], [["왜"]]) - b.logits(["화나"], [["왜"]])).max() > 0.01


def test_a_text_without_hangul_or_with_no_likely_emotion_is_uncertain(tmp_path):
    said = {"temperature": 1.0, "uncertain_below": 0.0}
    bert = _load(copied(tmp_path / "c", sweetchat=said))
    assert [feeling.uncertain for feeling in bert.classify(["화나", "ㅠㅠ", "hello 1", ""])] == [
        False,
        False,
        True,
        True,
    ]
    warm = _load(copied(tmp_path / "w", sweetchat={"temperature": 50.0}))
    assert all(feeling.uncertain for feeling in warm.classify(SENTENCES))


def test_several_emotions_at_once_are_judged_each_by_itself(tmp_path):
    bert = _load(copied(tmp_path / "c", problem_type="multi_label_classification"))
    read = bert.read(SENTENCES, top=58)
    chances = np.take_along_axis(1 / (1 + np.exp(-LOGITS)), read.order, axis=1)
    assert np.abs(read.confidence - chances).max() < 1e-4


def test_outputs_of_one_emotion_count_together(tmp_path):
    names = {str(index): "슬픔" if index < 30 else f"n{index}" for index in range(58)}
    bert = _load(copied(tmp_path / "c", id2label=names))
    read = bert.read(SENTENCES, top=99)
    assert read.order.shape == (len(SENTENCES), 29)
    chances = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
    sad = [row[order == 0][0] for row, order in zip(read.confidence, read.order, strict=True)]
    assert np.abs(np.array(sad) - chances[:, :30].sum(axis=1)).max() < 1e-4


def test_int8_answers_nearly_as_fp32_and_says_by_how_much():
    found = agreement.compare(_load(), _load(precision="int8"), SENTENCES)
    assert found.n == len(SENTENCES)
    assert 0 < found.greatest_logit_difference < 0.6
    assert 0.5 <= found.equal_first_share <= 1


def test_a_runtime_agrees_with_itself_and_auto_takes_int8_only_where_it_was_found_alike():
    found = checkpoint.find(FIXTURE)
    assert agreement.automatic(found) == "fp32"
    whole = agreement.compare(_load(), _load(), SENTENCES)
    assert (whole.greatest_logit_difference, whole.equal_first_share) == (0, 1)
    agreement.keep(found, "torch", whole)
    assert agreement.automatic(found) == "fp32"
    agreement.keep(found, "int8", agreement.Agreement(0.5, 0.979, 100))
    assert agreement.automatic(found) == "fp32"
    agreement.keep(found, "int8", agreement.Agreement(0.5, 0.98, 100))
    assert agreement.automatic(found) == "int8"
    assert agreement.kept(found, "torch") == whole


def test_a_word_that_the_model_lacks_is_told_and_not_looked_up(tmp_path):
    folder = copied(tmp_path / "c")
    path = folder / "tokenizer.json"
    text = path.read_text(encoding="utf-8")
    number = REFERENCE["input_ids"][2][1]
    path.write_text(text.replace(f": {number},", ": 5000,"), encoding="utf-8")
    with pytest.raises(Unreadable, match="단어"):
        _load(folder).logits([SENTENCES[2]])


def test_reading_tells_nobody(own_home):
    code = (
        "import sys; from pathlib import Path; from sweetchat_tui.classifiers.bert_onnx import BertOnnx;"
        "BertOnnx.load(Path(sys.argv[1]), name='b').classify(['화나'])"
    )
    free = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    root = str(Path(__file__).parents[2])
    subprocess.run([sys.executable, "-c", code, str(FIXTURE)], env={**free, "PYTHONPATH": root}, check=True)
    assert [path.name for path in (own_home / "cache").iterdir()] == ["sweetchat"]
    assert {path.name for path in own_home.iterdir()} <= {"cache"}


def test_products_of_bytes_are_exact_whatever_the_processor():
    make = onnx.helper
    weight = onnx.numpy_helper.from_array(np.full((64, 16), 127, np.int8), "weight")
    graph = make.make_graph(
        [make.make_node("MatMulInteger", ["x", "weight"], ["y"])],
        "product",
        [make.make_tensor_value_info("x", onnx.TensorProto.UINT8, [1, 64])],
        [make.make_tensor_value_info("y", onnx.TensorProto.INT32, [1, 16])],
        [weight],
    )
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=10)
    ready = prepared.Prepared(model.SerializeToString(), FIXTURE, FIXTURE, "int8")
    for one_shot in (True, False):
        running = session.start(ready, one_shot=one_shot)
        (y,) = running.run(None, {"x": np.full((1, 64), 255, np.uint8)})
        assert (y == 255 * 127 * 64).all()


@pytest.mark.parametrize(
    ("said", "exact"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx avx2 avx512f avx512_vnni\n", True),
        ("processor\t: 0\nflags\t\t: fpu avx avx2 avx_vnni\n", True),
        ("processor\t: 0\nflags\t\t: fpu avx avx2 avx512f\n", False),
        ("processor\t: 0\nFeatures\t: asimd\n", False),
    ],
)
def test_a_processor_that_cannot_overflow_keeps_its_fast_product(tmp_path, said, exact):
    processor = tmp_path / "cpuinfo"
    processor.write_text(said)
    assert session.adds_exactly(processor) is exact
    assert not session.adds_exactly(tmp_path / "none")
