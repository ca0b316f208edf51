"""What is derived from a checkpoint is made once, whole or not at all."""

import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from bert_stage import FIXTURE, REFERENCE, copied, with_config

from sweetchat_tui import paths
from sweetchat_tui.classifiers import checkpoint, prepared, session
from sweetchat_tui.classifiers.bert_onnx import BertOnnx
from sweetchat_tui.classifiers.prepared import Prepared
from sweetchat_tui.classifiers.shape import bert_shape
from sweetchat_tui.errors import SweetchatError, Unreadable

ROOT = str(Path(__file__).parents[2])


def _prepare(folder: Path = FIXTURE, precision: prepared.Precision = "fp32") -> Prepared:
    found = checkpoint.find(folder)
    return prepared.prepare(found, bert_shape(found), precision)


def _home(folder: Path = FIXTURE) -> Path:
    found = checkpoint.find(folder)
    return prepared.folder(found, bert_shape(found))


def _made(home: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in home.iterdir() if path.name != "lock"}


def test_fp32_is_a_graph_alone_over_the_checkpoints_own_file():
    ready = _prepare()
    assert ready.folder == FIXTURE.resolve()
    assert _made(_home()).keys() == {"fp32.onnx"}


def test_int8_brings_its_own_weights_a_third_of_the_size_or_less():
    assert _prepare(precision="int8").folder == _home()
    assert _made(_home()).keys() == {"int8.onnx", "int8.safetensors"}
    assert (_home() / "int8.safetensors").stat().st_size < 0.6 * (FIXTURE / "tf_model.h5").stat().st_size


def test_what_is_there_is_not_made_again():
    _prepare(precision="int8")
    first = _made(_home())
    _prepare(precision="int8")
    assert _made(_home()) == first


def test_everything_lies_in_the_cache_folder():
    _prepare()
    assert paths.cache_folder() in _home().parents


def test_other_weights_and_other_sizes_are_other_keys(tmp_path):
    folder = copied(tmp_path / "c")
    first = _home(folder)
    with_config(folder, layer_norm_eps=1e-5)
    second = _home(folder)
    with (folder / "tf_model.h5").open("ab") as stream:
        stream.write(b"\0")
    assert len({first, second, _home(folder)}) == 3


def test_labels_are_no_part_of_the_key(tmp_path):
    folder = copied(tmp_path / "c")
    first = _home(folder)
    with_config(folder, id2label={str(index): f"n{index}" for index in range(58)})
    assert _home(folder) == first


