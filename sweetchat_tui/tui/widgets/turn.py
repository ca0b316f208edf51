"""One turn on the screen: the person's words, what was felt in them, and the answer."""

from typing import ClassVar

from textual._styles_cache import StylesCache
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Size
from textual.reactive import Reactive
from textual.style import Style
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.markdown import MarkdownFence

from sweetchat_tui import safety
from sweetchat_tui.conversation import Danger, Reply, Turn
from sweetchat_tui.emotions import Emotion, Score
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle
from sweetchat_tui.tui.bindings import key_of
from sweetchat_tui.tui.colours import colour_of, ground
from sweetchat_tui.tui.messages import CopySought, EditSought, EmotionPicked, EmotionSought, VariantFlipped
from sweetchat_tui.tui.widgets.answer import Answer
from sweetchat_tui.tui.widgets.plain import Plain, is_plain

# Not Textual's own `@click`, which would look for the action on the line and not on its turn.
_ACTION = "sweetchat-action"

CHIPS = 3
"""Emotions offered under a message."""


def named(emotion: Emotion) -> str:
    """The emotion in the language of the screen, which does not break at its spaces."""
    return say(emotion.label, emotion.gloss).replace(" ", "\u00a0")


class TurnView(Vertical, can_focus=True):
    """A turn, live: it is told what happens and shows it."""

    virtual_size = Reactive(Size(0, 0))  # as that of `Plain`

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "pick(0)", say("첫째 감정으로", "First emotion"), show=False, id="turn_first"),
        Binding("2", "pick(1)", say("둘째 감정으로", "Second emotion"), show=False, id="turn_second"),
        Binding("3", "pick(2)", say("셋째 감정으로", "Third emotion"), show=False, id="turn_third"),
        Binding("4", "seek", say("58가지에서 찾기", "Any of the 58"), show=False, id="turn_seek"),
        Binding(
            "left,left_square_bracket",
            "flip(-1)",
            say("앞 대답", "Answer before"),
            show=False,
            id="turn_before",
        ),
        Binding(
            "right,right_square_bracket",
            "flip(1)",
            say("다음 대답", "Next answer"),
            show=False,
            id="turn_after",
        ),
        Binding("e,ㄷ", "edit", say("고치기", "Edit"), id="turn_edit"),
        Binding("y,ㅛ", "copy", say("복사", "Copy"), id="turn_copy"),
        Binding("up", "app.focus_previous", say("앞의 말", "Message before"), show=False, id="turn_up"),
        Binding("down", "app.focus_next", say("다음 말", "Next message"), show=False, id="turn_down"),
    ]

    def __init__(self, turn: Turn) -> None:
        super().__init__(classes="turn")
        self.turn = turn
        self._failed = False
        self._width = 0
        self._speaking = False
        self._plain = Plain()
        self._answer: Answer | None = None  # few answers need it, and it is dear

    def compose(self) -> ComposeResult:
        with Horizontal(classes="mine"):
            yield Static(Content(self.turn.text), classes="words")
        yield Static(classes="feeling")
        yield self._plain
        yield Static(classes="note")

    async def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show_feeling())
        if self.children:  # else it was let go before it was there
            await self.show(self.turn)

    def on_unmount(self) -> None:
        # Textual holds on to who subscribed to a signal until that is next sent, and (by a cache on a method)
        # to what the last 1,024 widgets painted: together 0.25 MB for each turn that is let go.
        self.app.theme_changed_signal.unsubscribe(self)
        StylesCache.get_inner_outer.cache_clear()

    async def show(self, turn: Turn) -> None:
        """Show the turn as it stands, with the variant of the answer that it names."""
        self._take(turn)
        self.remove_class("-live")
        self._show_feeling()
        reply = turn.reply
        text = reply.text.strip() if reply is not None else ""
        plain = not text or is_plain(text)
        if not plain:  # first, for what stands there until now must not be missed
            await self._make_markdown(text)
        self._plain.stand(text if plain else "")
        self._show_markdown(not plain)
        self._note(_byline(turn, reply, whole=self.has_focus) if reply is not None else Content(""))

    def begin(self, turn: Turn) -> None:
        """An answer is on its way: the old one makes room."""
        self._take(turn)
        self.add_class("-live")
        self._show_feeling()
        stop = key_of(self.screen, "stop")
        thinking = say(f"친구가 생각하고 있어요… ({stop} 멈춤)", f"Your friend is thinking… ({stop} stops)")
        self._note(Content(thinking))

    def _take(self, turn: Turn) -> None:
        if turn.text != self.turn.text:
            self.query_one(".words", Static).update(Content(turn.text))
            self._plain.stand("")
            self._show_markdown(False)
        self._speaking = False
        self.turn = turn

    def say_so_far(self, text: str, most: int | None) -> None:
        """Show the answer as far as it has come.

        Args:
            most: as `Plain.say`.
        """
        if not self._speaking:
            self._speaking = True
            self._show_markdown(False)
            self._note(Content(""))
        self._plain.say(text, most)

    async def _make_markdown(self, text: str) -> None:
        if self._answer is None:
            self._answer = Answer()
            await self.mount(self._answer, before=self._plain)
        await self._answer.update(text)

    def _show_markdown(self, shown: bool) -> None:
        if self._answer is not None:
            self._answer.display = shown

    def unfold(self) -> tuple[int, int]:
        """Have room for all of an answer on its way; below which row of the turn, and for how many rows."""
        return self._plain.virtual_region.y, self._plain.unfold()

    def wait(self, reason: str) -> None:
        """Say what is being waited for."""
        self._note(Content(reason))

    async def fail(self, error: SweetchatError, turn: Turn) -> None:
        """Show what went wrong, and what to do, under what was said until then."""
        await self.show(turn)
        lines = [
            error.message,
            *([f"→ {error.hint}"] if error.hint else []),
            *([safety.unanswered()] if turn.danger is not Danger.NONE else []),
            f"{key_of(self.screen, 'again')}: " + say("다시", "again"),
        ]
        self._note(Content("\n".join(lines)), failed=True)

    # Both are told before `has_focus` changes.
    def on_focus(self) -> None:
        self._sign(whole=True)

    def on_blur(self) -> None:
        self._sign(whole=False)

    def on_resize(self, event: Resize) -> None:
        if event.size.width != self._width:  # not when the answer grows, which would lay out all twice
            self._width = event.size.width
            self._show_feeling()

    def _sign(self, *, whole: bool) -> None:
        """Say who answered; while the turn has the focus, through whom and as whom too."""
        reply = self.turn.reply
        if reply is not None and not self.has_class("-live") and not self._failed:
            self._note(_byline(self.turn, reply, whole=whole))

    async def on_click(self, event: Click) -> None:
        action = event.style.meta.get(_ACTION)
        if action is not None:
            event.stop()
            await self.run_action(action)
        elif (fence := _fence_at(event.widget)) is not None:
            event.stop()
            self.post_message(CopySought(fence.code))

    def action_edit(self) -> None:
        self.post_message(EditSought(self.turn))

    def action_copy(self) -> None:
        if self.turn.reply is not None:
            self.post_message(CopySought(self.turn.reply.text))

    def action_pick(self, at: int) -> None:
        feeling = self.turn.feeling
        if feeling is not None and at < min(CHIPS, len(feeling.top)):
            self.post_message(EmotionPicked(self.turn, feeling.top[at].emotion))

    def action_seek(self) -> None:
        if self.turn.feeling is not None:
            self.post_message(EmotionSought(self.turn))

    def action_flip(self, step: int) -> None:
        if len(self.turn.replies) > 1:
            self.post_message(VariantFlipped(self.turn, step))

    def _show_feeling(self) -> None:
        row = self.query_one(".feeling", Static)
        row.display = self.turn.feeling is not None
        if self.turn.feeling is not None:
            row.update(_chips(self.turn, self.content_size.width, theme=self.app.current_theme))

    def _note(self, content: Content, *, failed: bool = False) -> None:
        note = self.query_one(".note", Static)
        note.update(content)
        note.set_class(failed, "-failed")
        self._failed = failed
        note.display = bool(content.plain)


