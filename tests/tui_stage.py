"""An app over told parts and a real journal, and ways to look at it."""

import importlib
import pkgutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fakes import ToldClassifier, ToldGenerator
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.widgets import TextArea

import sweetchat_tui.tui
from sweetchat_tui.companion import Companion
from sweetchat_tui.config import Config
from sweetchat_tui.conversation import Conversation
from sweetchat_tui.journal import Journal
from sweetchat_tui.tui.app import SweetchatApp
from sweetchat_tui.tui.changes import Changes

_PATIENCE_S = 60
"""On a machine that may be busy."""


class Stage:
    """Runs the app and looks at it as a person would."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.generator = ToldGenerator()
        self.classifier = ToldClassifier()
        self.changes = Changes()
        self.app: SweetchatApp
        self.pilot: Pilot[None]

    def make(self, config: Config, conversation: Conversation | None, *, private: bool) -> SweetchatApp:
        companion = Companion(self.journal, lambda: self.classifier, lambda: self.generator)
        return SweetchatApp(
            config,
            companion,
            self.journal,
            conversation,
            private=private,
            changes=self.changes,
        )

    @asynccontextmanager
    async def open(
        self,
        config: Config | None = None,
        conversation: Conversation | None = None,
        *,
        private: bool = False,
        size: tuple[int, int] = (80, 24),
    ) -> AsyncIterator["Stage"]:
        for turn in conversation.turns if conversation else ():
            self.journal.keep(conversation.id, turn)
        self.app = self.make(config or Config(), conversation, private=private)
        async with self.app.run_test(size=size) as self.pilot:
            await self.until(lambda: "told" in self.screen())
            yield self

    def screen(self) -> str:
        """What stands on the screen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips).replace("\u00a0", " ")

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds; a screen that never gets there fails with what it shows."""
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            if holds():
                return
            await self.pilot.pause(0.02)
        raise AssertionError(self.screen())

    async def shows(self, *texts: str) -> None:
        """Wait until all of these stand on the screen."""
        await self.until(lambda: all(text in self.screen() for text in texts))

    async def say(self, text: str) -> None:
        """Type a message and send it."""
        await self.pilot.press(*(" " if c == " " else c for c in text), "enter")

    async def command(self, words: str) -> None:
        """Choose a command by its name, as from the palette."""
        commands = self.app.get_system_commands(self.app.screen)
        next(c for c in commands if words in c.title).callback()
        await self.pilot.pause()

    def write(self, text: str) -> None:
        """Put a text into the composer at once, without sending it."""
        self.app.screen.query_one("#composer", TextArea).text = text

    @property
    def composer(self) -> str:
        return self.app.screen.query_one("#composer", TextArea).text


def nodes() -> list[type[DOMNode]]:
    """Every widget and screen of the app."""
    found = []
    for module in pkgutil.walk_packages(sweetchat_tui.tui.__path__, "sweetchat_tui.tui."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__ == module.name:
                found.append(value)
    return found
