"""Fetching from a Hub, against one on loopback: whole, cut, killed, wrong, refused, changed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest
from hub_server import Hub, checkpoint, etag, is_partial
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sweetchat_tui import lang
from sweetchat_tui.classifiers import download, hub, hub_cache
from sweetchat_tui.classifiers.hub_failures import CacheUnwritable, size
from sweetchat_tui.errors import (
    KeyRefused,
    Misconfigured,
    Misused,
    NotThere,
    SweetchatError,
    TryLater,
    Unreachable,
    Unreadable,
)

MODEL = hub.DEFAULT_MODEL
WEIGHTS = "tf_model.h5"


@pytest.fixture
def served(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A Hub with one model, which everything here asks; its cache is this test's alone."""
    monkeypatch.setenv("HF_HOME", str(own_home / "hf"))
    monkeypatch.setattr(download, "PAUSES_S", (0.0, 0.0, 0.01))
    with Hub(MODEL, checkpoint()) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        yield served
    huggingface_hub.close_session()


def read(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in folder.iterdir()}


def needed(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name not in (".gitattributes", "README.md")}


def partials() -> list[Path]:
    return list(hub_cache.cache_folder().rglob("*.incomplete"))


def pulling(stop: threading.Event | None = None) -> tuple[threading.Thread, list[object]]:
    """A pull in a thread of its own, and what it ends with."""
    ended: list[object] = []

    def run() -> None:
        try:
            ended.append(hub.pull(MODEL, stop=stop))
        except (SweetchatError, hub.Stopped) as e:
            ended.append(e)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, ended


def wait_for_partial(count: int) -> None:
    """Until so many bytes of the weights have come."""
    while not is_partial(hub_cache.cache_folder(), count):
        time.sleep(0.01)


def test_what_a_classifier_needs_comes_and_nothing_else(served: Hub) -> None:
    assert hub.local(MODEL) is None
    planned = hub.plan(MODEL)
    assert (planned.total_bytes, planned.missing_bytes) == (sum(map(len, needed(served.files).values())),) * 2
    folder = hub.pull(MODEL)
    assert read(folder) == needed(served.files)
    assert hub.local(MODEL) == folder
    assert hub.plan(MODEL).missing_bytes == 0
    assert not partials()


