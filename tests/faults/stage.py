"""The installed program as a process, a provider that does what it is told, and what is left afterwards."""

import json
import os
import resource
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.journal import Journal

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def chunk(text: str, finish: str | None = None) -> bytes:
    """One event of a streamed answer."""
    said = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
    return b"data: " + json.dumps(said, ensure_ascii=False).encode() + b"\n\n"


Behaviour = Callable[["Line"], None]


class Line:
    """One connection of the provider's."""

    def __init__(self, handler: socketserver.StreamRequestHandler, provider: "Provider") -> None:
        self._handler = handler
        self._provider = provider

    def send(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def hold(self) -> None:
        """Say nothing until the test lets go."""
        self._provider.let_go.wait(60)


class Provider(socketserver.ThreadingTCPServer):
    """Reads a request, then does what it is told."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.asked = threading.Event()
        self.let_go = threading.Event()
        self.heads: list[str] = []
        provider = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    if not (line := self.rfile.readline()):
                        return
                    head += line
                text = head.decode("latin-1").lower()
                length = next(
                    (ln.split(":")[1] for ln in text.splitlines() if ln.startswith("content-length")), "0"
                )
                self.rfile.read(int(length))
                provider.heads.append(text)
                provider.asked.set()
                try:
                    provider.behaviour(Line(self, provider))
                except OSError:
                    return  # who asked is gone

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.let_go.set()
        self.shutdown()
        self.server_close()


@contextmanager
def provider(home: Path, behaviour: Behaviour, timeout_s: float = 3) -> Iterator[Provider]:
    """A provider, named `told` in the configuration of this home."""
    with Provider(behaviour) as server:
        file = home / "config" / "sweetchat" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f'[provider]\nuse = "told"\n[provider.told]\nmodel = "m"\ntimeout_s = {timeout_s}\n'
            f'base_url = "http://127.0.0.1:{server.server_address[1]}/v1"\n',
            encoding="utf-8",
        )
        yield server


@dataclass
class Ended:
    """A run that is over, with what it took."""

    code: int
    out: str
    err: str
    peak_mb: float
    seconds: float


def command(*words: str, before: str = "") -> list[str]:
    """The program, or the program after some Python in the same process."""
    if not before:
        return [sys.executable, "-X", "utf8", "-m", "sweetchat_tui", *words]
    program = f"import sys\n{before}\nfrom sweetchat_tui.cli import main\nmain(sys.argv[1:])\n"
    return [sys.executable, "-X", "utf8", "-c", program, *words]


def started(*words: str, before: str = "", **variables: str) -> subprocess.Popen[bytes]:
    """The program, started and not waited for."""
    return subprocess.Popen(
        command(*words, before=before),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | variables,
    )


def run(*words: str, before: str = "", seconds: float = 60, **variables: str) -> Ended:
    """The program to its end; one that does not end in time fails the test."""
    begun = time.monotonic()
    done = subprocess.run(
        command(*words, before=before),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=os.environ | variables,
        timeout=seconds,
        check=False,
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    ended = Ended(
        done.returncode,
        done.stdout.decode("utf-8", "replace"),
        done.stderr.decode("utf-8", "replace"),
        peak,
        time.monotonic() - begun,
    )
    assert "Traceback" not in ended.err, ended.err
    return ended


def journal_file(home: Path) -> Path:
    return home / "data" / "sweetchat" / "journal.db"


def kept(home: Path) -> list[Turn]:
    """Every turn in the journal, as the next program finds it."""
    with Journal.open(journal_file(home)) as journal:
        return [
            turn for summary in journal.conversations(-1) for turn in journal.conversation(summary.id).turns
        ]


def talk(home: Path, count: int = 60) -> Conversation:
    """A journal with a conversation of this many turns."""
    conversation = Conversation(
        tuple(Turn(f"{number}번째로 한 말이야. " + "오늘도 힘들었어. " * 3) for number in range(count))
    )
    with Journal.open(journal_file(home)) as journal:
        for turn in conversation.turns:
            journal.keep(conversation.id, turn)
    return conversation


def until(holds: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def killed_at(where: str, call: int = 1) -> str:
    """Python that kills its own process, as the power does, when a function is called for the nth time.

    Args:
        where: `module:function` or `module:Class.method`.
    """
    module, _, name = where.partition(":")
    return (
        f"import importlib, os, signal\n"
        f"owner = importlib.import_module({module!r})\n"
        f"*path, last = {name!r}.split('.')\n"
        f"for part in path: owner = getattr(owner, part)\n"
        f"real, calls = getattr(owner, last), []\n"
        f"def deadly(*a, **k):\n"
        f"    calls.append(1)\n"
        f"    if len(calls) == {call}: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"    return real(*a, **k)\n"
        f"setattr(owner, last, deadly)\n"
    )
