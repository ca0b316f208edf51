"""What a person wants of the answers."""

from tui_stage import Stage


async def test_manner_and_length_go_round_and_reach_the_next_prompt(stage: Stage) -> None:
    async with stage.open():
        await stage.pilot.press("f4")
        await stage.shows("이제 듣기만 해요.")
        await stage.pilot.press("f5")
        await stage.shows("이제 짧게 대답해요.")
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
        assert (stage.generator.prompts[0].manner, stage.generator.prompts[0].length) == ("listen", "short")
