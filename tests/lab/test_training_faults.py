"""What goes wrong while a classifier is trained, for real and through the command."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import corpus_stage
import pyarrow.parquet as pq
import pytest
from lab_stage import ALONE, lab, small_bert

from sweetchat_tui.emotions import EMOTIONS, GROUPS
from sweetchat_tui.lab import curves, data

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
    pytest.mark.timeout(400),  # a guard against hanging: real training, on a machine that may be busy
]


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus_stage.as_prepared(tmp_path_factory.mktemp("few"), corpus_stage.dialogues(180))


@pytest.fixture(scope="module")
def base(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_bert(tmp_path_factory.mktemp("base"), few)


def words(few: Path, base: Path, out: Path, *more: str, epochs: int = 1) -> list[str]:
    asked = ["train", "--data", str(few), "--base", str(base), "-o", str(out), *more]
    return [*asked, "--epochs", str(epochs), *(() if "--device" in more else ("--device", "cpu"))]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | ALONE,
        timeout=350,
        check=False,
    )


def train(few: Path, base: Path, out: Path, *more: str, epochs: int = 1) -> subprocess.CompletedProcess[str]:
    return lab(*words(few, base, out, *more, epochs=epochs))


def refused(done: subprocess.CompletedProcess[str], code: int, *told: str) -> None:
    """One sentence and at most one hint, with these words and this exit code."""
    assert done.returncode == code, done.stderr
    assert all(word in done.stderr for word in told), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("file", ["model.safetensors", "optimizer.pt"])
def test_a_disk_that_is_full_keeps_the_finished_epoch(
    few: Path, base: Path, tmp_path: Path, file: str
) -> None:
    if not hasattr(resource, "prlimit"):
        pytest.skip("the limit of another process can be set on Linux alone")
    out = tmp_path / "bert"
    command = [sys.executable, "-m", "sweetchat_tui", "lab", *words(few, base, out, epochs=3)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", env=os.environ | ALONE
    ) as process:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and not (whole := [*out.glob("checkpoints/*/trainer_state.json")]):
            time.sleep(0.01)
        # The optimiser's state is written after the weights, and is twice as large.
        limit = whole[0].with_name(file).stat().st_size * 3 // 4
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit, limit))
        _, err = process.communicate(timeout=300)
    refused(
        subprocess.CompletedProcess(command, process.returncode, "", err), 74, "쓸 수 없어요", "에폭은 남아"
    )
    kept = [path.parent.name for path in out.glob("checkpoints/*/trainer_state.json")]
    assert kept and not (out / "model.safetensors").exists()
    assert curves.course(out / "metrics.jsonl").validation_accuracy
    done = train(few, base, out, epochs=3)
    assert (done.returncode, "이어서" in done.stderr) == (0, True), done.stderr
    assert "에폭 1" not in done.stderr
    assert len(json.loads((out / "training.json").read_text("utf-8"))["epochs"]) >= 2


# While more than 128 sentences are read at once, as much memory as there is now and 4 MB more.
LIMITED = """
import re, resource
import torch
from torch.nn import Embedding, modules

def limit(module, given):
    if isinstance(module, Embedding) and given[0].shape[0] > 128:
        now = int(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
        resource.setrlimit(resource.RLIMIT_AS, (now + 4_000_000, resource.RLIM_INFINITY))

def free(module, *_):
    if "Classification" in type(module).__name__:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)

# oneDNN never gets over it where once there was no room for its code.
torch.backends.mkldnn.enabled = False
modules.module.register_module_forward_pre_hook(limit)
modules.module.register_module_forward_hook(free, always_call=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited so on Linux alone")
def test_where_memory_does_not_suffice_the_batch_is_halved_and_weighs_the_same(
    base: Path, tmp_path: Path
) -> None:
    # Long enough that no room which happens to be free suffices.
    long = [
        replace(one, sentences=tuple(text * 6 for text in one.sentences))
        for one in corpus_stage.dialogues(180)
    ]
    more, out = corpus_stage.as_prepared(tmp_path / "more", long), tmp_path / "out"
    given = words(more, base, out, "--batch", "256", "--recipe", "original", "--labels", "6")
    first = tmp_path / "limited.py"
    first.write_text(LIMITED)
    done = lab(*given, first=first)
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if "메모리가 모자라" in line]
    assert told == ["메모리가 모자라 128개씩 나눠서 해요."]
    # Of six groups, untrained: ln 6. Pieces that each weighed as much as the whole would add up.
    assert curves.course(out / "metrics.jsonl").loss[0] == pytest.approx(1.8, abs=0.15)
    config = json.loads((out / "config.json").read_text("utf-8"))
    assert list(config["id2label"].values()) == list(GROUPS) and config["sweetchat"]["context"] is False


