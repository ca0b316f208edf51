"""Name another model of the provider that answers."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from sweetchat_tui.lang import say
from sweetchat_tui.text import clean
from sweetchat_tui.tui.widgets.line import Line


class ModelScreen(ModalScreen[str | None]):
    """A line to type the model's name into. No list: not all that a provider lists can be used."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", say("닫기", "Close"))]

    def __init__(self, provider: str, model: str) -> None:
        """
        Args:
            provider: the profile's name.
            model: the one that answers now.
        """
        super().__init__()
        self._provider = provider
        self._model = model

    def compose(self) -> ComposeResult:
        with Vertical(classes="card") as card:
            card.border_subtitle = say("Enter 바꾸기 · Esc 닫기", "Enter: change · Esc: close")
            title = say(f"{self._provider}의 어떤 모델이 대답할까요?", f"Which model of {self._provider}?")
            yield Static(title, classes="title", markup=False)
            yield Line(self._model)

    def on_mount(self) -> None:
        self.query_one(Line).select_all()

    @on(Line.Submitted)
    def _take(self, event: Line.Submitted) -> None:
        self.dismiss(clean(event.text).strip() or None)
