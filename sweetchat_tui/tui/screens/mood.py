"""How it has been: a calendar of days, the weeks, and what was said on the day that is chosen."""

from datetime import date, timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.screen import Screen
from textual.style import Style
from textual.theme import Theme
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from sweetchat_tui.emotions import GROUPS, find
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.journal import Journal, Mood, telling
from sweetchat_tui.lang import say
from sweetchat_tui.tui.colours import colour_of, ground
from sweetchat_tui.tui.screens.places import Place
from sweetchat_tui.tui.screens.search import row
from sweetchat_tui.tui.widgets.turn import folded

_DAYS = 28
_ROOMY = 76
"""Columns in which the longest bar of a week has room, with its numbers."""
_DATE = 7
"""Columns before the first day of a week."""


class Calendar(Static, can_focus=True):
    """A row a week, a cell a day: the letter of its main group on the group's colour."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h,ㅗ", "move(-1)", say("어제", "Day before"), show=False, id="day_before"),
        Binding("right,l,ㅣ", "move(1)", say("다음 날", "Next day"), show=False, id="day_after"),
        Binding("up", "move(-7)", say("지난주", "Week before"), show=False, id="week_before"),
        Binding("down", "move(7)", say("다음 주", "Next week"), show=False, id="week_after"),
    ]

    class DayChosen(Message):
        """The person moved to another day."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(self) -> None:
        super().__init__(id="calendar")
        self._mood: Mood | None = None
        self._day = date.min

    def show(self, mood: Mood, day: date) -> None:
        """Show the days of a mood, and stand on one of them."""
        self._mood = mood
        self._choose(day)

    def on_resize(self) -> None:
        if self._mood is not None:
            self.update(self._drawn(self._mood))

    def action_move(self, days: int) -> None:
        self._choose(self._day + timedelta(days=days))

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        if self._mood is not None and at is not None and at.x >= _DATE and 0 < at.y <= len(self._mood.weeks):
            week = self._mood.weeks[at.y - 1].since
            self._choose(week + timedelta(days=(at.x - _DATE) // 3 - week.weekday()))

    def _choose(self, day: date) -> None:
        if self._mood is not None:
            self._day = max(self._mood.whole.since, min(day, self._mood.whole.until))
            self.update(self._drawn(self._mood))
            self.post_message(self.DayChosen(self._day))

    def _drawn(self, mood: Mood) -> Content:
        days = {day.since: day for day in mood.days}
        parts: list[Content | str | tuple[str, Style | str]] = [
            " " * _DATE,
            " ".join(telling.weekdays()),
            "\n",
        ]
        for week in mood.weeks:
            monday = week.since - timedelta(days=week.since.weekday())
            parts.append(f"{monday:%m-%d}  ")
            for at in (monday + timedelta(days=n) for n in range(7)):
                day = days.get(at)
                style = self._style(day.main if day else None)
                parts.append(
                    (telling.sign(day), style + Style(underline=True))
                    if at == self._day
                    else (telling.sign(day), style)
                )
                parts.append("<" if at == self._day else " ")
            parts.append("\n")
        signs = [
            Content.assemble((telling.letter(group), self._style(group)), f" {telling.group_name(group)}")
            for group in GROUPS
        ]
        signs += map(Content, telling.unclear_and_empty().split("  "))
        return Content.assemble(*parts, folded(signs, self.content_size.width))

    def _style(self, group: str | None) -> Style:
        return style_of(group, theme=self.app.current_theme)


class MoodScreen(Screen[Place | None]):
    """Four weeks, and those before them a key away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f3", "leave", say("닫기", "Close"), id="close"),
        Binding("pageup", "weeks(-1)", say("지난 4주", "Before"), id="weeks_before", priority=True),
        Binding(
            "pagedown", "weeks(1)", say("다음 4주", "After"), id="weeks_after", priority=True, show=False
        ),
        Binding("enter", "to_day", say("이 날의 대화", "This day"), id="to_day"),
    ]

    def __init__(self, journal: Journal, today: date) -> None:
        super().__init__()
        self._journal = journal
        self._today = today
        self._until = today
        self._mood: Mood | None = None
        self._places: list[Place] = []

    def compose(self) -> ComposeResult:
        yield Static(classes="heading")
        with VerticalScroll(can_focus=False):
            yield Calendar()
            yield OptionList(id="of-day")
            yield Static(id="weeks")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._look(self._until)
        self.query_one(Calendar).focus()

    def _look(self, day: date) -> None:
        heading = self.query_one(".heading", Static)
        try:
            mood = self._journal.mood(self._until, _DAYS)
        except SweetchatError as error:
            heading.update(Content(error.message))
            return
        heading.update(Content(say("그동안의 마음 · ", "Mood · ") + telling.period(mood)))
        self._mood = mood
        self.query_one(Calendar).show(mood, day)
        self._tell()

    def on_resize(self) -> None:
        self._tell()

    def _tell(self) -> None:
        if self._mood is not None:
            self.query_one("#weeks", Static).update(self._told(self._mood))

    def _told(self, mood: Mood) -> Content:
        if not mood.whole.messages:
            return Content(telling.nothing_said())
        parts: list[Content | str | tuple[str, Style]] = []
        bar = telling.BAR if self.size.width >= _ROOMY else telling.BAR * 2 // 3
        for week in mood.weeks:
            if sum(week.counts):
                parts.append(f"{week.since:%m-%d}  ")
                for group, letters in telling.bar(week, bar).items():
                    style = style_of(group, theme=self.app.current_theme)
                    parts.append((telling.letter(group) * letters, style))
                parts.append(f"  {telling.largest(week)}\n")
        return Content.assemble(*parts, "\n", "\n".join(telling.sentences(mood)))

    @on(Calendar.DayChosen)
    def _list_day(self, event: Calendar.DayChosen) -> None:
        try:
            found = self._journal.said_on(event.day)
        except SweetchatError as error:
            self.query_one(".heading", Static).update(Content(error.message))
            return
        self._places = [Place(one.conversation, one.turn) for one in found]
        rows = self.query_one("#of-day", OptionList)
        rows.clear_options()
        rows.add_options(Option(row(one, theme=self.app.current_theme)) for one in found)
        if not found:
            rows.add_option(Option(Content(f"{event.day} · " + telling.nothing_said()), disabled=True))

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._places[event.option_index])

    def action_to_day(self) -> None:
        if self._places:
            rows = self.query_one("#of-day", OptionList)
            rows.highlighted = 0
            rows.focus()

    def action_weeks(self, step: int) -> None:
        self._until = min(self._today, self._until + timedelta(days=step * _DAYS))
        self._look(self._until)

    def action_leave(self) -> None:
        if isinstance(self.focused, OptionList):
            self.query_one(Calendar).focus()
        else:
            self.dismiss(None)


def style_of(group: str | None, *, theme: Theme) -> Style:
    """The colour of a group behind its letter; nothing for none."""
    emotion = find(group) if group else None  # each group is named after one of its emotions
    return Style.parse(f"{ground(theme=theme)} on {colour_of(emotion, theme=theme)}") if emotion else Style()
