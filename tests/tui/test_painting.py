"""A frame costs what changed in it, not what is on the screen."""

from random import Random

import pytest
from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static

from sweetchat_tui.tui import painting


class Counted(Static):
    """Remembers how many of its rows were asked for."""

    asked = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.asked += crop.height
        return super().render_lines(crop)


class Spared(App[None]):
    def __init__(self) -> None:
        painting.spare()
        super().__init__()


class Page(Spared):
    CSS = "Counted { height: 10 } VerticalScroll { scrollbar-size: 0 0 }"

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Counted("하나")
            yield Counted("둘")

    @property
    def shown(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


class Beside(Spared):
    CSS = """
    Screen { layers: below above }
    Counted { width: 1fr; height: 12 }
    #card { layer: above; offset: 7 3; width: 9; height: 4; border: round white }
    """

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Counted("하나 " * 60)
            yield Counted("둘 " * 90)
        yield Static("카드", id="card")


@pytest.mark.parametrize(
    ("page", "changes", "rows"), [(Page, Region(0, 3, 20, 2), 2), (Beside, Region(0, 8, 20, 1), 1)]
)
async def test_only_rows_that_changed_are_asked_for_and_nothing_beside_or_behind(
    page: type[Spared], changes: Region, rows: int
) -> None:
    async with page().run_test(size=(40, 20)) as pilot:
        changed, other = pilot.app.query(Counted)
        await pilot.pause()
        changed.asked = other.asked = 0
        changed.refresh(changes)
        await pilot.pause()
        assert (changed.asked, other.asked) == (rows, 0)


async def test_what_is_painted_is_what_textual_paints() -> None:
    async with Page().run_test(size=(20, 15)) as pilot:
        page = pilot.app
        assert isinstance(page, Page)
        page.query_one(VerticalScroll).scroll_to(y=3, animate=False)
        page.query(Counted).last().update("셋\n넷")
        await pilot.pause()
        assert page.shown == [*[""] * 7, "셋", "넷", *[""] * 6]


async def test_whatever_changes_all_of_it_is_painted_as_it_stands() -> None:
    async with Beside().run_test(size=(40, 16)) as pilot:
        await pilot.pause()
        compositor, random = pilot.app.screen._compositor, Random(0)
        whole = compositor.render_strips()
        for _ in range(300):
            for _ in range(random.choice((1, 1, 2))):
                x, y = random.randrange(40), random.randrange(16)
                compositor._dirty_regions.add(
                    Region(x, y, random.randint(1, 40 - x), random.randint(1, 16 - y))
                )
            update = compositor.render_partial_update()
            assert update is not None
            for y, left, right in update.spans:
                for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
                    if x < right and end > left:
                        assert strip is not None and strip.text == whole[y].crop(x, end).text
