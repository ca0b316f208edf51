"""An answer of 2,000 tokens that streams into the app from a provider on loopback, in a pseudo-terminal.

Two answers: one is only watched, and what it cost is counted; while the other comes, keys are pressed,
and each is waited for until it shows. Beside it runs the rival, a bare Textual app that shows the same
pieces at the same pace without a provider, a journal or a conversation; keys are pressed in both in turn.
"""

import json
import multiprocessing
import os
import select
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pexpect
from timing import installed

TOKENS = 2_000
PER_SECOND = 100
END = "끝이에요"
RIVAL = str(Path(__file__).parent / "rivals" / "bare_streaming.py")
SENTENCES = (
    "그랬구나, 오늘 하루 정말 길었겠다. 네 말을 들으니까 나도 마음이 무거워. 서두르지 않아도 돼.\n\n",
    "어떤 부분이 제일 속상했어? 나는 여기 있을게. 아무도 몰라준다고 느낄 때가 제일 외롭잖아. ",
    "네가 얼마나 애썼는지 나는 알아. 그러니까 오늘은 너한테 조금만 다정하게 굴자.\n\n",
    "그 사람도 아마 몰라서 그랬을 거야. 그래도 서운한 건 서운한 거지. 언제든 말해.\n\n",
    "- 먼저 따뜻한 물 한 잔\n- 그다음 **잠깐** 쉬기\n- 천천히 이야기하기\n\n",
)


def pieces() -> Iterator[str]:
    """As many pieces as there are tokens, about as long as those of a model, and a last one to wait for."""
    text = "".join(SENTENCES) * 200
    yield from (text[at : at + 2] for at in range(0, 2 * TOKENS - 2, 2))
    yield "\n\n" + END


class Provider(BaseHTTPRequestHandler):
    """Answers everything with the same stream."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        started = time.monotonic()
        for at, piece in enumerate(pieces()):
            time.sleep(max(0.0, started + at / PER_SECOND - time.monotonic()))
            delta = {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
            self.wfile.write(b"data: " + json.dumps(delta).encode() + b"\n\n")
        end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        self.wfile.write(b"data: " + json.dumps(end).encode() + b"\n\ndata: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        pass


class App:
    """An app in a pseudo-terminal, read as fast as it writes."""

    def __init__(self, command: str, words: list[str], home: str) -> None:
        environment = os.environ | {"HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        environment |= {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        self._child = pexpect.spawn(command, words, env=environment, dimensions=(40, 120))
        self._seen = b""

    def until(self, text: str, seconds: float = 60) -> float:
        """Wait until a text is written on the screen; when that was."""
        wanted, end = text.encode(), time.perf_counter() + seconds
        while wanted not in self._seen:
            if time.perf_counter() > end:
                sys.exit(f"{text} never showed")
            if select.select([self._child.child_fd], [], [], 0.5)[0]:
                self._seen = self._seen[-64:] + os.read(self._child.child_fd, 1 << 16)
        self._seen = b""
        return time.perf_counter()

    def rest(self, seconds: float) -> None:
        """Read on for a while, so that the app never waits for its terminal."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._child.child_fd], [], [], left)[0]:
                os.read(self._child.child_fd, 1 << 16)

    def type(self, text: str) -> float:
        """Press keys; when that was."""
        self._child.send(text)
        return time.perf_counter()

    def cpu_s(self) -> float:
        """What the app has cost so far."""
        fields = Path(f"/proc/{self._child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        self._child.kill(signal.SIGKILL)  # a busy machine is too slow for the patience of `close`
        self._child.wait()


def sweetchat(home: str, port: int) -> App:
    """Ours, ready to be talked to."""
    file = Path(home) / "config.toml"
    server = f'base_url = "http://127.0.0.1:{port}/v1"\nmodel = "bench"\n'
    file.write_text(f"[provider.bench]\n{server}", encoding="utf-8")
    words = ["--config", str(file), "chat", "--private", "--provider", "bench"]
    app = App(installed("sweetchat"), words, home)
    app.until("보내요")
    return app


def bare(home: str) -> App:
    """The rival, which begins when Enter is pressed."""
    app = App(sys.executable, [RIVAL], home)
    app.until("ready")
    return app


def cost(app: App, asked: str) -> float:
    """Core-seconds for 100 tokens of an answer that nobody types into."""
    app.rest(1)
    app.type(asked)
    app.until("그랬구나")
    before = app.cpu_s()
    app.until(END)
    return (app.cpu_s() - before) / (TOKENS / 100)


def latencies_ms(apps: list[App], asked: list[str]) -> list[list[float]]:
    """Of keys that are pressed in each app in turn while its answer comes: syllables that no answer has."""
    for app, text in zip(apps, asked, strict=True):
        app.rest(1)
        app.type(text)
    found: list[list[float]] = [[] for _ in apps]
    for n in range(TOKENS // PER_SECOND * 3 // 2):
        for app, waits in zip(apps, found, strict=True):
            key = chr(ord("뷁") + n)
            pressed = app.type(key)
            waits.append((app.until(key) - pressed) * 1000)
            for each in apps:
                each.rest(0.12)
    return found


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    provider = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
    provider.start()
    with tempfile.TemporaryDirectory() as home:
        apps = [sweetchat(home, server.server_port), bare(home)]
        asked = ["오늘 힘들었어\r", "\r"]
        costs = [cost(app, text) for app, text in zip(apps, asked, strict=True)]
        waits = latencies_ms(apps, asked)
        for app in apps:
            app.close()
    provider.terminate()
    for name, used, waited in zip(("sweetchat", "a bare Textual app"), costs, waits, strict=True):
        p95 = statistics.quantiles(waited, n=20)[-1]
        print(
            f"{name:20} CPU for 100 tokens at {PER_SECOND}/s {used:.3f} core-seconds; a key meanwhile: "
            f"median {statistics.median(waited):.0f} ms, p95 {p95:.0f} ms, most {max(waited):.0f} ms "
            f"({len(waited)} keys)"
        )


if __name__ == "__main__":
    main()
