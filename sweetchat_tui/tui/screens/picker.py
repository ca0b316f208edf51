"""Pick any of the emotions: type some of its name, its first consonants or its English name."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option

from sweetchat_tui.emotions import GROUP_GLOSSES, Emotion, Score
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean
from sweetchat_tui.tui.hangul import initials
from sweetchat_tui.tui.widgets.line import Line


def matching(scores: Sequence[Score], wanted: str) -> list[Score]:
    """The scores whose emotion is meant by what was typed so far, in their order, best places first."""
    key = "".join(clean(wanted).casefold().split())

    def place(score: Score) -> int | None:
        e = score.emotion
        names = [e.label, initials(e.label), e.gloss, e.group or ""]
        places = [name.replace(" ", "").casefold().find(key) for name in names]
        return min((at for at in places if at >= 0), default=None)

    placed = [(at, score) for score in scores if (at := place(score)) is not None]
    return [score for _, score in sorted(placed, key=lambda pair: pair[0] > 0)]


class EmotionPicker(ModalScreen[Emotion | None]):
    """A list of all emotions, the likeliest first, that narrows as one types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", say("닫기", "Close")),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
    ]

    def __init__(self, scores: Sequence[Score]) -> None:
        """
        Args:
            scores: every emotion that can be picked, likeliest first.
        """
        super().__init__()
        self._scores = scores

    def compose(self) -> ComposeResult:
        with Vertical(id="picker", classes="card") as card:
            card.border_subtitle = say("Enter 고르기 · Esc 닫기", "Enter: pick · Esc: close")
            yield Static(say("어떤 감정에 더 가까워요?", "Which emotion is it?"), classes="title")
            yield Line(placeholder=say("감정 이름이나 초성 (예: ㅇㄹㅇ)", "a name, e.g. lonely"))
            yield OptionList()

    def on_mount(self) -> None:
        self._list("")

    @on(TextArea.Changed)
    def _narrow(self, event: TextArea.Changed) -> None:
        self._list(event.text_area.text)

    def _list(self, wanted: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            Option(
                Content(
                    f"{s.emotion.label} · {s.emotion.gloss} · {_group(s.emotion)}"
                    + (f"  {s.confidence:.0%}" if s.confidence else "")
                ),
                id=str(s.emotion.index),
            )
            for s in matching(self._scores, wanted)
        )
        if options.option_count:
            options.highlighted = 0

    def action_move(self, action: str) -> None:
        options = self.query_one(OptionList)
        options.action_cursor_down() if action == "cursor_down" else options.action_cursor_up()

    @on(Line.Submitted)
    def _take_highlighted(self) -> None:
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        chosen = next(s.emotion for s in self._scores if str(s.emotion.index) == event.option_id)
        self.dismiss(chosen)


def _group(emotion: Emotion) -> str:
    group = emotion.group or ""
    return say(group, GROUP_GLOSSES.get(group, ""))
