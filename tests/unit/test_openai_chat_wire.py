"""The provider against servers that answer byte by byte what no well-behaved server would."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from sweetchat_tui import lang
from sweetchat_tui.conversation import Prompt
from sweetchat_tui.errors import KeyRefused, Misconfigured, SweetchatError, TryLater, Unreachable, Unreadable
from sweetchat_tui.generators import Finished, Piece, Said, Waiting, openai_errors
from sweetchat_tui.generators.openai_chat import OpenAIChat, wishes
from sweetchat_tui.generators.openai_client import Provider
from sweetchat_tui.generators.openai_failures import Failure, Kind
from sweetchat_tui.generators.openai_reading import Reading

KEY = "sk-test-0123456789"


def response(
    body: bytes, kind: str = "text/event-stream", status: str = "200 OK", headers: str = ""
) -> bytes:
    """A whole HTTP answer; the connection closes after it."""
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nconnection: close\r\n{headers}\r\n"
    return head.encode() + body


def chunk(content: object, finish: str | None = None) -> bytes:
    """One event of a stream; a lone surrogate goes out escaped, as JavaScript sends it."""
    return event({"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]})


def event(data: object) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def problem(status: str, error: object, headers: str = "") -> bytes:
    return response(json.dumps({"error": error}).encode(), "application/json", status, headers)


DONE = b"data: [DONE]\n\n"
WHOLE = response(chunk("응") + chunk("", "stop") + DONE)


@dataclass
class Server:
    """A server on loopback that gives its answers in turn, the last one again and again."""

    answers: list[bytes]
    port: int = 0
    heads: list[str] = field(default_factory=list)
    bodies: list[dict[str, object]] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
    server = Server(list(answers))
    async with await asyncio.start_server(server.answer, "127.0.0.1", 0) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


async def ask(
    *answers: bytes, key: str | None = KEY, tries: int = 3, times: int = 1
) -> tuple[list[Said], SweetchatError | None, Server]:
    """What a reply from such a server gave, the error that ended it, and what the server saw."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(*answers))
        chat = OpenAIChat("test", server.base_url, "m-1", key, {}, timeout_s=5, tries=tries, backoff_s=0.01)
        stack.push_async_callback(chat.aclose)
        for _ in range(times):
            given: list[Said] = []
            try:
                async with aclosing(chat.stream(Prompt("안녕", None))) as stream:
                    async for said in stream:
                        given.append(said)
            except SweetchatError as error:
                return given, error, server
    return given, None, server


def words(given: list[Said]) -> str:
    return "".join(said.text for said in given if isinstance(said, Piece))


# What arrives.


async def test_an_emoji_cut_in_two_arrives_whole() -> None:
    given, error, _ = await ask(response(chunk("👍\ud83c") + chunk("\udffd 응", "stop") + DONE))
    assert error is None
    assert words(given) == "👍🏽 응"


async def test_half_an_emoji_at_the_end_is_replaced() -> None:
    given, error, _ = await ask(response(chunk("좋아\ud83c") + chunk("", "stop") + DONE))
    assert error is None
    assert words(given) == "좋아\ufffd"


@forall(st.text(st.characters(codec="utf-8") | st.sampled_from("👍🏽🇰🇷")), st.data())
def test_any_text_cut_between_any_two_units_arrives_whole(text: str, data: st.DataObject) -> None:
    units = text.encode("utf-16-le")
    cuts = sorted(data.draw(st.sets(st.integers(0, len(units) // 2))))
    reading, pieces = Reading(), []
    for start, end in zip([0, *cuts], [*cuts, len(units) // 2], strict=True):
        part = units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
        pieces.append(reading.take({"choices": [{"delta": {"content": part}}]}))
    pieces.append(reading.rest())
    assert "".join(pieces) == text
    for piece in pieces:
        piece.encode()


@forall(st.text(st.characters(categories=["Cs", "Lo"])))
def test_no_piece_ever_holds_half_a_character(text: str) -> None:
    reading = Reading()
    for half in text:
        reading.take({"choices": [{"delta": {"content": half}}]}).encode()


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "content", "usage", "finish_reason", "prompt_tokens"]), inner
        )
    ),
)


@forall(_json)
def test_a_chunk_of_any_shape_is_read_or_skipped(data: object) -> None:
    assert isinstance(Reading().take(data), str)


async def test_chunks_that_say_nothing_are_skipped() -> None:
    odd: list[object] = [
        None,
        3,
        [],
        {"choices": None},
        {"choices": [{"delta": None}]},
        {"choices": [{"delta": {"content": [1]}}]},
    ]
    given, error, _ = await ask(
        response(b": ping\n\n" + b"".join(map(event, odd)) + chunk("응", "stop") + DONE)
    )
    assert error is None
    assert words(given) == "응"


async def test_an_answer_that_was_whole_before_the_connection_broke_is_whole() -> None:
    body = chunk("응") + chunk("", "stop")
    given, error, _ = await ask(response(body, headers="content-length: 9999\r\n"))
    assert error is None
    assert given == [Piece("응"), Finished("stop", None)]


async def test_a_refusal_in_words_is_an_answer() -> None:
    given, error, _ = await ask(
        response(event({"choices": [{"delta": {"refusal": "그건 어려워"}, "finish_reason": "stop"}]}))
    )
    assert error is None
    assert words(given) == "그건 어려워"


@pytest.mark.parametrize(
    "broken", [b"\xff\xfe", b"[" * 20_000, b"1" * 5_000, b"{", b"<html>"], ids=lambda broken: str(broken[:4])
)
async def test_a_chunk_that_cannot_be_read_ends_the_reply(broken: bytes) -> None:
    given, error, server = await ask(response(chunk("하나") + b"data: " + broken + b"\n\n" + DONE))
    assert words(given) == "하나"
    assert isinstance(error, TryLater)
    assert len(server.heads) == 1


@pytest.mark.parametrize(
    ("body", "kind"), [(b"<html>hello</html>", "text/html"), (b'{"choices": []}', "application/json")]
)
async def test_what_is_no_stream_at_all_is_a_wrong_address(body: bytes, kind: str) -> None:
    given, error, _ = await ask(response(body, kind))
    assert given == []
    assert isinstance(error, Misconfigured)


async def test_a_limit_reached_before_the_first_word_hints_at_the_limit() -> None:
    _, error, _ = await ask(response(chunk("", "length") + DONE))
    assert isinstance(error, TryLater)
    assert "한도" in error.hint


# Errors in the middle and errors of other servers.


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"message": f"overloaded {KEY}", "code": 503}, TryLater),
        ({"message": "overloaded"}, TryLater),
        ("overloaded", TryLater),
        ({"message": "overloaded", "code": "insufficient_quota"}, KeyRefused),
        ({"message": "exceeds the context window overloaded"}, Unreadable),
    ],
)
async def test_an_error_inside_a_stream_keeps_what_arrived(told: object, kind: type[SweetchatError]) -> None:
    given, error, _ = await ask(response(chunk("하나") + event({"error": told})))
    assert words(given) == "하나"
    assert type(error) is kind
    assert KEY not in error.message


