"""Where words are written, changed and wait, until the talk hears them; none of them is ever lost."""

import time

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from sweetchat_tui.conversation import Turn
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle
from sweetchat_tui.tui import messages
from sweetchat_tui.tui.bindings import key_of
from sweetchat_tui.tui.draft import Draft
from sweetchat_tui.tui.widgets.composer import Composer, joined
from sweetchat_tui.tui.widgets.talk import Talk
from sweetchat_tui.tui.widgets.waiting import Waiting

_DRAFT_EVERY_S = 1.0
_TWICE_S = 2.0
"""How soon a second Ctrl+C must come to quit."""


class Writing(Vertical):
    """The words that wait, above the composer."""

    def __init__(self, talk: Talk, draft: Draft, *, enter_sends: bool) -> None:
        """
        Args:
            talk: what hears the words.
            enter_sends: as `Composer`.
        """
        super().__init__(id="writing")
        self._talk = talk
        self._draft = draft
        self._waiting = Waiting()
        self._interrupted = float("-inf")
        self.composer = Composer(enter_sends=enter_sends)

    def compose(self) -> ComposeResult:
        yield self._waiting
        yield self.composer

    def on_mount(self) -> None:
        self.composer.put_before(self._draft.load())
        self.set_interval(_DRAFT_EVERY_S, self._keep_draft)

    def on_unmount(self) -> None:
        self._keep_draft()

    def _keep_draft(self) -> None:
        self._draft.keep(joined(self._talk.unheard, *self._waiting.texts, self.composer.draft))

    @on(messages.MessageSubmitted)
    async def _send(self, event: messages.MessageSubmitted) -> None:
        self.composer.arrived()
        if event.place is not None:
            await self._talk.revise(event.place, event.text)
        elif self._talk.busy:
            self._waiting.add(event.text)
            self._keep_draft()
        else:
            await self._talk.hear(event.text)

    async def send_next(self) -> None:
        """Send what waits longest, if nothing is being answered."""
        if not self._talk.busy and (text := self._waiting.take()) is not None:
            await self._talk.hear(text)

    def give_back(self, text: str) -> None:
        """Words that were sent are to be written again."""
        self.composer.put_before(text)
        self.composer.focus()

    def give_back_waiting(self) -> None:
        """What waits is to be sent again by the person, not by itself."""
        while self._take_back_last():
            pass

    def _take_back_last(self) -> bool:
        text = self._waiting.take_last()
        if text is not None:
            self.composer.put_before(text)
        return text is not None

    async def take_back(self) -> None:
        """Take back what was sent last, whether it waits, is being answered, or was."""
        if not self._take_back_last():
            await self._talk.take_back()

    def change(self, turn: Turn) -> None:
        """Let the words of a turn be changed here."""
        self.composer.change(turn)
        self.composer.focus()

    def leave_editing(self) -> bool:
        """Leave the turn that is being changed as it was; False when there is none."""
        if self.composer.editing is None:
            return False
        self.composer.leave_editing()
        return True

    def interrupt(self, selected: str | None) -> None:
        """Copy what is selected, else empty the box; a second time soon after, quit.

        Args:
            selected: what is selected elsewhere.
        """
        soon, self._interrupted = time.monotonic() - self._interrupted < _TWICE_S, time.monotonic()
        if chosen := selected or self.composer.selected_text:
            self._interrupted = float("-inf")
            self.post_message(messages.CopySought(chosen))
        elif soon:
            self.app.exit()
        elif self.leave_editing():
            return
        elif self.composer.text:
            self.composer.clear_draft()
            key = key_of(self.screen, "interrupt")
            again = with_particle(key, "을/를")
            cleared = f"지웠어요. Ctrl+Z로 되살려요. {again} 또 누르면 끝나요."
            self._tell(say(cleared, f"Cleared; Ctrl+Z brings it back. {key} again quits."))
        else:
            self._tell(say("한 번 더 누르면 끝나요.", "Once more quits."))

    def _tell(self, text: str) -> None:
        self.post_message(messages.News(text))
