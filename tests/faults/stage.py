"""The installed program as a process, a provider whose every byte is scripted, and what a fault cost."""

import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import warm
from provider_stage import DONE, KEY, chunk
from terminal import Terminal

from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.journal import Journal

CHILD = str(Path(__file__).parent / "child")
ANSWERED = " · m-1\n"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
WHOLE = HEAD + chunk("그랬구나.") + chunk("", "stop") + DONE

Script = Callable[["Talk"], None]


class Talk:
    """One request, and what is said to it."""

    def __init__(self, connection: socket.socket, number: int, head: str, body: bytes) -> None:
        self.number = number
        """Requests before it."""
        self.head = head
        """Request line and headers."""
        self.words = json.loads(body)["messages"][-1]["content"] if body else ""
        """What the person said."""
        self._connection = connection
        self.gone = threading.Event()
        """Set when whoever asked has hung up."""

    def send(self, data: bytes) -> None:
        """Send, unless whoever asked has hung up."""
        try:
            self._connection.sendall(data)
        except OSError:
            self.gone.set()

    def say(self, *words: str) -> None:
        """Send words, one chunk each."""
        for word in words:
            self.send(chunk(word))

    def end(self) -> None:
        """End the answer well."""
        self.send(chunk("", "stop") + DONE)

    def hold(self, seconds: float = 300) -> None:
        """Keep the connection open and say nothing until the other side hangs up."""
        self._connection.settimeout(seconds)
        with suppress(OSError):
            while self._connection.recv(65536):
                pass
        self.gone.set()


class Provider:
    """A server on loopback that answers each request by a script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.heads: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data:
                if not (piece := connection.recv(65536)):
                    return
                data += piece
            head, _, body = data.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:])
            while (left := int(fields.get("content-length", 0)) - len(body)) > 0:
                if not (piece := connection.recv(left)):
                    return
                body += piece
            self.heads.append(head.decode())
            self.script(Talk(connection, len(self.heads) - 1, head.decode(), body))


@contextmanager
def provider(script: Script | bytes, home: Path, timeout_s: float = 30) -> Iterator[Provider]:
    """Such a server, which the configuration of this home names as the one that answers."""
    server = Provider((lambda talk: talk.send(script)) if isinstance(script, bytes) else script)
    folder = home / "config" / "sweetchat"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(
        f'classifier = "lite"\n[provider]\nuse = "local"\n[provider.local]\nbase_url = "{server.base_url}"\n'
        f'model = "m-1"\napi_key_env = "FAULT_KEY"\ntimeout_s = {timeout_s}\n',
        encoding="utf-8",
    )
    try:
        yield server
    finally:
        server.close()


@dataclass(frozen=True)
class Ended:
    """A process that has ended, and what it took."""

    code: int
    """The exit code; the signal that ended it, negated."""
    out: str
    err: str
    seconds: float
    cpu_s: float
    """Of the processor; other programs on the machine make it no longer."""
    peak_mb: float


Figures = Callable[[Ended], None]


def environment(**faults: str) -> dict[str, str]:
    """The variables with which a process is started that may be told to break."""
    there = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join(filter(None, [CHILD, str(Path(__file__).parents[2]), there]))
    return {"PYTHONPATH": path, "FAULT_KEY": KEY, **faults}


def start(*words: str, typed: str = "", **faults: str) -> "subprocess.Popen[bytes]":
    """Start the program with a standard input, to be given to `finish`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sweetchat_tui", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | environment(**faults),
    )
    assert process.stdin
    with suppress(BrokenPipeError), process.stdin:
        process.stdin.write(typed.encode())
    return process


def finish(process: "subprocess.Popen[bytes]", started: float, seconds: float = 300) -> Ended:
    """Read a process to its end; one that takes longer than it may is killed and fails."""
    guard = threading.Timer(seconds, process.kill)
    guard.start()
    assert process.stdout and process.stderr
    told: dict[str, bytes] = {}
    err = threading.Thread(target=lambda: told.update(err=process.stderr.read()))  # type: ignore[union-attr]
    err.start()
    out = process.stdout.read()
    err.join()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    took = time.monotonic() - started
    assert guard.is_alive(), f"still running after {seconds} s: {told['err'].decode()[-500:]}"
    guard.cancel()
    cpu_s = usage.ru_utime + usage.ru_stime
    return Ended(process.returncode, out.decode(), told["err"].decode(), took, cpu_s, usage.ru_maxrss / 1024)


