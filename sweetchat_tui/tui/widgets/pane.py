"""What was said, in order: a window over the turns of a conversation.

Only turns near what is seen are mounted. Scrolling towards either end reads more of them from the
journal, and lets go of those that are far away.
"""

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Static

from sweetchat_tui.conversation import Conversation, Danger, Turn
from sweetchat_tui.errors import NotThere, SweetchatError
from sweetchat_tui.journal import Journal
from sweetchat_tui.lang import say
from sweetchat_tui.tui.messages import News
from sweetchat_tui.tui.widgets.cards import HelpCard, HowTo
from sweetchat_tui.tui.widgets.mark import SeenFrom
from sweetchat_tui.tui.widgets.match import Match
from sweetchat_tui.tui.widgets.turn import TurnView

_AT_FIRST = 8
"""Turns that are mounted at least to begin with; more than a screen of them would slow the first frame."""
_AT_ONCE = 16
"""Turns that are mounted together when one scrolls to them."""
_AT_LEAST = 16
"""Turns that stay mounted at the end; on higher screens, more. Each has its share in what a layout costs."""


class Pane(VerticalScroll):
    """The conversation, scrolled; it stays at its end until one scrolls up."""

    virtual_size = Reactive(Size(0, 0))  # as that of `Plain`

    def __init__(self, card: HowTo, journal: Journal) -> None:
        """
        Args:
            card: what stands here before anything was said.
        """
        super().__init__(id="pane")
        self._card = card
        self._journal = journal
        self._talk_id = ""
        self._seen_from: str | None = None
        self._above = False
        self._below = False
        self._moving = False
        self._growing: TurnView | None = None

    def compose(self) -> ComposeResult:
        yield self._card
        yield Static(
            Content(say("위로 올리면 지난 말이 더 있어요.", "Earlier messages are above.")), classes="above"
        )

    async def show(
        self, conversation: Conversation, at: str | None = None, match: Match | None = None
    ) -> None:
        """Show a conversation instead of what was there, or the card when nothing was said in it.

        Args:
            conversation: its newest turns, at least.
            at: the id of the turn to show, which is marked; None is the end.
            match: words to show in it.
        """
        self._talk_id = conversation.id
        turns: Sequence[Turn] = conversation.turns
        if at is not None:
            turns = (*self._earlier(at, _AT_ONCE // 2), *self._onwards(at, _AT_ONCE))
        if match is not None:
            turns = [match.shown_in(turn) if turn.id == at else turn for turn in turns]
        if at is None or not turns:
            turns, at = conversation.turns[-max(_AT_FIRST, self.size.height // 4) :], None
        with self.app.batch_update():  # else each turn that comes to be has the screen laid out and painted
            await self.query("TurnView, HelpCard, SeenFrom").remove()
            self._card.display = not turns
            await self.mount(*(TurnView(turn) for turn in turns))
            await self._place_mark()
            self._look_around()
            self.anchor(bool(turns) and at is None)
        if at is not None:
            self.call_after_refresh(self._mark, at, match)
        self.call_after_refresh(self._fill)

    async def to_end(self) -> None:
        """Go to the end of the conversation."""
        if self._below:
            turns = self._read(lambda: self._journal.conversation(self._talk_id, _AT_ONCE).turns)
            await self.show(Conversation(turns, self._talk_id))
        self.anchor()

    def action_scroll_end(self) -> None:
        self.call_later(self.to_end)

    async def add(self, turn: Turn) -> TurnView:
        """A new turn at the end, which is gone to."""
        await self.to_end()
        self._card.display = False
        view = TurnView(turn)
        await self.mount(view)
        await self._let_go(self._screenful, up=False)
        self.anchor()
        return view

    async def offer_help(self, danger: Danger, view: TurnView) -> None:
        """Help for someone in danger below their turn, where it is seen whole."""
        await self.mount(HelpCard(danger), after=view)

    async def mark(self, seen_from: Turn | None) -> None:
        """Say above which turn the friend's memory begins; None says nothing."""
        self._seen_from = seen_from.id if seen_from else None
        await self._place_mark()

    async def _place_mark(self) -> None:
        """Bring the mark to its turn, if that is mounted."""
        at = next((view for view in self.query(TurnView) if view.turn.id == self._seen_from), None)
        marks = list(self.query(SeenFrom))
        if at is None:
            await self.query(SeenFrom).remove()
        elif not marks:
            await self.mount(SeenFrom(), before=at)
        elif self.children.index(marks[0]) + 1 != self.children.index(at):
            self.move_child(marks[0], before=at)

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
        # What stops an animation waits until its own step, which may be this one, is over.
        if new_value < old_value:
            self.call_next(self._unfold)
        near = self.size.height / 2
        if self._moving or not self.size.height:
            return
        if self._above and new_value < min(old_value, near):
            self._moving = True
            self.call_later(self._extend, up=True)
        elif self._below and new_value > max(old_value, self.max_scroll_y - near):
            self._moving = True
            self.call_later(self._extend, up=False)
        elif not self._below and not self.is_anchored and new_value >= self.max_scroll_y > 0:
            self.call_next(self.anchor)

    def say(self, view: TurnView, text: str) -> None:
        """Show how far an answer has come, and no more of it than can be seen while its end is followed."""
        self._growing = view
        followed = self.is_anchored and self.is_vertical_scroll_end
        if not followed:
            self._unfold()
        view.say_so_far(text, self.size.height if followed else None)

    def _unfold(self) -> None:
        """Show all of an answer on its way; what is being read stays where it is on the screen."""
        if self._growing is None:
            return
        at, more = self._growing.unfold()
        if more:
            self.app.animator.force_stop_animation(self, "scroll_y")
            if self.scroll_y >= self._growing.virtual_region.y + at:
                y = self.scroll_y + more  # beyond what there is room for until the next layout
                self.set_reactive(Pane.scroll_y, y)
                self.set_reactive(Pane.scroll_target_y, y)
                self.vertical_scrollbar.position = y

    async def _extend(self, *, up: bool, filling: bool = False) -> None:
        """Mount more turns at one end; what is being read stays where it is on the screen."""
        views = list(self.query(TurnView))
        if not views:
            self._moving = False
            return
        read = next((view for view in views if view.virtual_region.bottom > self.scroll_y), views[-1])
        offset = read.virtual_region.y - self.scroll_y
        at_end = filling or (self.is_anchored and self.is_vertical_scroll_end)
        if up:
            more = self._earlier(views[0].turn.id, _AT_ONCE)
            await self.mount(*(TurnView(turn) for turn in more), after=self.query_one(".above"))
        else:
            more = self._onwards(views[-1].turn.id, _AT_ONCE + 1)[1:]
            await self.mount(*(TurnView(turn) for turn in more))
        await self._let_go(self._screenful + _AT_ONCE, up=up)

        def stay() -> None:
            if at_end and not self._below:
                self.anchor()
            else:
                self.scroll_to(y=read.virtual_region.y - offset, animate=False, immediate=True)
            self._moving = False
            self._fill()

        self.call_after_refresh(stay)

    def _fill(self) -> None:
        """A screen so large that nothing can be scrolled is filled."""
        if self._above and self.size.height and not self.max_scroll_y and not self._moving:
            self._moving = True
            self.call_later(self._extend, up=True, filling=self.is_anchored)

    @property
    def _screenful(self) -> int:
        """Turns that fill the screen and some more; a short one has two rows and a margin."""
        return max(_AT_LEAST, self.size.height // 2)

    async def _let_go(self, most: int, *, up: bool) -> None:
        """Unmount what is far from where more was mounted, but never while an answer is being given."""
        views = list(self.query(TurnView))
        if len(views) > most and not (up and views[-1].has_class("-live")):
            last = views[most - 1] if up else views[-most]
            at = self.children.index(last)
            far = self.children[at + 1 :] if up else self.children[2:at]  # the card and the line stay
            await self.remove_children(far)
        await self._place_mark()
        self._look_around()

    def _look_around(self) -> None:
        """Find out what there is above and below what is mounted."""
        views = list(self.query(TurnView))
        self._above = bool(views) and bool(self._earlier(views[0].turn.id, 1))
        self._below = bool(views) and len(self._onwards(views[-1].turn.id, 2)) > 1
        self.query_one(".above").display = self._above
        if self._below:
            self.anchor(False)

    def _mark(self, at: str, match: Match | None, before: int = -1) -> None:
        """Bring a turn to where it is read first, or what was found in it, and show which it is.

        Args:
            before: the row to which it was brought when not all was laid out yet.
        """
        view = next((view for view in self.query(TurnView) if view.turn.id == at), None)
        if view is None:
            return
        row = match.row(view) if match is not None else 0
        far = row > self.size.height // 2
        y = view.virtual_region.y + (row - self.size.height // 3 if far else 0)
        view.focus(scroll_visible=False)
        self.scroll_to(y=y, animate=False, immediate=True)
        if y != before:
            self.call_after_refresh(self._mark, at, match, y)

    def _earlier(self, turn: str, count: int) -> tuple[Turn, ...]:
        return self._read(lambda: self._journal.earlier(self._talk_id, turn, count))

    def _onwards(self, turn: str, count: int) -> tuple[Turn, ...]:
        return self._read(lambda: self._journal.onwards(self._talk_id, turn, count))

    def _read(self, read: Callable[[], tuple[Turn, ...]]) -> tuple[Turn, ...]:
        """What the journal has; nothing, and why, when it cannot be read."""
        try:
            return read()
        except NotThere:  # a conversation whose first words are only just being kept
            return ()
        except SweetchatError as error:
            self.post_message(News(error.message))
            return ()
