"""`sweetchat models`: pulled, listed and removed, against a Hub on loopback."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from bert_stage import FIXTURE
from hub_server import Hub, is_partial

from sweetchat_tui import paths
from sweetchat_tui.classifiers import agreement
from sweetchat_tui.classifiers import checkpoint as checkpoints
from sweetchat_tui.classifiers.hub_failures import size

MODEL = "burningfalls/my-fine-tuned-bert"
WEIGHTS = "tf_model.h5"


@pytest.fixture
def served(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A Hub with the genuine tiny model, made heavy, for the processes of this test."""
    files = {path.name: path.read_bytes() for path in FIXTURE.iterdir()}
    files[WEIGHTS] = files[WEIGHTS].ljust(2_000_000, b"\0")
    with Hub(MODEL, files) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        yield served


def at_a_terminal(*words: str) -> "pexpect.spawn[str]":
    return pexpect.spawn(
        sys.executable, ["-m", "sweetchat_tui", *words], env=os.environ, encoding="utf-8", timeout=100
    )  # type: ignore[arg-type]


def test_the_default_is_pulled_listed_and_removed(sweetchat, served: Hub) -> None:  # type: ignore[no-untyped-def]
    pulled = sweetchat("models", "pull")
    folder = Path(pulled.out.strip())
    assert (pulled.code, (folder / WEIGHTS).read_bytes()) == (0, served.files[WEIGHTS])
    lite, bert = sweetchat("models", "list", "--json").rows
    assert (lite["id"], lite["kind"]) == ("lite", "embedded")
    assert bert == {
        "schema": 1,
        "id": MODEL,
        "revision": folder.name,
        "bytes": sum(f.stat().st_size for f in folder.iterdir()),
        "kind": "tensorflow",
    }
    listed = sweetchat("models", "list")
    plain = listed.out
    assert listed.err == ""
    assert "lite" in plain and f"{MODEL}\t{folder.name[:7]}\t2.0 MB\ttensorflow\n" in plain
    (home,) = {path.parent for path in paths.cache_folder().glob("models/*/fp32.onnx")}
    derived = sum(f.stat().st_size for f in home.iterdir())
    removed = sweetchat("models", "remove", MODEL)
    assert (removed.code, folder.exists(), home.exists()) == (0, False, False)
    assert size(2_000_000 + derived) in removed.err
    assert len(sweetchat("models", "list", "--json").rows) == 1
    assert "sweetchat models pull" in sweetchat("models", "list").err
    assert sweetchat("models", "remove", MODEL).code == 66


def test_every_name_that_is_told_is_understood(sweetchat, served: Hub) -> None:  # type: ignore[no-untyped-def]
    folder = Path(sweetchat("models", "pull", "bert").out.strip())
    (home,) = {path.parent for path in paths.cache_folder().glob("models/*/fp32.onnx")}
    shown = f"{MODEL.partition('/')[2]}@{folder.name[:7]}"
    served.asked.clear()
    for name in ("bert", shown, f"{MODEL}@{folder.name[:7]}", f"bert@{folder.name[:7]}"):
        assert sweetchat("classify", "-c", name, "--json", "외로워").rows[0]["classifier"] == shown
        if "@" in name:
            assert (sweetchat("models", "pull", name).out.strip(), served.asked) == (str(folder), [])
    assert sweetchat("models", "verify", shown).code == 0
    assert sweetchat("models", "remove", shown).code == 0
    assert (folder.exists(), home.exists()) == (False, False)
    sweetchat("models", "pull", "bert")
    assert sweetchat("models", "remove", "bert").code == 0 and not folder.exists()


@pytest.mark.parametrize("command", ["pull", "convert", "verify", "remove"])
def test_of_the_embedded_one_nothing_is_said_to_be_missing(sweetchat, command: str) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("models", command, "lite")
    assert (done.code, done.out) == (2, "")
    assert "내장 모델" in done.err and "없어요.\n" in done.err and "이 컴퓨터에 없는" not in done.err


