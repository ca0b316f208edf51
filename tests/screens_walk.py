"""Opens every screen of the app in a language and prints what stands on each, as JSON.

A program of its own: the keys' names are said in the language in use when the app is first imported.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sweetchat_tui import lang

lang.use(sys.argv[1])  # type: ignore[arg-type]

from fakes import feeling  # noqa: E402
from tui_stage import Stage  # noqa: E402

from sweetchat_tui.companion import Equipment  # noqa: E402
from sweetchat_tui.config import Config  # noqa: E402
from sweetchat_tui.conversation import Conversation, Turn  # noqa: E402
from sweetchat_tui.errors import TryLater  # noqa: E402
from sweetchat_tui.journal import Journal  # noqa: E402
from sweetchat_tui.lang import say  # noqa: E402
from sweetchat_tui.tui.changes import Changes, FirstRun  # noqa: E402

WORDS = say("면접에서 떨어졌어", "I failed")
ANSWER = say("속상했겠다.", "How sad.")
CRISIS = "죽고 싶어"
"""What is said by a person stays in Korean: only that is read for danger."""
SIZE = (120, 45)
seen: dict[str, str] = {}


class Walk(Stage):
    """A stage on which everything that is shown is kept."""

    def look(self, name: str) -> None:
        seen[name] = self.screen()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause(0.15)

    async def visit(self, name: str, *keys: str) -> None:
        """Look at what some keys lead to."""
        await self.press(*keys)
        self.look(name)


@asynccontextmanager
async def walk(config: Config | None = None, conversation: Conversation | None = None) -> AsyncIterator[Walk]:
    with Journal.open(None) as journal:
        stage = Walk(journal)
        stage.generator.answers = [ANSWER] * 9
        stage.changes = Changes(
            offered=list,
            model=lambda _provider, _model: Equipment(),
            fetch=lambda _tell, _stop: None,
        )
        async with stage.open(config, conversation, size=SIZE):
            yield stage


def of_days() -> Conversation:
    """A conversation of some weeks, for moods, with a picked emotion and an unclear one."""
    now = datetime.now(UTC)
    turns = [
        Turn(WORDS, at=now - timedelta(days=2 * n), feeling=feeling("좌절한", "슬픔"), id=f"t{n}")
        for n in range(20, 0, -1)
    ]
    turns[3] = replace(turns[3], picked=feeling("외로운").emotion)
    turns[4] = replace(turns[4], feeling=feeling("슬픔", uncertain=True))
    return Conversation(tuple(turns), "c1")


async def talk() -> None:
    async with walk() as stage:
        stage.look("new")
        await stage.visit("keys", "f1")
        await stage.press("escape")
        await stage.say(WORDS)
        await stage.shows(ANSWER)
        stage.look("answered")
        await stage.visit("side", "f2")
        await stage.visit("picker", "alt+4")
        await stage.press("escape")
        for key in ("f4", "f4", "f4", "f4", "f5", "f5", "f5", "f6", "ctrl+t", "ctrl+c"):
            await stage.visit(f"{key} {len(seen)}", key)
        await stage.say(WORDS)
        await stage.shows(ANSWER)
        await stage.visit("a turn", "up")
        await stage.visit("keys of a turn", "f1")
        await stage.press("escape")
        await stage.visit("editing", "e")
        await stage.press("escape")
        await stage.visit("answered again", "alt+2")
        await stage.visit("sent", "ctrl+l")
        await stage.press("escape")
        await stage.visit("help lines", "f8")
        await stage.press("escape")
        await stage.visit("palette", "ctrl+p")
        await stage.visit("palette, further", *["down"] * 18)
        await stage.press("escape")
        stage.generator.answers = [[TryLater(say("나중에 해 주세요.", "Later."))], ANSWER]
        await stage.say(WORDS)
        await stage.pilot.pause(0.5)
        stage.look("failed")
        stage.classifier.told = [feeling("슬픔", uncertain=True)]
        await stage.visit("new again", "ctrl+n")
        await stage.say(WORDS)
        await stage.pilot.pause(0.5)
        stage.look("unclear")


async def danger() -> None:
    async with walk() as stage:
        stage.write(CRISIS)
        await stage.press("enter")
        await stage.pilot.pause(0.5)
        stage.look("danger")


async def places() -> None:
    async with walk(None, of_days()) as stage:
        await stage.visit("conversations", "ctrl+o")
        await stage.visit("keys of conversations", "f1")
        await stage.press("escape")
        await stage.visit("rename", "f2")
        await stage.press("escape")
        await stage.visit("exported", "ctrl+s")
        await stage.visit("deleted", "ctrl+d")
        await stage.press("ctrl+z")
        await stage.visit("none of these", "z", "z")
        await stage.press("escape")
        await stage.visit("search", "ctrl+f")
        await stage.visit("found", *WORDS.split()[0])
        await stage.visit("not found", "z", "z", "z")
        await stage.press("escape")
        await stage.visit("mood", "f3")
        await stage.visit("mood of a day", "left", "left", "up")
        await stage.visit("keys of mood", "f1")
        await stage.press("escape", "escape")
        stage.app.action_command_palette()
        await stage.pilot.pause(0.3)
    with Journal.open(None) as journal:
        stage = Walk(journal)
        async with stage.open(size=SIZE):
            await stage.visit("no conversations", "ctrl+o")
            await stage.press("escape")
            await stage.visit("no mood", "f3")


async def recap() -> None:
    long = Conversation(tuple(Turn(f"({n}) " + "~" * 2000, id=f"t{n}") for n in range(10)), "c")
    with Journal.open(None) as journal:
        stage = Walk(journal)
        stage.generator.host = "told.example"
        stage.generator.recaps = [ANSWER]
        stage.changes = Changes(model=lambda _provider, _model: Equipment())
        async with stage.open(Config(), long, size=SIZE):
            stage.look("marked")
            stage.app._conversation_screen.action_recap()
            await stage.visit("recap")
            await stage.visit("recap, made", "ctrl+r")
            await stage.visit("recap, saved", "ctrl+s")
            await stage.visit("sent to a host", "ctrl+l")
            await stage.press("escape", "ctrl+p")
            await stage.visit("palette for a model", *say("모델", "model"))
            await stage.pilot.pause(0.6)
            await stage.visit("another model", "enter")


async def equipment() -> None:
    async with walk() as stage:
        await stage.press("ctrl+p")
        fetch = say("받기", "Fetch")
        await stage.visit("palette for fetch", *fetch)
        await stage.press(*["backspace"] * len(fetch))
        await stage.visit("palette, nothing", "z", "q", "z")
        await stage.pilot.pause(0.6)
        stage.look("palette, nothing")
        await stage.press("escape")
        stage.app.action_fetch()
        await stage.visit("fetch")
    with Journal.open(None) as journal:
        stage = Walk(journal)
        first = FirstRun(say("이대로", "As it is"), None, True, _refuse, _refuse, lambda: None)
        stage.changes = Changes(first=first, offer=say("받을 수 있어요.", "To be had."))
        async with stage.open(Config(), None, size=SIZE):
            await stage.visit("welcome")
            await stage.visit("welcome, a server", "down", "down", "enter")
            await stage.visit("welcome, refused", "m", "enter")
        async with Walk(journal).open(private=True, size=SIZE) as private:
            seen["private"] = private.screen()


def _refuse(*_: str) -> Equipment:
    raise TryLater(say("나중에 해 주세요.", "Later."))


async def main() -> None:
    for part in (talk, danger, places, recap, equipment):
        await part()


asyncio.run(main())
Path(sys.argv[2]).write_text(json.dumps(seen, ensure_ascii=False), encoding="utf-8")