def _chips(turn: Turn, width: int, *, theme: Theme) -> Content:
    """`당신의 감정` with the chips, each of which can be clicked and stands whole on one line."""
    assert turn.feeling is not None
    feeling, chosen = turn.feeling, turn.emotion
    parts: list[tuple[str, Style]] = [(say("당신의 감정", "You feel"), Style())]
    if feeling.uncertain and turn.picked is None:
        parts.append((say("뚜렷하지 않음", "nothing clear"), Style()))
    shown = list(feeling.top[:CHIPS])
    for at, score in enumerate(shown):
        parts.append(_chip(f"{at + 1}\u00a0", score, score.emotion == chosen, f"pick({at})", theme=theme))
    if chosen is not None and all(score.emotion != chosen for score in shown):
        score = next((s for s in feeling.top if s.emotion == chosen), Score(chosen, 0.0))
        parts.append(_chip("", score, True, "seek", theme=theme))
    parts.append((say("4\u00a0찾기", "4\u00a0more"), _clicks("seek")))
    return folded([Content.assemble(part) for part in parts], width)


def folded(parts: list[Content], width: int) -> Content:
    """The parts beside one another, on as many lines as they need; none is broken."""
    line, lines = parts[0], []
    for part in parts[1:]:
        if width and line.cell_length + 2 + part.cell_length > width:
            lines.append(line)
            line = part
        else:
            line = Content.assemble(line, "  ", part)
    return Content("\n").join([*lines, line])


