"""The first message of a conversation, of which the journal knows nothing until it is kept."""

from tui_stage import Stage


async def test_nothing_goes_wrong_with_the_first_words(stage: Stage) -> None:
    async with stage.open():
        await stage.say("면접에서 떨어졌어")
        await stage.shows("그랬구나")
        assert "이 컴퓨터 안에서만" in stage.screen()
        assert "그런 대화는 없어요" not in stage.screen()