async def test_an_error_inside_a_stream_before_any_word_is_tried_again() -> None:
    given, error, _ = await ask(response(event({"error": {"message": "busy", "code": 429}})), WHOLE)
    assert error is None
    assert isinstance(given[0], Waiting)


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [
        ("402 Payment Required", {"message": "Insufficient Balance"}, KeyRefused),
        ("413 Too Large", {"message": "big"}, Unreadable),
        (
            "400 Bad",
            {"type": "exceed_context_size_error", "message": "exceeds the available context size"},
            Unreadable,
        ),
        ("429 Slow", {"type": "insufficient_quota", "message": "no"}, KeyRefused),
        ("403 No", {"code": "model_not_found", "message": "no access"}, Misconfigured),
        ("404 No", 'model "m-1" not found, try pulling it first', Misconfigured),
        (
            "400 Bad",
            {"type": "invalid_model", "code": "1500", "message": "Invalid model: m-1"},
            Misconfigured,
        ),
    ],
)
async def test_the_dialects_of_other_servers_are_understood(
    status: str, told: object, kind: type[SweetchatError]
) -> None:
    given, error, _ = await ask(problem(status, told), response(b"[]", "application/json"))
    assert given == []
    assert type(error) is kind


async def test_a_gone_model_comes_with_the_newest_that_chat_even_from_a_messy_list() -> None:
    listed = [{"id": f"chat-{n}", "created": n} for n in range(12)]
    mess: list[object] = [
        None,
        {"id": 3},
        {"id": "text-embedding-9", "created": 99},
        {"id": "evil\x1b[31m", "created": 98},
    ]
    body = json.dumps({"data": [*mess, *listed]}).encode()
    _, error, _ = await ask(
        problem("404 No", {"code": "model_not_found"}), response(body, "application/json")
    )
    assert isinstance(error, Misconfigured)
    assert error.hint.endswith(": evil, chat-11, chat-10, chat-9, chat-8, chat-7, chat-6, chat-5")


async def test_a_missing_route_is_told_from_a_missing_model() -> None:
    _, error, server = await ask(response(b'{"detail":"Not Found"}', "application/json", "404 Not Found"))
    assert isinstance(error, Misconfigured)
    assert "대화 서버가 없어요" in error.message
    assert len(server.heads) == 1


async def test_a_web_page_as_an_error_is_not_shown() -> None:
    _, error, _ = await ask(response(b"<html><b>nginx</b></html>", "text/html", "502 Bad Gateway"), tries=1)
    assert isinstance(error, TryLater)
    assert "HTTP 502" in error.message
    assert "nginx" not in error.message


async def test_an_error_that_breaks_off_itself_is_tried_again_and_then_unreachable() -> None:
    given, error, _ = await ask(response(b"abc", status="500 No", headers="content-length: 100\r\n"))
    assert [type(said) for said in given] == [Waiting, Waiting]
    assert isinstance(error, Unreachable)