def test_a_digest_is_worked_out_again_only_when_the_file_has_changed(tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    os.utime(path, ns=(1, 1))
    first = prepared.digest(path)
    (note,) = (paths.cache_folder() / "models" / "digests").iterdir()
    note.write_text(note.read_text().replace(first, "0" * 64))
    assert prepared.digest(path) == "0" * 64, "it was read again"
    with path.open("r+b") as stream:
        stream.write(b"two")
    os.utime(path, ns=(1, 1))  # as one would who hides it
    assert prepared.digest(path) == hashlib.sha256(b"two").hexdigest()


def test_a_spoilt_note_of_a_digest_does_no_harm(tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    first = prepared.digest(path)
    (note,) = (paths.cache_folder() / "models" / "digests").iterdir()
    for content in (b"", b"[]", b'{"file": 1}', b"\xff"):
        note.write_bytes(content)
        assert prepared.digest(path) == first


def test_what_a_killed_process_left_is_cleared_away():
    home = _home()
    home.mkdir(parents=True)
    (home / "int8.safetensors.99999.partial").write_bytes(b"half")
    _prepare()
    assert _made(home).keys() == {"fp32.onnx"}


def test_a_process_killed_in_the_middle_leaves_no_name_that_is_taken_for_whole(own_home):
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from sweetchat_tui.classifiers import checkpoint, places, prepared, shape\n"
        "real = places.read\n"
        "def read(path, place):\n"
        "    if list(Path(os.environ['XDG_CACHE_HOME']).rglob('*.partial')):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(path, place)\n"
        "places.read = read\n"
        "found = checkpoint.find(Path(sys.argv[1]))\n"
        "prepared.prepare(found, shape.bert_shape(found), 'int8')"
    )
    environment = {**os.environ, "PYTHONPATH": ROOT}
    run = subprocess.run([sys.executable, "-c", code, str(FIXTURE)], env=environment)
    assert run.returncode == -signal.SIGKILL
    assert [name for name in _made(_home()) if not name.endswith(".partial")] == []
    BertOnnx.load(FIXTURE, name="b", precision="int8").classify(REFERENCE["sentences"])
    assert _made(_home()).keys() == {"int8.onnx", "int8.safetensors"}


def test_many_at_once_make_it_once_and_all_get_it():
    code = (
        "import sys; from pathlib import Path; from sweetchat_tui.classifiers.bert_onnx import BertOnnx;"
        "bert = BertOnnx.load(Path(sys.argv[1]), name='b', precision='int8');"
        "print(bert.classify(['화나'])[0].emotion.label)"
    )
    environment = {**os.environ, "PYTHONPATH": ROOT}
    others = [
        subprocess.Popen([sys.executable, "-c", code, str(FIXTURE)], env=environment, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    with ThreadPoolExecutor(4) as pool:
        graphs = list(pool.map(lambda _: _prepare(precision="int8").graph, range(4)))
    outputs = [other.communicate()[0] for other in others]
    assert len(set(graphs)) == len(set(outputs)) == 1
    assert all(other.returncode == 0 for other in others)
    assert _made(_home()).keys() == {"int8.onnx", "int8.safetensors"}


def test_no_room_to_write_is_told_and_leaves_nothing(tmp_path):
    _home()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(SweetchatError) as caught:
            _prepare(precision="int8")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert str(paths.cache_folder()) in caught.value.hint
    assert _made(_home()) == {}


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _of_the_same_size(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


@pytest.mark.parametrize("spoil", [_cut, _of_the_same_size, Path.unlink])
@pytest.mark.parametrize("name", ["int8.onnx", "int8.safetensors"])
def test_what_was_spoilt_since_is_made_again(name, spoil, capfd):
    first = BertOnnx.load(FIXTURE, name="b", precision="int8").logits(REFERENCE["sentences"])
    spoil(_home() / name)
    again = BertOnnx.load(FIXTURE, name="b", precision="int8").logits(REFERENCE["sentences"])
    assert (again == first).all()
    assert capfd.readouterr() == ("", "")


def test_what_was_put_back_as_it_was_is_not_made_again():
    _prepare(precision="int8")
    file = _home() / "int8.safetensors"
    shutil.copyfile(file, copy := file.with_name("copy"))
    copy.replace(file)
    first = _made(_home())
    _prepare(precision="int8")
    assert _made(_home()) == first


def test_what_is_spoilt_as_it_is_opened_is_one_error_with_the_folder_to_delete(capfd):
    ready = _prepare(precision="int8")
    _cut(_home() / "int8.safetensors")
    for fault in (ready, replace(ready, graph=b"spoilt"), replace(ready, folder=FIXTURE)):
        with pytest.raises(Unreadable) as caught:
            session.start(fault, one_shot=True)
        assert str(_home()) in caught.value.hint
    assert capfd.readouterr() == ("", "")


def test_a_cache_folder_that_is_no_folder_is_told(own_home):
    (own_home / "cache").write_text("in the way")
    with pytest.raises(SweetchatError) as caught:
        _prepare()
    assert caught.value.hint


def test_weights_that_may_not_be_read_are_told(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    folder = copied(tmp_path / "c")
    (folder / "tf_model.h5").chmod(0)
    with pytest.raises(Unreadable):
        _prepare(folder)
