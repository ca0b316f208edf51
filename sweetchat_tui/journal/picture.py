"""A mood as a PNG: the calendar, the shares of each week, what was felt most often.

Labels are drawn with a font of this machine that has Hangul; English ones with any. Knows the values
of a mood and nothing of how they were counted.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sweetchat_tui.emotions import GROUP_COLOURS, GROUPS
from sweetchat_tui.errors import Misused, NotThere, OutputUnwritable
from sweetchat_tui.files import private, why
from sweetchat_tui.journal import telling
from sweetchat_tui.journal.mood import Mood, Stretch
from sweetchat_tui.lang import say, spoken

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_GROUND, _INK, _FAINT, _EMPTY = "#faf8ff", "#241f33", "#8a84a0", "#e4ddf6"

# Names of files, the better font first; all of them have every syllable.
_FONTS = (
    "Pretendard-Regular*",
    "NotoSansKR-Regular*",
    "NotoSansKR*",
    "NotoSansCJK-Regular*",
    "NotoSansCJK*",
    "AppleSDGothicNeo*",
    "malgun.ttf",
    "NanumGothic.*",
    "NanumBarunGothic.*",
    "D2Coding*",
    "UnDotum.*",
    "AppleGothic*",
    "gulim.*",
)
_FOLDERS = (
    "~/.fonts",
    "~/.local/share/fonts",
    "~/Library/Fonts",
    "~/AppData/Local/Microsoft/Windows/Fonts",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)

_ROW, _CELL, _GAP, _MARGIN = 96, 80, 12, 80  # pixels; a week is a row
_DATES = 160
_BARS = _MARGIN + _DATES + 7 * (_CELL + _GAP) + 60
_BAR = 640
_WIDTH = _BARS + _BAR + _MARGIN


def draw(mood: Mood, path: Path) -> None:
    """Draw a mood.

    Args:
        path: the PNG, written anew.
    Raises:
        Misused: Pillow is not installed.
        NotThere: no font of this machine has Hangul.
        OutputUnwritable: the file cannot be written.
    """
    try:
        from PIL import Image, ImageDraw
    except ModuleNotFoundError:
        raise Misused(
            say("그림을 그리려면 Pillow가 필요해요.", "Drawing needs Pillow."), "pip install pillow"
        ) from None
    top = 2 * _MARGIN + 60
    below = top + len(mood.weeks) * _ROW + 60
    image = Image.new("RGB", (_WIDTH, below + 3 * 64 + _MARGIN), _GROUND)
    paper = ImageDraw.Draw(image)
    title = f"{mood.whole.since} ~ {mood.whole.until}"
    paper.text((_MARGIN, _MARGIN), title, _INK, _font(52))
    for n, name in enumerate(("월화수목금토일", "MTWTFSS")[spoken() == "en"]):
        paper.text((_day_at(n) + _CELL // 2, top - 16), name, _FAINT, _font(30), anchor="ms")
    days = {day.since: day for day in mood.days}
    for row, week in enumerate(mood.weeks):
        y = top + row * _ROW
        monday = week.since - timedelta(days=week.since.weekday())
        paper.text((_MARGIN, y + _CELL // 2), f"{monday:%m-%d}", _FAINT, _font(32), anchor="lm")
        for n in range(7):
            if day := days.get(monday + timedelta(days=n)):
                _draw_day(paper, day, _day_at(n), y)
        _draw_shares(paper, week, y)
    _draw_legend(paper, below)
    for n, line in enumerate(_sentences(mood)):
        paper.text((_MARGIN, below + (n + 1) * 64 + 20), line, _INK, _font(34), anchor="lm")
    try:
        with open(path, "wb", opener=private) as file:
            image.save(file, format="PNG")
    except OSError as error:
        raise OutputUnwritable(
            say(f"그림을 저장할 수 없어요: {path}", f"The picture cannot be saved: {path}"),
            why(error),
        ) from None


def _day_at(weekday: int) -> int:
    return _MARGIN + _DATES + weekday * (_CELL + _GAP)


def _draw_day(paper: "ImageDraw", day: Stretch, x: int, y: int) -> None:
    """A square of the main group's colour with its letter; faint when nothing clear was felt."""
    box = (x, y, x + _CELL, y + _CELL)
    paper.rounded_rectangle(box, 16, fill=GROUP_COLOURS[day.main] if day.main else _EMPTY)
    letter = telling.letter(day.main) if day.main else "~" * bool(day.messages)
    paper.text((x + _CELL // 2, y + _CELL // 2), letter, _INK, _font(36), anchor="mm")


def _draw_shares(paper: "ImageDraw", week: Stretch, y: int) -> None:
    """A bar of the week's groups by their share, with letters where there is room."""
    x = float(_BARS)
    for group in sorted(GROUPS, key=lambda group: -week.share(group)):
        width = _BAR * week.share(group)
        if not width:
            return
        paper.rectangle((x, y + 12, x + width, y + _CELL - 12), fill=GROUP_COLOURS[group])
        if width > 44:
            paper.text((x + width / 2, y + _CELL / 2), telling.letter(group), _INK, _font(30), anchor="mm")
        x += width


def _draw_legend(paper: "ImageDraw", y: int) -> None:
    x = float(_MARGIN)
    for group in GROUPS:
        paper.rounded_rectangle((x, y - 22, x + 44, y + 22), 10, fill=GROUP_COLOURS[group])
        paper.text((x + 22, y), telling.letter(group), _INK, _font(26), anchor="mm")
        name = telling.group_name(group)
        paper.text((x + 60, y), name, _INK, _font(32), anchor="lm")
        x += 60 + paper.textlength(name, _font(32)) + 48


def _sentences(mood: Mood) -> Iterator[str]:
    if mood.often:
        listed = " · ".join(f"{telling.named(emotion)} {count}" for emotion, count in mood.often)
        yield say("자주 느낀 감정: ", "felt most often: ") + listed
    if (change := mood.change) is not None:
        moved = sorted(GROUPS, key=lambda group: -abs(change[group]))[:3]
        listed = " · ".join(f"{telling.group_name(g)} {change[g] * 100:+.0f}%" for g in moved)
        yield say("지난 7일과 그 전 4주의 차이: ", "last 7 days against the 4 weeks before: ") + listed


@cache
def _font(size: int) -> "FreeTypeFont":
    """A font of a size in pixels.

    Raises:
        NotThere: none of this machine has Hangul.
    """
    from PIL import ImageFont

    for file in _files():
        try:
            font = ImageFont.truetype(file, size)
        except OSError:
            continue
        if bytes(font.getmask("가")) != bytes(font.getmask("\uffff")):
            return font
    raise NotThere(
        say("한글을 그릴 글꼴을 찾지 못했어요.", "No font with Hangul was found."),
        say("나눔고딕이나 Noto Sans KR을 설치해 주세요.", "Install Nanum Gothic or Noto Sans KR.")
        + " (Debian, Ubuntu: apt install fonts-nanum)",
    )


@cache
def _files() -> Sequence[str]:
    """Files of fonts that have Hangul by their name, the better first."""
    folders = [folder for name in _FOLDERS if (folder := Path(name).expanduser()).is_dir()]
    return [str(file) for name in _FONTS for folder in folders for file in sorted(folder.rglob(name))]
