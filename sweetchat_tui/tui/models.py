"""What reads and who answers, loaded behind the screen and changed in the middle of a conversation."""

from collections.abc import Callable, Iterable
from functools import partial

from textual.app import SystemCommand
from textual.screen import Screen

from sweetchat_tui.companion import Companion, Equipment
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import Generator
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle
from sweetchat_tui.tui import messages
from sweetchat_tui.tui.changes import Changes
from sweetchat_tui.tui.screens.model import ModelScreen


class Models:
    """Works in the background of a screen, to which it posts what comes of it."""

    def __init__(
        self, screen: Screen[None], companion: Companion, changes: Changes, busy: Callable[[], bool]
    ) -> None:
        """
        Args:
            changes: what else can read or answer.
            busy: whether an answer is on its way, whose end a change waits for.
        """
        self._screen = screen
        self._companion = companion
        self._changes = changes
        self._busy = busy
        self._generator: Generator | None = None

    def load(self) -> None:
        """Load both, and make the generator ready to answer."""
        self._screen.run_worker(self._load(), group="models")

    def equip(self, equipment: Equipment, news: str) -> None:
        """Work with something else from the next turn on.

        Args:
            news: is told when that is so.
        """
        if self._busy():
            self._tell(say("대답이 끝나면 바꿀게요.", "It changes at the end of this answer."))
        self._screen.run_worker(self._equip(equipment, news), group="models")

    def commands(self) -> Iterable[SystemCommand]:
        """What the command palette offers of them."""
        next_turn = say("다음 말부터", "From the next message on")
        if self._changes.model is not None and self._generator is not None and self._generator.host:
            yield SystemCommand(say("대답하는 모델 바꾸기", "Another model"), next_turn, self._ask_for_model)
        for name, equipment in self._changes.offered():
            yield SystemCommand(name, next_turn, partial(self.equip, equipment, f"{name} · {next_turn}"))

    async def _load(self) -> None:
        try:
            classifier, generator = await self._companion.ready()
            self._generator = generator
            self._screen.post_message(messages.ModelsReady(classifier, generator))
            await generator.warm()
        except SweetchatError as error:
            self._screen.post_message(messages.ModelsMissing(error))

    async def _equip(self, equipment: Equipment, news: str) -> None:
        try:
            classifier, generator = await self._companion.equip(equipment)
        except SweetchatError as error:
            self._tell(told(error))
        else:
            self._generator = generator
            self._screen.post_message(messages.ModelsReady(classifier, generator, news))

    def _ask_for_model(self) -> None:
        generator, remodelled = self._generator, self._changes.model
        if generator is None or remodelled is None:
            return

        def take(model: str | None) -> None:
            if model is not None:
                subject = with_particle(model, "이/가")
                news = say(f"다음 말부터 {subject} 대답해요.", f"{model} answers from now on.")
                self.equip(remodelled(generator.provider, model), news)

        self._screen.app.push_screen(ModelScreen(generator.provider, generator.model), take)

    def _tell(self, text: str) -> None:
        self._screen.post_message(messages.News(text))


def told(error: SweetchatError) -> str:
    """What went wrong, and what to do about it."""
    return " ".join(filter(None, (error.message, error.hint)))
