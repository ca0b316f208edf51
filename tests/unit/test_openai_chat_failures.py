"""Every way in which a provider is known to fail, over a real socket, and what a person is told."""

import pytest
from llmock.pytest_plugin import LLMock
from provider_stage import KEY, ask, chat, refusal, words

from sweetchat_tui.errors import KeyRefused, Misconfigured, TryLater, Unreachable, Unreadable
from sweetchat_tui.generators import Waiting


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_not_tried_again(llmock: LLMock, status: int) -> None:
    llmock.fail(status, times=None, message=f"Incorrect API key provided: {KEY}")
    error = await refusal(chat(llmock.base_url()))
    assert isinstance(error, KeyRefused)
    assert "****" in error.message
    assert len(llmock.requests) == 1


async def test_a_server_that_wants_a_key_is_told_from_one_that_refuses_it(llmock: LLMock) -> None:
    llmock.fail(401)
    error = await refusal(chat(llmock.base_url(), key=None))
    assert isinstance(error, KeyRefused)
    assert "키가 있어야" in error.message
    assert "sweetchat auth set test" in error.hint


async def test_a_gone_model_is_named_with_its_last_day_and_what_there_is_instead(llmock: LLMock) -> None:
    llmock.fail(404, code="model_not_found", model="gpt-3.5-turbo")
    error = await refusal(chat(llmock.base_url(), model="gpt-3.5-turbo"))
    assert isinstance(error, Misconfigured)
    assert "gpt-3.5-turbo는 2026-10-23" in error.message
    assert "gpt-4o" in error.hint
    assert "embedding" not in error.hint


async def test_an_unknown_model_is_named_even_when_nothing_else_is_offered(llmock: LLMock) -> None:
    llmock.fail(400, times=None, message="The model 'gpt-7' does not exist.")
    error = await refusal(chat(llmock.base_url(), model="gpt-7"))
    assert isinstance(error, Misconfigured)
    assert "gpt-7" in error.message
    assert "쓸 수 있는 모델" not in error.hint


async def test_a_conversation_that_is_too_long_says_so(llmock: LLMock) -> None:
    llmock.context_overflow()
    assert isinstance(await refusal(chat(llmock.base_url())), Unreadable)


async def test_another_bad_request_passes_on_the_providers_words(llmock: LLMock) -> None:
    llmock.fail(400, message=f"Unsupported parameter:\x1b[31m 'max_tokens'.\n{KEY} " + "x" * 500)
    error = await refusal(chat(llmock.base_url()))
    assert isinstance(error, Misconfigured)
    assert "'max_tokens'. ****" in error.message
    assert error.message.isprintable()
    assert len(error.message) < 260


async def test_a_rate_limit_is_waited_for_as_long_as_the_provider_asks(llmock: LLMock) -> None:
    llmock.rate_limit(times=1, retry_after=0.2).reply("괜찮아요")
    given, error = await ask(chat(llmock.base_url()))
    assert error is None
    assert isinstance(given[0], Waiting)
    assert given[0].seconds == pytest.approx(0.2)
    assert given[0].reason
    assert words(given) == "괜찮아요"
    llmock.assert_resilient()


async def test_a_rate_limit_that_lasts_says_when_to_come_back(llmock: LLMock) -> None:
    llmock.rate_limit(times=None, retry_after=0.05)
    given, error = await ask(chat(llmock.base_url()))
    assert [type(said) for said in given] == [Waiting, Waiting]
    assert isinstance(error, TryLater)
    assert "1초" in error.hint
    assert len(llmock.requests) == 3


async def test_a_wait_of_minutes_is_not_waited_for(llmock: LLMock) -> None:
    llmock.rate_limit(times=None, retry_after=600)
    given, error = await ask(chat(llmock.base_url()))
    assert given == []
    assert isinstance(error, TryLater)
    assert "10분" in error.hint


async def test_a_spent_quota_is_told_from_a_rate_limit(llmock: LLMock) -> None:
    llmock.fail(429, times=None, code="insufficient_quota", retry_after=0.01)
    error = await refusal(chat(llmock.base_url()))
    assert isinstance(error, KeyRefused)
    assert "잔액" in error.message
    assert len(llmock.requests) == 1


@pytest.mark.parametrize("status", [408, 409, 500, 503])
async def test_a_passing_failure_is_tried_again(llmock: LLMock, status: int) -> None:
    llmock.fail(status, times=2, retry_after=0.01).reply("왔어")
    given, error = await ask(chat(llmock.base_url()))
    assert error is None
    assert [type(said) for said in given[:2]] == [Waiting, Waiting]
    assert words(given) == "왔어"


