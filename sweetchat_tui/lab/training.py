"""What makes a training this one and no other, and whether a folder holds it. Trains nothing."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.errors import Misused
from sweetchat_tui.lab import card, data
from sweetchat_tui.lab.recipes import Recipe
from sweetchat_tui.lang import say

FILE = "training.json"
"""Holds the plan from the beginning, and at the end what came of it."""


def plan(
    found: Checkpoint, name: str, corpus: Path, recipe: Recipe, label_set: str, seed: int
) -> dict[str, Any]:
    """What makes a training this one and no other.

    Args:
        found: the encoder to start from.
        name: what it is called, such as its id on the Hub; else as its folder.
        corpus: folder of `lab prepare`.
    """
    made = {
        "schema": 1,
        "base": name or found.folder.name,
        "architecture": found.architecture,
        "data": data.digest(corpus),
        "recipe": asdict(recipe),
        "labels": label_set,
        "seed": seed,
    }
    earlier = card.read(found.folder, FILE)
    # What the encoder was taught by before, and those that it came from.
    cuts = (earlier.get("data"), *earlier.get("taught", ()))
    taught = sorted({str(cut) for cut in cuts if cut})
    return made | ({"taught": taught} if taught else {})


def is_done(out: Path, wanted: dict[str, Any]) -> bool:
    """Whether this training has come to its end in a folder; one that is not there has none.

    Raises:
        Misused: the folder holds another training.
    """
    if not (out / FILE).is_file():
        return False
    known = card.read(out, FILE)
    if {key: known.get(key) for key in wanted} != wanted:
        raise Misused(
            say(f"다른 학습이 들어 있는 폴더예요: {out}", f"This folder holds another training: {out}"),
            say("다른 -o 폴더를 쓰거나 이 폴더를 지워 주세요.", "Use another -o, or delete this folder."),
        )
    return "accuracy" in known
