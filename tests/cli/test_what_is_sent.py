"""What leaves this machine: shown word for word, encrypted or allowed by name, and to nobody else."""

import gzip
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sweetchat_tui import paths

SAID = {"choices": [{"index": 0, "delta": {"content": "그랬구나"}, "finish_reason": "stop"}]}
SSE = f"data: {json.dumps(SAID)}\n\ndata: [DONE]\n\n".encode()


class Provider(http.server.ThreadingHTTPServer):
    """A provider on loopback that keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[object] = []
        self.answer: bytes = SSE
        self.headers: dict[str, str] = {}
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def do_POST(self) -> None:
                provider.sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                for name, value in provider.headers.items():
                    self.send_header(name, value)
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(provider.answer)

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@pytest.fixture
def provider(own_home: Path) -> Iterator[Provider]:
    with Provider() as found:
        configure(own_home, f'[provider.mine]\nbase_url = "{found.url}"\nmodel = "m-1"\n')
        yield found
        found.shutdown()


def configure(home: Path, text: str) -> None:
    file = home / "config" / "sweetchat" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_what_is_shown_is_what_is_sent_to_the_letter(sweetchat, provider: Provider) -> None:  # type: ignore[no-untyped-def]
    paths._dirs.cache_clear()
    words = ("ask", "--provider", "mine", "면접에서 떨어졌어 ;; 기쁨")
    shown = sweetchat(*words, "--dry-run", SWEETCHAT_API_KEY="sk-canary")
    assert shown.code == 0, shown.err
    assert provider.sent == [] and "sk-canary" not in shown.out + shown.err
    (document,) = shown.rows
    assert document["host"] == provider.url.split("/")[2]
    asked = sweetchat(*words, SWEETCHAT_API_KEY="sk-canary")
    assert asked.code == 0 and asked.out.strip() == "그랬구나"
    assert provider.sent == [document["request"]]


def test_a_dry_run_keeps_nothing_and_goes_on_from_what_was_kept(sweetchat, provider: Provider) -> None:  # type: ignore[no-untyped-def]
    sweetchat("ask", "--provider", "mine", "첫 말이야")
    shown = sweetchat("ask", "-C", "--provider", "mine", "--dry-run", "두 번째 말이야")
    said = [message["content"] for message in shown.rows[0]["request"]["messages"][1:]]
    assert said == ["첫 말이야", "그랬구나", "두 번째 말이야"]
    assert "두 번째" not in sweetchat("history", "search", "두 번째", "--json").out
    assert len(provider.sent) == 1


def test_the_embedded_friend_sends_nothing_and_says_so(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("ask", "--dry-run", "안녕")
    assert done.rows == [{"schema": 1, "host": None, "request": None}]
    assert "아무것도 보내지 않아요" in done.err


@pytest.mark.parametrize(
    ("address", "extra", "allowed"),
    [
        ("http://192.0.2.7:1/v1", "", False),
        ("http://example.org/v1", "", False),
        ("http://127.0.0.1.example.org/v1", "", False),
        ("http://192.0.2.7:1/v1", "allow_http = true\n", True),
        ("https://192.0.2.7:1/v1", "", True),
        ("http://127.0.0.1:1/v1", "", True),
        ("http://localhost:1/v1", "", True),
        ("http://[::1]:1/v1", "", True),
    ],
)
def test_words_go_unencrypted_to_no_other_machine_unless_allowed_by_name(  # type: ignore[no-untyped-def]
    sweetchat, own_home: Path, address: str, extra: str, allowed: bool
) -> None:
    configure(own_home, f'[provider.far]\nbase_url = "{address}"\nmodel = "m"\n{extra}')
    done = sweetchat("ask", "--provider", "far", "--dry-run", "안녕")
    if allowed:
        assert done.code == 0, done.err
    else:
        assert (done.code, done.out) == (78, "") and "allow_http" in done.err
    assert sweetchat("classify", "안녕").code == 0  # which sends nothing anyway


def test_an_answer_that_is_packed_or_without_end_is_not_taken_in(sweetchat, provider: Provider) -> None:  # type: ignore[no-untyped-def]
    provider.answer = gzip.compress(b"\0" * 50_000_000)
    provider.headers = {"Content-Encoding": "gzip"}
    packed = sweetchat("ask", "--provider", "mine", "안녕")
    assert packed.code in (69, 75) and packed.out == ""
    assert "Traceback" not in packed.err
    provider.headers = {}
    provider.answer = (
        SSE.split(b"data: [DONE]")[0].replace(b'"stop"', b"null") + b"data: " + b"x" * 70_000_000
    )
    endless = sweetchat("ask", "--provider", "mine", "안녕")
    assert endless.code in (69, 75) and "그랬구나" in endless.out
    assert "그랬구나" in sweetchat("history", "search", "그랬구나").out
