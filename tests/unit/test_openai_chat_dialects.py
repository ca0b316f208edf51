"""Errors as other servers word them, in the middle of a stream, and in places where none should be."""

import json
from contextlib import aclosing

import pytest
from provider_stage import KEY, WHOLE, chat, chunk, event, exchange, listen, problem, response, serving, words

from sweetchat_tui import lang
from sweetchat_tui.errors import KeyRefused, Misconfigured, SweetchatError, TooLong, TryLater, Unreachable
from sweetchat_tui.generators import Finished, Piece, Waiting, openai_errors
from sweetchat_tui.generators.openai_client import Provider
from sweetchat_tui.generators.openai_failures import Failure, Kind


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"message": f"overloaded {KEY}", "code": 503}, TryLater),
        ({"message": "overloaded"}, TryLater),
        ("overloaded", TryLater),
        ({"message": "overloaded", "code": "insufficient_quota"}, KeyRefused),
        ({"message": "exceeds the context window overloaded"}, TooLong),
    ],
)
async def test_an_error_inside_a_stream_keeps_what_arrived(told: object, kind: type[SweetchatError]) -> None:
    given, error, _ = await exchange(response(chunk("하나") + event({"error": told})))
    assert words(given) == "하나"
    assert type(error) is kind
    assert KEY not in error.message


async def test_an_error_inside_a_stream_before_any_word_is_tried_again() -> None:
    given, error, _ = await exchange(response(event({"error": {"message": "busy", "code": 429}})), WHOLE)
    assert error is None
    assert isinstance(given[0], Waiting)


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [
        ("402 Payment Required", {"message": "Insufficient Balance"}, KeyRefused),
        ("413 Too Large", {"message": "big"}, TooLong),
        (
            "400 Bad",
            {"type": "exceed_context_size_error", "message": "exceeds the available context size"},
            TooLong,
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
    given, error, _ = await exchange(problem(status, told), response(b"[]", "application/json"))
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
    _, error, _ = await exchange(
        problem("404 No", {"code": "model_not_found"}), response(body, "application/json")
    )
    assert isinstance(error, Misconfigured)
    assert error.hint.endswith(": evil, chat-11, chat-10, chat-9, chat-8, chat-7, chat-6, chat-5")


async def test_a_missing_route_is_told_from_a_missing_model() -> None:
    _, error, server = await exchange(
        response(b'{"detail":"Not Found"}', "application/json", "404 Not Found")
    )
    assert isinstance(error, Misconfigured)
    assert "대화 서버가 없어요" in error.message
    assert len(server.heads) == 1


async def test_a_web_page_as_an_error_is_not_shown() -> None:
    _, error, _ = await exchange(
        response(b"<html><b>nginx</b></html>", "text/html", "502 Bad Gateway"), tries=1
    )
    assert isinstance(error, TryLater)
    assert "HTTP 502" in error.message
    assert "nginx" not in error.message


async def test_an_error_that_breaks_off_itself_is_tried_again_and_then_unreachable() -> None:
    given, error, _ = await exchange(response(b"abc", status="500 No", headers="content-length: 100\r\n"))
    assert [type(said) for said in given] == [Waiting, Waiting]
    assert isinstance(error, Unreachable)


@pytest.mark.parametrize("asked", ["soon", "-1", "nan", "inf", ""])
async def test_a_wait_that_makes_no_sense_is_replaced_by_our_own(asked: str) -> None:
    given, error, _ = await exchange(problem("429 Slow", {}, f"retry-after: {asked}\r\n"), WHOLE)
    assert error is None
    assert isinstance(given[0], Waiting)
    assert 0.007 < given[0].seconds <= 0.01


async def test_a_wait_until_a_date_that_is_past_is_no_wait() -> None:
    given, error, _ = await exchange(
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
    async with serving(refusal, WHOLE) as server, aclosing(chat(server.base_url)) as generator:
        assert (await listen(generator))[1] is None
        given, error = await listen(generator)
    assert error is None
    assert given == [Piece("응"), Finished("stop", None)]
    assert ["stream_options" in body for body in server.bodies] == [True, False, False]


def test_every_failure_is_told_in_english_too() -> None:
    lang.use("en")
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
