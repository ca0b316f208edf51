"""What leaves this machine when a provider is asked, and what does not."""

import subprocess
import sys

import pytest
from provider_stage import KEY, WHOLE, exchange, response, serving

from sweetchat_tui.errors import Misconfigured
from sweetchat_tui.generators.openai_chat import wishes
from sweetchat_tui.generators.openai_client import Provider


@pytest.mark.parametrize("status", ["301 M", "302 M", "307 M", "308 M"])
async def test_a_redirect_gets_neither_the_key_nor_the_words(status: str) -> None:
    async with serving(WHOLE) as other:
        target = f"http://localhost:{other.port}/v1/chat/completions"
        given, error, _ = await exchange(response(b"", status=status, headers=f"location: {target}\r\n"))
        assert other.heads == []
    assert given == []
    assert isinstance(error, Misconfigured)
    assert target in error.hint


async def test_nothing_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORG_ID", "PROJECT_ID", "ADMIN_KEY", "API_KEY", "WEBHOOK_SECRET"):
        monkeypatch.setenv(f"OPENAI_{name}", "leaked")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: leaked\nAuthorization: Bearer leaked")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    _, error, server = await exchange(WHOLE)
    assert error is None
    names = {line.partition(":")[0] for line in server.heads[0].splitlines()[1:] if line}
    assert "leaked" not in server.heads[0]
    assert f"authorization: bearer {KEY}" in server.heads[0]
    assert names <= {"host", "connection", "accept", "accept-encoding", "user-agent", "authorization"} | {
        "content-type",
        "content-length",
    }


async def test_without_a_key_no_key_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "leaked")
    _, error, server = await exchange(WHOLE, key=None)
    assert error is None
    assert "authorization" not in server.heads[0]


@pytest.mark.parametrize(
    ("url", "model", "parameters", "effort"),
    [
        ("https://api.openai.com/v1", "gpt-6-luna", {}, "none"),
        ("https://api.openai.com/v1", "gpt-5.4-mini", {}, "none"),
        ("https://api.openai.com/v1", "gpt-5", {}, None),
        ("https://api.openai.com/v1", "gpt-4o", {}, None),
        ("https://api.openai.com/v1", "gpt-6-luna", {"reasoning_effort": "low"}, None),
        ("http://localhost:11434/v1", "gpt-6-luna", {}, None),
    ],
)
def test_only_openais_thinking_models_are_asked_to_answer_at_once(
    url: str, model: str, parameters: dict[str, object], effort: str | None
) -> None:
    assert wishes(Provider(url, model, None), parameters).get("reasoning_effort") == effort


def test_making_one_loads_no_client_and_the_clients_log_stays_off_the_screen() -> None:
    program = """
import asyncio, sys
from sweetchat_tui.conversation import Prompt
from sweetchat_tui.errors import Unreachable
from sweetchat_tui.generators.openai_chat import OpenAIChat
chat = OpenAIChat("test", "http://127.0.0.1:9/v1", "m", "sk-1", {}, tries=1)
assert not {"openai", "httpx2"} & sys.modules.keys()
async def main():
    await chat.warm()
    assert "openai" in sys.modules
    try:
        async for _ in chat.stream(Prompt("안녕", None)):
            pass
    except Unreachable:
        await chat.aclose()
        print("unreachable")
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "error", "-c", program],
        env={"OPENAI_LOG": "debug", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "unreachable\n", "")


def test_the_key_is_in_no_value_that_can_be_printed() -> None:
    assert KEY not in repr(Provider("http://localhost/v1", "m", KEY))
