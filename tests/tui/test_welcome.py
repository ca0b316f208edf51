"""The first run: facts, a choice, and never again."""

import json
import tomllib
from pathlib import Path

import pytest
from fakes import ToldGenerator
from terminal import Terminal
from tui_stage import Stage

from sweetchat_tui import paths
from sweetchat_tui.cli import remembering
from sweetchat_tui.companion import Equipment
from sweetchat_tui.config.example import example
from sweetchat_tui.errors import Misconfigured, Misused
from sweetchat_tui.tui.changes import Changes, FirstRun


def asked(stage: Stage) -> list[tuple[str, ...]]:
    """Put the first run on the stage; what it is told."""
    told: list[tuple[str, ...]] = []
    other = ToldGenerator("고른 데서 왔어")

    def server(address: str, model: str) -> Equipment:
        if not address.startswith("http"):
            raise Misused("서버의 주소가 아니에요.")
        told.append((address, model))
        return Equipment(lambda: other)

    def key(value: str) -> Equipment:
        told.append((value,))
        return Equipment(lambda: other)

    stage.changes = Changes(
        first=FirstRun("이대로: 내장 친구", None, True, key, server, lambda: told.append(("done",)))
    )
    return told


@pytest.mark.parametrize("leave", ["escape", "enter"])
async def test_one_key_goes_on_as_things_stand(stage: Stage, leave: str) -> None:
    told = asked(stage)
    async with stage.open():
        await stage.pilot.resize_terminal(60, 20)
        await stage.shows("사람도, 의사나 상담사도 아니에요", "만 14세")
        await stage.pilot.press(leave)
        await stage.shows("어서 와요")
        await stage.say("안녕")
        await stage.shows("told-model")
    assert told == [("done",)]


async def test_a_key_is_asked_for_unseen(stage: Stage) -> None:
    told = asked(stage)
    async with stage.open():
        await stage.shows("누가 대답할까요?", "Ctrl+D", "--private")
        await stage.pilot.press("down", "enter", *"sk-1", "enter")
        assert "sk-1" not in stage.screen()
        await stage.shows("다음 말부터 여기서 대답해요.")
        await stage.say("안녕")
        await stage.shows("고른 데서 왔어")
    assert told == [("sk-1",), ("done",)]


async def test_a_server_is_named(stage: Stage) -> None:
    told = asked(stage)
    async with stage.open():
        await stage.pilot.press("down", "down", "enter")
        await stage.shows("http://127.0.0.1:11434/v1")
        await stage.pilot.press("enter", *"llama", "enter")
        await stage.shows("다음 말부터 여기서 대답해요.")
    assert told == [("http://127.0.0.1:11434/v1", "llama"), ("done",)]


async def test_an_address_that_is_none_is_said_to_be_none(stage: Stage) -> None:
    asked(stage)
    async with stage.open():
        await stage.pilot.press("down", "down", "enter", *"m", "shift+tab", "ctrl+u", *"x", "enter")
        await stage.shows("서버의 주소가 아니에요.")


def test_in_a_real_terminal_it_comes_once(own_home: Path) -> None:
    with Terminal(first=True) as app:
        app.shows("이대로: 내장 친구")
        app.type("\x1b[B", "\x1b[B", "\r")
        app.shows("127.0.0.1:11434")
        app.type("exaone\r")
        app.shows("어서 와요")
        app.type("\x11")
        assert app.ended() == 0
    (config,) = own_home.rglob("config.toml")
    assert tomllib.loads(config.read_text("utf-8"))["provider"] == {
        "use": "local",
        "local": {"base_url": "http://127.0.0.1:11434/v1", "model": "exaone"},
    }
    config.unlink()
    with Terminal(first=True) as app:
        assert "이대로" not in app.shows("어서 와요", "이 컴퓨터 안에서만")


def test_a_key_goes_to_the_file_of_keys_bound_to_its_host(own_home: Path) -> None:
    with Terminal(first=True) as app:
        app.shows("이대로: 내장 친구")
        app.type("\x1b[B", "\r")
        app.shows("OpenAI 키")
        app.type("sk-made-up\r")
        app.shows("어서 와요", "api.openai.com")
    (stored,) = own_home.rglob("credentials.json")
    assert json.loads(stored.read_text())["openai"] == {"host": "api.openai.com", "key": "sk-made-up"}


def test_who_has_chosen_who_answers_is_told_the_facts_and_where_words_go(own_home: Path) -> None:
    file = paths.config_file()
    file.parent.mkdir(parents=True)
    file.write_text(
        '[provider]\nuse = "local"\n[provider.local]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\n'
    )
    with Terminal(first=True) as app:
        shown = app.shows("사람도, 의사나 상담사도 아니에요", "만 14세", "이대로: 127.0.0.1:9", "Ctrl+D")
        assert "127.0.0.1:9로 보내요" in "".join(shown.replace("│", "").split("\n"))
        assert not [text for text in ("OpenAI", "Ollama", "누가 대답할까요?") if text in shown]
        app.type("\r")
        app.until(lambda shown: "이대로" not in shown and "어서 와요" in shown)
        app.type("\x11")
        assert app.ended() == 0
    with Terminal(first=True) as app:
        assert "이대로" not in app.shows("어서 와요", "127.0.0.1:9로 보내요")


def test_who_has_made_a_configuration_is_asked_too(own_home: Path) -> None:
    file = paths.config_file()
    file.parent.mkdir(parents=True)
    file.write_text(example(), "utf-8")
    with Terminal(first=True) as app:
        app.shows("사람도, 의사나 상담사도 아니에요", "누가 대답할까요?", "이대로: 내장 친구")
        app.type("\x1b[B", "\x1b[B", "\r")
        app.shows("127.0.0.1:11434")
        app.type("exaone\r")
        app.shows("어서 와요")
    changed = file.read_text("utf-8")
    assert tomllib.loads(changed)["provider"]["use"] == "local"
    assert changed.replace('use = "local"', 'use = "auto"', 1).startswith(example().rstrip())


def test_a_server_is_added_to_what_a_person_wrote(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('# mine\nlang = "en"\n')
    remembering.server(file, "local", "http://h/v1", "모델")
    assert file.read_text("utf-8").startswith('# mine\nlang = "en"\n')
    assert tomllib.loads(file.read_text("utf-8"))["provider"]["local"]["model"] == "모델"
    with pytest.raises(Misconfigured, match="설정 파일"):
        remembering.server(file, "local", "http://other/v1", "m")