def run(*words: str, seconds: float = 300, typed: str = "", **faults: str) -> Ended:
    """Run the program to its end.

    Args:
        seconds: how long it may take.
        typed: its standard input.
        faults: variables of `sitecustomize`, and others.
    """
    started = time.monotonic()
    return finish(start(*words, typed=typed, **faults), started, seconds)


MOST_MB = 260
"""Of a program that asks a provider; a good answer takes 110."""


def reply(home: Path) -> Reply | None:
    """The reply to the one turn of `asked`."""
    (turn,) = turns(home)
    assert turn.text == "면접에서 떨어졌어"
    return turn.reply


def asked(
    home: Path, script: Script | bytes, cpu_s: float = 15, timeout_s: float = 30, most_mb: float = MOST_MB
) -> Ended:
    """One turn with such a provider: with bounded work, in bounded memory, and with no trace."""
    with provider(script, home, timeout_s):
        ended = run("ask", "면접에서 떨어졌어")
    assert "Traceback" not in ended.err and KEY not in ended.err
    # Linux begins a child's peak with its parent's: one that has loaded torch sees no less than its own.
    own_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert ended.peak_mb < max(most_mb, own_mb + 1), ended.peak_mb
    assert ended.cpu_s < cpu_s, ended.cpu_s
    return ended


@dataclass(frozen=True)
class Heard:
    """What a person heard of one of several turns."""

    err: str
    """What was said beside the answer."""
    reply: Reply | None
    """What the journal has."""


def talked(home: Path, scripts: Mapping[str, Script | bytes], seconds: float = 300) -> dict[str, Heard]:
    """One process, in which something is said to each of these providers, in a conversation of its own.

    Args:
        scripts: by the words that are answered by it.
    """

    def script(talk: Talk) -> None:
        answer = scripts[talk.words]
        talk.send(answer) if isinstance(answer, bytes) else answer(talk)

    with provider(script, home):
        lines = "".join(f"/새\n{said}\n" for said in scripts)
        ended = run("chat", "--plain", seconds=seconds, typed=lines)
    assert ended.code == 0 and "Traceback" not in ended.err and KEY not in ended.err
    told = ended.err.split("새 대화예요.\n")[1:]
    kept = {turn.text: turn.reply for turn in sorted(turns(home), key=lambda turn: turn.at)}
    assert list(kept) == list(scripts), "each is in the journal"
    printed = "".join(reply.text + "\n" for reply in kept.values() if reply)
    assert ended.out == printed, "what is kept is what was printed"
    return {said: Heard(err, kept[said]) for said, err in zip(scripts, told, strict=True)}


def forked(*words: str, typed: str = "", **faults: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, as `run` does, but in no new interpreter: nothing is measured."""
    broken = Path(CHILD, "sitecustomize.py")
    done = warm.run(words, typed.encode(), {**os.environ, "FAULT_KEY": KEY, **faults}, 300, broken)
    return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())


def killed(*words: str, at: str, typed: str = "", **faults: str) -> None:
    """Run the program until it dies at a call; fails when it never comes there."""
    ended = forked(*words, typed=typed, FAULT_KILL=at, **faults)
    assert ended.returncode == -9, (at, ended)


def opened() -> Terminal:
    """The app in a terminal, as `app` opens it, but in no new interpreter: nothing is measured or broken."""
    return Terminal("chat", FAULT_KEY=KEY)


def app(*words: str, rows: int = 24, columns: int = 80, **faults: str) -> Terminal:
    """The app in a terminal."""
    return Terminal("chat", *words, columns=columns, rows=rows, **environment(**faults))


def peak_mb(pid: int) -> float:
    """The most memory that a running process has had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def journal_file(home: Path) -> Path:
    return home / "data" / "sweetchat" / "journal.db"


def fill(home: Path, *words: str, conversation: str = "c") -> Path:
    """A journal with these messages in one conversation."""
    file = journal_file(home)
    with Journal.open(file) as journal:
        for text in words:
            journal.keep(conversation, Turn(text))
    return file


def turns(home: Path) -> list[Turn]:
    """Every turn of a sound journal, which opens without a word."""
    with Journal.open(journal_file(home)) as journal:
        return [turn for found in journal.conversations(-1) for turn in journal.conversation(found.id).turns]


def words(home: Path) -> list[str]:
    """The person's words in a journal."""
    return [turn.text for turn in turns(home)]


def drafts(home: Path) -> str:
    """What was typed and not sent, as the next start finds it."""
    return "".join(file.read_text() for file in home.rglob("draft.txt"))


def until(holds: Callable[[], Any], seconds: float = 300) -> Any:
    """Wait until something holds; what it gave."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError("it never came to hold")
