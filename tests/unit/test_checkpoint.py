"""What is found in a checkpoint's folder."""

import json

import pytest
from bert_stage import FIXTURE, copied, with_config

from sweetchat_tui.classifiers import checkpoint, prepared
from sweetchat_tui.classifiers.checkpoint import Reading
from sweetchat_tui.classifiers.shape import bert_shape
from sweetchat_tui.errors import NotThere, Unreadable


def test_the_genuine_checkpoint_is_found_and_reads_the_message_alone():
    found = checkpoint.find(FIXTURE)
    assert (found.kind, found.architecture) == ("hdf5", "bert")
    assert found.reading == Reading(context=False, max_length=128, temperature=1.0, uncertain_below=None)


def test_links_are_followed_to_the_file_itself_which_keeps_the_name_that_people_know(tmp_path):
    folder = copied(tmp_path / "blobs")
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    blob = (folder / "tf_model.h5").rename(folder / ("0" * 64))
    for path in folder.iterdir():
        (snapshot / ("tf_model.h5" if path == blob else path.name)).symlink_to(path)
    found = checkpoint.find(snapshot)
    ready = prepared.prepare(found, bert_shape(found), "fp32")
    assert (found.weights.name, ready.folder) == ("tf_model.h5", folder)
    assert blob.name.encode() in ready.graph


def test_safetensors_come_before_hdf5(tmp_path):
    folder = copied(tmp_path / "c")
    (folder / "model.safetensors").touch()
    assert checkpoint.find(folder).kind == "safetensors"


def test_a_folder_that_is_not_there_an_empty_one_and_one_without_config_are_told_apart(tmp_path):
    (tmp_path / "empty").mkdir()
    bare = copied(tmp_path / "bare")
    (bare / "config.json").unlink()
    messages = set()
    for name in ("none", "empty", "bare"):
        with pytest.raises(NotThere) as caught:
            checkpoint.find(tmp_path / name)
        messages.add(caught.value.message.split(":")[0])
    assert len(messages) == 3


def test_a_pickle_without_torch_says_what_to_install(tmp_path, monkeypatch):
    folder = copied(tmp_path / "c")
    (folder / "tf_model.h5").rename(folder / "pytorch_model.bin")
    monkeypatch.setattr(checkpoint, "find_spec", lambda _: None)
    with pytest.raises(NotThere) as caught:
        checkpoint.find(folder)
    assert "sweetchat-tui[gpu]" in caught.value.hint


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"\xff\xfe{}", b"[" * 100_000, b'{"a":"' + b"x" * 5_000_000 + b'"}'],
    ids=["empty", "a list", "cut", "another encoding", "deep", "far too much"],
)
def test_a_config_that_is_none_is_refused(tmp_path, content):
    folder = copied(tmp_path / "c")
    (folder / "config.json").write_bytes(content)
    with pytest.raises(Unreadable, match=r"config\.json"):
        checkpoint.find(folder)


def test_a_checkpoint_may_say_how_it_was_taught(tmp_path):
    said = {"context": True, "max_length": 64, "temperature": 1.5, "uncertain_below": 0.25}
    assert checkpoint.find(copied(tmp_path / "c", sweetchat=said)).reading == Reading(**said)


def test_no_more_is_read_than_there_are_positions(tmp_path):
    folder = copied(tmp_path / "c", max_position_embeddings=32)
    assert checkpoint.find(folder).reading.max_length == 32


@pytest.mark.parametrize(
    "said",
    [
        [],
        {"max_length": 2},
        {"max_length": "long"},
        {"temperature": 0},
        {"temperature": 1e999},
        {"temperature": None},
        {"uncertain_below": 2},
        {"uncertain_below": "low"},
    ],
    ids=json.dumps,
)
def test_settings_that_make_no_sense_are_refused(tmp_path, said):
    with_config(folder := copied(tmp_path / "c"), sweetchat=said)
    with pytest.raises(Unreadable, match="sweetchat"):
        checkpoint.find(folder)


def test_weights_larger_than_the_memory_are_refused_before_a_byte_is_read(tmp_path):
    folder = copied(tmp_path / "c")
    with (folder / "tf_model.h5").open("r+b") as stream:
        stream.truncate(1 << 43)  # eight terabytes of nothing, on no disk
    with pytest.raises(Unreadable, match="메모리"):
        checkpoint.find(folder)
