"""A turn on the command line: the reply on stdout as it comes, everything else on stderr."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

import typer

from sweetchat_tui.cli import edge, showing
from sweetchat_tui.companion import Alarm, Companion, Event, Failed, Felt, Heard, Kept, Said
from sweetchat_tui.conversation import Conversation, Danger, Turn
from sweetchat_tui.emotions import Emotion
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Waiting


class Voice:
    """Prints what happens in a turn."""

    def __init__(self, *, stream: bool, quiet: bool, raw: bool = False, name: str = "") -> None:
        """
        Args:
            stream: print the reply as it comes; otherwise whoever called prints it at the end.
            raw: print the reply as the model sent it, terminal commands and all.
            quiet: print nothing but the reply, and help for someone in danger.
            name: printed before the reply, on a terminal.
        """
        self._stream = stream
        self._name = name if sys.stdout.isatty() else ""
        self._raw = raw
        self._quiet = quiet
        self._printed = 0
        self._last = ""

    def say(self, so_far: str, piece: str = "") -> None:
        """Print what is new in the reply; what a pipe has read cannot be taken back.

        Args:
            piece: the same news as the model sent it.
        """
        if self._raw:
            edge.draw(piece)
            self._printed, self._last = self._printed + len(piece), piece[-1:] or self._last
            return
        if self._stream and len(so_far) > self._printed:
            typer.echo(("" if self._printed else self._name) + so_far[self._printed :], nl=False)
            self._printed, self._last = len(so_far), so_far[-1:]

    def end(self) -> None:
        """End the line that the reply is on."""
        if self._printed and self._last != "\n":
            typer.echo()

    def tell(self, line: str) -> None:
        """Say something beside the reply."""
        if not self._quiet:
            typer.echo(line, err=True)


class Spoken:
    """One turn, told as it happens; what is known of it is there even when it is interrupted."""

    def __init__(self, turn: Turn, voice: Voice, helped: Danger = Danger.NONE) -> None:
        """
        Args:
            helped: for how much danger help was shown before.
        """
        self.turn = turn
        self.helped = helped
        """For how much danger help has been shown by now."""
        self.error: SweetchatError | None = None
        """What went wrong; the turn then has what was said until it did."""
        self._voice = voice

    async def listen(self, events: AsyncGenerator[Event, None]) -> None:
        """Follow the turn to its end."""
        try:
            async with aclosing(events) as stream:
                async for event in stream:
                    self._tell(event)
        finally:
            self._voice.end()

    def _tell(self, event: Event) -> None:
        match event:
            case Heard(turn) | Kept(turn):
                self.turn = turn
            case Alarm(danger):
                if danger.exceeds(self.helped):
                    self.helped = danger
                    showing.help_card(danger)
                else:
                    showing.help_pinned()
            case Felt(feeling):
                self._voice.tell(showing.feeling_line(feeling, picked=self.turn.picked))
            case Waiting(_, reason):
                self._voice.tell(reason)
            case Said(so_far, piece):
                self._voice.say(so_far, piece)
            case Failed(error, _, turn):
                self.error, self.turn = error, turn
                if turn.danger is not Danger.NONE:
                    showing.unanswered()


def run(
    companion: Companion, conversation: Conversation, text: str, picked: Emotion | None, voice: Voice
) -> Spoken:
    """Run one turn to its end."""
    spoken = Spoken(Turn(text), voice)

    async def once() -> None:
        try:
            await spoken.listen(companion.reply(conversation, text, emotion=picked))
        finally:
            await companion.aclose()

    asyncio.run(once())
    return spoken


@dataclass(frozen=True, slots=True)
class Request:
    """What would be sent."""

    host: str | None
    """None when nothing leaves this machine."""
    body: Mapping[str, object] | None
    """As the provider would get it; None likewise."""


def request(companion: Companion, conversation: Conversation, text: str, picked: Emotion | None) -> Request:
    """What answering a text would send; nothing is sent, and nothing kept."""

    async def once() -> Request:
        try:
            _, generator = await companion.ready()
            body = await companion.request(conversation, Turn(text, picked=picked))
            return Request(generator.host, body)
        finally:
            await companion.aclose()

    return asyncio.run(once())


def document(spoken: Spoken, conversation: str | None) -> dict[str, object]:
    """What `ask --json` prints.

    Args:
        conversation: its id; None when nothing was stored.
    """
    turn, reply, error = spoken.turn, spoken.turn.reply, spoken.error
    usage = reply.usage if reply else None
    content: dict[str, object] = {
        "schema": 1,
        "prompt": turn.text,
        "feeling": showing.feeling_json(turn.feeling, turn.danger) if turn.feeling else None,
        "reply": reply.text if reply else "",
        "finish": reply.finish if reply else "stop",
        "provider": reply.provider if reply else None,
        "model": reply.model if reply else None,
        "usage": usage and {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens},
        "conversation": conversation,
        "turn": turn.id if conversation else None,
    }
    return content | ({"error": showing.error_json(error)} if error else {})
