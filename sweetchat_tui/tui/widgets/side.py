"""Beside the conversation: what was read in a message, the course of the talk, and what the answer met."""

from collections.abc import Sequence

from textual import work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.theme import Theme
from textual.widgets import Static

from sweetchat_tui.companion import Companion
from sweetchat_tui.conversation import Turn
from sweetchat_tui.emotions import GROUP_GLOSSES, GROUPS, Emotion, Feeling
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.lang import say
from sweetchat_tui.tui.colours import colour_of
from sweetchat_tui.tui.widgets.talk import Talk
from sweetchat_tui.tui.widgets.turn import named

WIDE = 110
"""Columns from which the panel is there without being asked for."""
_BAR = 10
_COURSE = 24
_LEVELS = (0.5, 0.0, -0.5, -1.0)
_WHOLE = 1.01
"""What probabilities add up to at most, with what is lost in rounding 58 of them."""

_Parts = list[str | tuple[str, Style]]


class Side(VerticalScroll, can_focus=False):
    """What a classifier read, in letters, bars and colours."""

    def __init__(self, companion: Companion, talk: Talk) -> None:
        super().__init__(Static(), id="side")
        self._companion = companion
        self._talk = talk
        self._wanted: bool | None = None

    def fit(self, width: int) -> None:
        """Be there on a wide screen, unless the person wanted it otherwise."""
        self.display = width >= WIDE if self._wanted is None else self._wanted
        self.tell()

    def toggle(self) -> None:
        """Come, or go."""
        self._wanted = self.display = not self.display
        self.tell()

    @work(group="side", exclusive=True)
    async def tell(self) -> None:
        """Tell of the turn that a key is for, and read its answer, while the panel is there."""
        if not self.display:
            return
        view = self._talk.meant()
        turn = view.turn if view is not None else None
        self._paint(turn, None)
        if turn is not None and turn.reply is not None and not self._talk.busy:
            try:
                echo = await self._companion.echo(turn.reply.text)
            except SweetchatError:
                return  # the status line says already that nothing reads
            self._paint(turn, echo)

    def _paint(self, turn: Turn | None, echo: Feeling | None) -> None:
        theme = self.app.current_theme
        if turn is None or turn.feeling is None:
            self.query_one(Static).update(Content(say("아직 읽은 말이 없어요.", "Nothing was read yet.")))
            return
        parts = _course(self._talk.conversation.turns, theme=theme)
        parts += ["\n", _met(turn.emotion, echo), "\n\n"] if echo is not None else ["\n"]
        self.query_one(Static).update(Content.assemble(*parts, *_shares(turn.feeling, theme=theme)))


def _shares(feeling: Feeling, *, theme: Theme) -> _Parts:
    """Each group with its share, and below it its emotions that have at least two per cent."""
    parts: _Parts = [say("읽은 감정 모두\n", "All that was read\n")]
    # Where each emotion is judged by itself they come to more than one, and of a group the surest counts.
    joined = sum if sum(score.confidence for score in feeling.top) < _WHOLE else max
    for group in GROUPS:
        scores = [score for score in feeling.top if score.emotion.group == group]
        if not scores:
            continue
        look = Style.parse(colour_of(scores[0].emotion, theme=theme))
        share = joined(score.confidence for score in scores)
        bar = "#" * round(share * _BAR)
        parts.append((f"{say(group, GROUP_GLOSSES[group])} {bar} {share:.0%}\n", look + Style(bold=True)))
        parts += [
            (f"  {named(score.emotion)} {score.confidence:.0%}\n", look)
            for score in scores
            if score.confidence >= 0.02
        ]
    return parts


def _course(turns: Sequence[Turn], *, theme: Theme) -> _Parts:
    """How good or bad the last messages felt, each as the first letter of its group."""
    felt = [turn.emotion for turn in turns if turn.emotion is not None][-_COURSE // 2 :]
    parts: _Parts = [say("대화의 흐름 (위가 좋은 마음)\n", "The course (higher is better)\n")]
    for row, level in enumerate(_LEVELS):
        above = _LEVELS[row - 1] if row else 2.0
        for emotion in felt:
            here = emotion.valence is not None and level <= emotion.valence < above
            mark = say((emotion.group or "?")[0], GROUP_GLOSSES.get(emotion.group or "", "?")[:2])
            parts.append((mark, Style.parse(colour_of(emotion, theme=theme))) if here else "  ")
        parts.append("\n")
    return parts


def _met(emotion: Emotion | None, echo: Feeling) -> str:
    read = named(echo.emotion)
    if echo.uncertain or emotion is None:
        return say("대답에서 뚜렷한 감정은 읽히지 않아요.", "No clear emotion in the answer.")
    if echo.emotion.group == emotion.group:
        return say(f"대답이 마음에 닿았어요: {read}", f"The answer met it: {read}")
    return say(f"대답은 다른 마음이에요: {read}", f"The answer reads otherwise: {read}")
