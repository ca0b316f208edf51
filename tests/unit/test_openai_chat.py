"""Replies over a real socket: what is asked, what comes back, and stopping in the middle."""

import asyncio
import subprocess
import sys
from contextlib import aclosing

import pytest
from llmock.pytest_plugin import LLMock
from llmock.scenarios import Reply
from provider_stage import ask, chat, listen, words

from sweetchat_tui.conversation import Prompt
from sweetchat_tui.errors import Misconfigured
from sweetchat_tui.generators import Finished, Generator, Piece


async def test_a_reply_comes_in_pieces_and_ends_with_usage(llmock: LLMock) -> None:
    llmock.reply("아 진짜 속상했겠다 어땠어?")
    given, error = await ask(chat(llmock.base_url()))
    assert error is None
    assert words(given) == "아 진짜 속상했겠다 어땠어?"
    assert sum(isinstance(said, Piece) for said in given) > 1
    assert isinstance(given[-1], Finished)
    assert given[-1].finish == "stop"
    assert given[-1].usage is not None
    assert given[-1].usage.output_tokens > 0


def test_it_says_who_answers_and_where_words_go() -> None:
    generator: Generator = chat("https://LLM.example:8443/v1", model="m-1")
    assert (generator.provider, generator.model, generator.host) == ("test", "m-1", "llm.example:8443")


async def test_only_what_the_person_set_is_sent_with_the_messages(llmock: LLMock) -> None:
    await ask(chat(llmock.base_url(), parameters={"temperature": 0.5, "top_k": 20}))
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
        chat("http://localhost/v1", parameters={own: 1})


async def test_one_client_serves_every_reply(llmock: LLMock) -> None:
    async with aclosing(chat(llmock.base_url())) as generator:
        await generator.warm()
        for reply in ("응", "그래"):
            llmock.reply(reply)
            given, error = await listen(generator)
            assert (words(given), error) == (reply, None)


@pytest.mark.parametrize(("reason", "finish"), [("length", "length"), ("content_filter", "filtered")])
async def test_an_answer_that_was_stopped_says_how(llmock: LLMock, reason: str, finish: str) -> None:
    llmock.add(Reply(text="그런데 말", finish_reason=reason))
    given, error = await ask(chat(llmock.base_url()))
    assert error is None
    assert isinstance(given[-1], Finished)
    assert given[-1].finish == finish


async def test_cancelling_closes_the_connection_and_the_next_reply_works(llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋 넷 다섯 여섯 일곱 여덟").pace(50)
    heard = asyncio.Event()
    async with aclosing(chat(llmock.base_url())) as generator:

        async def hear() -> None:
            async for _ in generator.stream(Prompt("안녕", None)):
                heard.set()

        task = asyncio.create_task(hear())
        await heard.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not llmock.last_request.completed
        llmock.pace(0).reply("응")
        assert words((await listen(generator))[0]) == "응"


async def test_leaving_the_stream_early_closes_the_connection(llmock: LLMock) -> None:
    llmock.reply("하나 둘 셋 넷 다섯 여섯").pace(50)
    async with aclosing(chat(llmock.base_url())) as generator:
        async with aclosing(generator.stream(Prompt("안녕", None))) as stream:
            assert await anext(stream) == Piece("하나 ")
        assert not llmock.last_request.completed


async def test_closing_twice_or_unused_or_asking_again_afterwards_is_fine(llmock: LLMock) -> None:
    generator = chat(llmock.base_url())
    await generator.aclose()
    assert (await ask(generator))[1] is None
    await generator.aclose()
    assert (await ask(generator))[1] is None


def test_what_the_client_brings_along_is_not_searched_for_garbage() -> None:
    code = (
        "import gc\n"
        "from sweetchat_tui.generators.openai_client import Provider, connect\n"
        "connect(Provider('http://127.0.0.1/v1', 'm-1', None), 1)\n"
        "print(gc.get_freeze_count())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50_000
