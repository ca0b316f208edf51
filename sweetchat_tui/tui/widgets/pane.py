"""What was said, in order; only the newest turns are mounted until one scrolls up for more."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from sweetchat_tui.conversation import Danger, Turn
from sweetchat_tui.lang import say
from sweetchat_tui.tui.widgets.cards import HelpCard, HowTo
from sweetchat_tui.tui.widgets.turn import TurnView

_AT_ONCE = 40
"""Turns that are mounted together; more would slow the first frame."""


class Pane(VerticalScroll):
    """The conversation, scrolled; it stays at its end until one scrolls up."""

    def __init__(self, card: HowTo) -> None:
        """
        Args:
            card: what stands here before anything was said.
        """
        super().__init__(id="pane")
        self._card = card
        self._above: tuple[Turn, ...] = ()
        self._fetching = False

    def compose(self) -> ComposeResult:
        yield self._card
        yield Static(classes="above")

    async def show(self, turns: Sequence[Turn]) -> None:
        """Show the newest of these turns instead of what was there, or the card when there are none."""
        await self.query("TurnView, HelpCard").remove()
        self._above = tuple(turns[:-_AT_ONCE])
        self._card.display = not turns
        await self.mount(*(TurnView(turn) for turn in turns[-_AT_ONCE:]))
        self._say_what_is_above()
        self.anchor(bool(turns))

    async def add(self, turn: Turn) -> TurnView:
        """A new turn at the end."""
        self._card.display = False
        view = TurnView(turn)
        await self.mount(view)
        self.anchor()
        return view

    async def offer_help(self, danger: Danger, view: TurnView) -> None:
        """Help for someone in danger below their turn, where it is seen whole."""
        await self.mount(HelpCard(danger), after=view)

    def view_of(self, turn: Turn) -> TurnView | None:
        """The view of this turn; None when it is not mounted."""
        return next((view for view in self.query(TurnView) if view.turn.id == turn.id), None)

    def meant(self) -> TurnView | None:
        """The turn that a key is for: the one with the focus, else the last."""
        if isinstance(self.screen.focused, TurnView):
            return self.screen.focused
        return next(iter(reversed(self.query(TurnView))), None)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value <= 0 < old_value and self._above and not self._fetching:
            self._fetching = True
            self.call_later(self._mount_above)

    async def _mount_above(self) -> None:
        more, self._above = self._above[-_AT_ONCE:], self._above[:-_AT_ONCE]
        from_end = self.max_scroll_y - self.scroll_y
        await self.mount(*(TurnView(turn) for turn in more), after=self.query_one(".above"))
        self._say_what_is_above()

        def stay() -> None:
            # What was being read stays where it was on the screen.
            self.scroll_to(y=self.max_scroll_y - from_end, animate=False)
            self._fetching = False

        self.call_after_refresh(stay)

    def _say_what_is_above(self) -> None:
        above = self.query_one(".above", Static)
        above.display = bool(self._above)
        above.update(
            Content(
                say(f"위에 {len(self._above)}개의 말이 더 있어요.", f"{len(self._above)} earlier messages.")
            )
        )