@pytest.mark.parametrize("asked", ["soon", "-1", "nan", "inf", ""])
async def test_a_wait_that_makes_no_sense_is_replaced_by_our_own(asked: str) -> None:
    given, error, _ = await ask(problem("429 Slow", {}, f"retry-after: {asked}\r\n"), WHOLE)
    assert error is None
    assert isinstance(given[0], Waiting)
    assert 0.007 < given[0].seconds <= 0.01


async def test_a_wait_until_a_date_that_is_past_is_no_wait() -> None:
    given, error, _ = await ask(
        problem("429 Slow", {}, "retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n"), WHOLE
    )
    assert error is None
    assert isinstance(given[0], Waiting)
    assert given[0].seconds == 0


@pytest.mark.parametrize(
    "refusal",
    [
        problem("400 Bad", {"message": "Unrecognized request argument supplied: stream_options"}),
        response(b'{"detail":[{"loc":["body","stream_options"]}]}', "application/json", "422 Bad"),
    ],
)
async def test_a_server_that_refuses_to_count_tokens_is_asked_without_from_then_on(refusal: bytes) -> None:
    given, error, server = await ask(refusal, WHOLE, times=2)
    assert error is None
    assert given == [Piece("응"), Finished("stop", None)]
    assert ["stream_options" in body for body in server.bodies] == [True, False, False]


# What leaves this machine.


@pytest.mark.parametrize("status", ["301 M", "302 M", "307 M", "308 M"])
async def test_a_redirect_gets_neither_the_key_nor_the_words(status: str) -> None:
    async with serving(WHOLE) as other:
        target = f"http://localhost:{other.port}/v1/chat/completions"
        given, error, _ = await ask(response(b"", status=status, headers=f"location: {target}\r\n"))
        assert other.heads == []
    assert given == []
    assert isinstance(error, Misconfigured)
    assert target in error.hint


async def test_nothing_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORG_ID", "PROJECT_ID", "ADMIN_KEY", "API_KEY", "WEBHOOK_SECRET"):
        monkeypatch.setenv(f"OPENAI_{name}", "leaked")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: leaked\nAuthorization: Bearer leaked")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    _, error, server = await ask(WHOLE)
    assert error is None
    names = {line.partition(":")[0] for line in server.heads[0].splitlines()[1:] if line}
    assert "leaked" not in server.heads[0]
    assert f"authorization: bearer {KEY}" in server.heads[0]
    assert names <= {"host", "connection", "accept", "accept-encoding", "user-agent", "authorization"} | {
        "content-type",
        "content-length",
    }


async def test_without_a_key_no_key_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "leaked")
    _, error, server = await ask(WHOLE, key=None)
    assert error is None
    assert "authorization" not in server.heads[0]


@pytest.mark.parametrize(
    ("url", "model", "parameters", "effort"),
    [
        ("https://api.openai.com/v1", "gpt-6-luna", {}, "none"),
        ("https://api.openai.com/v1", "gpt-5.4-mini", {}, "none"),
        ("https://api.openai.com/v1", "gpt-5", {}, None),
        ("https://api.openai.com/v1", "gpt-4o", {}, None),
        ("https://api.openai.com/v1", "gpt-6-luna", {"reasoning_effort": "low"}, None),
        ("http://localhost:11434/v1", "gpt-6-luna", {}, None),
    ],
)
def test_only_openais_thinking_models_are_asked_to_answer_at_once(
    url: str, model: str, parameters: dict[str, object], effort: str | None
) -> None:
    assert wishes(Provider(url, model, None), parameters).get("reasoning_effort") == effort


def test_making_one_loads_no_client_and_the_clients_log_stays_off_the_screen() -> None:
    program = """
import asyncio, sys
from sweetchat_tui.conversation import Prompt
from sweetchat_tui.errors import Unreachable
from sweetchat_tui.generators.openai_chat import OpenAIChat
chat = OpenAIChat("test", "http://127.0.0.1:9/v1", "m", "sk-1", {}, tries=1)
assert not {"openai", "httpx2"} & sys.modules.keys()
async def main():
    await chat.warm()
    assert "openai" in sys.modules
    try:
        async for _ in chat.stream(Prompt("안녕", None)):
            pass
    except Unreachable:
        await chat.aclose()
        print("unreachable")
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "error", "-c", program],
        env={"OPENAI_LOG": "debug", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "unreachable\n", "")


def test_the_key_is_in_no_value_that_can_be_printed() -> None:
    assert KEY not in repr(Provider("http://localhost/v1", "m", KEY))


@pytest.fixture
def english() -> Iterator[None]:
    lang.use("en")
    yield
    lang.use("ko")


@pytest.mark.usefixtures("english")
def test_every_failure_is_told_in_english_too() -> None:
    provider = Provider("http://localhost/x", "m", KEY)
    refused = [
        Failure(Kind.REFUSED, status, words="no") for status in (None, 307, 400, 401, 402, 404, 413, 429, 503)
    ]
    for failure in [*refused, *(Failure(kind) for kind in Kind if kind is not Kind.REFUSED)]:
        for begun in (True, False):
            error = openai_errors.explained(failure, provider, begun=begun)
            assert (error.message + error.hint).isascii()
            assert error.message
            assert error.hint
        assert openai_errors.why_waiting(failure, "localhost").isascii()
