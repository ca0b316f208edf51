"""A frame costs what changed in it, not what is on the screen."""

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
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


class Page(App[None]):
    CSS = "Counted { height: 10 } VerticalScroll { scrollbar-size: 0 0 }"

    def __init__(self) -> None:
        painting.spare()
        super().__init__()

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Counted("하나")
            yield Counted("둘")

    @property
    def shown(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


async def test_only_rows_that_changed_are_asked_for() -> None:
    async with Page().run_test(size=(20, 20)) as pilot:
        changed, other = pilot.app.query(Counted)
        await pilot.pause()
        changed.asked = other.asked = 0
        changed.refresh(Region(0, 3, 20, 2))
        await pilot.pause()
        assert (changed.asked, other.asked) == (2, 0)


async def test_what_is_painted_is_what_textual_paints() -> None:
    async with Page().run_test(size=(20, 15)) as pilot:
        page = pilot.app
        assert isinstance(page, Page)
        page.query_one(VerticalScroll).scroll_to(y=3, animate=False)
        page.query(Counted).last().update("셋\n넷")
        await pilot.pause()
        assert page.shown == [*[""] * 7, "셋", "넷", *[""] * 6]
