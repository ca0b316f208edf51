"""`sweetchat serve`: real requests on loopback, and what a page could and could not reach."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pyte
import pytest
from terminal import Terminal, journal_words, welcomed

pytestmark = pytest.mark.usefixtures("own_home")


@asynccontextmanager
async def served(*words: str) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    """The address of a page, and a client; the server ends by Ctrl+C, quietly."""
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sweetchat_tui",
        "serve",
        "--port",
        "0",
        *words,
        env=os.environ | {"TERM": "dumb"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert server.stdout is not None
    try:
        address = (await asyncio.wait_for(server.stdout.readline(), 60)).decode().strip()
        async with aiohttp.ClientSession() as client:
            yield address, client
        server.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(server.communicate(), 30)
    except BaseException:
        server.kill()
        raise
    assert (server.returncode, out) == (0, b"")
    assert "대화 기록을 모두 읽을 수 있어요" in err.decode() and "Traceback" not in err.decode()


class Page:
    """What a browser would show."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)

    async def shows(self, *texts: str) -> None:
        async with asyncio.timeout(60):
            while not all(text in self.text() for text in texts):
                message = await self.socket.receive()
                assert message.type == aiohttp.WSMsgType.BINARY, message
                self.stream.feed(message.data)

    def text(self) -> str:
        rows = (self.screen.buffer[y] for y in range(24))
        return "\n".join("".join(row[x].data for x in range(80)).rstrip() for row in rows)

    async def type(self, text: str) -> None:
        await self.socket.send_str(json.dumps(["stdin", text]))


async def test_a_conversation_in_a_browser(own_home: Path) -> None:
    welcomed()
    async with served("--provider", "offline") as (address, client):
        page = await (await client.get(address)).text()
        (where,) = re.findall(r'data-session-websocket-url="([^"]+)"', page)
        async with client.ws_connect(f"{where}?width=80&height=24") as socket:
            shown = Page(socket)
            await shown.shows("lite-1", "어서 와요")
            await shown.type("면접에서 떨어졌어\r")
            await shown.shows("면접에서 떨어졌어", " · offline-1\n")
            await shown.type("\x11")
            while (await socket.receive()).type == aiohttp.WSMsgType.BINARY:
                pass
    assert journal_words(own_home) == ["면접에서 떨어졌어"]


async def test_without_the_secret_there_is_nothing() -> None:
    async with served() as (address, client):
        parts = urlsplit(address)
        assert parts.hostname == "127.0.0.1" and len(parts.path.strip("/")) >= 20
        site = f"{parts.scheme}://{parts.netloc}"
        for path in ("/", "/ws", "/static/js/textual.js", f"{parts.path[:-2]}/ws", "/download/x"):
            async with client.get(site + path) as answer:
                assert answer.status == 404
        again = served()
        other, _ = await again.__aenter__()
        assert urlsplit(other).path != parts.path
        await again.__aexit__(None, None, None)


async def test_the_page_loads_nothing_from_another_host() -> None:
    async with served() as (address, client):
        answer = await client.get(address)
        page = await answer.text()
        site = "{0.scheme}://{0.netloc}".format(urlsplit(address))
        named = re.findall(r"""(?:src|href|url)\W{1,3}((?:\w+:)?//[^"')]+)""", page)
        assert len(named) == 4
        assert all(url.replace("ws:", "http:").startswith(address) for url in named)
        policy = dict(
            part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ") if part
        )
        assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'"
        assert policy["connect-src"] == f"'self' {site.replace('http', 'ws')}"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        for url in named[:3]:
            async with client.get(url) as loaded:
                body = await loaded.read()
            assert loaded.status == 200 and loaded.headers["Content-Security-Policy"]
            if not url.endswith(".ttf"):
                text = re.sub(r"/\*.*?\*/", "", body.decode(), flags=re.DOTALL)
                assert re.findall(r"""(?:https?|wss?):?//[\w.]+\.\w+|@import|url\(""", text) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--host", "0.0.0.0"), 2, "모든 곳에 여는 것은"),
        (("--host", "::"), 2, "모든 곳에 여는 것은"),
        (("--host", ""), 2, "모든 곳에 여는 것은"),
        (("--host", "192.0.2.1"), 2, "열 수 없어요"),
        (("--host", "no.such.host.invalid"), 2, "열 수 없어요"),
        (("--port", "70000"), 2, "--port"),
        (("--persona", "enemy"), 78, "friend | classic"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_listens(  # type: ignore[no-untyped-def]
    sweetchat, words: tuple[str, ...], code: int, said: str
) -> None:
    done = sweetchat("serve", *words)
    assert (done.code, done.out, said in done.err) == (code, "", True), done.err


def test_a_port_that_is_taken_is_told(sweetchat) -> None:  # type: ignore[no-untyped-def]
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = sweetchat("serve", "--port", str(taken.getsockname()[1]))
    assert (done.code, "--port" in done.err) == (2, True)


def test_another_host_is_opened_when_it_is_named_and_the_danger_is_told() -> None:
    with Terminal("serve", "--port", "0", "--host", "127.0.0.2", columns=250) as terminal:
        terminal.shows("http://127.0.0.2:", "암호화되지 않아요")
        terminal.child.sendintr()
        assert terminal.ended() == 0
