"""Asking a provider over a real socket, and a server that answers byte by byte what it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from sweetchat_tui.conversation import Prompt
from sweetchat_tui.emotions import find
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Piece, Said
from sweetchat_tui.generators.openai_chat import OpenAIChat

KEY = "sk-test-0123456789"


def chat(
    base_url: str,
    *,
    model: str = "gpt-6-luna",
    key: str | None = KEY,
    parameters: Mapping[str, object] = MappingProxyType({}),
    timeout_s: float = 5,
    tries: int = 3,
) -> OpenAIChat:
    """A generator that waits only hundredths of a second between its tries."""
    return OpenAIChat("test", base_url, model, key, parameters, timeout_s, tries, backoff_s=0.01)


async def listen(
    generator: OpenAIChat, text: str = "면접에서 떨어졌어"
) -> tuple[list[Said], SweetchatError | None]:
    """Everything that a reply gives, and the error that ends it."""
    given: list[Said] = []
    try:
        async with aclosing(generator.stream(Prompt(text, find("좌절한")))) as stream:
            async for said in stream:
                given.append(said)
    except SweetchatError as error:
        return given, error
    return given, None


async def ask(
    generator: OpenAIChat, text: str = "면접에서 떨어졌어"
) -> tuple[list[Said], SweetchatError | None]:
    """As `listen`, of a generator that is used for nothing else."""
    async with aclosing(generator):
        return await listen(generator, text)


async def refusal(generator: OpenAIChat) -> SweetchatError:
    """The error of a reply that gives no words; says what to do, and does not say the key."""
    given, error = await ask(generator)
    assert words(given) == ""
    assert error is not None
    assert error.message
    assert error.hint
    assert KEY not in error.message + error.hint
    return error


def words(given: list[Said]) -> str:
    """What of it a person reads."""
    return "".join(said.text for said in given if isinstance(said, Piece))


def response(
    body: bytes, kind: str = "text/event-stream", status: str = "200 OK", headers: str = ""
) -> bytes:
    """A whole HTTP answer; the connection closes after it."""
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nconnection: close\r\n{headers}\r\n"
    return head.encode() + body


def problem(status: str, error: object, headers: str = "") -> bytes:
    """An HTTP answer that says what is wrong."""
    return response(json.dumps({"error": error}).encode(), "application/json", status, headers)


def event(data: object) -> bytes:
    """One event of a stream; a lone surrogate goes out escaped, as JavaScript sends it."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def chunk(content: object, finish: str | None = None) -> bytes:
    """One event with some words."""
    return event({"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]})


DONE = b"data: [DONE]\n\n"
WHOLE = response(chunk("응") + chunk("", "stop") + DONE)


@dataclass
class Server:
    """Gives its answers in turn, the last one again and again, and keeps what it was sent."""

    answers: list[bytes]
    port: int = 0
    heads: list[str] = field(default_factory=list)
    """Request lines and headers, in lower case."""
    bodies: list[dict[str, object]] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next((line for line in head.splitlines() if line.startswith("content-length:")), ":0")
        body = await reader.readexactly(int(length.partition(":")[2]))
        self.heads.append(head)
        self.bodies.append(json.loads(body or b"{}"))
        writer.write(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(*answers: bytes) -> AsyncIterator[Server]:
    """A server on loopback for as long as the block lasts."""
    server = Server(list(answers))
    async with await asyncio.start_server(server.answer, "127.0.0.1", 0) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


async def exchange(
    *answers: bytes, key: str | None = KEY, tries: int = 3
) -> tuple[list[Said], SweetchatError | None, Server]:
    """One reply from such a server, the error that ended it, and the server."""
    async with serving(*answers) as server:
        given, error = await ask(chat(server.base_url, model="m-1", key=key, tries=tries))
    return given, error, server
