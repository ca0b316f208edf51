"""`sweetchat doctor`: tells what is wrong of a machine that really is so, and leaves it as it was."""

import http.server
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bert_stage import FIXTURE, copied
from terminal import Terminal

KEY = "sk-doctor-secret-1"


def rows(done: Any) -> dict[str, dict[str, Any]]:
    assert KEY not in done.out + done.err
    return {row["name"]: row for row in json.loads(done.out)["rows"]}


def tree(home: Path) -> dict[str, tuple[int, int, int]]:
    """Everything below a folder: mode, size and when it was changed."""
    found = {}
    for path in home.rglob("*"):
        status = path.lstat()
        found[str(path)] = (status.st_mode, status.st_size, status.st_mtime_ns)
    return found


def configured(own_home: Path, text: str) -> Path:
    file = own_home / "config" / "sweetchat" / "config.toml"
    file.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


@contextmanager
def provider(status: int = 200, models: tuple[str, ...] = ("m-1",)) -> Iterator[tuple[str, list[str]]]:
    """A provider on loopback: its address, and the keys that it was sent."""
    heard: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(f"{self.path} {self.headers.get('authorization')}")
            body = json.dumps({"data": [{"id": m} for m in models]} if status == 200 else {"error": "no"})
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1", heard
        server.shutdown()


def local(address: str, more: str = "") -> str:
    return f'[provider]\nuse = "local"\n[provider.local]\nbase_url = "{address}"\nmodel = "m-1"\n{more}'


