"""What is drawn can be seen by every eye, and on every terminal."""

import re
import unicodedata
from itertools import product
from pathlib import Path

import pytest
from rich.cells import cell_len
from terminal import Terminal
from textual.color import Color
from tui_stage import Stage

import sweetchat_tui.tui
from sweetchat_tui.companion import Equipment
from sweetchat_tui.config import SETTINGS, Config
from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.emotions import GROUPS, find
from sweetchat_tui.tui.changes import Changes, FirstRun
from sweetchat_tui.tui.colours import THEMES, colour_of, ground


def contrast(one: str, other: str) -> float:
    """As WCAG 2 has it."""

    def luminance(colour: str) -> float:
        parts = [part / 255 for part in Color.parse(colour).rgb]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def foreign(shown: str) -> set[str]:
    """What is neither ASCII nor Hangul of what stands on a screen."""
    return set(re.sub("[\n -~가-힣ㄱ-ㅣ]", "", shown))


@pytest.mark.parametrize(("theme", "group"), product(THEMES, GROUPS))
def test_the_colour_of_a_group_can_be_read_and_be_read_on(theme, group: str) -> None:  # type: ignore[no-untyped-def]
    emotion = find(group)
    assert emotion is not None
    colour = colour_of(emotion, theme=theme)
    assert contrast(colour, theme.background) >= 4.5
    assert contrast(colour, theme.surface) >= 4.5
    assert contrast(colour, ground(theme=theme)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
async def test_the_keys_in_the_footer_and_code_in_an_answer_can_be_read(stage: Stage, theme) -> None:  # type: ignore[no-untyped-def]
    stage.generator.answers = ["```\ncode\n```"]
    async with stage.open(Config(theme=theme.name.removeprefix("sweetchat-"))):
        await stage.say("응")
        await stage.shows("code", "좌절한 · told-model")
        key = stage.app.theme_variables["footer-key-foreground"]
        assert contrast(key, theme.panel) >= 4.5
        *_, background, colour = stage.app.screen.query_one("MarkdownFence Label").colors
        assert contrast((background + colour).hex, background.hex) >= 4.5


async def test_each_theme_of_the_config_is_in_the_palette_and_no_other(stage: Stage) -> None:
    assert {f"sweetchat-{name}" for name in SETTINGS["theme"].metadata["choices"]} == {t.name for t in THEMES}
    async with stage.open(Config(theme="distinct")):
        assert stage.app.theme == "sweetchat-distinct"
        await stage.say("떨어졌어")
        await stage.shows("1 좌절한")
        commands = [c for c in stage.app.get_system_commands(stage.app.screen) if "화면 색" in c.title]
        assert len(commands) == len(THEMES)
        for command, theme in zip(commands, THEMES, strict=True):
            command.callback()
            await stage.pilot.pause()
            assert stage.app.theme == theme.name
            await stage.shows("1 좌절한")


async def test_in_ascii_nothing_is_drawn_but_ascii_and_hangul(stage: Stage) -> None:
    turns = tuple(Turn(f"메시지 {n}") for n in range(12))
    stage.generator.answers = ["- 하나\n- 둘\n\n> 셋\n\n```\ncode\n```"]
    async with stage.open(Config(ascii=True), Conversation(turns), size=(80, 24)):
        await stage.say("떨어졌어")
        await stage.shows("좌절한", "code", "told-model")
        for key in ("f12", "f1", "f2", "f3", "f8", "ctrl+o", "ctrl+f", "ctrl+l", "ctrl+p", "cent_sign", "up"):
            before = stage.screen()
            await stage.pilot.press(key)
            if key != "f12":  # which does nothing
                await stage.until(lambda before=before: stage.screen() != before)
            assert not foreign(stage.screen()), key
            await stage.pilot.press("escape")


async def test_in_ascii_what_is_asked_is_drawn_so_too(stage: Stage) -> None:
    first = FirstRun("이대로", None, True, lambda _: Equipment(), lambda *_: Equipment(), lambda: None)
    stage.changes = Changes(model=lambda *_: Equipment(), first=first)
    stage.generator.host = "told.example"
    turns = tuple(Turn(f"메시지 {n} " + "가" * 2000) for n in range(9))
    async with stage.open(Config(ascii=True), Conversation(turns), size=(80, 24)):
        for come, seen in (
            (lambda: stage.pilot.press("down", "down", "enter"), "127.0.0.1"),
            (lambda: stage.pilot.press("escape"), "told-model"),
            (lambda: stage.command("모델 바꾸기"), "어떤 모델이"),
            (lambda: stage.pilot.press("escape"), "told-model"),
            (lambda: stage.command("앞서 나눈"), "다시 요약"),
            (lambda: stage.pilot.press("escape"), "told-model"),
            (lambda: stage.pilot.press("ctrl+o", "f2"), "뭐라고 부를까요"),
        ):
            await come()
            await stage.shows(seen)
            assert not foreign(stage.screen()), seen
            if seen in ("다시 요약", "어떤 모델이", "뭐라고 부를까요"):
                assert re.search(r"\| +\+-+\+ +\|", stage.screen()), seen  # the box in the card


async def test_no_badge_and_no_bar_has_a_sign_of_uncertain_width(stage: Stage) -> None:
    async with stage.open(size=(140, 40)):
        await stage.say("떨어졌어")
        await stage.shows("1 좌절한", "읽은 감정 모두")
        badges = str(stage.app.screen.query_one(".feeling").render())
        bars = str(stage.app.screen.query_one("#side Static").render())
        assert not {c for c in badges + bars if unicodedata.east_asian_width(c) == "A"}


def test_nothing_is_laid_over_what_is_written() -> None:
    # Textual loses a Hangul syllable where a toast, a menu or a tooltip cuts it in two.
    code = {p.name: p.read_text("utf-8") for p in Path(sweetchat_tui.tui.__file__).parent.rglob("*.py")}
    laid = re.compile(r"\.notify\(|\bToast\b|\bSelect\b|\btooltip\b|\bTooltip\b|layer")
    assert len(code) > 40 and not [name for name, text in code.items() if laid.search(text)]


async def test_a_card_over_hangul_loses_no_syllable_at_any_width(stage: Stage) -> None:
    turns = tuple(Turn("가" * 300) for _ in range(4))
    async with stage.open(conversation=Conversation(turns), size=(60, 24)):
        await stage.pilot.press("f8")
        for width in range(60, 84, 3):
            await stage.pilot.resize_terminal(width, 24)
            await stage.until(lambda w=width: {cell_len(row) for row in stage.screen().splitlines()} == {w})
            await stage.shows(
                "자살예방 상담전화 (24시간", "청소년상담전화 (24시간", "누군가 해치려 할 때, 경찰 (24시간)"
            )


async def test_news_cover_no_letter_that_is_typed(stage: Stage) -> None:
    async with stage.open(size=(60, 20)):
        await stage.pilot.press(*"가나다라마바사아자차카타파하" * 2)
        typed = [row for row in stage.screen().splitlines() if row.startswith("│")]
        stage.app._conversation_screen.tell("가나다라마바사 아자차카타파하 " * 5)
        await stage.shows("바사 아자차카타파하")
        assert [row for row in stage.screen().splitlines() if row.startswith("│")] == typed
        assert (
            len(stage.app.query("Toast, Tooltip")) == 0 or not stage.app.screen.query_one("Tooltip").display
        )


def test_without_colours_the_emotion_is_told_in_words(tmp_path) -> None:  # type: ignore[no-untyped-def]
    places = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    with Terminal(
        "--private", "--provider", "offline", HOME=str(tmp_path), NO_COLOR="1", **places
    ) as terminal:
        terminal.shows("이 컴퓨터 안에서만")
        terminal.type("면접에서 떨어졌어", "\r")
        terminal.shows("당신의 감정", "1 ")
        colours = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", terminal.raw)
        assert all(r == g == b for r, g, b in colours)
