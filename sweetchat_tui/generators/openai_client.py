"""The connection to one provider: made once, and nothing of this machine goes over it but the request.

Importing this module loads no client; `connect` does.
"""

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from sweetchat_tui.config import LOOPBACK
from sweetchat_tui.errors import KeyRefused, Misconfigured
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean, one_line

if TYPE_CHECKING:
    from openai import AsyncOpenAI

CONNECT_TIMEOUT_S = 5.0
_HEADERS = frozenset(
    ("accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent")
)
_MOST_BYTES = 64_000_000
"""Of an answer; 128,000 tokens come in 32 million."""
_LONGEST_EVENT = 20_000_000
"""Bytes that are read as one piece of JSON, which in memory can be twenty times as large."""
_MOST_OTHER_BYTES = 1_000_000
"""Of an error or a redirect."""
_AT_ONCE_S = 0.001
_GATHER_S = 0.1
"""What comes meanwhile is read together: to be woken by each word costs as much as to paint it."""
_MOST_LISTED_BYTES = 4_000_000
"""Of a list of models."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who is asked."""

    base_url: str
    model: str
    key: str | None = field(repr=False)
    """None for a server that asks for none."""
    profile: str = ""
    """Name under which its key is stored; empty for the usual one."""

    def __post_init__(self) -> None:
        """Refuse what cannot be an address.

        Raises:
            Misconfigured: the base URL is no http or https address.
        """
        try:
            parts = urlsplit(self.base_url)
            # The port is checked when it is read, an empty label when the name is encoded.
            known = bool(parts.hostname and parts.hostname.encode("idna")) and parts.port != 0
        except ValueError:
            known = False
        plain = self.base_url.isprintable() and not set(" @") & set(self.base_url)
        if not (known and plain and parts.scheme in ("http", "https")):
            raise _bad_address(self.base_url)

    @property
    def host(self) -> str:
        """Host of the base URL, with the port if it names one."""
        return urlsplit(self.base_url).netloc.casefold()


def connect(provider: Provider, timeout_s: float) -> "AsyncOpenAI":
    """A client for a provider. Slow: importing openai takes 360-640 ms, making the client 40 ms.

    Args:
        timeout_s: silence after which a request is given up.

    Raises:
        KeyRefused: the key holds characters that no key has.
        Misconfigured: the base URL is no address after all.
    """
    key = provider.key
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise _bad_key()
    # Read by openai when it is imported: it would write its log over the screen.
    os.environ.pop("OPENAI_LOG", None)
    fresh = "openai" not in sys.modules
    import httpx2
    import openai

    if fresh:
        gc.freeze()  # else each full search for garbage looks at all of it: 70 ms in which no key shows

    async def only_ours(request: httpx2.Request) -> None:
        # The client adds an organisation, a project and the OPENAI_CUSTOM_HEADERS of the environment,
        # which may be secret and belong to one host, and a description of this machine.
        for name in request.headers.keys() - _HEADERS:
            del request.headers[name]
        # What is packed could be a thousand times as large as it seems.
        request.headers["Accept-Encoding"] = "identity"
        if key:
            request.headers["Authorization"] = f"Bearer {key}"

    class Bounded(httpx2.AsyncByteStream):
        """What comes over the wire, up to a number of bytes, while its lines come to an end."""

        def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
            self._stream = stream
            self._left = most

        async def __aiter__(self) -> AsyncIterator[bytes]:
            ended_at, event, tail = time.monotonic(), 0, b""
            asked_at = ended_at
            async for piece in self._stream:
                waited_s = time.monotonic() - asked_at
                self._left -= len(piece)
                seen = tail + piece
                ends = max(seen.rfind(end) for end in (b"\n\n", b"\r\r", b"\n\r\n"))
                event = event + len(piece) if ends < 0 else len(seen) - ends
                tail = seen[-2:]
                if self._left < 0 or event > _LONGEST_EVENT:
                    raise httpx2.DecodingError("more than any answer has")
                # A byte now and then is as good as silence; a line, even an empty one, is a sign of life.
                if b"\n" in piece:
                    ended_at = time.monotonic()
                elif time.monotonic() - ended_at > timeout_s:
                    raise httpx2.ReadTimeout("a line that does not end")
                yield piece
                if waited_s > _AT_ONCE_S:  # else more has already come
                    await asyncio.sleep(_GATHER_S)
                asked_at = time.monotonic()

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def bounded(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "").strip().casefold() not in ("", "identity"):
            raise httpx2.DecodingError("packed, unasked")
        most = _MOST_BYTES if response.request.method == "POST" else _MOST_LISTED_BYTES
        if not response.is_success:
            most = _MOST_OTHER_BYTES
        response.stream = Bounded(cast("httpx2.AsyncByteStream", response.stream), most)

    # Redirects are not followed: words and key go to the host that the person was shown or nowhere.
    # A server on this machine is not asked through a proxy.
    transport = openai.DefaultAsyncHttpxClient(
        follow_redirects=False,
        trust_env=urlsplit(provider.base_url).hostname not in LOOPBACK,
        event_hooks={"request": [only_ours], "response": [bounded]},
    )
    try:
        return openai.AsyncOpenAI(
            base_url=provider.base_url,
            api_key=key or "none",
            max_retries=0,
            timeout=openai.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S)),
            http_client=transport,
        )
    except httpx2.InvalidURL:
        raise _bad_address(provider.base_url) from None


def failures() -> tuple[type[Exception], ...]:
    """What a request can raise: the client's errors, its transport's, and those of unreadable JSON."""
    import httpx2
    import openai

    return (openai.OpenAIError, httpx2.RequestError, TimeoutError, ValueError, RecursionError)


def _bad_address(base_url: str) -> Misconfigured:
    # What stands before an @ may be a password.
    typed = one_line(clean(base_url.rpartition("@")[2]))[:100]
    return Misconfigured(
        say(f"base_url에 쓸 수 없는 주소예요: {typed}", f"base_url cannot be used: {typed}"),
        say("예: http://localhost:11434/v1", "For example http://localhost:11434/v1"),
    )


def _bad_key() -> KeyRefused:
    return KeyRefused(
        say("키에 쓸 수 없는 글자가 섞여 있어요.", "The key holds characters that no key has."),
        say(
            "한글 입력 상태로 붙여 넣은 것 같아요. sweetchat auth set으로 다시 넣어 주세요.",
            "It may have been typed in Korean, or broken in two. Enter it again: sweetchat auth set",
        ),
    )
