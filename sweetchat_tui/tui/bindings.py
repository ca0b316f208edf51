"""The keys of a conversation; each has an id, by which the configuration can change it."""

from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from sweetchat_tui.lang import say

IN_HELP = {"pick(0)": say("첫째 감정으로", "First emotion")}
"""What the help says of an action where the footer says it of several."""

# The second name of each key with Alt is told in `composer.ALT_DIGITS`.
CONVERSATION = (
    Binding("escape", "stop", say("대답 멈추기", "Stop the answer"), show=False, id="stop"),
    Binding(
        "alt+1,inverted_exclamation_mark",
        "pick(0)",
        say("감정", "Emotion"),
        key_display="Alt+1-4",
        priority=True,
        id="first",
    ),
    Binding(
        "alt+2,trade_mark_sign",
        "pick(1)",
        say("둘째 감정으로", "Second emotion"),
        show=False,
        priority=True,
        id="second",
    ),
    Binding(
        "alt+3,pound_sign",
        "pick(2)",
        say("셋째 감정으로", "Third emotion"),
        show=False,
        priority=True,
        id="third",
    ),
    Binding(
        "alt+4,cent_sign",
        "seek",
        say("58가지에서 찾기", "Any of the 58"),
        show=False,
        priority=True,
        id="seek",
    ),
    Binding("alt+left", "flip(-1)", say("앞 대답", "Answer before"), show=False, priority=True, id="before"),
    Binding("alt+right", "flip(1)", say("다음 대답", "Next answer"), show=False, priority=True, id="after"),
    Binding("ctrl+r", "again", say("다시 대답", "Answer again"), show=False, id="again"),
    Binding(
        "ctrl+t", "take_back", say("마지막 말 되돌리기", "Take the message back"), show=False, id="take_back"
    ),
    Binding("ctrl+n", "new", say("새 대화", "New"), show=False, id="new"),
    Binding("f6", "copy", say("대답 복사", "Copy the answer"), show=False, priority=True, id="copy"),
    Binding("f2", "side", say("마음 보기", "Panel"), show=False, id="side"),
    Binding("f4", "manner", say("들어 주기·위로·조언", "Listen, comfort, advise"), show=False, id="manner"),
    Binding("f5", "length", say("대답의 길이", "Length of answers"), show=False, id="length"),
    Binding(
        "ctrl+c",
        "interrupt",
        say("복사·비우기, 두 번이면 끝내기", "Copy or clear; twice quits"),
        show=False,
        priority=True,
        id="interrupt",
    ),
    Binding("ctrl+o", "app.conversations", say("지난 대화", "Talks"), id="conversations"),
    Binding("ctrl+q", "app.quit", say("끝내기", "Quit"), priority=True, id="quit"),
)

_NAMES = {
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def told(key: str) -> str:
    """A key as people call it, in letters that every terminal draws: ^g, F7, Alt+Left."""
    *modifiers, name = key.split("+")
    name = _NAMES.get(name, name if "_" in name or len(name) == 1 else name.capitalize())
    if modifiers == ["ctrl"]:
        return f"^{name.lower() if len(name) == 1 else name}"
    return "+".join([*(m.capitalize() for m in modifiers), name])


def spelled(key: str) -> str:
    """A key as it stands in a sentence: Ctrl+G, F7, Alt+Left."""
    modifiers, plus, name = told(key).replace("^", "Ctrl+").rpartition("+")
    return modifiers + plus + (name.upper() if plus and len(name) == 1 else name)


def key_of(screen: Screen[Any], name: str) -> str:
    """The key that is in force for a binding, by its id, as `spelled`; empty when there is none."""
    keys = (active.binding.key for active in screen.active_bindings.values() if active.binding.id == name)
    return next(map(spelled, keys), "")
