"""Other keys, as the configuration wants them."""

import re
from pathlib import Path

import pytest
from fakes import ToldGenerator
from terminal import Terminal
from textual.widgets import TextArea
from tui_stage import Stage, nodes

from sweetchat_tui.companion import Equipment
from sweetchat_tui.config import Config
from sweetchat_tui.conversation import Conversation, Reply, Turn
from sweetchat_tui.errors import Misconfigured, Unreachable
from sweetchat_tui.tui.app import TOGETHER, SweetchatApp
from sweetchat_tui.tui.changes import Changes, FirstRun
from sweetchat_tui.tui.keymap import bindings, keymap
from sweetchat_tui.tui.screens.conversation import ConversationScreen
from sweetchat_tui.tui.screens.search import SearchScreen


async def test_a_key_of_the_config_is_the_one_that_works_and_is_told(stage: Stage) -> None:
    async with stage.open(Config(keys={"search": "ctrl+g", "help": "f9"}), size=(80, 40)):
        await stage.pilot.press("ctrl+f")
        assert not isinstance(stage.app.screen, SearchScreen)
        assert "F9 도움말" in stage.screen()
        await stage.pilot.press("f9")
        await stage.until(lambda: re.search(r"Ctrl\+G +찾기", stage.screen()))
        await stage.pilot.press("escape", "ctrl+g")
        await stage.until(lambda: isinstance(stage.app.screen, SearchScreen))


async def test_every_sentence_names_the_keys_of_the_config(stage: Stage) -> None:
    first = FirstRun("이대로", None, True, lambda _: Equipment(), lambda *_: Equipment(), lambda: None)
    stage.changes = Changes(first=first)
    stage.generator = ToldGenerator([Unreachable("닿지 않아요.")], pause_s=2)
    keys = {"first": "f9", "seek": "f10", "stop": "f11", "again": "alt+x", "conversations": "ctrl+g"}
    keys |= {"delete": "f7", "undo": "f5", "interrupt": "f12", "start": "f9"}
    async with stage.open(Config(enter="newline", keys=keys), size=(80, 30)):
        await stage.shows("F9 이대로 시작", "Ctrl+G에서 대화를 고르고 F7.")
        await stage.pilot.press("f9")
        await stage.shows("Ctrl+J를 눌러요. 줄바꿈은 Enter.", "F9, Alt+2, Alt+3으로", "F10으로 58가지")
        await stage.shows("F11로 멈출 수", "^j 보내기", "^g 지난 대화")
        await stage.pilot.press(*"쓰다 만", "f12")
        await stage.shows("F12를 또 누르면 끝나요")
        await stage.pilot.press("안", "enter", "녕", "ctrl+j")
        await stage.shows("(F11 멈춤)")
        await stage.shows("닿지 않아요.", "Alt+X: 다시")
        await stage.pilot.press("ctrl+g", "f7")
        await stage.shows("F5로 되돌려요")


async def test_a_letter_and_a_digit_with_alt_come_under_all_their_names(stage: Stage) -> None:
    reply = Reply("그랬구나", None, "told", "m", None, "friend", "stop")
    conversation = Conversation((Turn("안녕", replies=(reply,)),))
    async with stage.open(Config(keys={"turn_edit": "r", "new": "alt+2", "second": "f10"}), conversation):
        await stage.pilot.press("up", "ㄱ")
        await stage.shows("보낸 말 고치는 중")
        await stage.pilot.press("escape", "trade_mark_sign")
        await stage.shows("어서 와요")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"serach": "ctrl+g"}, "혹시 search?"),
        ({"nothing like it": "f9"}, "쓸 수 있는 것: after, again"),
        ({"search": "alt+enter"}, "f9, ctrl+g"),
        ({"search": "ctrl+m"}, "f9, ctrl+g"),
        ({"search": "enter"}, "f9, ctrl+g"),
        ({"search": "escape"}, "f9, ctrl+g"),
        ({"search": "ctrl+c"}, "f9, ctrl+g"),
        ({"search": "ctrl+q"}, "f9, ctrl+g"),
        ({"search": "g"}, "f9, ctrl+g"),
        ({"search": ""}, "f9, ctrl+g"),
        ({"search": 7}, "f9, ctrl+g"),
        ({"again": "ctrl+u"}, "f9, ctrl+g"),  # the composer's own
        ({"turn_edit": "가"}, "f9, ctrl+g"),
        ({"search": "f2"}, "다른 키"),
        ({"search": "f9", "again": "f9"}, "다른 키"),
        ({"turn_edit": "y"}, "다른 키"),
        ({"newline": "f9"}, "혹시"),
    ],
)
def test_a_key_that_cannot_work_is_refused(keys: dict[str, object], said: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        keymap(keys, "config.toml", TOGETHER)
    assert said in refused.value.hint
    assert "config.toml" in refused.value.message


def test_two_keys_can_change_places() -> None:
    assert keymap({"search": "ctrl+o", "conversations": "ctrl+f"}, "", TOGETHER)


def test_every_key_that_has_a_name_can_be_changed() -> None:
    named = {b.id for node in nodes() for b in bindings([node])} - {None}
    assert named == {b.id for some in TOGETHER for b in bindings(some)} - {None}
    assert all(b.description for node in nodes() for b in bindings([node]) if b.id)


def test_no_key_of_the_conversation_is_taken_by_the_box_in_which_one_writes() -> None:
    writing = {key for binding in TextArea.BINDINGS for key in binding.key.split(",")}  # type: ignore[union-attr]
    some = bindings([ConversationScreen, SweetchatApp])
    assert not [b for b in some if not b.priority and set(b.key.split(",")) & writing]


def test_the_program_says_so_in_one_sentence_and_ends_with_78(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\nserach = "ctrl+g"\n', encoding="utf-8")
    with Terminal("--config", str(file), "chat", HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path)) as terminal:
        assert terminal.ended() == 78
        assert "혹시 search?" in terminal.raw.decode()
        assert "Traceback" not in terminal.raw.decode()