def test_a_fresh_machine_is_fine_and_stays_fresh(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("doctor")
    assert done.code == 0, done.out
    assert "[고장]" not in done.out and "[확인] 대답: 키가 없어서" in done.out and "auth set" in done.out
    assert list(own_home.iterdir()) == []


def test_what_was_used_is_told_and_left_untouched(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    sweetchat("ask", "면접에서 떨어졌어")
    sweetchat("auth", "set", stdin=f"{KEY}\n")
    before = tree(own_home)
    found = rows(sweetchat("doctor", "--json"))
    assert tree(own_home) == before
    assert {row["state"] for row in found.values()} == {"fine"}
    assert (found["journal"]["facts"]["conversations"], found["journal"]["facts"]["messages"]) == (1, 1)
    assert found["provider"]["facts"]["key"].endswith("credentials.json")
    assert found["provider"]["facts"]["reached"] is None
    assert found["classifier"]["facts"]["classifier"] == "lite-1"
    assert found["program"]["facts"]["typer"]


def test_a_journal_that_is_in_use_is_read_and_left_untouched(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    sweetchat("ask", "면접에서 떨어졌어")
    (file,) = own_home.rglob("journal.db")
    with sqlite3.connect(file) as other:
        other.execute("UPDATE conversations SET title = 'x'")
        other.commit()
        before = tree(own_home)
        found = rows(sweetchat("doctor", "--json"))["journal"]
        assert (found["state"], found["facts"]["in_use"]) == ("fine", True)
        assert {path: seen[:2] for path, seen in tree(own_home).items()} == {
            path: seen[:2] for path, seen in before.items()
        }


def test_an_encrypted_journal_is_no_damaged_one_and_no_passphrase_is_asked_for(
    sweetchat, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    pytest.importorskip("sqlcipher3")
    sweetchat("ask", "안녕")
    monkeypatch.setenv("SWEETCHAT_PASSPHRASE", "네 마디로 된 암호")
    assert sweetchat("history", "encrypt", "--yes").code == 0
    monkeypatch.delenv("SWEETCHAT_PASSPHRASE")
    found = rows(sweetchat("doctor", "--json"))["journal"]
    assert found["state"] == "fine" and found["facts"]["encrypted"] is True


def test_a_damaged_journal_is_told_with_its_cure(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    sweetchat("ask", "면접에서 떨어졌어")
    (file,) = own_home.rglob("journal.db")
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    done = sweetchat("doctor")
    assert done.code == 74 and "[고장] 대화 기록" in done.out and "history check --repair" in done.out
    assert file.read_bytes() == data


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("clasifier = 'lite'", 78, "config.toml:1"),
        ("lang = ko", 78, "1번째 줄"),
        ('[keys]\nsearch = "f1"', 78, "config.toml:2"),
        ('provider = "none"', 78, "그런 프로필이 없어요"),
        ('classifier = "owner/none"', 66, "models pull"),
        ('device = "cuda"\nclassifier = "lite"', 2, "내장 모델은 cuda로"),
        (local("http://example.org/v1"), 78, "암호화하지 않고"),
        (local("https://example.org/v1", 'api_key_env = "NONE"'), 77, "auth set local"),
        (local("https://example.org/v1", "parameters = { stream = false }"), 78, "parameters"),
    ],
)
def test_what_is_set_up_wrongly_is_broken_with_the_code_of_who_would_fail_by_it(  # type: ignore[no-untyped-def]
    sweetchat, own_home: Path, text: str, code: int, said: str
) -> None:
    configured(own_home, text)
    done = sweetchat("doctor")
    assert (done.code, said in done.out, "→" in done.out) == (code, True, True), done.out


def test_a_checkpoint_is_told_to_be_prepared_and_measured_or_not(  # type: ignore[no-untyped-def]
    sweetchat, own_home: Path, tmp_path: Path
) -> None:
    configured(own_home, f'classifier = "{FIXTURE}"')
    before = tree(own_home)
    done = sweetchat("doctor")
    assert done.code == 0 and "아직 준비하지 않았어요" in done.out and "models convert" in done.out
    assert tree(own_home) == before
    sweetchat("models", "convert", str(FIXTURE))
    before = tree(own_home)
    found = rows(sweetchat("doctor", "--json"))["classifier"]
    assert (found["state"], found["facts"]["prepared"]) == ("fine", ["fp32", "int8"])
    assert found["facts"]["int8_agreement"] is None
    assert tree(own_home) == before
    sweetchat("models", "verify", str(FIXTURE))
    found = rows(sweetchat("doctor", "--json"))["classifier"]
    assert 0.5 < found["facts"]["int8_agreement"] <= 1
    broken = copied(tmp_path / "broken", hidden_size="wide", model_type="bert")
    (broken / "config.json").write_text("{")
    assert sweetchat("doctor", SWEETCHAT_CLASSIFIER=str(broken)).code == 65


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_what_others_could_read_is_told(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    sweetchat("auth", "set", stdin=f"{KEY}\n")
    (file,) = own_home.rglob("credentials.json")
    file.parent.chmod(0o755)
    found = rows(sweetchat("doctor", "--json"))
    assert (found["folders"]["state"], found["folders"]["hint"]) == ("look", f"chmod 700 {file.parent}")
    file.chmod(0o644)
    done = sweetchat("doctor")
    assert done.code == 78 and f"chmod 600 {file}" in done.out


def test_a_folder_that_cannot_be_written_is_broken(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    (own_home / "data").write_text("a file where a folder should be")
    done = sweetchat("doctor")
    assert (done.code, "쓸 수 없는 폴더" in done.out) == (74, True)


def test_the_provider_is_asked_only_when_told_to(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    with provider() as (address, heard):
        configured(own_home, local(address))
        found = rows(sweetchat("doctor", "--json", SWEETCHAT_API_KEY=KEY))["provider"]
        assert (heard, found["facts"]["reached"], found["facts"]["key"]) == ([], None, "SWEETCHAT_API_KEY")
        found = rows(sweetchat("doctor", "--json", "--online", SWEETCHAT_API_KEY=KEY))["provider"]
        assert (found["state"], found["facts"]["reached"]) == ("fine", True)
        assert heard == [f"/v1/models Bearer {KEY}"]


@pytest.mark.parametrize(
    ("status", "models", "code", "said"),
    [
        (401, (), 77, "키를 받아 주지 않아요"),
        (500, (), 75, "지금 답하지 못해요"),
        (200, ("m-2",), 0, "m-2"),
        (404, (), 0, "닿았어요"),
    ],
)
def test_what_the_provider_says_is_told(  # type: ignore[no-untyped-def]
    sweetchat, own_home: Path, status: int, models: tuple[str, ...], code: int, said: str
) -> None:
    with provider(status, models) as (address, _):
        configured(own_home, local(address))
        done = sweetchat("doctor", "--online", SWEETCHAT_API_KEY=KEY)
    assert (done.code, said in done.out, KEY in done.out) == (code, True, False), done.out


def test_one_that_is_gone_is_told(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    configured(own_home, local("http://127.0.0.1:9/v1"))
    assert sweetchat("doctor").code == 0
    assert sweetchat("doctor", "--online").code == 69


def test_a_command_for_the_key_is_run_only_when_told_to(sweetchat, own_home: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    ran = tmp_path / "ran"
    script = tmp_path / "key.sh"
    script.write_text(f"#!/bin/sh\necho {KEY}; echo >> {ran}\n")
    script.chmod(0o755)
    with provider() as (address, heard):
        configured(own_home, local(address, f'api_key_command = "{script}"'))
        found = rows(sweetchat("doctor", "--json"))["provider"]
        assert (found["state"], found["facts"]["key"], ran.exists()) == ("fine", "api_key_command", False)
        assert rows(sweetchat("doctor", "--json", "--online"))["provider"]["state"] == "fine"
        assert ran.exists() and heard == [f"/v1/models Bearer {KEY}"]


def test_a_terminal_is_told_as_it_is(own_home: Path) -> None:
    with Terminal("doctor", columns=100, rows=30) as terminal:
        terminal.shows("100×30 · 16,777,216색", "다 잘 돼요")
        assert terminal.ended() == 0
    with Terminal("doctor", columns=50, rows=30, LC_ALL="C.UTF-8", NO_COLOR="1") as terminal:
        terminal.shows("0색", "60×20보다 크게")
        terminal.ended()
    with Terminal("doctor", columns=100, rows=30, LC_ALL="POSIX") as terminal:
        terminal.shows("LANG=ko_KR.UTF-8")
        terminal.ended()