async def test_an_outage_ends_in_try_later(llmock: LLMock) -> None:
    llmock.fail(500, times=None, retry_after=0.01)
    assert isinstance(await refusal(chat(llmock.base_url(), tries=2)), TryLater)
    assert len(llmock.requests) == 2


async def test_a_refused_connection_is_tried_again_and_then_unreachable(llmock: LLMock) -> None:
    given, error = await ask(chat("http://127.0.0.1:9/v1"))
    assert [type(said) for said in given] == [Waiting, Waiting]
    assert isinstance(error, Unreachable)
    assert "127.0.0.1:9" in error.message


async def test_an_unknown_host_is_unreachable(llmock: LLMock) -> None:
    error = await refusal(chat("http://no-such-host.invalid/v1", tries=1))
    assert isinstance(error, Unreachable)
    assert "찾을 수 없" in error.message


async def test_a_failed_handshake_is_unreachable_and_not_tried_again(llmock: LLMock) -> None:
    given, error = await ask(chat(llmock.base_url().replace("http:", "https:")))
    assert given == []
    assert isinstance(error, Unreachable)
    assert "TLS" in error.message


async def test_a_stream_that_is_dropped_keeps_what_arrived(llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋 넷").disconnect(after_chunks=3)
    given, error = await ask(chat(llmock.base_url()))
    assert words(given) == "하나 둘 "
    assert isinstance(error, TryLater)
    assert len(llmock.requests) == 1


async def test_a_stream_that_is_dropped_before_the_first_word_is_asked_for_again(llmock: LLMock) -> None:
    llmock.reply("하나 둘", times=2).disconnect(after_chunks=1)
    given, error = await ask(chat(llmock.base_url()))
    assert error is None
    assert isinstance(given[0], Waiting)
    assert words(given) == "하나 둘"


async def test_a_stream_that_stalls_keeps_what_arrived(llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋").stall(after_chunks=2, seconds=0.5)
    given, error = await ask(chat(llmock.base_url(), timeout_s=0.2))
    assert words(given) == "하나 "
    assert isinstance(error, TryLater)
    assert len(llmock.requests) == 1


async def test_a_silent_provider_is_asked_again_and_then_given_up(llmock: LLMock) -> None:
    llmock.delay(0.4, times=2)
    given, error = await ask(chat(llmock.base_url(), timeout_s=0.1, tries=2))
    assert [type(said) for said in given] == [Waiting]
    assert isinstance(error, TryLater)
    assert len(llmock.requests) == 2


async def test_a_stream_that_is_cut_cleanly_is_not_taken_for_whole(llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋").truncate(after_chunks=2)
    given, error = await ask(chat(llmock.base_url()))
    assert words(given) == "하나 "
    assert isinstance(error, TryLater)


async def test_a_corrupt_chunk_keeps_what_arrived(llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋").corrupt(after_chunks=2)
    given, error = await ask(chat(llmock.base_url()))
    assert words(given) == "하나 "
    assert isinstance(error, TryLater)
    assert "깨져" in error.message


async def test_no_key_and_a_blank_key_suit_a_local_server(llmock: LLMock) -> None:
    for key in (None, "", "  "):
        assert (await ask(chat(llmock.base_url(), key=key)))[1] is None


async def test_a_line_end_after_the_key_does_no_harm(llmock: LLMock) -> None:
    assert (await ask(chat(llmock.base_url(), key=KEY + "\r\n")))[1] is None


@pytest.mark.parametrize("key", ["ㄴㅏ-sk", "sk-가나다", "sk-1\nsk-2", "sk 1", "sk-\x1b[0m", "sk-é"])
async def test_a_key_typed_in_hangul_or_broken_is_refused_before_it_is_sent(llmock: LLMock, key: str) -> None:
    error = await refusal(chat(llmock.base_url(), key=key))
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
        chat(address)
    assert refused.value.message.isprintable()
    assert "secret" not in refused.value.message


async def test_an_address_without_its_path_hints_at_v1(llmock: LLMock) -> None:
    error = await refusal(chat(llmock.url))
    assert isinstance(error, Misconfigured)
    assert f"{llmock.url}/v1" in error.hint


async def test_half_a_character_in_the_prompt_is_mended(llmock: LLMock) -> None:
    assert (await ask(chat(llmock.base_url()), "좋아 \ud83c"))[1] is None
    assert llmock.last_request.body["messages"][-1]["content"] == "좋아 \ufffd"


async def test_an_empty_answer_is_an_error(llmock: LLMock) -> None:
    llmock.reply("")
    error = await refusal(chat(llmock.base_url()))
    assert isinstance(error, TryLater)
    assert "빈 답" in error.message
