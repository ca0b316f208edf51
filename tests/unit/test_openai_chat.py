"""The provider, over a real socket, against a server that can be told how to misbehave."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import pytest
from llmock.pytest_plugin import LLMock
from llmock.scenarios import Match, Reply

from sweetchat_tui.conversation import Prompt
from sweetchat_tui.emotions import find
from sweetchat_tui.errors import KeyRefused, Misconfigured, SweetchatError, TryLater, Unreachable, Unreadable
from sweetchat_tui.generators import Finished, Generator, Piece, Said, Waiting
from sweetchat_tui.generators.openai_chat import OpenAIChat

KEY = "sk-test-0123456789"
Asker = Callable[..., OpenAIChat]


@pytest.fixture
async def asker(llmock: LLMock) -> AsyncIterator[Asker]:
    """Makes generators that ask the server of this test and are closed with it."""
    made: list[OpenAIChat] = []

    def make(
        base_url: str = "", model: str = "gpt-6-luna", key: str | None = KEY, **more: object
    ) -> OpenAIChat:
        options: dict[str, object] = {"parameters": {}, "backoff_s": 0.01, **more}
        made.append(OpenAIChat("test", base_url or llmock.base_url(), model, key, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for generator in made:
        await generator.aclose()


async def answer(
    generator: OpenAIChat, text: str = "면접에서 떨어졌어"
) -> tuple[list[Said], SweetchatError | None]:
    """Everything that a reply gave, and the error that ended it."""
    given: list[Said] = []
    try:
        async with aclosing(generator.stream(Prompt(text, find("좌절한")))) as stream:
            async for said in stream:
                given.append(said)
    except SweetchatError as error:
        return given, error
    return given, None


def words(given: list[Said]) -> str:
    return "".join(said.text for said in given if isinstance(said, Piece))


async def refusal(generator: OpenAIChat) -> SweetchatError:
    """The error of a reply that gives no words."""
    given, error = await answer(generator)
    assert words(given) == ""
    assert error is not None
    assert error.message
    assert error.hint
    assert KEY not in error.message + error.hint
    return error


async def test_a_reply_comes_in_pieces_and_ends_with_usage(asker: Asker, llmock: LLMock) -> None:
    llmock.reply("아 진짜 속상했겠다 어땠어?")
    generator: Generator = asker()
    given, error = await answer(asker())
    assert error is None
    assert words(given) == "아 진짜 속상했겠다 어땠어?"
    assert sum(isinstance(said, Piece) for said in given) > 1
    assert isinstance(given[-1], Finished)
    assert given[-1].finish == "stop"
    assert given[-1].usage is not None
    assert given[-1].usage.output_tokens > 0
    assert (generator.provider, generator.model, generator.host) == (
        "test",
        "gpt-6-luna",
        llmock.url.removeprefix("http://"),
    )


async def test_only_what_the_person_set_is_sent_with_the_messages(asker: Asker, llmock: LLMock) -> None:
    await answer(asker(parameters={"temperature": 0.5, "top_k": 20}))
    body = llmock.last_request.body
    assert [m["role"] for m in body.pop("messages")] == ["system", "user"]
    assert body == {
        "model": "gpt-6-luna",
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        "top_k": 20,
    }


@pytest.mark.parametrize("own", ["model", "messages", "stream", "n"])
def test_a_parameter_of_the_programs_own_is_refused(own: str) -> None:
    with pytest.raises(Misconfigured, match=own):
        OpenAIChat("test", "http://localhost/v1", "m", None, {own: 1})


async def test_the_second_reply_uses_the_same_client(asker: Asker, llmock: LLMock) -> None:
    generator = asker()
    await generator.warm()
    for reply in ("응", "그래"):
        llmock.reply(reply)
        assert words((await answer(generator))[0]) == reply


# The failure table: one test for each row.


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_not_tried_again(asker: Asker, llmock: LLMock, status: int) -> None:
    llmock.fail(status, times=None, message=f"Incorrect API key provided: {KEY}")
    error = await refusal(asker())
    assert isinstance(error, KeyRefused)
    assert "****" in error.message
    assert len(llmock.requests) == 1


async def test_a_server_that_wants_a_key_is_told_from_one_that_refuses_it(
    asker: Asker, llmock: LLMock
) -> None:
    llmock.fail(401)
    error = await refusal(asker(key=None))
    assert isinstance(error, KeyRefused)
    assert "키가 있어야" in error.message


async def test_a_gone_model_is_named_with_its_last_day_and_what_there_is_instead(
    asker: Asker, llmock: LLMock
) -> None:
    llmock.fail(404, code="model_not_found", model="gpt-3.5-turbo")
    error = await refusal(asker(model="gpt-3.5-turbo"))
    assert isinstance(error, Misconfigured)
    assert "gpt-3.5-turbo는 2026-10-23" in error.message
    assert "gpt-4o" in error.hint
    assert "embedding" not in error.hint


async def test_an_unknown_model_is_named_even_when_nothing_else_is_offered(
    asker: Asker, llmock: LLMock
) -> None:
    llmock.fail(400, times=None, message="The model 'gpt-7' does not exist.")
    error = await refusal(asker(model="gpt-7"))
    assert isinstance(error, Misconfigured)
    assert "gpt-7" in error.message
    assert "쓸 수 있는 모델" not in error.hint


async def test_a_conversation_that_is_too_long_says_so(asker: Asker, llmock: LLMock) -> None:
    llmock.context_overflow()
    assert isinstance(await refusal(asker()), Unreadable)


async def test_another_bad_request_passes_on_the_providers_words(asker: Asker, llmock: LLMock) -> None:
    llmock.fail(400, message=f"Unsupported parameter:\x1b[31m 'max_tokens'.\n{KEY} " + "x" * 500)
    error = await refusal(asker())
    assert isinstance(error, Misconfigured)
    assert "'max_tokens'. ****" in error.message
    assert error.message.isprintable()
    assert len(error.message) < 260


async def test_a_rate_limit_is_waited_for_as_long_as_the_provider_asks(asker: Asker, llmock: LLMock) -> None:
    llmock.rate_limit(times=1, retry_after=0.2).reply("괜찮아요")
    given, error = await answer(asker())
    assert error is None
    assert isinstance(given[0], Waiting)
    assert given[0].seconds == pytest.approx(0.2)
    assert given[0].reason
    assert words(given) == "괜찮아요"
    llmock.assert_resilient()


async def test_a_rate_limit_that_lasts_says_when_to_come_back(asker: Asker, llmock: LLMock) -> None:
    llmock.rate_limit(times=None, retry_after=0.05)
    given, error = await answer(asker())
    assert [type(said) for said in given] == [Waiting, Waiting]
    assert isinstance(error, TryLater)
    assert "1초" in error.hint
    assert len(llmock.requests) == 3


async def test_a_wait_of_minutes_is_not_waited_for(asker: Asker, llmock: LLMock) -> None:
    llmock.rate_limit(times=None, retry_after=600)
    given, error = await answer(asker())
    assert given == []
    assert isinstance(error, TryLater)
    assert "10분" in error.hint


async def test_a_spent_quota_is_told_from_a_rate_limit(asker: Asker, llmock: LLMock) -> None:
    llmock.fail(429, times=None, code="insufficient_quota", retry_after=0.01)
    error = await refusal(asker())
    assert isinstance(error, KeyRefused)
    assert "잔액" in error.message
    assert len(llmock.requests) == 1


@pytest.mark.parametrize("status", [408, 409, 500, 503])
async def test_a_passing_failure_is_tried_again(asker: Asker, llmock: LLMock, status: int) -> None:
    llmock.fail(status, times=2, retry_after=0.01).reply("왔어")
    given, error = await answer(asker())
    assert error is None
    assert [type(said) for said in given[:2]] == [Waiting, Waiting]
    assert words(given) == "왔어"


async def test_an_outage_ends_in_try_later(asker: Asker, llmock: LLMock) -> None:
    llmock.fail(500, times=None, retry_after=0.01)
    assert isinstance(await refusal(asker(tries=2)), TryLater)
    assert len(llmock.requests) == 2


async def test_a_refused_connection_is_tried_again_and_then_unreachable(asker: Asker) -> None:
    given, error = await answer(asker(base_url="http://127.0.0.1:9/v1"))
    assert [type(said) for said in given] == [Waiting, Waiting]
    assert isinstance(error, Unreachable)
    assert "127.0.0.1:9" in error.message


async def test_an_unknown_host_is_unreachable(asker: Asker) -> None:
    error = await refusal(asker(base_url="http://no-such-host.invalid/v1", tries=1))
    assert isinstance(error, Unreachable)
    assert "찾을 수 없" in error.message


async def test_a_failed_handshake_is_unreachable_and_not_tried_again(asker: Asker, llmock: LLMock) -> None:
    given, error = await answer(asker(base_url=llmock.base_url().replace("http:", "https:")))
    assert given == []
    assert isinstance(error, Unreachable)
    assert "TLS" in error.message


async def test_a_stream_that_is_dropped_keeps_what_arrived(asker: Asker, llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋 넷").disconnect(after_chunks=3)
    given, error = await answer(asker())
    assert words(given) == "하나 둘 "
    assert isinstance(error, TryLater)
    assert len(llmock.requests) == 1


async def test_a_stream_that_is_dropped_before_the_first_word_is_asked_for_again(
    asker: Asker, llmock: LLMock
) -> None:
    llmock.reply("하나 둘", times=2).disconnect(after_chunks=1)
    given, error = await answer(asker())
    assert error is None
    assert isinstance(given[0], Waiting)
    assert words(given) == "하나 둘"


async def test_a_stream_that_stalls_keeps_what_arrived(asker: Asker, llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋").stall(after_chunks=2, seconds=0.5)
    given, error = await answer(asker(timeout_s=0.2))
    assert words(given) == "하나 "
    assert isinstance(error, TryLater)
    assert len(llmock.requests) == 1


async def test_a_silent_provider_is_asked_again_and_then_given_up(asker: Asker, llmock: LLMock) -> None:
    llmock.delay(0.4, times=2)
    given, error = await answer(asker(timeout_s=0.1, tries=2))
    assert [type(said) for said in given] == [Waiting]
    assert isinstance(error, TryLater)
    assert len(llmock.requests) == 2


async def test_a_stream_that_is_cut_cleanly_is_not_taken_for_whole(asker: Asker, llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋").truncate(after_chunks=2)
    given, error = await answer(asker())
    assert words(given) == "하나 "
    assert isinstance(error, TryLater)


async def test_a_corrupt_chunk_keeps_what_arrived(asker: Asker, llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋").corrupt(after_chunks=2)
    given, error = await answer(asker())
    assert words(given) == "하나 "
    assert isinstance(error, TryLater)
    assert "깨져" in error.message


async def test_no_key_and_a_blank_key_suit_a_local_server(asker: Asker, llmock: LLMock) -> None:
    for key in (None, "", "  "):
        assert (await answer(asker(key=key)))[1] is None


async def test_a_line_end_after_the_key_does_no_harm(asker: Asker) -> None:
    assert (await answer(asker(key=KEY + "\r\n")))[1] is None


@pytest.mark.parametrize("key", ["ㄴㅏ-sk", "sk-가나다", "sk-1\nsk-2", "sk 1", "sk-\x1b[0m", "sk-é"])
async def test_a_key_typed_in_hangul_or_broken_is_refused_before_it_is_sent(
    asker: Asker, llmock: LLMock, key: str
) -> None:
    error = await refusal(asker(key=key))
    assert isinstance(error, KeyRefused)
    assert key not in error.message + error.hint
    assert llmock.requests == []


@pytest.mark.parametrize(
    "address",
    [
        *("", "localhost:8080/v1", "ftp://a/v1", "http://", "http://[::1", "http://a:x/v1", "http://a..b/v1"),
        *("http://a b/v1", "http://a\x1b[0m/v1", "http://me:secret@a/v1"),
    ],
)
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        OpenAIChat("test", address, "m", None, {})
    assert refused.value.message.isprintable()
    assert "secret" not in refused.value.message


async def test_an_address_without_its_path_hints_at_v1(asker: Asker, llmock: LLMock) -> None:
    error = await refusal(asker(base_url=llmock.url))
    assert isinstance(error, Misconfigured)
    assert f"{llmock.url}/v1" in error.hint


async def test_half_a_character_in_the_prompt_is_mended(asker: Asker, llmock: LLMock) -> None:
    assert (await answer(asker(), "좋아 \ud83c"))[1] is None
    assert llmock.last_request.body["messages"][-1]["content"] == "좋아 \ufffd"


async def test_an_empty_answer_is_an_error(asker: Asker, llmock: LLMock) -> None:
    llmock.reply("")
    error = await refusal(asker())
    assert isinstance(error, TryLater)
    assert "빈 답" in error.message


@pytest.mark.parametrize(("reason", "finish"), [("length", "length"), ("content_filter", "filtered")])
async def test_an_answer_that_was_stopped_says_how(
    asker: Asker, llmock: LLMock, reason: str, finish: str
) -> None:
    llmock.add(Reply(text="그런데 말", finish_reason=reason, match=Match()))
    given, error = await answer(asker())
    assert error is None
    assert isinstance(given[-1], Finished)
    assert given[-1].finish == finish


async def test_cancelling_closes_the_connection_and_the_next_reply_works(
    asker: Asker, llmock: LLMock
) -> None:
    llmock.reply("하나 둘 셋 넷 다섯 여섯 일곱 여덟").pace(50)
    generator, heard = asker(), asyncio.Event()

    async def listen() -> None:
        async with aclosing(generator.stream(Prompt("안녕", None))) as stream:
            async for _ in stream:
                heard.set()

    task = asyncio.create_task(listen())
    await heard.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not llmock.last_request.completed
    llmock.pace(0).reply("응")
    assert words((await answer(generator))[0]) == "응"


async def test_leaving_the_stream_early_closes_the_connection(asker: Asker, llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋 넷 다섯 여섯").pace(50)
    async with aclosing(asker().stream(Prompt("안녕", None))) as stream:
        assert await anext(stream) == Piece("하나 ")
    assert not llmock.last_request.completed


async def test_closing_twice_or_unused_is_fine(asker: Asker) -> None:
    generator = asker()
    await generator.aclose()
    await answer(generator)
    await generator.aclose()
    await generator.aclose()
