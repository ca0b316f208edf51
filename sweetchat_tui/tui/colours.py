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
        variables={"footer-key-foreground": "#a78bfa"},
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
        variables={"footer-key-foreground": "#5a3cc0"},
    ),
    Theme(
        "sweetchat-distinct",
        primary="#56b4e9",
        secondary="#cc79a7",
        accent="#56b4e9",
        warning="#e69f00",
        error="#d55e00",
        foreground="#f2f2f2",
        background="#101014",
        surface="#18181d",
        panel="#26262e",
        dark=True,
    ),
)
"""The last for eyes that do not tell all colours apart: those of Okabe and Ito."""

_ON_LIGHT = {
    "기쁨": "#8a6100",
    "당황": "#b0386a",
    "분노": "#b3261e",
    "불안": "#00695c",
    "상처": "#6d4bd8",
    "슬픔": "#1f5fbf",
}
_DISTINCT = {
    "기쁨": "#f0e442",
    "당황": "#cc79a7",
    "분노": "#e8680a",
    "불안": "#009e73",
    "상처": "#e69f00",
    "슬픔": "#56b4e9",
}
_GROUPS = {
    "sweetchat-dark": GROUP_COLOURS,
    "sweetchat-light": _ON_LIGHT,
    "sweetchat-distinct": _DISTINCT,
}


def colour_of(emotion: Emotion, *, theme: Theme) -> str:
    """The colour of an emotion's group, readable as text; the app's own for an emotion without one."""
    return _GROUPS[theme.name].get(emotion.group or "", theme.primary)


def ground(*, theme: Theme) -> str:
    """What is readable on such a colour."""
    return "#14121c" if theme.dark else "#ffffff"