def test_into_a_file_progress_is_a_line_for_every_tenth(sweetchat, served: Hub) -> None:  # type: ignore[no-untyped-def]
    lines = [line for line in sweetchat("models", "pull", MODEL).err.splitlines() if "%" in line[:4]]
    tenths = [int(line.partition("%")[0]) // 10 for line in lines]
    assert tenths == sorted(set(tenths))
    assert tenths[-1] == 10
    assert "2.0 MB / 2.0 MB" in lines[-1]
    assert "\r" not in "".join(lines)


def test_what_is_pulled_is_prepared_and_checked(sweetchat, served: Hub) -> None:  # type: ignore[no-untyped-def]
    pulled = sweetchat("models", "pull", MODEL)
    found = checkpoints.find(Path(pulled.out.strip()))
    same = agreement.kept(found, "int8")
    assert same is not None
    read_in = "int8로 읽어요" if same.equal_first_share >= agreement.ENOUGH else "fp32로 읽어요"
    assert read_in in pulled.err.splitlines()[-1]


def test_what_came_whole_and_cannot_be_read_is_said(sweetchat, served: Hub) -> None:  # type: ignore[no-untyped-def]
    served.files = served.files | {WEIGHTS: b"not HDF5" * 1000}
    pulled = sweetchat("models", "pull", MODEL)
    assert (pulled.code, pulled.out) == (65, "")
    assert sweetchat("classify", "-c", "auto", "--json", "외로워").rows[0]["classifier"] == "lite-1"


def test_what_torch_reads_is_fetched_and_nothing_is_made_of_it(sweetchat, served: Hub) -> None:  # type: ignore[no-untyped-def]
    pytest.importorskip("torch")
    config = json.loads(served.files["config.json"]) | {"model_type": "roberta"}
    served.files = served.files | {"config.json": json.dumps(config).encode()}
    pulled = sweetchat("models", "pull", MODEL)
    assert (pulled.code, "pip install" in pulled.err) == (0, False)
    assert pulled.err.splitlines()[-1] == "torch로 읽는 모델이라 따로 준비하거나 견줄 것이 없어요."


def test_quiet_says_the_folder_alone(sweetchat, served: Hub) -> None:  # type: ignore[no-untyped-def]
    pulled = sweetchat("-q", "models", "pull", MODEL)
    assert (pulled.err, Path(pulled.out.strip()).is_dir()) == ("", True)
    assert sweetchat("-q", "models", "remove", MODEL).err == ""


def test_at_a_terminal_it_asks_and_renews_one_line(served: Hub) -> None:
    app = at_a_terminal("models", "pull")
    app.expect(r"2\.0 MB")
    app.sendline("n")
    app.expect(pexpect.EOF)
    app.close()
    assert app.exitstatus == 130
    assert served.ranges_of(WEIGHTS) == []
    app = at_a_terminal("models", "pull")
    app.sendline("y")
    app.expect("\r100%.*2.0 MB / 2.0 MB")
    app.expect("snapshots/")
    app.expect(pexpect.EOF)
    app.close()
    assert app.exitstatus == 0


def test_a_named_model_is_not_asked_about(served: Hub) -> None:
    for words in (["models", "pull", MODEL], ["models", "pull", "--yes"]):
        app = at_a_terminal(*words)
        app.expect("snapshots/")
        app.expect(pexpect.EOF)
        app.close()
        assert app.exitstatus == 0


def test_interrupting_says_that_it_goes_on_and_it_does(sweetchat, served: Hub, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    served.hold_after = 1_500_000
    app = at_a_terminal("models", "pull", MODEL)
    while not is_partial(own_home, 1_500_000):
        time.sleep(0.01)
    app.sendintr()
    app.expect("이어서")
    app.expect(pexpect.EOF)
    app.close()
    assert app.exitstatus == 130
    served.resume.set()
    assert sweetchat("models", "pull", MODEL).code == 0
    assert served.ranges_of(WEIGHTS) == [None, "bytes=1500000-"]


@pytest.mark.parametrize(
    ("words", "fault", "code"),
    [
        (["pull", "no/such"], {}, 66),
        (["pull", f"{MODEL}@none"], {}, 66),
        (["pull", "not a name"], {}, 2),
        (["remove", "lite"], {}, 2),
        (["remove", "no/such"], {}, 66),
        (["pull"], {"gated": True}, 77),
        (["pull"], {"portal": True}, 69),
        (["pull"], {"wrong_bytes": WEIGHTS}, 65),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list | dict) else "",
)
def test_what_goes_wrong_has_its_exit_code(  # type: ignore[no-untyped-def]
    sweetchat, served: Hub, words: list[str], fault: dict[str, object], code: int
) -> None:
    for name, value in fault.items():
        setattr(served, name, value)
    done = sweetchat("models", *words)
    assert (done.code, done.out) == (code, "")
    assert "→" in done.err


def test_offline_is_said_by_either_way(sweetchat, served: Hub) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("models", "pull", HF_HUB_OFFLINE="1").code == 69
    assert sweetchat("models", "pull", HF_ENDPOINT="http://127.0.0.1:9").code == 69
    assert served.asked == []


def test_a_proxy_is_used(sweetchat, served: Hub) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat(
        "models", "pull", HF_ENDPOINT="http://hub.invalid", HTTP_PROXY=served.url, NO_PROXY="", no_proxy=""
    )
    assert done.code == 0
    assert {a.host for a in served.asked} == {"hub.invalid", f"localhost:{served.port}"}
