"""A turn on the command line: the reply on stdout as it comes, everything else on stderr."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

import typer

from sweetchat_tui.cli import showing
from sweetchat_tui.companion import Alarm, Companion, Failed, Felt, Heard, Kept, Said
from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.emotions import Emotion
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Waiting


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a turn ended."""

    turn: Turn
    error: SweetchatError | None
    """What went wrong; the turn then has what was said until it did."""


class Voice:
    """Prints what happens in a turn."""

    def __init__(self, *, stream: bool, quiet: bool) -> None:
        """
        Args:
            stream: print the reply as it comes; otherwise whoever called prints it at the end.
            quiet: print nothing but the reply, and help for someone in danger.
        """
        self._stream = stream
        self._quiet = quiet
        self._printed = 0
        self._last = ""

    def say(self, so_far: str) -> None:
        """Print what is new in the reply; what a pipe has read cannot be taken back."""
        if self._stream and len(so_far) > self._printed:
            typer.echo(so_far[self._printed :], nl=False)
            self._printed, self._last = len(so_far), so_far[-1:]

    def end(self) -> None:
        """End the line that the reply is on."""
        if self._printed and self._last != "\n":
            typer.echo()

    def tell(self, line: str) -> None:
        """Say something beside the reply."""
        if not self._quiet:
            typer.echo(line, err=True)


def run(
    companion: Companion, conversation: Conversation, text: str, picked: Emotion | None, voice: Voice
) -> Outcome:
    """Run one turn to its end."""
    return asyncio.run(_run(companion, conversation, text, picked, voice))


async def _run(
    companion: Companion, conversation: Conversation, text: str, picked: Emotion | None, voice: Voice
) -> Outcome:
    error: SweetchatError | None = None
    turn = Turn(text)
    try:
        async with aclosing(companion.reply(conversation, text, emotion=picked)) as events:
            async for event in events:
                match event:
                    case Heard(heard):
                        turn = heard
                    case Alarm(danger):
                        showing.help_card(danger)
                    case Felt(feeling):
                        voice.tell(showing.feeling_line(feeling))
                    case Waiting(_, reason):
                        voice.tell(reason)
                    case Said(so_far):
                        voice.say(so_far)
                    case Kept(kept):
                        turn = kept
                    case Failed(failure, _, failed):
                        error, turn = failure, failed
    finally:
        voice.end()
        await companion.aclose()
    return Outcome(turn, error)


def document(outcome: Outcome, conversation: str | None) -> dict[str, object]:
    """What `ask --json` prints.

    Args:
        conversation: its id; None when nothing was stored.
    """
    turn, reply, error = outcome.turn, outcome.turn.reply, outcome.error
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
