"""A key is in nothing that a run leaves, prints or shows, whatever goes wrong."""

import base64
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

KEY = "sk-canary-Qw7Zr2Lx9Vb4Nm6"
STATUSES = (200, 302, 401, 500)


class Echo(http.server.BaseHTTPRequestHandler):
    """A provider that throws the key back in everything that it says."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer()

    def _answer(self) -> None:
        status = self.server.status  # type: ignore[attr-defined]
        sent = self.headers.get("Authorization", "")
        self.server.keys.append(sent)  # type: ignore[attr-defined]
        if status == 200:
            said = {"choices": [{"index": 0, "delta": {"content": "응"}, "finish_reason": "stop"}]}
            body, kind = f"data: {json.dumps(said)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream"
        else:
            told = f"Incorrect API key provided: {sent} {KEY}"
            body, kind = (
                json.dumps({"error": {"message": told, "code": KEY, "type": sent}}).encode(),
                "application/json",
            )
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Request-Id", KEY)
        if status == 302:
            self.send_header("Location", f"http://127.0.0.1:9/{KEY}")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def echo(own_home: Path) -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        server.status, server.keys = 200, []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        file = own_home / "config" / "sweetchat" / "config.toml"
        file.parent.mkdir(parents=True)
        address = f"http://127.0.0.1:{server.server_address[1]}/v1"
        file.write_text(f'[provider.openai]\nbase_url = "{address}"\n', encoding="utf-8")
        yield server
        server.shutdown()


def forms(key: str) -> list[bytes]:
    """The key as it is, in pieces, and as it would be packed."""
    plain = key.encode()
    half = len(plain) // 2
    packed = [base64.b64encode(plain[at:]).rstrip(b"=")[:-2] for at in range(3)]
    return [plain[:half], plain[half:], plain[::-1], plain.hex().encode(), *packed]


def assert_clean(where: str, content: bytes) -> None:
    found = [form for form in forms(KEY) if form in content]
    assert not found, (where, found)


@pytest.mark.parametrize("status", STATUSES)
def test_no_run_tells_the_key(
    sweetchat, own_home: Path, echo: http.server.ThreadingHTTPServer, status: int
) -> None:  # type: ignore[no-untyped-def]
    stored = sweetchat("auth", "set", stdin=f"{KEY}\n")
    assert_clean("auth set", (stored.out + stored.err).encode())
    echo.status = status  # type: ignore[attr-defined]
    for words in (
        ("ask", "안녕"),
        ("ask", "--debug", "안녕"),
        ("ask", "--json", "안녕"),
        ("ask", "--dry-run", "안녕"),
        ("chat", "--plain", "--new"),
        ("config", "show", "--json"),
        ("auth", "status"),
        ("history", "export", "--all"),
        ("history", "search", "안녕"),
        ("history", "list", "--json"),
    ):
        done = sweetchat(*words, stdin="안녕\n/끝\n" if words[0] == "chat" else "")
        assert_clean(" ".join(words), (done.out + done.err).encode())
    assert f"Bearer {KEY}" in echo.keys  # type: ignore[attr-defined]
    credentials = own_home / "config" / "sweetchat" / "credentials.json"
    assert KEY in credentials.read_text("utf-8")
    for path in own_home.rglob("*"):
        if path.is_file() and path != credentials:
            assert_clean(str(path), path.read_bytes())


def test_a_key_of_the_environment_is_in_no_childs_command_line(own_home: Path) -> None:
    """`api_key_command` gets no key, and no child is started with one in its words."""
    program = (
        "import sys; heard = []\n"
        "sys.addaudithook(lambda e, a: heard.append(repr(a)) if e in ('subprocess.Popen', 'os.exec',"
        " 'os.posix_spawn', 'os.system') else None)\n"
        "from sweetchat_tui.cli import main\n"
        "try: main(['ask', '--dry-run', '--provider', 'openai', '안녕'])\n"
        "except SystemExit: pass\n"
        "print(heard, file=sys.stderr)\n"
    )
    import os

    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program],
        env=os.environ | {"OPENAI_API_KEY": KEY},
        capture_output=True,
        check=True,
    )
    assert_clean("children", done.stderr)
    assert_clean("stdout", done.stdout)
