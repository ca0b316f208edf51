"""Each fault of a model's folder is one sentence and its exit code, and leaves nothing behind."""

import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from bert_stage import FIXTURE, copied, dataset, with_config, with_hdf5
from hub_server import Hub

from sweetchat_tui import paths

_QUERY = "attention/self/query/kernel:0"


def _empty(folder: Path) -> None:
    folder.mkdir()


def _none(folder: Path) -> None:
    copied(folder)
    (folder / "tf_model.h5").write_text("version https://git-lfs.github.com/spec/v1\n")


def _cut(folder: Path) -> None:
    copied(folder)
    whole = (folder / "tf_model.h5").read_bytes()
    (folder / "tf_model.h5").write_bytes(whole[: len(whole) // 2])


def _another(folder: Path) -> None:
    def rename(file: h5py.File) -> None:
        (instance,) = file["bert"]
        file.move(f"bert/{instance}/bert", f"bert/{instance}/roberta")

    with_hdf5(folder, rename)


def _shapes(folder: Path) -> None:
    with_config(copied(folder), intermediate_size=128)


def _linked(folder: Path) -> None:
    def link(file: h5py.File) -> None:
        path = dataset(file, _QUERY)
        del file[path]
        file[path] = h5py.ExternalLink("other.h5", "/x")

    with_hdf5(folder, link)


def _giant(folder: Path) -> None:
    copied(folder)
    with (folder / "tf_model.h5").open("r+b") as stream:
        stream.truncate(1 << 43)


def _words(folder: Path) -> None:
    copied(folder)
    path = folder / "tokenizer.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    vocabulary = whole["model"]["vocab"]
    vocabulary.update({f"낱말{n}": len(vocabulary) + n for n in range(500)})
    path.write_text(json.dumps(whole), encoding="utf-8")


def _labels(folder: Path) -> None:
    with_config(copied(folder), id2label={"0": "a", "1": "b"}, num_labels=None)


def _not_a_number(folder: Path) -> None:
    def spoil(file: h5py.File) -> None:
        file[dataset(file, _QUERY)][0, 0] = np.nan

    with_hdf5(folder, spoil)


class _Calling:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("this ran",)


def _pickled(folder: Path) -> None:
    copied(folder)
    (folder / "tf_model.h5").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(_Calling()) + b" " * 2_000_000)


@pytest.mark.parametrize(
    ("make", "codes", "said"),
    [
        (_empty, {66}, "가중치가 없는"),
        (_none, {65}, "HDF5 파일이 아니에요"),
        (_cut, {65}, "잘렸"),
        (_another, {65}, "없어요"),
        (_shapes, {65}, "크기"),
        (_linked, {65}, "다른 곳"),
        (_giant, {65}, "메모리"),
        (_words, {65}, "토크나이저"),
        (_labels, {65}, "라벨은 2개"),
        (_not_a_number, {65}, "숫자가 아닌"),
        (_pickled, {65, 66}, "torch"),  # without torch it is not even opened
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_fault_of_a_model_is_one_sentence_and_a_code(  # type: ignore[no-untyped-def]
    sweetchat, own_home: Path, tmp_path: Path, make: Callable[[Path], None], codes: set[int], said: str
) -> None:
    make(tmp_path / "model")
    done = sweetchat("classify", "-c", str(tmp_path / "model"), "안녕")
    assert done.code in codes, done.err
    assert said.casefold() in done.err.casefold()
    assert len(done.err.splitlines()) == 2 and done.err.splitlines()[1].startswith("  →")
    assert (done.out, "this ran" in done.err) == ("", False)
    assert not [
        path.name
        for path in (own_home / "cache").rglob("*")
        if path.suffix in {".partial", ".onnx", ".safetensors"}
    ]


def test_finite_weights_that_lead_to_no_numbers_give_no_answer(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    norm = "embeddings/LayerNorm/gamma:0"
    folder = with_hdf5(tmp_path / "m", lambda file: file[dataset(file, norm)].write_direct(_HUGE))
    done = sweetchat("classify", "-c", str(folder), "안녕")
    assert (done.code, done.out) == (65, "")
    assert "답이 숫자가 아니에요" in done.err and str(paths.cache_folder()) in done.err


def test_weights_that_change_after_they_were_prepared_are_looked_at_again(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = copied(tmp_path / "model")
    assert sweetchat("classify", "-c", str(folder), "안녕").code == 0
    changed = with_hdf5(tmp_path / "other", lambda file: file[dataset(file, _QUERY)].write_direct(_SPOILT))
    shutil.copyfile(changed / "tf_model.h5", folder / "tf_model.h5")
    assert sweetchat("classify", "-c", str(folder), "안녕").code == 65


_HUGE = np.full(32, 1e30, np.float32)
_SPOILT = np.full((32, 32), np.inf, np.float32)


@pytest.mark.parametrize("disguised", [False, True])
def test_weights_that_changed_are_told_of_once(sweetchat, tmp_path: Path, disguised: bool) -> None:  # type: ignore[no-untyped-def]
    folder = copied(tmp_path / "model")
    file = folder / "tf_model.h5"
    for _ in range(2):
        assert "달라졌어요" not in sweetchat("classify", "-c", str(folder), "안녕").err
    before = file.stat()
    changed = with_hdf5(tmp_path / "other", lambda f: f[dataset(f, _QUERY)].write_direct(_OTHER))
    file.write_bytes((changed / "tf_model.h5").read_bytes())
    if disguised:
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert file.stat().st_size == before.st_size
    told = sweetchat("classify", "-c", str(folder), "안녕")
    assert told.code == 0 and "파일이 전과 달라졌어요: model" in told.err
    assert "달라졌어요" not in sweetchat("classify", "-c", str(folder), "안녕").err


def test_a_file_of_the_hub_that_is_not_what_was_fetched_is_told_of_each_time(  # type: ignore[no-untyped-def]
    sweetchat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Hub("a/b", {path.name: path.read_bytes() for path in FIXTURE.iterdir()}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        weights = Path(sweetchat("models", "pull", "a/b").out.strip()) / "tf_model.h5"
    assert "달라졌어요" not in sweetchat("classify", "-c", "a/b", "안녕").err
    with h5py.File(weights.resolve(), "r+") as file:
        file[dataset(file, _QUERY)].write_direct(_OTHER)
    for _ in range(2):
        assert "파일이 전과 달라졌어요: b@" in sweetchat("classify", "-c", "a/b", "안녕").err


def test_a_file_of_the_hub_that_was_damaged_is_named_and_mended_by_a_pull(  # type: ignore[no-untyped-def]
    sweetchat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Hub("a/b", {path.name: path.read_bytes() for path in FIXTURE.iterdir()}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        weights = Path(sweetchat("models", "pull", "a/b").out.strip()) / "tf_model.h5"
        before = sweetchat("classify", "-c", "a/b", "--json", "안녕").out
        with h5py.File(weights.resolve(), "r+") as file:
            file[dataset(file, _QUERY)].write_direct(_SPOILT)
        told = sweetchat("classify", "-c", "a/b", "안녕")
        assert told.code == 65 and "— tf_model.h5\n" in told.err
        assert sweetchat("models", "pull", "a/b").code == 0
    mended = sweetchat("classify", "-c", "a/b", "--json", "안녕")
    assert (mended.out, "달라졌어요" in mended.err) == (before, False)


_OTHER = np.full((32, 32), 0.25, np.float32)
