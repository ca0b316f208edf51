"""`sweetchat mood`: how it has been, as a calendar, as JSON, as a picture."""

import os
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sweetchat_tui.cli import edge, options, showing
from sweetchat_tui.emotions import GROUPS
from sweetchat_tui.lang import say
from sweetchat_tui.text import inert

if TYPE_CHECKING:
    from sweetchat_tui.journal.mood import Mood, Stretch

# Of the 256 that any terminal has, all readable under black.
_COLOURS = {"기쁨": 221, "당황": 211, "분노": 203, "불안": 79, "상처": 183, "슬픔": 111}


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

    with wiring.journal(private=False, to_read=True) as journal:
        found = journal.mood(date.today(), days)
    if png is not None:
        # 60 ms: Pillow.
        from sweetchat_tui.journal.picture import draw

        draw(found, png)
        typer.echo(say(f"그렸어요: {png}", f"Drawn: {png}"), err=True)
    if as_json:
        typer.echo(showing.dumps(document(found)))
    elif png is None:
        edge.draw("\n".join(_lines(found)) + "\n")


def _lines(mood: "Mood") -> Iterator[str]:
    from sweetchat_tui.journal import telling

    yield telling.period(mood)
    if not mood.whole.messages:
        yield telling.nothing_said()
        return
    yield ""
    yield from _calendar(mood)
    yield ""
    yield from _weeks(mood)
    yield ""
    yield from map(inert, telling.sentences(mood))


def _calendar(mood: "Mood") -> Iterator[str]:
    """A row a week, a cell a day: the letter of its main group on the group's colour."""
    from sweetchat_tui.journal import telling

    yield "       " + " ".join(telling.weekdays())
    days = {day.since: day for day in mood.days}
    for week in mood.weeks:
        monday = week.since - timedelta(days=week.since.weekday())
        cells = (_cell(days.get(monday + timedelta(days=n))) for n in range(7))
        yield f"{monday:%m-%d}  " + " ".join(cells).rstrip()
    names = "  ".join(f"{_coloured(telling.letter(g), g)} {telling.group_name(g)}" for g in GROUPS)
    yield f"       {names}  " + telling.unclear_and_empty()


def _cell(day: "Stretch | None") -> str:
    from sweetchat_tui.journal import telling

    return _coloured(telling.sign(day), day.main if day else None)


def _weeks(mood: "Mood") -> Iterator[str]:
    """A row a week: its groups as letters by their share, and the two largest in numbers."""
    from sweetchat_tui.journal import telling

    for week in mood.weeks:
        if sum(week.counts):
            bar = "".join(_coloured(telling.letter(g) * n, g) for g, n in telling.bar(week).items() if n)
            yield f"{week.since:%m-%d}  {bar}  {telling.largest(week)}"


def _coloured(text: str, group: str | None) -> str:
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain or group is None else f"\x1b[30;48;5;{_COLOURS[group]}m{text}\x1b[0m"


def document(mood: "Mood") -> dict[str, object]:
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
