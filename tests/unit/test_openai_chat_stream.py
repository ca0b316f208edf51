"""Streams of every shape, whole and broken, and that no half character comes out of them."""

import asyncio
from contextlib import aclosing
from itertools import pairwise

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from provider_stage import DONE, chat, chunk, event, exchange, response, words

from sweetchat_tui.conversation import Prompt
from sweetchat_tui.errors import Misconfigured, TryLater
from sweetchat_tui.generators import Finished, Piece
from sweetchat_tui.generators.openai_reading import Reading


async def test_an_emoji_cut_in_two_arrives_whole() -> None:
    given, error, _ = await exchange(response(chunk("👍\ud83c") + chunk("\udffd 응", "stop") + DONE))
    assert error is None
    assert words(given) == "👍🏽 응"


async def test_half_an_emoji_at_the_end_is_replaced() -> None:
    given, error, _ = await exchange(response(chunk("좋아\ud83c") + chunk("", "stop") + DONE))
    assert error is None
    assert words(given) == "좋아\ufffd"


@forall(st.text(st.characters(codec="utf-8") | st.sampled_from("👍🏽🇰🇷")), st.data())
def test_any_text_cut_between_any_two_units_arrives_whole(text: str, data: st.DataObject) -> None:
    units = text.encode("utf-16-le")
    cuts = sorted(data.draw(st.sets(st.integers(0, len(units) // 2))))
    reading, pieces = Reading(None), []
    for start, end in zip([0, *cuts], [*cuts, len(units) // 2], strict=True):
        part = units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
        pieces.append(reading.take({"choices": [{"delta": {"content": part}}]}))
    pieces.append(reading.rest())
    assert "".join(pieces) == text
    for piece in pieces:
        piece.encode()


SECRET = "sk-sk-0123456789abcdef"


@forall(st.lists(st.sampled_from([SECRET, "s", "sk-", "응 ", SECRET[:-1], SECRET[3:], "\n"])), st.data())
def test_an_echoed_key_comes_out_in_no_piece_and_nothing_else_is_lost(
    said: list[str], data: st.DataObject
) -> None:
    text = "".join(said)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    reading, pieces = Reading(SECRET), []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        pieces.append(reading.take({"choices": [{"delta": {"content": text[start:end]}}]}))
    pieces.append(reading.rest())
    assert "".join(pieces) == text.replace(SECRET, "****")
    assert reading.spoken == bool(text.strip())


def test_a_word_that_a_server_of_ones_own_wants_is_no_secret() -> None:
    assert Reading("ollama").take({"choices": [{"delta": {"content": "ollama로 답해"}}]}) == "ollama로 답해"


async def test_what_was_held_back_is_said_when_the_stream_is_cut() -> None:
    given, error, _ = await exchange(response(chunk("그래 s")), key=SECRET)
    assert isinstance(error, TryLater) and words(given) == "그래 s"


@forall(st.text(st.characters(categories=["Cs", "Lo"])))
def test_no_piece_ever_holds_half_a_character(text: str) -> None:
    reading = Reading(None)
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
    assert isinstance(Reading(None).take(data), str)


async def test_chunks_that_say_nothing_are_skipped() -> None:
    odd: list[object] = [
        None,
        3,
        [],
        {"choices": None},
        {"choices": [{"delta": None}]},
        {"choices": [{"delta": {"content": [1]}}]},
    ]
    given, error, _ = await exchange(
        response(b": ping\n\n" + b"".join(map(event, odd)) + chunk("응", "stop") + DONE)
    )
    assert error is None
    assert words(given) == "응"


async def test_an_answer_that_was_whole_before_the_connection_broke_is_whole() -> None:
    body = chunk("응") + chunk("", "stop")
    given, error, _ = await exchange(response(body, headers="content-length: 9999\r\n"))
    assert error is None
    assert given == [Piece("응"), Finished("stop", None)]


async def test_a_refusal_in_words_is_an_answer() -> None:
    given, error, _ = await exchange(
        response(event({"choices": [{"delta": {"refusal": "그건 어려워"}, "finish_reason": "stop"}]}))
    )
    assert error is None
    assert words(given) == "그건 어려워"


@pytest.mark.parametrize(
    "broken", [b"\xff\xfe", b"[" * 20_000, b"1" * 5_000, b"{", b"<html>"], ids=lambda broken: str(broken[:4])
)
async def test_a_chunk_that_cannot_be_read_ends_the_reply(broken: bytes) -> None:
    given, error, server = await exchange(response(chunk("하나") + b"data: " + broken + b"\n\n" + DONE))
    assert words(given) == "하나"
    assert isinstance(error, TryLater)
    assert len(server.heads) == 1


@pytest.mark.parametrize(
    ("body", "kind"), [(b"<html>hello</html>", "text/html"), (b'{"choices": []}', "application/json")]
)
async def test_what_is_no_stream_at_all_is_a_wrong_address(body: bytes, kind: str) -> None:
    given, error, _ = await exchange(response(body, kind))
    assert given == []
    assert isinstance(error, Misconfigured)


async def test_a_limit_reached_before_the_first_word_hints_at_the_limit() -> None:
    _, error, _ = await exchange(response(chunk("", "length") + DONE))
    assert isinstance(error, TryLater)
    assert "한도" in error.hint


async def test_an_answer_ends_at_the_longest_that_is_shown() -> None:
    given, error, _ = await exchange(response(chunk("말" * 99_999) + chunk("끝말" * 50) + chunk("", "stop")))
    assert error is None
    assert words(given) == "말" * 99_999 + "끝"
    assert isinstance(given[-1], Finished) and given[-1].finish == "length"


@pytest.mark.parametrize("count", [10**40, -1])
async def test_a_count_of_tokens_that_cannot_be_is_left_out(count: int) -> None:
    usage = event({"choices": [], "usage": {"prompt_tokens": count, "completion_tokens": 5}})
    given, error, _ = await exchange(response(chunk("응", "stop") + usage + DONE))
    assert error is None
    assert isinstance(given[-1], Finished) and given[-1].usage is None


async def test_words_that_trickle_in_are_read_some_at_a_time_and_none_is_lost() -> None:
    said = [f"{n} " for n in range(60)]

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in (response(b""), *map(chunk, said), chunk("", "stop") + DONE):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.005)
        writer.close()

    came: list[float] = []
    async with await asyncio.start_server(trickle, "127.0.0.1", 0) as listening:
        address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
        async with (
            aclosing(chat(address)) as generator,
            aclosing(generator.stream(Prompt("응", None))) as stream,
        ):
            given = []
            async for piece in stream:
                given.append(piece)
                came.append(asyncio.get_running_loop().time())
    assert words(given) == "".join(said)
    assert max(after - before for before, after in pairwise(came)) > 0.06
