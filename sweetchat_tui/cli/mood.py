"""`sweetchat mood`: how it has been, as a calendar, as JSON, as a picture."""

import os
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sweetchat_tui.cli import options, showing
from sweetchat_tui.emotions import GROUP_GLOSSES, GROUP_LETTERS, GROUPS, Emotion
from sweetchat_tui.lang import say, spoken

if TYPE_CHECKING:
    from sweetchat_tui.journal.mood import Mood, Stretch

# Of the 256 that any terminal has, all readable under black.
_COLOURS = {"기쁨": 221, "당황": 211, "분노": 203, "불안": 79, "상처": 183, "슬픔": 111}
_WEEKDAYS = ("월", "화", "수", "목", "금", "토", "일")
_WEEKDAYS_EN = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_BAR = 20  # letters for all of a week


def mood(
    days: Annotated[
        int, typer.Option("--days", min=1, max=3660, help=say("며칠을 볼지.", "How many days."))
    ] = 28,
    as_json: options.AsJson = False,
    png: Annotated[
        Path | None,
        typer.Option("--png", metavar="PATH", help=say("그림으로 저장해요.", "Save it as a picture.")),
    ] = None,
) -> None:
    # 10 ms: sqlite3.
    from sweetchat_tui.cli import wiring

    with wiring.journal(private=False) as journal:
        found = journal.mood(date.today(), days)
    if png is not None:
        # 60 ms: Pillow.
        from sweetchat_tui.journal.picture import draw

        draw(found, png)
        typer.echo(say(f"그렸어요: {png}", f"Drawn: {png}"), err=True)
    if as_json:
        typer.echo(showing.dumps(_document(found)))
    elif png is None:
        typer.echo("\n".join(_lines(found)))


def _lines(mood: "Mood") -> Iterator[str]:
    whole = mood.whole
    yield say(
        f"{whole.since} ~ {whole.until} · 내가 한 말 {whole.messages}번",
        f"{whole.since} to {whole.until} · {whole.messages} messages",
    )
    if not whole.messages:
        yield say("이 동안에는 나눈 이야기가 없어요.", "Nothing was said in this time.")
        return
    yield ""
    yield from _calendar(mood)
    yield ""
    yield from _weeks(mood)
    yield ""
    if mood.often:
        listed = " · ".join(f"{_named(emotion)} {count}" for emotion, count in mood.often)
        yield say("자주 느낀 감정  ", "felt most often  ") + listed
    if (change := mood.change) is not None:
        moved = [g for g in sorted(GROUPS, key=lambda g: -abs(change[g])) if round(change[g] * 100)]
        listed = " · ".join(f"{_group(g)} {change[g] * 100:+.0f}%" for g in moved[:3])
        yield say("지난 7일과 그 전 4주의 차이  ", "last 7 days against the 4 weeks before  ") + (
            listed or say("없어요", "none")
        )
    if mood.picked:
        swaps = [f"{_named(s.read)} → {_named(s.picked)} {s.count}" for s in mood.swaps[:3]]
        picked = say(f"감정을 직접 고른 말  {mood.picked}번", f"emotions that you picked  {mood.picked}")
        yield " · ".join([picked, *swaps])


def _calendar(mood: "Mood") -> Iterator[str]:
    """A row a week, a cell a day: the letter of its main group on the group's colour."""
    yield "       " + " ".join(_WEEKDAYS_EN if spoken() == "en" else _WEEKDAYS)
    days = {day.since: day for day in mood.days}
    for week in mood.weeks:
        monday = week.since - timedelta(days=week.since.weekday())
        cells = (_cell(days.get(monday + timedelta(days=n))) for n in range(7))
        yield f"{monday:%m-%d}  " + " ".join(cells).rstrip()
    names = "  ".join(f"{_coloured(_letter(group), group)} {_group(group)}" for group in GROUPS)
    yield f"       {names}  " + say("~  뚜렷하지 않음  .  말 없음", "~  unclear  .  nothing said")


def _cell(day: "Stretch | None") -> str:
    """Two columns wide."""
    if day is None:
        return "  "
    if day.main is None:
        return "~ " if day.messages else ". "
    return _coloured(_letter(day.main), day.main)


def _weeks(mood: "Mood") -> Iterator[str]:
    """A row a week: its groups as letters by their share, and the two largest in numbers."""
    for week in mood.weeks:
        if not sum(week.counts):
            continue
        order = sorted(GROUPS, key=lambda group: -week.share(group))
        bar = "".join(_coloured(_letter(g) * n, g) for g, n in _letters(week).items() if n)
        listed = " ".join(f"{_group(g)} {week.share(g):.0%}" for g in order[:2] if week.share(g))
        yield f"{week.since:%m-%d}  {bar}  {listed}"


def _letters(week: "Stretch") -> dict[str, int]:
    """How many letters of the bar each group has; together always as many."""
    ends = [round(_BAR * sum(week.counts[: n + 1]) / sum(week.counts)) for n in range(len(GROUPS))]
    return {group: end - start for group, start, end in zip(GROUPS, [0, *ends], ends, strict=False)}


def _letter(group: str) -> str:
    """What stands for a group where colour is not enough; two columns wide, different for each."""
    return say(group[0], GROUP_LETTERS[group])


def _group(group: str) -> str:
    return say(group, GROUP_GLOSSES[group])


def _named(emotion: Emotion) -> str:
    return say(emotion.label, emotion.gloss or emotion.label)


def _coloured(text: str, group: str) -> str:
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain else f"\x1b[30;48;5;{_COLOURS[group]}m{text}\x1b[0m"


def _document(mood: "Mood") -> dict[str, object]:
    change = mood.change
    return {
        "schema": 1,
        **_stretch(mood.whole),
        "days": [_stretch(day) for day in mood.days],
        "weeks": [_stretch(week) for week in mood.weeks],
        "often": [{"emotion": e.label, "group": e.group, "count": n} for e, n in mood.often],
        "recent": _stretch(mood.recent),
        "before": _stretch(mood.before),
        "change": {g: round(c, 4) for g, c in change.items()} if change is not None else None,
        "picked": mood.picked,
        "unsure": mood.unsure,
        "swaps": [{"read": s.read.label, "picked": s.picked.label, "count": s.count} for s in mood.swaps],
    }


def _stretch(stretch: "Stretch") -> dict[str, object]:
    return {
        "since": stretch.since.isoformat(),
        "until": stretch.until.isoformat(),
        "messages": stretch.messages,
        "groups": dict(zip(GROUPS, stretch.counts, strict=True)),
        "unclear": stretch.unclear,
        "main": stretch.main,
        "valence": None if stretch.valence is None else round(stretch.valence, 4),
    }
