"""A match is gone to where it stands: its row, in its variant of the answer."""

import pytest
from tui_stage import Stage

from sweetchat_tui.conversation import Reply, Turn


def reply(text: str) -> Reply:
    return Reply(text, None, "told", "m", None, "friend", "stop")


LONG = " ".join(f"낱말{n}" for n in range(300))
IN_MARKDOWN = "\n\n".join(("## 제목", *(f"{n}. 문단{n}의 **굵은** 말\n   둘째 줄" for n in range(1, 120))))


@pytest.mark.parametrize(
    ("answer", "sought", "above"),
    [(LONG, "낱말240", "낱말0 "), (IN_MARKDOWN, "문단70의", "제목")],
    ids=["plain", "markdown"],
)
async def test_a_match_far_down_in_an_answer_is_on_the_screen(
    stage: Stage, answer: str, sought: str, above: str
) -> None:
    for n in range(12):
        stage.journal.keep("c", Turn(f"({n})째 말", replies=(reply("먼저 한 대답이야. " * 30),)))
    stage.journal.keep("c", Turn("길게 말해 줘", replies=(reply(answer),)))
    for n in range(12):
        stage.journal.keep("c", Turn(f"나중 ({n})째 말", replies=(reply("나중에 한 대답이야. " * 30),)))
    async with stage.open():
        await stage.pilot.press("ctrl+f", *sought)
        await stage.shows("1개를 찾았어요")
        await stage.pilot.press("enter")
        await stage.shows("SweetChat ·", sought)
        await stage.pilot.pause(0.3)
        assert sought in stage.screen() and above not in stage.screen()


async def test_a_match_in_an_older_answer_is_shown_and_nothing_is_stored(stage: Stage) -> None:
    replies = (reply("첫 대답은 바다"), reply("둘째 대답은 산"))
    stage.journal.keep("c", Turn("어디 갈까", id="t", replies=replies))
    async with stage.open():
        await stage.pilot.press("ctrl+f", *"바다")
        await stage.shows("1개를 찾았어요")
        await stage.pilot.press("enter")
        await stage.shows("첫 대답은 바다", "1/2")
        (kept,) = stage.journal.conversation("c").turns
        assert kept.reply == replies[1]
