"""A page on this machine that shows the app: textual-serve behind an address that nobody can guess.

textual-serve asks nobody who they are, and its own page fetches a font from another host. Here every
address begins with a secret, without which any page that is open in the same browser could connect and
read along; the page is ours; and what it may load is its own server's alone.
"""

import secrets
import shlex
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from textual_serve.server import Server

from sweetchat_tui.lang import say, spoken

_PAGE = Path(__file__).with_name("page")


class Browser(Server):
    """Runs a command, which must be the app, for each page that is opened."""

    def __init__(self, words: Sequence[str], listening: socket.socket, host: str) -> None:
        """
        Args:
            words: the command.
            listening: where pages are asked for.
            host: the name under which a browser finds it.
        """
        command = shlex.join(words) if sys.platform != "win32" else subprocess.list2cmdline(words)
        port = listening.getsockname()[1]
        at = f"[{host}]" if ":" in host else host
        super().__init__(
            command, host, port, "SweetChat", public_url=f"http://{at}:{port}", templates_path=_PAGE
        )
        self._listening = listening
        self._secret = secrets.token_urlsafe(16)

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"{self.public_url}/{self._secret}/"

    def run(self) -> None:
        """Until Ctrl+C."""
        web.run_app(self._make_app(), sock=self._listening, print=None, access_log=None)

    async def _make_app(self) -> web.Application:
        inner = await super()._make_app()
        aiohttp_jinja2.get_env(inner).globals.update(
            lang=spoken(),
            coming=say("곧 열려요…", "Opening…"),
            ended=say("대화를 닫았어요.", "The conversation is closed."),
            again=say("다시 열기", "Open it again"),
        )
        outer = web.Application()
        outer.add_subapp(f"/{self._secret}/", inner)
        outer.on_response_prepare.append(self._confine)
        return outer

    async def on_startup(self, app: web.Application) -> None:
        """Nothing: textual-serve would print its name and an address without the secret."""

    async def _confine(self, _: web.Request, response: web.StreamResponse) -> None:
        own = f"'self' {self.public_url.replace('http', 'ws', 1)}"
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            f"font-src 'self'; connect-src {own}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
