"""`sweetchat emotions`: the 58, by group; and which of them a person means."""

import json

import typer

from sweetchat_tui.cli import options
from sweetchat_tui.emotions import EMOTIONS, GROUP_GLOSSES, GROUPS, Emotion, find, nearest
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say


def emotions(
    as_json: options.AsJsonLines = False,
) -> None:
    if as_json:
        for e in EMOTIONS:
            row = {"schema": 1, "index": e.index, "emotion": e.label, "gloss": e.gloss}
            typer.echo(json.dumps(row | {"group": e.group, "valence": e.valence}, ensure_ascii=False))
        return
    for group in GROUPS:
        members = [e for e in EMOTIONS if e.group == group]
        typer.echo(f"{group} ({GROUP_GLOSSES[group]}, {len(members)})")
        for e in members:
            typer.echo(f"  {e.index:>2}  {e.label} — {e.gloss}")


def named(name: str) -> Emotion:
    """The emotion that an option names.

    Raises:
        Misused: there is none of this name.
    """
    found = find(name)
    if found is not None:
        return found
    close = nearest(name)
    raise Misused(
        say(f"그런 감정이 없어요: {name}", f"There is no emotion {name}."),
        (say(f"혹시 {close.label}? ", f"Did you mean {close.gloss}? ") if close else "")
        + say("목록: sweetchat emotions", "List: sweetchat emotions"),
    )
