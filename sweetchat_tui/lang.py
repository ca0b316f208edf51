"""The language in which the program speaks to a person: Korean, or English on request.

Both texts stand side by side at the place that says them, so neither can be forgotten. Knows
nothing of the language that the person writes in, which is Korean.
"""

from typing import Literal, get_args

Language = Literal["ko", "en"]

LANGUAGES: tuple[Language, ...] = get_args(Language)

_language: Language = "ko"


def use(language: Language) -> None:
    """Speak this language from now on, in the whole process, as gettext's `install` does."""
    global _language
    _language = language


def spoken() -> Language:
    """The language in use."""
    return _language


def say(ko: str, en: str) -> str:
    """The one of two texts that is in the language in use."""
    return en if _language == "en" else ko


def counted(count: int, noun: str) -> str:
    """So many of something in English, of which one has no plural."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