def test_several_processes_share_a_batch_and_speak_with_one_voice(
    few: Path, base: Path, tmp_path: Path
) -> None:
    given = words(few, base, tmp_path / "two", "--recipe", "original", "--batch", "16")
    done = run("-m", "torch.distributed.run", "--nproc_per_node", "2", "-m", "sweetchat_tui", "lab", *given)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("에폭 1: ") == 1 and done.stdout.splitlines() == [str(tmp_path / "two")]
    steps = json.loads((tmp_path / "two" / "metrics.jsonl").read_text().splitlines()[0])
    assert steps["step"] == -(-len(data.sentences(few, "train").texts) // 16)
    assert steps["loss"] == pytest.approx(4.06, abs=0.2)  # ln 58, once
    assert (tmp_path / "two" / "model.safetensors").is_file()


def test_a_device_that_is_not_there_is_refused_with_what_is(few: Path, base: Path, tmp_path: Path) -> None:
    import torch

    missing = "mps" if torch.cuda.is_available() else "cuda"
    refused(train(few, base, tmp_path / "out", "--device", missing), 2, missing, "쓸 수 있는 것", "cpu")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["nonsense", "vit_mae", "clip_vision_model"])
def test_what_cannot_classify_texts_is_no_encoder(few: Path, base: Path, tmp_path: Path, kind: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for path in base.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"model_type": kind, "architectures": ["Other"]}))
    done = train(few, other, tmp_path / "out")
    refused(done, 65, "분류에 쓸 수 없는 모델", "RoBERTa")
    assert len(done.stderr.splitlines()) == 2 and not (tmp_path / "out").exists()


def empty(path: Path) -> None:
    pq.write_table(pq.read_table(path).slice(0, 0), path)


def without_firsts(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.filter([turn > 1 for turn in table["turn"].to_pylist()]), path)


def one_of_a_class(path: Path) -> None:
    table = pq.read_table(path)
    labels, seen = table["label"].to_pylist(), 0
    keep = []
    for label in labels:
        seen += label == labels[0]
        keep.append(label != labels[0] or seen == 1)
    pq.write_table(table.filter(keep), path)


@pytest.mark.parametrize(
    ("part", "spoil", "code"),
    [
        ("validation", empty, 65),
        ("train", empty, 65),
        ("validation", without_firsts, 0),
        ("train", one_of_a_class, 0),
    ],
)
def test_parts_that_are_empty_are_refused_and_thin_ones_are_learnt_from(
    base: Path, tmp_path: Path, part: data.Part, spoil: Callable[[Path], None], code: int
) -> None:
    own = corpus_stage.as_prepared(tmp_path / "own", corpus_stage.dialogues(180))
    spoil(data.path_of(own, part))
    done = train(own, base, tmp_path / "out")
    if code:
        refused(done, code, f"비어 있는 표예요: {data.path_of(own, part)}")
        assert not (tmp_path / "out").exists()
    else:
        assert done.returncode == 0, done.stderr
        below = json.loads((tmp_path / "out" / "config.json").read_text())["sweetchat"]["uncertain_below"]
        assert 0 < below < 1


def test_a_head_that_counts_in_another_order_is_made_anew(few: Path, base: Path, tmp_path: Path) -> None:
    trained = tmp_path / "trained"
    assert train(few, base, trained).returncode == 0
    config = json.loads((trained / "config.json").read_text("utf-8"))
    again = train(few, trained, tmp_path / "again")
    assert (again.returncode, "분류층은 새로" in again.stderr) == (0, False), again.stderr
    names = {str(at): emotion.label for at, emotion in enumerate(reversed(EMOTIONS))}
    (trained / "config.json").write_text(json.dumps(config | {"id2label": names}), encoding="utf-8")
    other = train(few, trained, tmp_path / "other")
    assert (other.returncode, "분류층은 새로" in other.stderr) == (0, True), other.stderr
    made = json.loads((tmp_path / "other" / "config.json").read_text("utf-8"))
    assert [made["id2label"][str(e.index)] for e in EMOTIONS] == [e.label for e in EMOTIONS]
