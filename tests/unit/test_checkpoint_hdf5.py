"""A Keras checkpoint: found whatever its instance is called, refused whatever is wrong with it."""

import shutil

import h5py
import numpy as np
import pytest
from bert_stage import FIXTURE, copied, dataset, with_config, with_hdf5
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sweetchat_tui.classifiers import checkpoint, shape, tensors
from sweetchat_tui.classifiers.tensors import Tensors
from sweetchat_tui.errors import Unreadable

QUERY = "layer_._0/attention/self/query/kernel:0"


def _located(folder) -> Tensors:
    found = checkpoint.find(folder)
    stored = tensors.locate(found, shape.bert_shape(found))
    tensors.check(stored)
    return stored


def test_every_tensor_is_found_once_where_it_lies():
    stored = _located(FIXTURE)
    assert stored.in_place
    with h5py.File(FIXTURE / "tf_model.h5") as file:
        assert np.array_equal(
            stored.read("encoder.layer.0.attention.self.query.weight"), file[dataset(file, QUERY)][:]
        )


@pytest.mark.parametrize("name", ["tf_bert_for_sequence_classification_6", "mine", "bert", "classifier"])
def test_the_name_of_the_keras_instance_does_not_matter(tmp_path, name):
    def rename(file: h5py.File) -> None:
        for layer in ("bert", "classifier"):
            (old,) = file[layer]
            file.move(f"{layer}/{old}", f"{layer}/~")
            file.move(f"{layer}/~", f"{layer}/{name}")

    assert _located(with_hdf5(tmp_path / "c", rename)).at.keys() == _located(FIXTURE).at.keys()


def _replace(**options: object):
    def change(file: h5py.File) -> None:
        path = dataset(file, QUERY)
        values = file[path][:]
        del file[path]
        file.create_dataset(path, **{"data": values, **options})

    return change


def _link(link: object):
    def change(file: h5py.File) -> None:
        path = dataset(file, QUERY)
        del file[path]
        file[path] = link

    return change


def _twice(file: h5py.File) -> None:
    path = dataset(file, QUERY)
    file[f"bert/other/bert/encoder/{QUERY}"] = file[path][:]


def _missing(file: h5py.File) -> None:
    del file[dataset(file, QUERY)]


def _deep(file: h5py.File) -> None:
    file.create_group("/".join("d" * 60))


def _wide(file: h5py.File) -> None:
    wide = file.create_group("wide")
    for number in range(21_000):
        wide[str(number)] = h5py.SoftLink("/")


def _cycle(file: h5py.File) -> None:
    file["bert/again"] = file["bert"]


def _giant(file: h5py.File) -> None:
    path = dataset(file, QUERY)
    del file[path]
    file.create_dataset(path, shape=(1 << 40, 1 << 20), dtype="<f4", chunks=(1024, 1024))


def _elsewhere(file: h5py.File) -> None:
    path = dataset(file, QUERY)
    del file[path]
    file.create_dataset(path, shape=(32, 32), dtype="<f4", external=[("/etc/hostname", 0, 4096)])


def _virtual(file: h5py.File) -> None:
    path = dataset(file, QUERY)
    del file[path]
    layout = h5py.VirtualLayout(shape=(32, 32), dtype="<f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", shape=(32, 32))
    file.create_virtual_dataset(path, layout)


def _not_a_number(file: h5py.File) -> None:
    file[dataset(file, QUERY)][3, 4] = np.nan


FAULTS = {
    "compressed": (_replace(compression="gzip"), "압축"),
    "chunked": (_replace(chunks=(8, 8)), "나뉘어"),
    "half precision": (_replace(dtype="<f2"), "텐서가 없어요"),
    "big-endian": (_replace(dtype=">f4"), "텐서가 없어요"),
    "another shape": (_replace(data=np.zeros((32, 16), np.float32)), "크기"),
    "no numbers": (_replace(data=h5py.Empty("<f4")), "query"),
    "a soft link": (_link(h5py.SoftLink("/bert")), "다른 곳"),
    "an external link": (_link(h5py.ExternalLink("other.h5", "/x")), "다른 곳"),
    "twice": (_twice, "두 번"),
    "missing": (_missing, r"query\.weight 텐서가 없어요"),
    "deep groups": (_deep, "깊어요"),
    "many groups": (_wide, "많거나"),
    "a cycle": (_cycle, "깊어요"),
    "a giant": (_giant, "나뉘어"),
    "raw files elsewhere": (_elsewhere, "담겨"),
    "a virtual dataset": (_virtual, "나뉘어"),
    "not a number": (_not_a_number, "숫자가 아닌"),
}


@pytest.mark.parametrize(("change", "why"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_refused_in_one_sentence(tmp_path, change, why):
    folder = with_hdf5(tmp_path / "c", change)
    with pytest.raises(Unreadable, match=why) as caught:
        _located(folder)
    assert caught.value.hint
    assert "\n" not in caught.value.message


def test_another_architecture_in_the_file_is_told_by_what_is_missing(tmp_path):
    def rename(file: h5py.File) -> None:
        (instance,) = file["bert"]
        file.move(f"bert/{instance}/bert", f"bert/{instance}/roberta")

    folder = with_hdf5(tmp_path / "c", rename)
    with pytest.raises(Unreadable, match="말고도 38개"):
        _located(folder)


def test_a_config_may_be_silent_about_what_is_usual(tmp_path):
    _located(copied(tmp_path / "c", type_vocab_size=None, layer_norm_eps=None, hidden_act=None))


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"id2label": {"0": "a", "1": "b"}}, "라벨은 2개인데 출력은 58개"),
        ({"vocab_size": 999}, "word_embeddings"),
        ({"num_hidden_layers": 3}, "없어요"),
        ({"intermediate_size": 128}, "크기"),
        ({"num_hidden_layers": 10**9}, "모델 크기"),
        ({"hidden_size": "768"}, "모델 크기"),
        ({"hidden_size": 30}, "모델 크기"),
        ({"num_attention_heads": 0}, "모델 크기"),
        ({"layer_norm_eps": "small"}, "모델 크기"),
        ({"model_type": "roberta"}, "roberta"),
        ({"hidden_act": "relu"}, "BERT가 아니에요"),
    ],
    ids=str,
)
def test_a_config_of_another_model_is_refused(tmp_path, config, why):
    with_config(folder := copied(tmp_path / "c"), **config)
    with pytest.raises(Unreadable, match=why):
        _located(folder)


@pytest.mark.parametrize("size", [0, 7, 8, 100, 2048, 100_000, 366_000])
def test_a_file_that_is_cut_is_refused(tmp_path, size):
    folder = copied(tmp_path / "c")
    with (folder / "tf_model.h5").open("r+b") as stream:
        stream.truncate(size)
    with pytest.raises(Unreadable):
        _located(folder)


def test_what_stands_in_for_a_large_file_is_refused(tmp_path):
    folder = copied(tmp_path / "c")
    (folder / "tf_model.h5").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    with pytest.raises(Unreadable, match="HDF5 파일이 아니에요"):
        _located(folder)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(8, 4000), st.integers(0, 255)), min_size=1, max_size=3))
def test_wrong_bytes_in_the_structure_are_refused_or_do_no_harm(tmp_path, changes):
    folder = tmp_path / "c"
    shutil.rmtree(folder, ignore_errors=True)
    raw = bytearray((copied(folder) / "tf_model.h5").read_bytes())
    for at, value in changes:
        raw[at] = value
    (folder / "tf_model.h5").write_bytes(raw)
    try:
        stored = _located(folder)
    except Unreadable:
        return
    assert len(stored.at) == 41
