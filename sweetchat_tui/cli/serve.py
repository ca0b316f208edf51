"""`sweetchat serve`: the app in a browser, on this machine."""

import ipaddress
import os
import socket
import sys
from contextlib import suppress
from typing import Annotated

import typer

from sweetchat_tui.cli import options
from sweetchat_tui.config import LOOPBACK
from sweetchat_tui.errors import Misused
from sweetchat_tui.files import why
from sweetchat_tui.lang import say, spoken

_NAMES = ("provider", "model", "persona", "manner", "length", "classifier", "device")


def serve(
    ctx: typer.Context,
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="N", min=0, max=65535, help=say("포트(0은 아무거나).", "Port; 0 is any.")
        ),
    ] = 8040,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            help=say("들을 주소. 이 컴퓨터 밖에도 열려면 그 주소를 적어요.", "Where to listen."),
        ),
    ] = "127.0.0.1",
    private: options.Private = False,
    provider: options.ProviderName = None,
    model: options.ModelName = None,
    persona: options.Persona = None,
    manner: options.MannerOfAnswer = None,
    length: options.LengthOfAnswer = None,
    classifier: options.ClassifierName = None,
    device: options.Device = None,
) -> None:
    given = (provider, model, persona, manner, length, classifier, device)
    flags = {name: value for name, value in zip(_NAMES, given, strict=True) if value is not None}
    ctx.obj.settings(**flags)  # what is wrong is told here, not on a page
    try:
        # 400 ms: aiohttp and jinja2.
        from sweetchat_tui.cli.browser import Browser
    except ModuleNotFoundError as missing:
        raise Misused(
            say(f"이 일에 필요한 라이브러리가 없어요: {missing.name}", f"This needs {missing.name}."),
            "pip install 'sweetchat-tui[serve]'",
        ) from None
    with _listening(host, port) as listening:
        words = [sys.executable, "-m", "sweetchat_tui", "--config", str(ctx.obj.file), "--lang", spoken()]
        if ctx.obj.config is None and not os.environ.get("SWEETCHAT_CONFIG"):
            words = words[:3] + words[5:]
        words += ["chat", *(word for name, value in flags.items() for word in (f"--{name}", value))]
        browser = Browser([*words, *(["--private"] if private else [])], listening, host)
        os.environ["TERM"] = "xterm-256color"  # of the page, whatever the one here is
        with suppress(KeyboardInterrupt):  # which is how it ends
            ctx.obj.tell(_warning(host))
            typer.echo(browser.address)
            sys.stdout.flush()
            browser.run()


def _warning(host: str) -> str:
    here = say(
        "이 주소를 아는 사람은, 이 컴퓨터에서 이 포트에 닿을 수 있으면, 대화 기록을 모두 읽을 수 있어요. "
        "주소를 남에게 보이지 마세요. 끝내려면 Ctrl+C.",
        "Whoever knows this address and can reach the port on this machine can read the whole journal. "
        "Show it to nobody. Ctrl+C ends it.",
    )
    if host in LOOPBACK:
        return here
    return (
        here
        + " "
        + say(
            f"{host}에서는 다른 컴퓨터도 닿을 수 있고, 오가는 말은 암호화되지 않아요.",
            f"At {host} other machines can reach it too, and nothing on the way is encrypted.",
        )
    )


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        Misused: it would listen everywhere, or cannot listen there.
    """
    try:
        everywhere = not host or ipaddress.ip_address(host).is_unspecified
    except ValueError:  # a name
        everywhere = False
    if everywhere:
        raise Misused(
            say("모든 곳에 여는 것은 하지 않아요.", "It does not listen everywhere."),
            say(
                "열 주소 하나를 적어 주세요. 비우면 이 컴퓨터에만 열어요.",
                "Name one address; without one it is this machine's alone.",
            ),
        )
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as error:
        raise Misused(
            say(
                f"{host}:{port}에 열 수 없어요: {why(error)}",
                f"Cannot listen at {host}:{port}: {why(error)}",
            ),
            say("--port로 다른 포트를 적어 주세요.", "Name another port with --port."),
        ) from None
    return listening
