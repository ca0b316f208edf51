"""The corpus's answers as examples for a chat model, and a tuning at a provider on loopback."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Sweetchat

from sweetchat_tui.cli import remembering
from sweetchat_tui.config import reading
from sweetchat_tui.errors import Misconfigured, Unreadable
from sweetchat_tui.lab import data, gpt_data


def prepared(folder: Path, dialogues: int = 12) -> Path:
    """A prepared corpus of plain dialogues, and one of someone in danger."""
    folder.mkdir()
    said = [("오늘 발표를 망쳤어", "많이 속상하셨겠어요."), ("다들 웃더라", "어떻게 하면 좋을까요?")]
    talks = [said] * dialogues + [
        [("늦잠을 잤어", "푹 쉬셨군요."), ("죽고 싶어", "힘을 내세요.")],
        [("선생님이 보고 싶어", "그분을 뵙고 싶으시군요.")],
        [("배가 고파", "뭐라도 먹어.")],
    ]
    rows = [
        {
            "dialogue": at,
            "turn": turn,
            "speaker": speaker,
            "text": text,
            "context": [human for human, _ in talk[: turn - 1]],
            "label": 50,
            "group": 1,
        }
        for at, talk in enumerate(talks)
        for turn, pair in enumerate(talk, 1)
        for speaker, text in zip(("human", "system"), pair, strict=True)
    ]
    for part in ("train", "validation"):
        pq.write_table(pa.Table.from_pylist(rows, data.SCHEMA), data.path_of(folder, part))
    return folder


def test_an_example_is_what_the_companion_would_send(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    corpus = prepared(tmp_path / "corpus")
    words = ("lab", "gpt-data", "--data", str(corpus), "-o", str(tmp_path / "out"))
    done = sweetchat(*words, "--price-per-million", "25")
    assert done.code == 0, done.err
    assert "위험한 말이 있는 대화 1개의 대답 2개" in done.err and "반말로 못 바꾼 대답 1개" in done.err
    assert "토큰" in done.err and "대답 48개를 규칙으로만 반말로 바꿨고, 2개는 그대로" in done.err
    lines = (tmp_path / "out" / "train.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 25 and not re.search("죽고 싶어|늦잠", "".join(lines))
    first, second = (json.loads(line)["messages"] for line in lines[:2])
    assert [m["role"] for m in first] == ["system", "user", "assistant"]
    assert "한심한 (당황 쪽)" in first[0]["content"] and first[2]["content"] == "많이 속상했겠어."
    assert [m["role"] for m in second] == ["system", "user", "assistant", "user", "assistant"]
    assert (second[2]["weight"], "weight" in second[4]) == (0, False)
    assert second[4]["content"] == "어떻게 하면 좋을까?"


def test_too_few_examples_are_refused(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    corpus = prepared(tmp_path / "corpus", dialogues=2)
    done = sweetchat("lab", "gpt-data", "--data", str(corpus), "-o", str(tmp_path / "out"))
    assert done.code == 65 and not list((tmp_path / "out").iterdir())


class Tuner:
    """A provider that tunes: keeps what it is sent, and is further with every look."""

    def __init__(
        self, *, fails: bool = False, refuses: bool = False, keeps: bool = False, silent: int = 0
    ) -> None:
        """
        Args:
            refuses: takes files, and no job.
            keeps: deletes nothing.
            silent: how many looks it answers with 503 first.
        """
        self.fails = fails
        self.refuses = refuses
        self.keeps = keeps
        self.hold: threading.Event | None = None
        """What it waits for before it takes a job."""
        self.asked = threading.Event()
        self.silent = silent
        self.deleted: list[str] = []
        self.uploads: list[bytes] = []
        self.jobs: list[dict[str, Any]] = []
        self.keys: set[str] = set()
        self.looks = 0

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"tuner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def job(self, status: str) -> dict[str, Any]:
        done = status == "succeeded"
        return {
            "id": "ftjob-1",
            "object": "fine_tuning.job",
            "status": status,
            "model": "base-1",
            "fine_tuned_model": "ft:base-1:me" if done else None,
            "trained_tokens": 1000 if done else None,
            "error": {"code": "x", "message": "자료가 나빠요", "param": None} if status == "failed" else None,
            "training_file": "file-1",
            "validation_file": "file-2",
        }


class _Handler(BaseHTTPRequestHandler):
    tuner: Tuner

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _say(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        tuner = self.tuner
        tuner.keys.add(self.headers["Authorization"])
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/v1/files":
            tuner.uploads.append(body)
            return self._say({"id": f"file-{len(tuner.uploads)}", "object": "file"})
        if self.path.endswith("/cancel"):
            return self._say(tuner.job("cancelled"))
        tuner.asked.set()
        if tuner.hold is not None:
            tuner.hold.wait(60)
            return None
        if tuner.refuses:
            return self._say({"error": {"message": "no such model", "code": "model_not_found"}}, 404)
        tuner.jobs.append(json.loads(body))
        return self._say(tuner.job("queued"))

    def do_DELETE(self) -> None:
        name = self.path.rpartition("/")[2]
        if name in self.tuner.deleted or self.tuner.keeps:
            return self._say({"error": {"message": "No such File object"}}, 404)
        self.tuner.deleted.append(name)
        return self._say({"id": name, "object": "file", "deleted": True})

    def do_GET(self) -> None:
        tuner = self.tuner
        if tuner.silent:
            tuner.silent -= 1
            return self._say({"error": {"message": "busy"}}, 503)
        if "ftjob-none" in self.path:
            return self._say({"error": {"message": "Could not find fine tune"}}, 404)
        if "/events" in self.path:
            events = [{"id": f"e{n}", "message": f"걸음 {n}"} for n in range(tuner.looks, -1, -1)]
            return self._say({"object": "list", "data": events, "has_more": False})
        tuner.looks += 1
        ended = "failed" if tuner.fails else "succeeded"
        return self._say(tuner.job("running" if tuner.looks < 2 else ended))


@pytest.fixture
def examples(sweetchat, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    corpus = prepared(tmp_path / "corpus")
    sweetchat("lab", "gpt-data", "--data", str(corpus), "-o", str(tmp_path / "examples"))
    return tmp_path / "examples"


def configured(home: Path, url: str, name: str = "openai", more: str = "") -> Path:
    path = home / "config" / "sweetchat" / "config.toml"
    path.parent.mkdir(parents=True)
    written = f'theme = "light" # mine\n\n[provider.{name}]\nbase_url = "{url}"\n{more}'
    path.write_text(written, encoding="utf-8")
    return path


def test_a_model_is_tuned_watched_and_put_into_the_config(  # type: ignore[no-untyped-def]
    sweetchat, examples: Path, own_home: Path
) -> None:
    with Tuner() as tuner:
        config = configured(own_home, tuner.url)
        words = ("lab", "gpt-tune", "start", str(examples), "-m", "base-1", "--yes", "--every", "0.1")
        done = sweetchat(*words, "--i-may-pass-it-on", "--use", OPENAI_API_KEY="sk-secret")
    assert done.code == 0, done.err
    assert done.out.splitlines() == ["ftjob-1", "ft:base-1:me"]
    assert tuner.jobs == [{"model": "base-1", "training_file": "file-1", "validation_file": "file-2"}]
    assert b"messages" in tuner.uploads[0] and tuner.keys == {"Bearer sk-secret"}
    assert done.err.count("걸음 0") == 1 and "걸음 2" in done.err
    assert "서버에 남아 있어요" in done.err and "gpt-tune forget ftjob-1" in done.err
    text = config.read_text("utf-8")
    assert text.startswith('model = "ft:base-1:me"\ntheme = "light" # mine\n') and tuner.url in text
    assert "sk-secret" not in text + done.err


def test_nothing_leaves_without_leave(sweetchat, examples: Path, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    with Tuner() as tuner:
        configured(own_home, tuner.url)
        words = ("lab", "gpt-tune", "start", str(examples), "-m", "base-1")
        refused = sweetchat(*words, "--yes", OPENAI_API_KEY="sk-x")
        asked = sweetchat(*words, "--i-may-pass-it-on", stdin="n\n", OPENAI_API_KEY="sk-x")
    assert (refused.code, asked.code) == (2, 130)
    assert "127.0.0.1" in refused.err and not tuner.uploads


def test_a_job_that_fails_says_why_and_others_can_be_listed_and_cancelled(  # type: ignore[no-untyped-def]
    sweetchat, own_home: Path
) -> None:
    with Tuner(fails=True) as tuner:
        configured(own_home, tuner.url)
        failed = sweetchat("lab", "gpt-tune", "watch", "ftjob-1", "--every", "0.1", OPENAI_API_KEY="sk-x")
        cancelled = sweetchat("lab", "gpt-tune", "cancel", "ftjob-1", OPENAI_API_KEY="sk-x")
    assert (failed.code, "자료가 나빠요" in failed.err) == (1, True)
    assert cancelled.out == "cancelled\n" and "gpt-tune forget ftjob-1" in cancelled.err
    assert sweetchat("lab", "gpt-tune", "list").code == 77


def test_a_job_that_is_refused_leaves_no_file_at_the_provider(  # type: ignore[no-untyped-def]
    sweetchat, examples: Path, own_home: Path
) -> None:
    with Tuner(refuses=True) as tuner:
        configured(own_home, tuner.url)
        words = ("lab", "gpt-tune", "start", str(examples), "-m", "none", "--yes", "--i-may-pass-it-on")
        done = sweetchat(*words, OPENAI_API_KEY="sk-x")
    assert done.code not in (0, 1), done.err
    assert tuner.deleted == ["file-1", "file-2"] and not tuner.jobs


@pytest.mark.parametrize("keeps", [False, True])
def test_ctrl_c_leaves_no_file_at_the_provider_or_names_it(
    examples: Path, own_home: Path, keeps: bool
) -> None:
    with Tuner(keeps=keeps) as tuner:
        configured(own_home, tuner.url)
        tuner.hold = threading.Event()
        words = ("lab", "gpt-tune", "start", str(examples), "-m", "base-1", "--yes", "--i-may-pass-it-on")
        with subprocess.Popen(
            [sys.executable, "-m", "sweetchat_tui", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | {"OPENAI_API_KEY": "sk-x"},
        ) as process:
            try:
                assert tuner.asked.wait(100)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=100)
            finally:
                tuner.hold.set()
                process.kill()
    assert (process.returncode, out, "Traceback" in err) == (130, "", False), err
    assert tuner.deleted == ([] if keeps else ["file-1", "file-2"])
    assert ("file-1, file-2" in err) == keeps and ("127.0.0.1" in err) == keeps


def test_a_provider_that_was_named_is_named_in_what_comes_next(
    sweetchat: Sweetchat, examples: Path, own_home: Path
) -> None:
    key = {"MINE": "sk-x"}
    with Tuner(fails=True) as tuner:
        config = configured(own_home, tuner.url, "mine", 'model = "base-1"\napi_key_env = "MINE"\n')
        tune, at = ("lab", "gpt-tune"), ("--provider", "mine")
        looks = ("--every", "0.1")
        words = ("-m", "base-1", "--yes", "--i-may-pass-it-on")
        failed = sweetchat(*tune, "start", str(examples), *words, *at, *looks, **key)
        none = sweetchat(*tune, "watch", "ftjob-none", *at, **key)
        tuner.looks = 0
        early = sweetchat(*tune, "forget", "ftjob-1", *at, **key)
        cancelled = sweetchat(*tune, "cancel", "ftjob-1", *at, **key)
        tuner.fails = False
        done = sweetchat(*tune, "watch", "ftjob-1", *at, *looks, **key)
        used = sweetchat(*tune, "watch", "ftjob-1", *at, *looks, "--use", **key)
    for told in (failed, none, early, cancelled, done, used):
        for command in re.findall("sweetchat .*", told.err.replace("sweetchat: ", "")):
            assert command.endswith(" --provider mine"), told.err
    assert "gpt-tune watch ftjob-1 --" in failed.err and "gpt-tune forget ftjob-1 --" in failed.err
    assert "gpt-tune list --" in none.err and "gpt-tune cancel ftjob-1 --" in early.err
    assert "sweetchat -m ft:base-1:me --" in done.err
    assert used.code == 0, used.err
    # Without any flag the tuned model is asked there.
    settings = reading.read(config, {}, {}, named=True)
    assert (settings.provider, settings.model) == ("mine", "ft:base-1:me")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'model = "m"\n\n[provider]\nuse = "mine"\n'),
        ('provider = "auto"\n', 'model = "m"\nprovider = "mine"\n'),
        ('provider.use = "a"\nmodel = "b"\n', 'provider.use = "mine"\nmodel = "m"\n'),
        ("[provider.mine]\na = 1\n", 'model = "m"\n[provider.mine]\na = 1\n\n[provider]\nuse = "mine"\n'),
        (
            '[provider] # who\nuse = "a"\n[provider.mine]\nuse = 1\n',
            'model = "m"\n[provider] # who\nuse = "mine"\n[provider.mine]\nuse = 1\n',
        ),
        ("[provider]\n[keys]\na = 1\n", 'model = "m"\n[provider]\nuse = "mine"\n[keys]\na = 1\n'),
        ("provider = { use = 'a', mine = {} }\n", None),
    ],
)
def test_who_answers_is_written_where_it_has_its_place(
    tmp_path: Path, before: str, after: str | None
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(before, encoding="utf-8")
    if after is None:
        with pytest.raises(Misconfigured) as told:
            remembering.model(file, "m", "mine")
        assert 'provider.use = "mine"' in str(told.value.hint)
    else:
        remembering.model(file, "m", "mine")
    assert file.read_text("utf-8") == (before if after is None else after)


def test_what_was_sent_can_be_deleted_when_the_job_is_over(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    words = ("lab", "gpt-tune", "forget")
    with Tuner() as tuner:
        configured(own_home, tuner.url)
        too_soon = sweetchat(*words, "ftjob-1", OPENAI_API_KEY="sk-x")
        assert not tuner.deleted
        done = sweetchat(*words, "ftjob-1", OPENAI_API_KEY="sk-x")
        again = sweetchat(*words, "ftjob-1", OPENAI_API_KEY="sk-x")
        none = sweetchat(*words, "ftjob-none", OPENAI_API_KEY="sk-x")
    assert (too_soon.code, "gpt-tune cancel ftjob-1" in too_soon.err) == (2, True)
    assert (done.code, "2개를 지웠어요" in done.err) == (0, True), done.err
    assert tuner.deleted == ["file-1", "file-2"]
    assert (again.code, "0개를 지웠어요" in again.err) == (0, True)
    assert (none.code, "ftjob-none" in none.err) == (66, True)


def test_a_provider_that_is_silent_for_a_while_is_asked_again(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    words = ("lab", "gpt-tune", "watch", "ftjob-1", "--every", "0.1")
    with Tuner(silent=3) as tuner:
        configured(own_home, tuner.url)
        done = sweetchat(*words, OPENAI_API_KEY="sk-x")
        tuner.silent = 99
        given_up = sweetchat(*words, OPENAI_API_KEY="sk-x")
    assert (done.code, done.out) == (0, "ft:base-1:me\n"), done.err
    assert "(3/5)" in done.err and "(4/5)" not in done.err
    assert given_up.code in (69, 75) and "(4/5)" in given_up.err


def test_a_config_is_changed_where_it_is_and_stays_as_private(  # type: ignore[no-untyped-def]
    tmp_path: Path,
) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.write_text('theme = "light"\n', encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    remembering.model(link, "ft:me")
    assert link.is_symlink() and real.read_text("utf-8") == 'model = "ft:me"\ntheme = "light"\n'
    assert real.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "dotfiles.toml.before").read_text("utf-8") == 'theme = "light"\n'


def test_pieces_of_dialogues_are_refused(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    corpus = prepared(tmp_path / "corpus")
    path = data.path_of(corpus, "train")
    whole = pq.read_table(path)
    pq.write_table(
        whole.filter([turn != 1 or at > 9 for at, turn in enumerate(whole["turn"].to_pylist())]), path
    )
    done = sweetchat("lab", "gpt-data", "--data", str(corpus), "-o", str(tmp_path / "out"))
    assert (done.code, "--split original" in done.err) == (2, True)


def test_a_dangerous_answer_is_no_example(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    corpus = prepared(tmp_path / "corpus")
    for part in ("train", "validation"):
        rows = pq.read_table(data.path_of(corpus, part)).to_pylist()
        rows[1]["text"] = "그냥 같이 죽어 버릴까?"
        pq.write_table(pa.Table.from_pylist(rows, data.SCHEMA), data.path_of(corpus, part))
    done = sweetchat("lab", "gpt-data", "--data", str(corpus), "-o", str(tmp_path / "out"))
    assert done.code == 0 and "위험한 말이 있는 대화 2개의 대답 4개" in done.err
    assert "죽어 버릴까" not in (tmp_path / "out" / "train.jsonl").read_text("utf-8")


def test_a_file_that_is_none_is_refused_with_its_line(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    good = json.dumps({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]})
    (tmp_path / "train.jsonl").write_text("\n".join([good] * 10 + ['{"messages": []}']) + "\n")
    done = sweetchat("lab", "gpt-tune", "start", str(tmp_path), "-m", "x", OPENAI_API_KEY="sk-x")
    assert (done.code, "11째 줄" in done.err) == (65, True)
    assert sweetchat("lab", "gpt-tune", "start", str(tmp_path / "no"), "-m", "x").code == 66


def line(role: object = "user") -> str:
    said = [{"role": role, "content": "망했어"}, {"role": "assistant", "content": "속상했겠어."}]
    return json.dumps({"messages": said}, ensure_ascii=False)


def of(*lines: bytes) -> bytes:
    return b"\n".join([*([line().encode()] * 10), *lines]) + b"\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (of(line().encode("cp949")), "11째 줄이 맞지 않아요: UTF-8"),
        (of(b"\xff", b"{}"), "11째 줄이 맞지 않아요: UTF-8"),
        (of(line().encode())[:-3] + b"\xea\n", "11째 줄이 맞지 않아요: UTF-8"),
        (of().decode().encode("cp949"), "1째 줄이 맞지 않아요: UTF-8"),
        (of().decode().encode("utf-16"), "1째 줄이 맞지 않아요: UTF-8"),
        (of(line(role=["user"]).encode()), "11째 줄이 맞지 않아요: role"),
        (of(b"[" * 100_000), "11째 줄이 맞지 않아요: messages"),
    ],
)
def test_a_file_with_a_line_that_nobody_can_read_is_one_sentence(
    tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "train.jsonl").write_bytes(content)
    with pytest.raises(Unreadable, match=told):
        gpt_data.check(tmp_path / "train.jsonl")


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + of(),
        of().replace(b"\n", b"\r\n"),
        of(b'{"messages": [{"role": "user", "content": "\\ud83d"}, {"role": "assistant", "content": "b"}]}'),
    ],
)
def test_what_an_editor_leaves_in_a_file_is_fine(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "train.jsonl").write_bytes(content)
    assert gpt_data.check(tmp_path / "train.jsonl") >= 10