def _fence_at(widget: Widget | None) -> MarkdownFence | None:
    """The fence in which something was clicked."""
    return (
        next((w for w in widget.ancestors_with_self if isinstance(w, MarkdownFence)), None)
        if widget
        else None
    )


def _clicks(action: str) -> Style:
    """A part of a line that does something to its turn when it is clicked."""
    return Style.from_meta({_ACTION: action})


def _chip(key: str, score: Score, chosen: bool, action: str, *, theme: Theme) -> tuple[str, Style]:
    colour = colour_of(score.emotion, theme=theme)
    look = Style.parse(f"bold {ground(theme=theme)} on {colour}" if chosen else colour)
    text = f"\u00a0{key}{named(score.emotion)}\u00a0{score.confidence:.0%}\u00a0"
    return text, look + _clicks(action)


_ENDED = {
    "length": ("길이 제한에서 끊김", "cut at the length limit"),
    "cut": ("중간에 끊김", "broken off"),
    "cancelled": ("멈춤", "stopped"),
    "filtered": ("서버가 가림", "withheld by the provider"),
}


def _byline(turn: Turn, reply: Reply, *, whole: bool) -> Content:
    """What the answer reflects, who gave it, how it ended, and which of the variants it is.

    Args:
        whole: with the provider, where the words went, and the persona.
    """
    said = [named(reply.emotion) if reply.emotion else say("감정 없이", "no emotion"), reply.model]
    if whole:
        host = reply.host or ""
        went = host and say(f"{with_particle(host, '으로/로')} 보냄", f"sent to {host}")
        said += filter(None, (reply.provider, went, say(f"말투 {reply.persona}", f"persona {reply.persona}")))
    if reply.finish is not None and reply.finish in _ENDED:
        said.append(say(*_ENDED[reply.finish]))
    parts: list[str | tuple[str, Style]] = [" · ".join(said)]
    if len(turn.replies) > 1:
        at = turn.shown % len(turn.replies) + 1
        parts += [
            "  ",
            ("\u00a0<\u00a0", _clicks("flip(-1)")),
            f"{at}/{len(turn.replies)}",
            ("\u00a0>\u00a0", _clicks("flip(1)")),
        ]
    return Content.assemble(*parts)
