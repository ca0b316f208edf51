"""The conversations, the newest first: opened, renamed, exported, deleted and brought back."""

from collections.abc import Awaitable, Callable, Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.journal import Journal, Removed, Summary
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle
from sweetchat_tui.tui.bindings import key_of
from sweetchat_tui.tui.exporting import written
from sweetchat_tui.tui.hangul import holds, resembles
from sweetchat_tui.tui.screens.places import Place, PlacesScreen, mark
from sweetchat_tui.tui.widgets.line import Line
from sweetchat_tui.tui.widgets.turn import named

_PAGE = 200
"""Conversations that are read together."""


class ConversationsScreen(PlacesScreen):
    """All conversations, narrowed by their titles as one types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "rename", say("이름", "Rename"), id="rename", priority=True),
        Binding("ctrl+d", "delete", say("지우기", "Delete"), id="delete", priority=True),
        Binding("ctrl+z", "undo", say("되돌리기", "Undo"), id="undo", priority=True, show=False),
        Binding("ctrl+s", "export", say("내보내기", "Export"), id="export", priority=True),
        Binding("e,ㄷ", "rename", say("이름", "Rename"), show=False, id="list_rename"),
        Binding("delete,d,ㅇ", "delete", say("지우기", "Delete"), show=False, id="list_delete"),
        Binding("u,ㅕ", "undo", say("되돌리기", "Undo"), show=False, id="list_undo"),
    ]
    TITLE_LINE = say("지난 대화", "Conversations")
    PLACEHOLDER = say("제목이나 초성으로 찾기 (예: ㅁㅈ)", "Part of a title")

    def __init__(self, journal: Journal, deleting: Callable[[str], Awaitable[None]]) -> None:
        """
        Args:
            deleting: is told the id of each conversation that is about to be deleted.
        """
        super().__init__()
        self._journal = journal
        self._deleting = deleting
        self._known: dict[str, Summary] = {}
        self._read_all = False
        self._removed: list[Removed] = []

    def on_mount(self) -> None:
        super().on_mount()
        self._list_again()

    @on(TextArea.Changed)
    def _narrow(self) -> None:
        self._list_again()

    def _list_again(self, at: int = 0) -> None:
        wanted = self.query_one(Line).text.strip()
        try:
            self.fill(self._rows(wanted), at)
        except SweetchatError as error:
            self.stand(Content(error.message))
            return
        if not self._places:
            none = say("그런 대화는 없어요.", "There is no such conversation.")
            self.stand(Content(none if wanted else say("아직 대화가 없어요.", "No conversations yet.")))
        else:
            self._offer_undo()

    def _rows(self, wanted: str) -> Iterator[tuple[Content, Place]]:
        """What holds the words comes first, then what resembles them; each newest first."""
        close = (s for s in self._every() if holds(_told(s), wanted))
        loose = (s for s in self._every() if resembles(_told(s), wanted) and not holds(_told(s), wanted))
        for some in (close, loose):
            for summary in some:
                yield self._row(summary), Place(summary.id)

    def _every(self) -> Iterator[Summary]:
        """All conversations, read as far as they are asked for."""
        yield from list(self._known.values())
        while not self._read_all:
            page = self._journal.conversations(_PAGE, len(self._known))
            self._read_all = len(page) < _PAGE
            # A conversation that was begun elsewhere meanwhile pushes the others on.
            new = [summary for summary in page if summary.id not in self._known]
            self._known |= {summary.id: summary for summary in new}
            yield from new

    def _row(self, summary: Summary) -> Content:
        when = summary.last_at.astimezone().strftime("%Y-%m-%d %H:%M")
        turns = say(f"{summary.turns}번", f"{summary.turns} message{'s' * (summary.turns != 1)}")
        theme = self.app.current_theme
        return Content.assemble(
            (summary.title or say("(빈 말)", "(blank)"), "bold"),
            "\n",
            (f"{when} · {turns} · ", "dim"),
            mark(summary.emotion, theme=theme),
        )

    def _again_from_journal(self, at: int = 0) -> None:
        self._known, self._read_all = {}, False
        self._list_again(at)

    async def action_delete(self) -> None:
        place, at = self._meant, self._list.highlighted or 0
        if place is None:
            return
        await self._deleting(place.conversation)
        try:
            self._removed.append(self._journal.delete(place.conversation))
        except SweetchatError as error:
            self.stand(Content(error.message))
            return
        self._known.pop(place.conversation, None)
        self._list_again(at)
        self._offer_undo()

    def action_undo(self) -> None:
        if not self._removed:
            return
        try:
            self._journal.restore(self._removed[-1])
        except SweetchatError as error:
            self.stand(Content(error.message))
            return
        self._removed.pop()
        self._again_from_journal()

    def _offer_undo(self) -> None:
        if not self._removed:
            self.stand(Content())
            return
        title = self._removed[-1].title
        more = len(self._removed) - 1
        others = say(f" 외 {more}개", f" and {more} more") if more else ""
        key = key_of(self, "undo")
        by = with_particle(key, "으로/로")
        undo = say(f"지웠어요. 이 목록을 닫기 전까지 {by} 되돌려요: ", f"Deleted. {key} brings back: ")
        self.stand(
            Content.assemble(Content.from_markup("[@click=screen.undo]$undo[/]", undo=undo), title, others)
        )

    def action_rename(self) -> None:
        place, at = self._meant, self._list.highlighted or 0
        if place is None:
            return

        def rename(title: str | None) -> None:
            if title is None:
                return
            try:
                self._journal.rename(place.conversation, title)
            except SweetchatError as error:
                self.stand(Content(error.message))
            else:
                self._again_from_journal(at)

        self.app.push_screen(_TitleScreen(self._known[place.conversation].title), rename)

    def action_export(self) -> None:
        if (place := self._meant) is None:
            return
        try:
            file = written(self._journal.conversation(place.conversation))
        except SweetchatError as error:
            self.stand(Content(" ".join((error.message, error.hint))))
        else:
            self.stand(Content(say(f"내보냈어요: {file}", f"Exported: {file}")))


class _TitleScreen(ModalScreen[str | None]):
    """What a conversation is to be called."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", say("닫기", "Close"))]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        with Vertical(classes="card") as card:
            card.border_subtitle = say("Enter 이름 붙이기 · Esc 닫기", "Enter: rename · Esc: close")
            title = say(
                "이 대화를 뭐라고 부를까요? (비우면 첫마디)", "What is it called? (empty: its first words)"
            )
            yield Static(title, classes="title", markup=False)
            yield Line(self._title)

    def on_mount(self) -> None:
        self.query_one(Line).select_all()

    @on(Line.Submitted)
    def _take(self, event: Line.Submitted) -> None:
        event.stop()
        self.dismiss(event.text)


def _told(summary: Summary) -> str:
    """What of a conversation can be looked for."""
    return f"{summary.title} {named(summary.emotion) if summary.emotion else ''}"
