"""The mood screen: days chosen with keys and mouse, and what was said on them."""

from datetime import UTC, date, datetime, timedelta

from fakes import feeling
from tui_stage import Stage

from sweetchat_tui.conversation import Turn
from sweetchat_tui.emotions import find
from sweetchat_tui.tui.widgets.turn import TurnView


def tell(stage: Stage) -> None:
    """Something today, and something a week ago that was read otherwise than it was."""
    now = datetime.now(UTC)
    stage.journal.keep(
        "old", Turn("지난주의 말", feeling("분노"), find("외로운"), at=now - timedelta(days=7), id="w")
    )
    for n in range(30):
        stage.journal.keep("old", Turn(f"({n})째 말", feeling("기쁨"), at=now))
    stage.journal.keep("new", Turn("오늘의 말", feeling("신이 난"), at=now))


async def test_days_weeks_and_what_was_picked(stage: Stage) -> None:
    tell(stage)
    async with stage.open(size=(80, 40)):
        await stage.pilot.press("f3")
        await stage.shows(
            f"{date.today():%Y}",
            "내가 한 말 32번",
            "기<",
            "당 당황",
            "자주 느낀 감정",
            "기쁨 30",
            "100%",
            "오늘의 말",
        )
        await stage.shows("감정을 직접 고른 말  1번 · 분노 → 외로운 1")


async def test_a_day_is_chosen_and_its_conversation_opened_in_its_place(stage: Stage) -> None:
    tell(stage)
    async with stage.open(size=(60, 20)):
        await stage.pilot.press("f3", "up")
        await stage.shows("지난주의 말", "당<")
        await stage.pilot.press("enter", "enter")
        await stage.until(lambda: isinstance(stage.app.screen.focused, TurnView))
        focused = stage.app.screen.focused
        assert isinstance(focused, TurnView) and focused.turn.id == "w"


async def test_a_day_is_chosen_with_the_mouse_and_earlier_weeks_with_a_key(stage: Stage) -> None:
    tell(stage)
    async with stage.open(size=(80, 40)):
        await stage.pilot.press("f3")
        await stage.shows("기<")
        day = date.today() - timedelta(days=7)
        rows = stage.screen().splitlines()
        y = next(n for n, line in enumerate(rows) if "기<" in line) - 1
        await stage.pilot.click(offset=(1 + 7 + 3 * day.weekday(), y))
        await stage.shows("지난주의 말")
        await stage.pilot.press("pageup")
        await stage.shows(f"{date.today() - timedelta(days=28)} · 이 동안에는")
        await stage.pilot.press("escape")
        await stage.shows("오늘 어땠어?")