def test_other_programs_find_it_in_the_cache(served: Hub, own_home: Path) -> None:
    folder, cache = hub.pull(MODEL), own_home / "hf" / "hub"
    found = huggingface_hub.try_to_load_from_cache(MODEL, WEIGHTS, cache_dir=cache)
    assert found == str(folder / WEIGHTS)
    assert Path(found).resolve().name == etag(WEIGHTS, served.files[WEIGHTS])
    (repo,) = huggingface_hub.scan_cache_dir(cache).repos
    assert (repo.repo_id, {r for rev in repo.revisions for r in rev.refs}) == (MODEL, {"main"})
    program = (
        "import sys, huggingface_hub as h; print(h.snapshot_download(sys.argv[1], local_files_only=True,"
        f" allow_patterns={sorted(needed(served.files))!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, MODEL], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == str(folder)


def test_what_other_programs_have_put_there_is_not_fetched_again(served: Hub) -> None:
    program = "import sys, huggingface_hub as h; print(h.hf_hub_download(sys.argv[1], sys.argv[2]))"
    done = subprocess.run(
        [sys.executable, "-c", program, MODEL, WEIGHTS],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    served.asked.clear()
    assert str(hub.pull(MODEL) / WEIGHTS) == done.stdout.strip()
    assert served.ranges_of(WEIGHTS) == []


def test_the_token_goes_to_the_hub_and_to_no_one_else(served: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_very_secret")
    hub.pull(MODEL)
    sent = {(a.host.partition(":")[0], a.token) for a in served.asked}
    assert sent == {("127.0.0.1", "Bearer hf_very_secret"), ("localhost", None)}


def test_a_cut_goes_on_from_where_it_was_in_the_same_pull(served: Hub) -> None:
    served.cuts = [300_000, 1, 200_000]
    seen: list[hub.Progress] = []
    folder = hub.pull(MODEL, seen.append)
    assert read(folder) == needed(served.files)
    assert served.ranges_of(WEIGHTS) == [None, "bytes=300000-", "bytes=300001-", "bytes=500001-"]
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert seen[-1].done == seen[-1].total == sum(map(len, read(folder).values()))
    assert seen[-1].rate > 0


def test_one_that_is_always_cut_is_given_up_and_goes_on_another_time(served: Hub) -> None:
    served.cuts = [250_000] + [0] * 4
    with pytest.raises(TryLater, match=r"0\.2 MB"):
        hub.pull(MODEL)
    assert hub.local(MODEL) is None
    assert hub.plan(MODEL).missing_bytes < hub.plan(MODEL).total_bytes - 250_000
    before = len(served.ranges_of(WEIGHTS))
    assert read(hub.pull(MODEL)) == needed(served.files)
    assert served.ranges_of(WEIGHTS)[before:] == ["bytes=250000-"]


def test_a_killed_process_leaves_what_it_has_for_the_next_one(served: Hub) -> None:
    served.hold_after = 400_000
    killed = subprocess.Popen([sys.executable, "-m", "sweetchat_tui", "models", "pull", MODEL])
    wait_for_partial(400_000)
    killed.send_signal(signal.SIGKILL)
    killed.wait(30)
    served.resume.set()
    assert hub.local(MODEL) is None
    assert read(hub.pull(MODEL)) == needed(served.files)
    assert served.ranges_of(WEIGHTS) == [None, "bytes=400000-"]
    assert not partials()


@pytest.mark.parametrize("kept", [0, 1, 699_999, 700_000, 700_001])
def test_a_hub_without_ranges_and_any_leftover_still_end_in_the_right_file(served: Hub, kept: int) -> None:
    hub.pull(MODEL)
    hub.remove(MODEL)
    served.ranges = False
    data = served.files[WEIGHTS]
    left = hub_cache.wanted_by(MODEL).folder / "blobs" / f"{etag(WEIGHTS, data)}.sweetchat.incomplete"
    left.parent.mkdir(parents=True)
    left.write_bytes((data + b"more")[:kept])
    if kept > len(data):
        with pytest.raises(Unreadable):
            hub.pull(MODEL)
        assert not left.exists()
    assert read(hub.pull(MODEL)) == needed(served.files)


def test_without_ranges_endless_cuts_end(served: Hub) -> None:
    served.ranges, served.cuts = False, [300_000] * 50
    with pytest.raises(TryLater):
        hub.pull(MODEL)
    assert len(served.ranges_of(WEIGHTS)) == 1 + 1 + len(download.PAUSES_S)


@pytest.mark.parametrize("resumed", [False, True])
def test_wrong_bytes_of_the_right_length_are_refused_and_removed(served: Hub, resumed: bool) -> None:
    served.wrong_bytes, served.cuts = WEIGHTS, [200_000] if resumed else []
    with pytest.raises(Unreadable, match=WEIGHTS):
        hub.pull(MODEL)
    assert hub.local(MODEL) is None
    assert not partials()
    served.wrong_bytes = ""
    assert read(hub.pull(MODEL)) == needed(served.files)


def test_wrong_bytes_of_a_small_file_are_refused_too(served: Hub) -> None:
    served.wrong_bytes = "vocab.txt"
    with pytest.raises(Unreadable, match=r"vocab\.txt"):
        hub.pull(MODEL)


def test_a_model_that_changes_while_it_comes_is_the_new_one(served: Hub) -> None:
    new = checkpoint(seed=1)
    served.changes = [new]
    assert read(hub.pull(MODEL)) == needed(new)


@pytest.mark.parametrize("length", [600_000, 700_000, 800_000])
def test_weights_of_another_commit_are_never_joined_to_what_was_planned(served: Hub, length: int) -> None:
    new = served.files | {WEIGHTS: checkpoint(length, seed=1)[WEIGHTS]}
    served.careless, served.changes, served.cuts = True, [new], [100_000]
    assert read(hub.pull(MODEL)) == needed(new)


def test_a_model_that_changed_since_the_cut_starts_over_and_leaves_nothing_behind(served: Hub) -> None:
    served.cuts = [250_000] + [0] * 4
    with pytest.raises(TryLater):
        hub.pull(MODEL)
    served.files = checkpoint(seed=1)
    served.asked.clear()
    assert read(hub.pull(MODEL)) == needed(served.files)
    assert served.ranges_of(WEIGHTS) == [None]
    assert not partials()


def test_a_model_that_never_rests_is_given_up(served: Hub) -> None:
    served.changes = [checkpoint(seed=seed) for seed in range(1, 9)]
    with pytest.raises(TryLater, match="바뀌"):
        hub.pull(MODEL)


def test_a_range_that_is_not_the_one_asked_for_is_not_joined(served: Hub) -> None:
    served.cuts, served.misplaced = [100_000], 1
    assert read(hub.pull(MODEL)) == needed(served.files)


def test_no_more_is_written_than_was_promised(served: Hub) -> None:
    served.extra = b"more" * 100_000
    with pytest.raises(TryLater):
        hub.pull(MODEL)
    assert all(p.stat().st_size <= len(served.files[WEIGHTS]) for p in partials())


@pytest.mark.parametrize("name", [WEIGHTS, "vocab.txt"])
@pytest.mark.parametrize("pinned", [False, True])
def test_what_has_changed_in_the_cache_is_fetched_again(served: Hub, name: str, pinned: bool) -> None:
    folder = hub.pull(MODEL)
    (folder / name).write_bytes(bytes(len(served.files[name])))
    assert hub.plan(MODEL).missing_bytes == len(served.files[name])
    served.asked.clear()
    assert hub.pull(f"{MODEL}@{folder.name}" if pinned else MODEL) == folder
    assert read(folder) == needed(served.files)
    assert [a.path for a in served.asked if "/resolve/" in a.path] == [
        f"/{MODEL}/resolve/{folder.name}/{name}"
    ]


def test_a_newer_commit_is_fetched_and_the_old_one_can_be_named(served: Hub) -> None:
    old = hub.pull(MODEL)
    served.files = served.files | {"config.json": b'{"architectures": ["XForSequenceClassification"]}'}
    served.asked.clear()
    new = hub.pull(MODEL)
    assert new != old
    assert served.ranges_of(WEIGHTS) == []
    assert hub.local(f"{MODEL}@{old.name}") == old
    assert [i.revision for i in hub.installed()] == sorted([old.name, new.name])


def test_a_commit_that_is_here_is_not_asked_for(served: Hub) -> None:
    folder = hub.pull(f"{MODEL}@v1")
    served.asked.clear()
    assert hub.local(f"{MODEL}@v1") == hub.pull(f"{MODEL}@{folder.name}") == folder
    assert served.asked == []
    assert hub.local(MODEL) is None


@pytest.mark.parametrize("kind", ["model.safetensors", "pytorch_model.bin"])
def test_the_best_weights_are_taken(served: Hub, kind: str) -> None:
    served.files = checkpoint(kind="pytorch_model.bin") | ({kind: b"weights"} if "safe" in kind else {})
    assert kind in read(folder := hub.pull(MODEL))
    assert len(set(read(folder)) & set(hub_cache.WEIGHTS)) == 1


@pytest.mark.parametrize("without", ["config.json", WEIGHTS, "tokenizer"])
def test_what_is_no_classifier_is_told_before_anything_comes(served: Hub, without: str) -> None:
    served.files = {n: d for n, d in served.files.items() if not n.startswith(without) and n != "vocab.txt"}
    with pytest.raises(NotThere, match=without.replace("tokenizer", "tokenizer.json")):
        hub.pull(MODEL)
    assert not hub_cache.cache_folder().exists()


def test_offline_is_told_at_once_and_nothing_is_made(served: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(Unreachable, match="닿지 못했어요"):
            hub.pull(MODEL)
    monkeypatch.setenv("HF_ENDPOINT", served.url)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(Unreachable, match="HF_HUB_OFFLINE"):
        hub.pull(MODEL)
    assert served.asked == []
    assert not hub_cache.cache_folder().exists()


@pytest.mark.parametrize(
    ("fault", "error", "sentence"),
    [
        ({"missing": True}, NotThere, "no such model"),
        ({"model": "someone/else"}, NotThere, "no such model"),
        ({"gated": True}, KeyRefused, "gated"),
        ({"portal": True}, Unreachable, "not a Hub"),
        ({"refusals": [403]}, KeyRefused, "refused"),
        ({"refusals": [429] * 9}, TryLater, "too many requests"),
        ({"refusals": [503] * 9}, Unreachable, "503"),
        ({"refusals": [404] * 9}, TryLater, "changing"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_each_refusal_has_its_sentence(
    served: Hub, fault: dict[str, object], error: type[SweetchatError], sentence: str
) -> None:
    lang.use("en")
    for name, value in fault.items():
        setattr(served, name, value)
    with pytest.raises(error, match=sentence) as told:
        hub.pull(MODEL)
    assert told.value.hint
    assert hub.local(MODEL) is None


def test_a_busy_hub_is_asked_again(served: Hub) -> None:
    served.refusals = [503, 429]
    assert read(hub.pull(MODEL)) == needed(served.files)


def test_a_revision_that_is_not_there_is_told(served: Hub) -> None:
    with pytest.raises(NotThere, match="@v9"):
        hub.pull(f"{MODEL}@v9")


def test_a_token_that_cannot_be_one_is_refused_here(served: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "비밀")
    with pytest.raises(KeyRefused):
        hub.plan(MODEL)
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setenv("HF_ENDPOINT", "hub.example")
    with pytest.raises(Misconfigured):
        hub.plan(MODEL)


def test_a_disk_without_room_is_told_before_the_first_byte(
    served: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = type("Usage", (), {"free": 600_000})
    monkeypatch.setattr(hub, "disk_usage", lambda _: free)
    with pytest.raises(CacheUnwritable, match=r"0\.7 MB.*0\.6 MB") as told:
        hub.pull(MODEL)
    assert told.value.exit_code == 74
    assert not partials()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_disk_that_fills_up_is_told() -> None:
    file = download.RemoteFile("f", 10, "0" * 64)
    with pytest.raises(CacheUnwritable, match="모자라요"), download._Partial(Path("/dev/full"), file) as full:
        full.append(b"12345")


def test_a_cache_that_is_closed_to_us_is_told(served: Hub, own_home: Path) -> None:
    (own_home / "hf").write_text("a file where a folder should be")
    with pytest.raises(CacheUnwritable, match="쓸 수 없어요"):
        hub.pull(MODEL)


def test_stopping_keeps_what_has_come(served: Hub) -> None:
    served.hold_after, stop = 300_000, threading.Event()
    thread, ended = pulling(stop)
    wait_for_partial(300_000)
    stop.set()
    served.resume.set()
    thread.join(30)
    assert isinstance(ended[0], hub.Stopped)
    (left,) = partials()
    assert left.stat().st_size >= 300_000
    assert read(hub.pull(MODEL)) == needed(served.files)


def test_two_pulls_at_once_fetch_it_once(served: Hub) -> None:
    served.hold_after = 300_000
    first, one = pulling()
    wait_for_partial(300_000)
    second, two = pulling()
    with pytest.raises(TryLater, match="받는 중"):
        hub.remove(MODEL)
    served.resume.set()
    first.join(30)
    second.join(30)
    assert one == two == [hub.local(MODEL)]
    assert served.ranges_of(WEIGHTS) == [None]


def test_waiting_for_another_pull_can_be_stopped(served: Hub) -> None:
    with hub_cache.locked(hub_cache.wanted_by(MODEL), None):
        stop = threading.Event()
        thread, ended = pulling(stop)
        stop.set()
        thread.join(30)
    assert isinstance(ended[0], hub.Stopped)


def weight(folder: Path) -> int:
    return sum(f.lstat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink())


def test_removing_frees_what_it_says(served: Hub) -> None:
    cache = hub_cache.cache_folder()
    old = hub.pull(MODEL)
    served.files = served.files | {WEIGHTS: checkpoint(seed=1)[WEIGHTS]}
    hub.pull(MODEL)
    before = weight(cache)
    assert before - (freed := hub.remove(f"{MODEL}@{old.name}")) == weight(cache)
    assert freed == 700_000
    assert [i.revision for i in hub.installed()] == [served.commit]
    assert before - freed - hub.remove(MODEL) == weight(cache) == 0
    assert hub.installed() == []
    with pytest.raises(NotThere):
        hub.remove(MODEL)


def test_the_first_digits_of_a_commit_mean_the_only_one_that_has_them(served: Hub) -> None:
    folder = hub.pull(MODEL)
    short = folder.name[:7]
    assert hub.local(f"{MODEL}@{short}") == hub.local(f"{MODEL.partition('/')[2]}@{short}") == folder
    assert hub.local(f"{MODEL}@{short[:6]}") is None
    shutil.copytree(folder, folder.with_name(short + "0" * 33))
    assert hub.local(f"{MODEL}@{short}") is None
    assert hub.local(f"{MODEL}@{folder.name[:12]}") == folder
    with pytest.raises(NotThere):
        hub.remove(f"{MODEL}@{short}")
    shutil.copytree(folder.parents[1], hub_cache.wanted_by("another/" + MODEL.partition("/")[2]).folder)
    assert hub.local(f"{MODEL.partition('/')[2]}@{folder.name[:12]}") is None


def test_removing_one_model_leaves_its_copies_under_other_names(served: Hub) -> None:
    copies = [f"another/copy-{n}" for n in range(5)]
    for copy in copies:
        served.model = copy
        hub.pull(copy)
    while copies:
        hub.remove(copies.pop())
        assert [i.id for i in hub.installed()] == copies


def test_removing_takes_what_a_stopped_pull_left(served: Hub) -> None:
    served.cuts = [250_000] + [0] * 4
    with pytest.raises(TryLater):
        hub.pull(MODEL)
    assert hub.remove(MODEL) > 250_000
    assert weight(hub_cache.cache_folder()) == 0


def test_only_whole_classifiers_are_listed(served: Hub) -> None:
    folder = hub.pull(MODEL)
    served.model, served.files = "a/generator", checkpoint() | {"config.json": b'{"architectures":["GPT"]}'}
    hub.pull("a/generator")
    (found,) = hub.installed()
    assert found == hub.Installed(MODEL, folder.name, sum(map(len, read(folder).values())), "tensorflow")
    (folder / "config.json").unlink()
    assert hub.installed() == []
    assert hub.local(MODEL) is None


def test_the_cache_is_where_the_hubs_client_has_it(own_home: Path) -> None:
    program = "from huggingface_hub import constants as c; print(c.HF_HUB_CACHE)"
    for variables in (
        {},
        {"HF_HOME": "~/h"},
        {"HF_HOME": "$HOME/h", "HF_HUB_CACHE": "/x/$USER"},
        {"HUGGINGFACE_HUB_CACHE": "/y"},
    ):
        env = {k: v for k, v in os.environ.items() if k != "HF_HOME"} | variables
        told = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True, timeout=60
        )
        with pytest.MonkeyPatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            assert str(hub_cache.cache_folder()) == told.stdout.strip()


def test_looking_into_the_cache_loads_nothing_heavy() -> None:
    program = (
        "import sys; from sweetchat_tui.classifiers import hub\n"
        "hub.local(hub.DEFAULT_MODEL), hub.installed()\n"
        "print(*{m.split('.')[0] for m in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert not set(done.stdout.split()) & {"huggingface_hub", "httpx2", "filelock", "numpy"}


@given(st.text(max_size=60) | st.from_regex(r"[\w./@-]{1,40}"))
@example("../../etc@main")
@example("a/b@../../x")
@example("a/b@")
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_leads_out_of_the_cache(model_id: str) -> None:
    try:
        wanted = hub_cache.wanted_by(model_id)
    except Misused:
        return
    assert wanted.folder.resolve().parent == hub_cache.cache_folder().resolve()
    refs = (wanted.folder / "refs").resolve()
    assert (refs / wanted.revision).resolve().is_relative_to(refs)
    assert hub.local(model_id) is None


@pytest.mark.parametrize(("count", "text"), [(0, "0.0 kB"), (443_000_000, "443.0 MB"), (99_999, "100.0 kB")])
def test_sizes_are_read_by_people(count: int, text: str) -> None:
    assert size(count) == text
