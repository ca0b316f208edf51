"""Search all conversations: any run of text, an emotion, or both."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.theme import Theme
from textual.timer import Timer
from textual.widgets import TextArea

from sweetchat_tui.emotions import EMOTIONS, GROUP_GLOSSES, GROUPS, Emotion, Score, find
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.journal import Found, Journal
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean
from sweetchat_tui.tui.screens.picker import EmotionPicker
from sweetchat_tui.tui.screens.places import Place, PlacesScreen, mark
from sweetchat_tui.tui.widgets.line import Line
from sweetchat_tui.tui.widgets.match import Match
from sweetchat_tui.tui.widgets.turn import named

_PAUSE_S = 0.12
"""Searched is when typing rests so long."""
_AT_MOST = 200
_BEFORE = 16
"""Characters that are shown before a match."""


class SearchScreen(PlacesScreen):
    """Matches in their words, newest first; one is gone to where it stands."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "pick", say("감정 고르기", "Emotion"), id="search_emotion", priority=True),
    ]
    TITLE_LINE = say("모든 대화에서 찾기", "Search all conversations")
    PLACEHOLDER = say("찾을 말, 또는 #감정 (예: 면접 #외로운)", "Words, or #emotion (#lonely, #sadness)")

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal
        self._resting: Timer | None = None

    @on(TextArea.Changed)
    def _wait(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_PAUSE_S, self._search)

    def _search(self) -> None:
        text, emotions, unknown = meant(self.query_one(Line).text)
        if unknown:
            self.fill(iter(()))
            self.stand(Content(say(f"그런 감정은 없어요: {unknown}", f"There is no emotion {unknown}.")))
            return
        try:
            found = self._journal.search(text, _AT_MOST, emotions=emotions)
        except SweetchatError as error:
            self.stand(Content(error.message))
            return
        self.fill(self._rows(found))
        self.stand(Content(self._counted(found) if text or emotions else ""))

    def _counted(self, found: Sequence[Found]) -> str:
        if not found:
            return say("찾은 말이 없어요.", "Nothing found.")
        if len(found) == _AT_MOST:
            return say(f"가장 새로운 {_AT_MOST}개예요.", f"The newest {_AT_MOST}.")
        return say(f"{len(found)}개를 찾았어요.", f"{len(found)} found.")

    def _rows(self, found: Sequence[Found]) -> Iterator[tuple[Content, Place]]:
        for one in found:
            match = Match(one.reply, one.text[one.place : one.place + one.length])
            yield row(one, theme=self.app.current_theme), Place(one.conversation, one.turn, match)

    def action_pick(self) -> None:
        def take(emotion: Emotion | None) -> None:
            if emotion is not None:
                line = self.query_one(Line)
                line.text = f"{line.text} #{named(emotion)}".replace("\u00a0", "").strip() + " "
                line.move_cursor(line.document.end)

        self.app.push_screen(EmotionPicker([Score(emotion, 0.0) for emotion in EMOTIONS]), take)


def meant(typed: str) -> tuple[str, tuple[Emotion, ...], str]:
    """What to look for: the text, the emotions that `#` names, and a name that there is not."""
    words, emotions = [], dict[Emotion, None]()
    for word in clean(typed).split():
        if not word.startswith("#") or word == "#":
            words.append(word) if word != "#" else None
        elif named_by := _emotions(word[1:]):
            emotions |= dict.fromkeys(named_by)
        else:
            return "", (), word[1:]
    return " ".join(words), tuple(emotions), ""


def _emotions(name: str) -> Sequence[Emotion]:
    """The emotion of a name, those of a group, or those that begin so while one still types."""
    if (emotion := find(name)) is not None and not name.isdigit():
        return [emotion]
    group = next((g for g in GROUPS if name.casefold() in (g, GROUP_GLOSSES[g])), None)
    key = name.casefold()
    return [
        e
        for e in EMOTIONS
        if (
            e.group == group if group else e.label.replace(" ", "").startswith(key) or e.gloss.startswith(key)
        )
    ]


def row(found: Found, *, theme: Theme) -> Content:
    """A message that was found: the words around the match, which is marked, and where they stand."""
    text = clean(found.text).replace("\n", " ")
    start = max(0, found.place - _BEFORE)
    end = found.place + found.length
    who = say("나", "me") if found.reply is None else say("친구", "friend")
    when = found.at.astimezone().strftime("%Y-%m-%d %H:%M")
    return Content.assemble(
        "…" if start else "",
        text[start : found.place],
        (text[found.place : end], "bold reverse"),
        text[end : end + 120],
        "\n",
        (f"{who} · {when} · ", "dim"),
        mark(found.emotion, theme=theme),
        (f" · {found.title}", "dim"),
    )
