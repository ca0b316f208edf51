"""`sweetchat emotions`: the 58, by group."""

import json

import typer

from sweetchat_tui.cli import options
from sweetchat_tui.emotions import EMOTIONS, GROUP_GLOSSES, GROUPS


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
