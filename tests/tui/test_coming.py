"""An answer on its way: laid out word by word as it would be at once, and painted only where it changed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot

from sweetchat_tui.tui.widgets.answer import Coming

TEXT = (
    "그랬구나, 오늘 하루 정말 **길었겠다.** 네 말을 들으니까 나도 마음이 무거워. 서두르지 않아도 돼.\n\n"
    "- 먼저 따뜻한 물 한 잔\n- 그다음 **잠깐** 쉬기\n  - longwordthatnevereverends" + "x" * 60 + "\n\n끝\n"
)


class Seen(Coming):
    """Remembers which of its rows were painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: set[int] = set()

    def render_line(self, y: int):  # type: ignore[no-untyped-def]
        self.painted.add(y)
        return super().render_line(y)

    @property
    def rows(self) -> list[str]:
        """What stands on its rows; this counts as no painting."""
        return [Coming.render_line(self, y).text.rstrip() for y in range(self.size.height)]


class Page(App[None]):
    CSS = "Coming { width: 100%; padding: 0 1 }"

    def compose(self) -> ComposeResult:
        yield VerticalScroll(Seen())


@asynccontextmanager
async def page(width: int = 30) -> AsyncIterator[tuple[Seen, Pilot[None]]]:
    async with Page().run_test(size=(width, 60)) as pilot:
        yield pilot.app.query_one(Seen), pilot


async def test_word_by_word_it_comes_to_stand_as_at_once() -> None:
    async with page() as (at_once, pilot):
        at_once.say(TEXT)
        await pilot.pause()
        expected = at_once.rows
    assert expected[:2] == ["그랬구나, 오늘 하루 정말", "길었겠다. 네 말을 들으니까"]
    assert "• 먼저 따뜻한 물 한 잔" in expected and "• 그다음 잠깐 쉬기" in expected
    async with page() as (coming, pilot):
        for end in range(1, len(TEXT) + 1):
            coming.say(TEXT[:end])
            if end % 7 == 0:
                await pilot.pause()
        await pilot.pause()
        assert coming.rows == expected


async def test_another_width_lays_it_out_anew() -> None:
    async with page(50) as (wide, pilot):
        wide.say(TEXT)
        await pilot.pause()
        expected = wide.rows
    async with page(30) as (coming, pilot):
        coming.say(TEXT)
        await pilot.pause()
        assert coming.rows != expected
        await pilot.resize_terminal(50, 60)
        await pilot.pause()
        assert [row for row in coming.rows if row] == [row for row in expected if row]


async def test_a_text_that_turns_out_otherwise_takes_the_old_ones_place() -> None:
    async with page() as (coming, pilot):
        coming.say("하나\n둘\n셋 넷")
        await pilot.pause()
        coming.say("하나\n다섯")
        await pilot.pause()
        assert coming.rows[:3] == ["하나", "다섯", ""]


async def test_a_word_more_paints_only_the_row_where_it_stands() -> None:
    async with page() as (coming, pilot):
        text = "말\n" * 30 + "하나"
        coming.say(text)
        await pilot.pause()
        coming.painted.clear()
        coming.say(text + " 둘")
        await pilot.pause()
        assert coming.rows[30] == "하나 둘"
        assert coming.painted == {30}


async def test_followed_it_grows_no_higher_than_can_be_seen_and_all_of_it_is_there_when_wanted() -> None:
    lines = [f"{n}째 줄" for n in range(100)]
    async with page() as (coming, pilot):
        for end in range(1, len(lines) + 1):
            coming.say("\n".join(lines[:end]), most=20)
        await pilot.pause()
        assert coming.size.height == 20  # in tens, on a screen of sixty rows
        assert coming.rows == lines[-20:]
        assert coming.unfold() == 80
        await pilot.pause()
        assert coming.rows == lines
        assert coming.unfold() == 0


async def test_a_row_that_was_painted_is_not_painted_anew_where_it_comes_to_stand() -> None:
    lines = [f"{n}째 줄" for n in range(30)]
    async with page() as (coming, pilot):
        coming.say("\n".join(lines))
        await pilot.pause()
        coming.painted.clear()
        coming.say("\n".join([*lines, "새 줄"]), most=30)
        await pilot.pause()
        assert coming.rows[:21] == [*lines[10:], "새 줄"]
        assert 20 in coming.painted and coming.painted.isdisjoint(range(20))


async def test_what_is_selected_of_it_can_be_copied() -> None:
    async with page() as (coming, pilot):
        coming.say("하나\n둘\n셋")
        await pilot.pause()
        await pilot.mouse_down(coming, offset=(1, 1))
        await pilot.hover(coming, offset=(3, 2))
        await pilot.mouse_up(coming, offset=(3, 2))
        assert pilot.app.screen.get_selected_text() in ("둘\n셋", "둘\n셋\n")
