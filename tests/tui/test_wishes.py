"""What a person wants of the answers."""

import pytest
from tui_stage import Stage

from sweetchat_tui.config import Config


async def test_manner_and_length_go_round_and_reach_the_next_prompt(stage: Stage) -> None:
    async with stage.open():
        await stage.pilot.press("f4")
        await stage.shows("이제 들어 주기만 해요.")
        await stage.pilot.press("f5")
        await stage.shows("이제 짧게 대답해요.")
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
        assert (stage.generator.prompts[0].manner, stage.generator.prompts[0].length) == ("listen", "short")


async def test_the_cycle_starts_from_the_config_and_the_status_names_what_is_wanted(stage: Stage) -> None:
    async with stage.open(Config(manner="comfort", length="short")):
        await stage.shows("위로 · 짧게 · 감정 told-1")
        await stage.pilot.press("f4")
        await stage.shows("이제 조언해 줘요.")
        await stage.pilot.press("f5")
        await stage.shows("이제 길게 대답해요.")
        assert {"들어 주기, 위로, 조언 중에 바꾸기": "F4", "대답의 길이 바꾸기": "F5"}.items() <= {
            command.title: command.help for command in stage.app.get_system_commands(stage.app.screen)
        }.items()


@pytest.mark.parametrize("width", [42, 60, 80, 140])
async def test_news_hide_neither_that_it_is_private_nor_where_words_go(stage: Stage, width: int) -> None:
    stage.generator.host = "api.example.com"
    async with stage.open(private=True, size=(width, 24)):
        stage.app.screen.tell("무슨 일이 있었는지 길게 알리는 소식이에요. " * 4)
        await stage.shows("무슨 일이", "비공개", "api.example.com으로 보내요")
