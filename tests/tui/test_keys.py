"""The help tells the keys that are in force where the person is; no letter key needs the Latin keyboard."""

import pytest
from textual.binding import Binding
from tui_stage import Stage, nodes

from sweetchat_tui.conversation import Conversation, Reply, Turn
from sweetchat_tui.tui.hangul import JAMO
from sweetchat_tui.tui.screens.keys import KeysScreen


async def test_the_help_is_of_what_has_the_focus(stage: Stage) -> None:
    reply = Reply("그랬구나", None, "told", "m", None, "friend", "stop")
    async with stage.open(
        conversation=Conversation((Turn("안녕", replies=(reply,)),)), size=(80, 40)
    ) as stage:
        await stage.pilot.press("f1")
        await stage.shows("보내기", "지난 대화", "되돌리기", "들어 주기·위로·조언", "Esc 닫기")
        assert "앞의 말" not in stage.screen() and "더 보기" not in stage.screen()
        rows = [line.strip(" │").split("  ")[0] for line in stage.screen().splitlines()]
        assert [key for key in rows if key in ("Enter", "Ctrl+J") or key.startswith("Alt+")] == [
            *("Enter", "Ctrl+J", "Alt+1", "Alt+2", "Alt+3", "Alt+4", "Alt+Left", "Alt+Right")
        ]
        await stage.pilot.press("escape", "up", "f1")
        await stage.shows("첫째 감정으로", "고치기", "앞의 말")
        assert "보내기" not in stage.screen().replace("보내는", "")
        await stage.pilot.press("escape")
        await stage.until(lambda: not isinstance(stage.app.screen, KeysScreen))


async def test_the_help_of_a_list_tells_how_to_go_through_it(stage: Stage) -> None:
    async with stage.open(size=(80, 40)) as stage:
        await stage.pilot.press("ctrl+o", "f1")
        await stage.shows("열기", "위로", "아래로", "닫기")
        rows = [line.strip(" │").split("  ")[0] for line in stage.screen().splitlines()]
        assert {"Enter", "Up", "Down", "PgUp", "PgDn", "Ctrl+D"} <= set(rows), stage.screen()


async def test_a_command_is_found_by_its_first_consonants(stage: Stage) -> None:
    async with stage.open() as stage:
        await stage.pilot.press("ctrl+p", *"ㄷㄷㅂㅅ")
        await stage.shows("대답 복사")
        assert "없어요" not in stage.screen()
        await stage.pilot.press(*"ㅋㅋ")
        await stage.shows("그런 명령은 없어요.")


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_help_fits_and_can_be_scrolled(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.open(size=size) as stage:
        await stage.pilot.press("f1")
        await stage.shows("보내기")
        card = stage.app.screen.query_one("#keys")
        assert card.region.bottom <= size[1] and card.region.right <= size[0]
        await stage.shows("PgDn 더 보기 · Esc 닫기")
        await stage.pilot.press("end")
        await stage.shows("모든 명령")


def test_every_letter_key_has_the_jamo_of_its_key() -> None:
    missing = []
    for kind in nodes():
        for binding in kind.__dict__.get("BINDINGS", ()):
            keys = binding.key.split(",") if isinstance(binding, Binding) else binding[0].split(",")
            missing += [(kind.__name__, key) for key in keys if key in JAMO and JAMO[key] not in keys]
    assert not missing
    assert len(nodes()) > 15


@pytest.mark.parametrize("width", [60, 80, 140])
async def test_the_footer_tells_five_keys_and_cuts_none(stage: Stage, width: int) -> None:
    async with stage.open(size=(width, 24)) as stage:
        footer = stage.screen().splitlines()[-1]
        assert all(word in footer for word in ("줄바꿈", "감정", "지난 대화", "끝내기", "도움말")), footer


@pytest.mark.parametrize("width", [60, 80])
async def test_the_footer_of_no_other_screen_is_cut(stage: Stage, width: int) -> None:
    async with stage.open(conversation=Conversation((Turn("안녕"),)), size=(width, 20)):
        for key in ("ctrl+o", "ctrl+f", "f3"):
            await stage.pilot.press(key)
            await stage.shows("Esc 닫기")
            footer = stage.screen().splitlines()[-1]
            assert footer.rstrip().endswith("F1 도움말"), footer
            await stage.pilot.press("escape")
            await stage.shows("told-1")
