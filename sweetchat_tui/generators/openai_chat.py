"""A friend behind an OpenAI-compatible server: one `chat.completions` request per reply, streamed.

Holds the order of things: ask, read, wait, ask again. Leaves what is sent to `personas`, the connection
to `openai_client`, the stream to `openai_reading`, and failures to `openai_failures` (what happened)
and `openai_errors` (what people are told).
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from itertools import count
from random import random
from typing import TYPE_CHECKING

from sweetchat_tui.conversation import Forgotten, Prompt
from sweetchat_tui.errors import Misconfigured, SweetchatError
from sweetchat_tui.generators import Finished, Piece, Said, Waiting, openai_errors, openai_failures
from sweetchat_tui.generators.openai_client import CONNECT_TIMEOUT_S, Provider, connect, failures
from sweetchat_tui.generators.openai_failures import Failure
from sweetchat_tui.generators.openai_reading import Reading
from sweetchat_tui.generators.personas import messages, recap_messages
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream

_LIST_TIMEOUT_S = 3.0
_LONGEST_WAIT_S = 60.0
"""A provider that asks for a longer wait is not waited for: the person is told instead."""
_LONGEST_BACKOFF_S = 8.0
_OFFERED = 8
"""Model names that are listed when the one asked for is gone."""

_OWN_PARAMETERS = frozenset({"model", "messages", "stream", "stream_options", "n"})
_THINKS_BY_DEFAULT = re.compile(r"gpt-(5\.[1-9]|6)(?!.*(chat|codex|pro))")
_NOT_FOR_CHAT = re.compile(
    "embed|whisper|tts|audio|dall-e|image|moderation|realtime|transcribe|sora|search|codex|instruct|babbage|davinci"
)


class OpenAIChat:
    """Answers through any server that speaks the chat completions protocol.

    Constructing it loads no client and opens no connection.

    Args:
        provider: the profile's name.
        base_url: address that `/chat/completions` is appended to, usually ending in `/v1`.
        key: sent to that address's host and nowhere else; None for a server that asks for none.
        parameters: sent with each request as they are.
        timeout_s: silence after which a request is given up.
        tries: how often a request is sent before giving up, at least 1.
        backoff_s: first wait when the provider names none; doubles up to 8 seconds.

    Raises:
        Misconfigured: the address is none, or a parameter is the program's own.
    """

    def __init__(
        self,
        provider: str,
        base_url: str,
        model: str,
        key: str | None,
        parameters: Mapping[str, object],
        timeout_s: float = 60,
        tries: int = 3,
        backoff_s: float = 0.5,
    ) -> None:
        self._asked = Provider(base_url, model, (key or "").strip() or None, provider)
        if own := sorted(_OWN_PARAMETERS & parameters.keys()):
            raise Misconfigured(
                say(f"parameters에 {own[0]} 값은 둘 수 없어요.", f"{own[0]} cannot stand in parameters."),
                say("프로그램이 정하는 값이에요.", "The program sets it."),
            )
        self._name = provider
        self._parameters = dict(parameters)
        self._wishes = wishes(self._asked, parameters)
        self._timeout_s, self._tries, self._backoff_s = timeout_s, tries, backoff_s
        self._client: AsyncOpenAI | None = None
        self._connecting = asyncio.Lock()

    @property
    def provider(self) -> str:
        """Name of its profile."""
        return self._name

    @property
    def model(self) -> str:
        """The model that is asked."""
        return self._asked.model

    @property
    def host(self) -> str:
        """Where words are sent, with the port if the address names one."""
        return self._asked.host

    async def warm(self) -> None:
        """Load the client now, beside the event loop, so that the first reply need not wait for it.

        Raises:
            KeyRefused: the key holds characters that no key has.
            Misconfigured: the address is none.
        """
        await self._connected()

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Said, None]:
        """Answer a prompt: pieces and waits, then exactly one `Finished`.

        Pieces hold no half characters, but a terminal command can be split over several, so whoever
        shows them cleans the text so far (`text.clean`), not each piece. Cancelling the task, or
        closing this generator, closes the connection at once.

        Raises:
            SweetchatError: the reply could not be had or broke off; pieces already given stand.
        """
        async with aclosing(self._streamed(messages(prompt))) as stream:
            async for said in stream:
                yield said

    async def recap(self, forgotten: Forgotten) -> str | None:
        """A short record of what was said, made by the model; None when its provider withheld it.

        Raises:
            SweetchatError: it could not be had this time.
        """
        told = ""
        async with aclosing(self._streamed(recap_messages(forgotten))) as stream:
            async for said in stream:
                match said:
                    case Piece(text):
                        told += text
                    case Finished("filtered", _):
                        return None
        return told

    async def _streamed(self, said: list[dict[str, str]]) -> AsyncGenerator[Said, None]:
        client = await self._connected()
        for attempt in count(1):
            reading = Reading(self._asked.key)
            failure = None
            try:
                async with await self._opened(client, said) as chunks:
                    reading.media_type = chunks.response.headers.get("content-type", "")
                    async for chunk in chunks:
                        if text := reading.take(chunk):
                            yield Piece(text)
                        if reading.full:
                            break
            except failures() as error:
                failure = openai_failures.read(error, self._asked.key)
            if (failure is None or reading.spoken) and (rest := reading.rest()):
                yield Piece(rest)
            if failure is None or reading.whole:
                yield reading.finished(self._asked)
                return
            wait = None if reading.spoken or attempt >= self._tries else self._wait(failure, attempt)
            if wait is None:
                raise await self._explained(client, failure, begun=reading.media_type is not None)
            yield wait
            await asyncio.sleep(wait.seconds)

    def request(self, prompt: Prompt) -> dict[str, object]:
        """The body of the request for a prompt, whole; the key is in no part of it."""
        return self._body(messages(prompt))

    def _body(self, said: list[dict[str, str]]) -> dict[str, object]:
        return {
            "model": self.model,
            "messages": said,
            "stream": True,
            **self._wishes,
            **self._parameters,
        }

    async def aclose(self) -> None:
        """Let go of connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _connected(self) -> "AsyncOpenAI":
        async with self._connecting:
            if self._client is None:
                # In a thread, so that the person can type meanwhile: the event loop stalls for 30 ms at most.
                self._client = await asyncio.to_thread(connect, self._asked, self._timeout_s)
            return self._client

    async def _opened(self, client: "AsyncOpenAI", said: list[dict[str, str]]) -> "AsyncStream[object]":
        """A stream of chunks; a wish that the server refuses is dropped for good."""
        import openai

        while True:
            try:
                # Chunks as the JSON that came: the typed ones are made without validation, so that a
                # server's `choices: null` would pass for a list.
                # The client's own limit is on each read: a head that drips would never end.
                async with asyncio.timeout(min(CONNECT_TIMEOUT_S, self._timeout_s) + self._timeout_s):
                    return await client.post(
                        "/chat/completions",
                        body=self._body(said),
                        cast_to=object,
                        stream=True,
                        stream_cls=openai.AsyncStream[object],
                    )
            except openai.APIStatusError as error:
                failure = openai_failures.read(error, self._asked.key)
                refused = [name for name in self._wishes if failure.blames(name)]
                if not refused:
                    raise
                self._wishes = {k: v for k, v in self._wishes.items() if k not in refused}

    def _wait(self, failure: Failure, attempt: int) -> Waiting | None:
        if not failure.passing or (failure.wait_s or 0) > _LONGEST_WAIT_S:
            return None
        seconds = failure.wait_s
        if seconds is None:
            longest = min(_LONGEST_BACKOFF_S, self._backoff_s * 2 ** (attempt - 1))
            seconds = longest * (1 - random() / 4)  # noqa: S311 - spreads clients out, hides nothing
        return Waiting(seconds, openai_errors.why_waiting(failure, self.host))

    async def _explained(self, client: "AsyncOpenAI", failure: Failure, *, begun: bool) -> SweetchatError:
        if failure.misses(self.model):
            return openai_errors.no_model(self._asked, await self._offered(client))
        return openai_errors.explained(failure, self._asked, begun=begun)

    async def _offered(self, client: "AsyncOpenAI") -> list[str]:
        """Some of the models that the provider lists, the newest of those that chat."""
        try:
            listed = await client.get("/models", cast_to=object, options={"timeout": _LIST_TIMEOUT_S})
        except failures():
            return []
        match listed:
            case {"data": [*entries]}:
                models = [m for m in entries if isinstance(m, dict) and isinstance(m.get("id"), str)]
            case _:
                models = []
        chatty = [m for m in models if not _NOT_FOR_CHAT.search(m["id"])]
        newest = sorted(chatty or models, key=_born, reverse=True)
        return [openai_failures.masked(m["id"], self._asked.key)[:60] for m in newest[:_OFFERED]]


def wishes(asked: Provider, parameters: Mapping[str, object]) -> dict[str, object]:
    """What is asked of every server for the app's sake; one that refuses it is asked without."""
    wishes: dict[str, object] = {"stream_options": {"include_usage": True}}
    # OpenAI's newer models think before they speak (effort `medium`) and refuse a temperature while
    # they do. A friend answers at once, and a temperature that the person set must work.
    thinks = asked.host == "api.openai.com" and _THINKS_BY_DEFAULT.match(asked.model)
    if thinks and "reasoning_effort" not in parameters:
        wishes["reasoning_effort"] = "none"
    return wishes


def _born(model: dict[str, object]) -> float:
    created = model.get("created")
    return created if isinstance(created, int | float) else 0
