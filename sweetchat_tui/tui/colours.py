"""The colours of the app, and those of the six groups of emotions on each ground."""

from textual.theme import Theme

from sweetchat_tui.emotions import GROUP_COLOURS, Emotion

_VIOLET = "#8968ef"
THEMES = (
    Theme(
        "sweetchat-dark",
        primary=_VIOLET,
        secondary="#c39bf2",
        accent=_VIOLET,
        warning="#f2a65a",
        error="#f2665a",
        foreground="#e8e4f2",
        background="#14121c",
        surface="#1d1a29",
        panel="#272338",
        dark=True,
    ),
    Theme(
        "sweetchat-light",
        primary=_VIOLET,
        secondary="#6d4bd8",
        accent=_VIOLET,
        warning="#b45309",
        error="#b3261e",
        foreground="#241f33",
        background="#faf8ff",
        surface="#f0ecfa",
        panel="#e4ddf6",
        dark=False,
    ),
)

_ON_LIGHT = {
    "기쁨": "#8a6100",
    "당황": "#b0386a",
    "분노": "#b3261e",
    "불안": "#00695c",
    "상처": "#6d4bd8",
    "슬픔": "#1f5fbf",
}


def colour_of(emotion: Emotion, *, dark: bool) -> str:
    """The colour of an emotion's group, readable as text; the app's own for an emotion without one."""
    return (GROUP_COLOURS if dark else _ON_LIGHT).get(emotion.group or "", _VIOLET)


def ground(*, dark: bool) -> str:
    """What is readable on such a colour."""
    return "#14121c" if dark else "#ffffff"
