"""A checkpoint saved by PyTorch, as safetensors or as a pickle."""

import contextlib
import json
import struct

import numpy as np
import pytest
from bert_stage import FIXTURE, REFERENCE, as_safetensors, copied, weights
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sweetchat_tui.classifiers import checkpoint, places, shape, tensors
from sweetchat_tui.classifiers.bert_onnx import BertOnnx
from sweetchat_tui.errors import Unreadable

SENTENCES = REFERENCE["sentences"]


def _logits(folder) -> np.ndarray:
    return BertOnnx.load(folder, name="tiny").logits(SENTENCES)


def _located(folder):
    found = checkpoint.find(folder)
    return tensors.locate(found, shape.bert_shape(found))


@pytest.mark.parametrize("prefix", ["bert.", "", "model.bert."])
def test_safetensors_answer_as_the_hdf5_whatever_stands_before_the_names(tmp_path, prefix):
    folder = as_safetensors(tmp_path / "c", weights(), prefix=prefix)
    assert np.abs(_logits(folder) - REFERENCE["logits"]).max() < 1e-4
    assert _located(folder).in_place


def test_the_old_names_of_normalisation_are_known(tmp_path):
    named = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): value
        for name, value in weights().items()
    }
    assert _located(as_safetensors(tmp_path / "c", named)).at.keys() == weights().keys()


@pytest.mark.parametrize(("dtype", "tolerance"), [("F16", 0.06), ("BF16", 0.3)])
def test_half_precision_is_widened_into_the_cache(tmp_path, dtype, tolerance):
    folder = as_safetensors(tmp_path / "c", weights(), dtype)
    assert 0 < np.abs(_logits(folder) - REFERENCE["logits"]).max() < tolerance


@pytest.mark.parametrize("precision", ["F32", "F16"])
def test_not_a_number_is_refused_and_leaves_nothing(tmp_path, own_home, precision):
    values = weights()
    values["pooler.dense.bias"] = np.full(32, np.inf, np.float32)
    folder = as_safetensors(tmp_path / "c", values, precision)
    with pytest.raises(Unreadable, match="pooler"):
        _logits(folder)
    kept = [path.name for path in own_home.rglob("models/*/*") if "digests" not in path.parts]
    assert kept == ["lock"]


def _file(folder, header: object, body: bytes = b"") -> None:
    blob = header if isinstance(header, bytes) else json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(blob)) + blob + body)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 100_000,
        {"a": 1},
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0]}},
        {"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}},
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [1 << 60, (1 << 60) + 8]}},
        {"a": {"dtype": "F32", "shape": [1 << 40, 1 << 40], "data_offsets": [0, 1 << 82]}},
        {"a": {"dtype": "F32", "shape": [10**300] * 500, "data_offsets": [0, 8]}},
        {"a": {"dtype": ["F32"], "shape": [2], "data_offsets": [0, 8]}},
    ],
    ids=range(12),
)
def test_a_header_that_lies_is_refused(tmp_path, header):
    folder = copied(tmp_path / "c")
    _file(folder, header, b"\0" * 64)
    with pytest.raises(Unreadable, match="safetensors"):
        _located(folder)


def test_a_header_longer_than_the_file_is_refused(tmp_path):
    folder = copied(tmp_path / "c")
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 1 << 62) + b"{}")
    with pytest.raises(Unreadable):
        _located(folder)


def test_tensors_that_lie_over_one_another_are_refused(tmp_path):
    folder = as_safetensors(tmp_path / "c", weights())
    stored = places.safetensors(folder / "model.safetensors")
    header = {
        name: {"dtype": "F32", "shape": place.shape, "data_offsets": [0, place.length]}
        for name, place in stored.items()
    }
    _file(folder, header, b"\0" * 200_000)
    with pytest.raises(Unreadable, match="겹쳐"):
        _located(folder)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path, content):
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with contextlib.suppress(Unreadable):
        assert places.safetensors(path) == {}


def _pickled(folder, state: object, **options: object):
    torch = pytest.importorskip("torch")
    copied(folder)
    (folder / "tf_model.h5").unlink()
    torch.save(state, folder / "pytorch_model.bin", **options)
    return folder


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_of_tensors_alone_is_read(tmp_path, zipped):
    torch = pytest.importorskip("torch")
    state = {
        name if name.startswith("classifier") else f"bert.{name}": torch.tensor(value)
        for name, value in weights().items()
    }
    folder = _pickled(tmp_path / "c", state, _use_new_zipfile_serialization=zipped)
    assert np.abs(_logits(folder) - REFERENCE["logits"]).max() < 1e-4


class Evil:
    def __reduce__(self):
        return (print, ("it ran",))


@pytest.mark.parametrize("state", [{"bert.x": Evil()}, [1, 2], {"bert.x": 1}, "text"], ids=range(4))
def test_a_pickle_of_anything_else_is_refused_and_does_not_run(tmp_path, capsys, state):
    folder = _pickled(tmp_path / "c", state)
    with (folder / "pytorch_model.bin").open("ab") as stream:
        stream.write(b"\0" * 200_000)
    with pytest.raises(Unreadable):
        _logits(folder)
    assert "it ran" not in capsys.readouterr().out


def test_what_is_no_pickle_is_refused(tmp_path):
    pytest.importorskip("torch")
    folder = copied(tmp_path / "c")
    (folder / "tf_model.h5").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"nothing of the kind" * 20_000)
    with pytest.raises(Unreadable, match="PyTorch"):
        _logits(folder)


def test_the_genuine_weights_are_the_same_in_either_layout():
    found = checkpoint.find(FIXTURE)
    want = shape.expected(shape.bert_shape(found))
    assert {name: value.shape for name, value in weights().items()} == want
