"""`sweetchat chat --plain`: the same conversation, a line at a time.

For screen readers, for a slow SSH and for terminals that cannot be drawn on: nothing is ever redrawn,
and no colour, box or animation says what words do not.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress

import typer

from sweetchat_tui import safety
from sweetchat_tui.cli import emotions, showing, speaking
from sweetchat_tui.companion import Companion, Event
from sweetchat_tui.conversation import LONGEST_MESSAGE, Conversation, Danger, Turn
from sweetchat_tui.errors import Misused
from sweetchat_tui.journal import Journal
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean


class PlainChat:
    """One conversation with a person who types lines."""

    def __init__(self, companion: Companion, journal: Journal, conversation: Conversation) -> None:
        self._companion = companion
        self._journal = journal
        self._conversation = conversation
        self._helped = Danger.NONE

    def run(self) -> None:
        """Talk until the person says that it is enough, or input ends."""
        # It edits the line, also one of Hangul; without it the arrow keys print `^[[D`.
        with suppress(ImportError):
            import readline  # noqa: F401
        self._tell(
            say(
                "AI 친구와의 대화예요. 도움말은 /도움, 끝내려면 /끝.",
                "A talk with an AI friend. /help for help, /quit to leave.",
            )
        )
        if self._conversation.turns:
            self._show(self._conversation.turns[-1])
        with asyncio.Runner() as runner:
            try:
                while (line := self._line()) is not None:
                    if self._is_over(line, runner):
                        break
            finally:
                runner.run(self._companion.aclose())

    def _line(self) -> str | None:
        """What the person typed; None when there is no more."""
        try:
            prompt = say("나> ", "me> ") if sys.stdin.isatty() else ""
            return clean(input(prompt)).strip()
        except EOFError:
            if sys.stdin.isatty():  # whatever comes next begins on a line of its own
                self._tell("")
            return None
        except KeyboardInterrupt:
            self._tell(say("\n끝내려면 /끝이나 Ctrl+D예요.", "\n/quit or Ctrl+D leaves."))
            return ""

    def _is_over(self, line: str, runner: asyncio.Runner) -> bool:
        command, _, rest = line.partition(" ")
        match command.casefold():
            case "":
                pass
            case "/끝" | "/quit" | "/exit" | "/q" | "/ㅂ":  # q on a Korean keyboard
                return True
            case "/도움" | "/help" | "/?":
                self._tell(_help())
            case "/새" | "/new":
                self._conversation = Conversation()
                self._helped = Danger.NONE
                self._tell(say("새 대화예요.", "A new conversation."))
            case "/다시" | "/again":
                self._again(runner, None)
            case "/1" | "/2" | "/3":
                self._again(runner, int(command[1]) - 1)
            case "/감정" | "/emotion":
                self._pick(runner, rest.strip())
            case slash if slash.startswith("/") and not slash.startswith("//") and slash[1:].isalpha():
                self._tell(say(f"없는 명령이에요: {command}\n", f"No such command: {command}\n") + _help())
            case _:
                self._hear(runner, line)
        return False

    def _hear(self, runner: asyncio.Runner, text: str) -> None:
        if len(text) > LONGEST_MESSAGE:
            self._tell(
                say(f"너무 길어요. {LONGEST_MESSAGE:,}자까지예요.", f"Too long: at most {LONGEST_MESSAGE:,}.")
            )
            return
        self._run(runner, self._companion.reply(self._conversation, text), Turn(text))

    def _again(self, runner: asyncio.Runner, at: int | None) -> None:
        """Answer the last message again, for the emotion of a chip or for the same as before."""
        last = self._last()
        if last is None or last.feeling is None:
            return
        emotion = last.picked
        if at is not None and at < len(last.feeling.top):
            emotion = last.feeling.top[at].emotion
        self._run(runner, self._companion.again(self._conversation, last, emotion), last)

    def _pick(self, runner: asyncio.Runner, name: str) -> None:
        try:
            emotion = emotions.named(name)
        except Misused as error:
            self._tell(f"{error.message} {error.hint}")
            return
        if (last := self._last()) is not None:
            self._run(runner, self._companion.again(self._conversation, last, emotion), last)

    def _last(self) -> Turn | None:
        if self._conversation.turns:
            return self._conversation.turns[-1]
        self._tell(say("아직 나눈 말이 없어요.", "Nothing was said yet."))
        return None

    def _run(self, runner: asyncio.Runner, events: AsyncGenerator[Event, None], turn: Turn) -> None:
        voice = speaking.Voice(stream=True, quiet=False, name=_friend())
        spoken = speaking.Spoken(turn, voice, self._helped)
        try:
            runner.run(spoken.listen(events))
        except KeyboardInterrupt:
            self._tell(say("멈췄어요.", "Stopped."))
            self._helped = spoken.helped
            self._conversation = self._journal.conversation(self._conversation.id)
            return
        self._helped = spoken.helped
        self._conversation = self._conversation.with_turn(spoken.turn)
        if spoken.error is not None:
            showing.failure(spoken.error, as_json=False)

    def _show(self, turn: Turn) -> None:
        self._tell(say("지난 말: ", "Last time: ") + turn.text)
        if turn.reply is not None:
            self._tell(_friend() + turn.reply.text)

    def _tell(self, text: str) -> None:
        typer.echo(text, err=True)


def _friend() -> str:
    return say("친구> ", "friend> ")


def _help() -> str:
    lines = "\n".join(str(line) for line in safety.help_lines())
    return say(
        "/1 /2 /3  그 감정으로 다시 대답받기\n"
        "/감정 이름  58가지 가운데 골라 다시 대답받기\n"
        "/다시  한 번 더 대답받기\n"
        "/새  새 대화\n"
        "/끝  끝내기 (Ctrl+D)\n"
        "Ctrl+C  대답 멈추기\n"
        f"{lines}",
        "/1 /2 /3  answer again for that emotion\n"
        "/emotion NAME  answer again for any of the 58\n"
        "/again  answer once more\n"
        "/new  a new conversation\n"
        "/quit  leave (Ctrl+D)\n"
        "Ctrl+C  stop an answer\n"
        f"{lines}",
    )
