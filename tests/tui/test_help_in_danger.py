"""Help for someone in danger in the app: in full once, whole at any width, there whenever it is asked for."""

import re

import pytest
from fakes import ToldGenerator
from tui_stage import Stage

from sweetchat_tui import safety
from sweetchat_tui.conversation import Danger
from sweetchat_tui.errors import Unreachable


@pytest.mark.parametrize("width", [24, 40, 60, 80, 140])
async def test_no_number_is_cut_or_broken_at_any_width(stage: Stage, width: int) -> None:
    async with stage.open(size=(width, 60)) as stage:
        stage.write("죽고 싶어")
        await stage.pilot.press("enter")
        await stage.shows("109", "1388")
        shown = [" ".join(line.strip(" │┃▌▐┏┓┗┛━╭╮╰╯─").split()) for line in stage.screen().splitlines()]
        for line in safety.card(Danger.CRISIS).lines:
            assert any(line.number in row.split() for row in shown), (line, stage.screen())
            if width >= 60:
                assert any(" ".join(str(line).split()) in row for row in shown), (line, stage.screen())
        assert any("109" in row.split() and "119" in " ".join(shown) for row in shown)


async def test_the_card_stands_once_and_again_when_danger_rises(stage: Stage) -> None:
    async with stage.open(size=(80, 60)) as stage:
        stage.generator = ToldGenerator()
        for text in ("친구가 죽고 싶대", "걔가 자꾸 죽고 싶대"):
            stage.write(text)
            await stage.pilot.press("enter")
            await stage.until(lambda: not stage.app.screen.query("Talk").first().busy)  # type: ignore[attr-defined]
        assert stage.screen().count("마음이 쓰이는 이야기네요.") == 1
        for text in ("나도 죽고 싶어", "진짜로 죽고 싶어"):
            stage.write(text)
            await stage.pilot.press("enter")
            await stage.until(lambda: not stage.app.screen.query("Talk").first().busy)  # type: ignore[attr-defined]
        assert len(stage.app.screen.query("HelpCard")) == 2


async def test_where_help_is_found_is_a_key_away(stage: Stage) -> None:
    async with stage.open(size=(60, 20)) as stage:
        await stage.pilot.press("f8")
        for line in safety.help_lines():
            assert re.sub(r"\s+", " ", str(line)) in re.sub(r"\s+", " ", stage.screen())


async def test_a_friend_that_fails_leaves_a_calm_sentence(stage: Stage) -> None:
    stage.generator = ToldGenerator([Unreachable("닿지 못했어요.")])
    async with stage.open(size=(100, 50)) as stage:
        stage.write("죽고 싶어")
        await stage.pilot.press("enter")
        await stage.shows("닿지 못했어요.", safety.unanswered())
