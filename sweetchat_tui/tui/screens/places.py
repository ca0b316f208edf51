"""A list of places in the journal that changes as one types, of which one is gone to."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.theme import Theme
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from sweetchat_tui.emotions import Emotion
from sweetchat_tui.lang import say
from sweetchat_tui.tui.colours import colour_of, ground
from sweetchat_tui.tui.widgets.line import Line
from sweetchat_tui.tui.widgets.match import Match
from sweetchat_tui.tui.widgets.turn import named

_PAGE = 60
"""Rows that are made together; the others are when one comes near them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go."""

    conversation: str
    """Its id."""
    turn: str | None = None
    """The turn's id; None is the end."""
    match: Match | None = None
    """Words to show in it."""


class PlacesScreen(Screen[Place | None]):
    """A line to type into, the rows, and a line that says how things stand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", say("닫기", "Close"), id="close"),
        Binding("enter", "open", say("열기", "Open"), show=False),
        Binding("up", "move(-1)", say("위로", "Up"), show=False, priority=True),
        Binding("down", "move(1)", say("아래로", "Down"), show=False, priority=True),
        Binding("pageup", "move(-10)", say("열 줄 위로", "Ten up"), show=False, priority=True),
        Binding("pagedown", "move(10)", say("열 줄 아래로", "Ten down"), show=False, priority=True),
    ]
    TITLE_LINE: ClassVar[str]
    PLACEHOLDER: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self._coming: Iterator[tuple[Content, Place]] = iter(())
        self._places: list[Place] = []

    def compose(self) -> ComposeResult:
        yield Static(Content(self.TITLE_LINE), classes="heading")
        yield Line(placeholder=self.PLACEHOLDER)
        yield OptionList(id="places")
        yield Static(id="standing")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.watch(self._list, "scroll_y", self._grow_near_end, init=False)
        self.query_one(Line).focus()

    @property
    def _list(self) -> OptionList:
        return self.query_one("#places", OptionList)

    @property
    def _meant(self) -> Place | None:
        at = self._list.highlighted
        return None if at is None else self._places[at]

    def fill(self, rows: Iterator[tuple[Content, Place]], at: int = 0) -> None:
        """Show other rows.

        Args:
            at: the row to stand on.
        """
        self._coming = rows
        self._places.clear()
        self._list.clear_options()
        while len(self._places) <= at + _PAGE // 2 and self._grow():
            pass
        if self._places:
            self._list.highlighted = min(at, len(self._places) - 1)

    def stand(self, content: Content) -> None:
        """Say how things stand, until something else is said."""
        self.query_one("#standing", Static).update(content)

    def _grow(self) -> bool:
        rows = list(islice(self._coming, _PAGE))
        self._places += [place for _, place in rows]
        self._list.add_options(Option(content) for content, _ in rows)
        return bool(rows)

    def _grow_near_end(self) -> None:
        rows = self._list
        if rows.scroll_y >= rows.max_scroll_y - rows.size.height:
            self._grow()

    def action_move(self, step: int) -> None:
        rows = self._list
        if rows.highlighted is not None:
            if rows.highlighted + step >= len(self._places) - 1:
                self._grow()
            rows.highlighted = max(0, min(rows.highlighted + step, len(self._places) - 1))

    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Line.Submitted)
    def action_open(self) -> None:
        """Go to the place that is stood on."""
        if (place := self._meant) is not None:
            self.dismiss(place)

    @on(OptionList.OptionSelected, "#places")
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._places[event.option_index])


def mark(emotion: Emotion | None, *, theme: Theme) -> tuple[str, Style]:
    """An emotion as its word on its colour."""
    if emotion is None:
        return say("뚜렷하지 않음", "unclear"), Style()
    return f"\u00a0{named(emotion)}\u00a0", Style.parse(
        f"{ground(theme=theme)} on {colour_of(emotion, theme=theme)}"
    )
