"""Plain answers: laid out word by word as they would be at once, painted only where they changed, and shown
as Markdown shows them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot

import sweetchat_tui.tui
from sweetchat_tui.tui.app import SweetchatApp
from sweetchat_tui.tui.colours import THEMES
from sweetchat_tui.tui.widgets.answer import Answer
from sweetchat_tui.tui.widgets.plain import Plain, is_plain

TEXT = (
    "그랬구나, 오늘 하루 정말 **길었겠다.** 네 말을 들으니까 나도 마음이 무거워. 서두르지 않아도 돼.\n\n"
    "- 먼저 따뜻한 물 한 잔\n- 그다음 **잠깐** 쉬기\n  - longwordthatnevereverends" + "x" * 60 + "\n\n끝\n"
)


class Seen(Plain):
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
        return [Plain.render_line(self, y).text.rstrip() for y in range(self.size.height)]


class Page(App[None]):
    CSS = "Plain { width: 100%; padding: 0 1 }"

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


async def test_a_row_that_stays_as_it_was_is_there_in_another_width_too() -> None:
    async with page(40) as (plain, pilot):
        plain.say("하나")
        await pilot.pause()
        await pilot.resize_terminal(50, 60)
        await pilot.pause()
        assert "하나" in "".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


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


async def test_what_is_selected_of_it_can_be_copied_and_a_line_in_rows_is_one_line_again() -> None:
    async with page() as (coming, pilot):
        coming.say("하나\n둘\n" + "셋 " * 20)
        await pilot.pause()
        await pilot.mouse_down(coming, offset=(1, 1))
        await pilot.hover(coming, offset=(27, 3))
        await pilot.mouse_up(coming, offset=(27, 3))
        assert pilot.app.screen.get_selected_text() == "둘\n" + "셋 " * 17 + "셋"


PLAIN = [
    "하나",
    "그랬구나, 오늘 하루 정말 **길었겠다** 나도 마음이 무거워.\n\n둘째 문단~ ㅠㅠ <3 (1) 2) 그래",
    "먼저\n\n- 물 한 잔\n- **잠깐** 쉬기 그리고 길게 이어지는 말은 줄이 넘어가요\n- 쉬기\n\n끝",
    "* 가\n* 나\n\n다",
    "[링크](http://x.y) 그리고 https://a.b/c 그리고 | 표 | 아님",
    "👍🏽 https://averylongwordthatneverends" + "x" * 90 + " 끝\n\n1년 전\n\n3.5점",
]
MORE = [
    "한 줄\n다음 줄",
    "- 가\n\n- 나",
    "- 가\n  - 나",
    "1. 하나",
    "# 제목",
    "> 따온 말",
    "    코드",
    "`코드`",
    "*기울인* 말",
    "~~지운~~ 말",
    "**굵게",
    "하나\n\n---\n\n둘",
    "하나\n\n\n둘",
    "| 표 |\n|---|\n| 가 |",
    "말  두 칸",
    "\\*",
    "&amp;",
]


class Both(App[None]):
    CSS_PATH = Path(sweetchat_tui.tui.__file__).with_name(SweetchatApp.CSS_PATH)

    def __init__(self, text: str) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Answer()
            yield Plain()

    async def on_mount(self) -> None:
        await self.query_one(Answer).update(self.text)
        self.query_one(Answer).display = True
        self.query_one(Plain).stand(self.text)


@pytest.mark.parametrize("width", [60, 30])
@pytest.mark.parametrize("text", PLAIN, ids=lambda text: text[:5])
async def test_a_plain_answer_looks_as_markdown_would_have_it(text: str, width: int) -> None:
    assert is_plain(text)
    async with Both(text).run_test(size=(width, 60)) as pilot:
        await pilot.pause()
        page = pilot.app
        rows = [
            [(cell, segment.style) for segment in strip for cell in segment.text]
            for strip in page.screen._compositor.render_strips()
        ]
        looks = [
            [
                (cell, style and (bool(style.bold), style.color, style.bgcolor))
                for cell, style in row
                if cell != " "
            ]
            for row in rows
        ]
        words = ["".join(cell for cell, _ in row) for row in rows]
        markdown, plain = (page.query_one(kind).region for kind in (Answer, Plain))
        for shown in (words, looks):
            assert shown[markdown.y : markdown.bottom] == shown[plain.y : plain.bottom]


@pytest.mark.parametrize("text", MORE)
def test_what_means_more_in_markdown_is_not_plain(text: str) -> None:
    assert not is_plain(text)
