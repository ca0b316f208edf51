"""How a feeling, and help for someone in danger, look outside the app."""

import json

import typer

from sweetchat_tui.conversation import Danger
from sweetchat_tui.emotions import Emotion, Feeling, Score
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean, one_line


def feeling_line(feeling: Feeling, shown: int = 3, picked: Emotion | None = None) -> str:
    """The first emotions with their confidence, on one line: `좌절한 41% · 실망한 12% · 슬픔 9%`.

    Args:
        picked: what the person says it is, which is told first.
    """
    if picked is not None:
        read = feeling_line(feeling, shown)
        return say(f"{picked.label} (고름) · 읽기로는 {read}", f"{picked.gloss} (picked) · read as {read}")
    listed = " · ".join(
        f"{say(s.emotion.label, s.emotion.gloss)} {s.confidence:.0%}" for s in feeling.top[:shown]
    )
    return (
        say(f"뚜렷한 감정 없음 (굳이 고르면 {listed})", f"no clear emotion (at most {listed})")
        if feeling.uncertain
        else listed
    )


def score_json(score: Score) -> dict[str, object]:
    """One emotion of a feeling, as the JSON of `classify` and `ask` has it."""
    e = score.emotion
    return {
        "emotion": e.label,
        "index": e.index,
        "group": e.group,
        "confidence": round(score.confidence, 4),
    }


def feeling_json(feeling: Feeling, danger: Danger, shown: int = 3) -> dict[str, object]:
    """A feeling as the JSON of `classify` and `ask` has it."""
    top = [score_json(score) for score in feeling.top[:shown]]
    return top[0] | {
        "uncertain": feeling.uncertain,
        "top": top,
        "classifier": feeling.classifier,
        "crisis": str(danger),
    }


def dumps(document: object) -> str:
    """JSON on one line, Hangul as it is."""
    return json.dumps(document, ensure_ascii=False)


def help_card(danger: Danger) -> None:
    """The program's own words for someone in danger, on stderr, whatever else is quiet."""
    # 20 ms: the rules and the help lines.
    from sweetchat_tui import safety

    typer.echo(safety.plain(safety.card(danger)), err=True)


def help_pinned() -> None:
    """The one line that reminds of the card, on stderr."""
    from sweetchat_tui import safety

    typer.echo(safety.pinned(), err=True)


def unanswered() -> None:
    """What a person in danger is told when no answer could be had, on stderr."""
    from sweetchat_tui import safety

    typer.echo(safety.unanswered(), err=True)


def error_json(error: SweetchatError) -> dict[str, str]:
    """A failure, for a program."""
    return {"code": error.name, "message": clean(error.message), "hint": clean(error.hint)}


def failure(error: SweetchatError, *, as_json: bool) -> None:
    """Tell a person of a failure on stderr, and a program on stdout when it asked for JSON."""
    if as_json:
        typer.echo(dumps({"schema": 1, "error": error_json(error)}))
    message, hint = one_line(clean(error.message)), clean(error.hint)
    typer.echo(f"sweetchat: {message}" + (f"\n  → {hint}" if hint else ""), err=True)
