"""The card of a published checkpoint: what it is, how good, and what it was made from."""

import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from sweetchat_tui.lang import say

_TEMPLATE = Path(__file__).with_name("card.md")
_SHARES = ("top_3", "top_5", "macro_f1", "weighted_f1", "groups", "ece")
_FIGURES = ("labels", "part", "n", "dialogues", "accuracy", "times_chance", "by_turn", "date", *_SHARES)

LICENCES = {"klue/bert-base": "cc-by-sa-4.0"}
"""Of encoders, as their own cards on the Hub name them: what is trained from one stands under the same."""


def missing(evaluation: Mapping[str, Any]) -> list[str]:
    """The figures that a card tells and an evaluation lacks."""
    interval = evaluation.get("intervals", {}).get("accuracy")
    return [name for name in _FIGURES if name not in evaluation] + ["intervals"] * (interval is None)


def card(repository: str, evaluation: Mapping[str, Any], training: Mapping[str, Any], licence: str) -> str:
    """The card, in Markdown with the Hub's front matter.

    Args:
        repository: `owner/name`.
        evaluation: what `lab evaluate` wrote; nothing is `missing`.
        training: what `lab train` wrote; empty where it was trained elsewhere.
        licence: as the Hub names it.
    """
    base = str(training.get("base", ""))
    context = bool(training.get("recipe", {}).get("context"))
    low, high = evaluation["intervals"]["accuracy"]
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        name=repository.rpartition("/")[2],
        repository=repository,
        licence=licence,
        # Only a name of the Hub leads anywhere there.
        base_model=f"base_model: {base}\n" if "/" in base else "",
        labels=evaluation["labels"],
        reads="같은 사람이 앞서 한 말도 함께 읽어요." if context else "한 문장만 읽어요.",
        reads_en="It reads the earlier messages too." if context else "It reads one sentence alone.",
        part=evaluation["part"],
        n=f"{evaluation['n']:,}",
        dialogues=f"{evaluation['dialogues']:,}",
        accuracy=f"{evaluation['accuracy']:.4f}",
        low=f"{low:.3f}",
        high=f"{high:.3f}",
        **{key: f"{evaluation[key]:.4f}" for key in _SHARES},
        times_chance=f"{evaluation['times_chance']:.1f}",
        by_turn=" / ".join(f"{share:.3f}" for share in evaluation["by_turn"]),
        date=evaluation["date"],
        recipe=_recipe(training),
    )


def _recipe(training: Mapping[str, Any]) -> str:
    if not training:
        return say("이 도구로 학습하지 않았어요.", "It was not trained with this tool.")
    lines = [f"- {key}: {value}" for key, value in training["recipe"].items()]
    lines += [
        f"- epoch {e['epoch']:.0f}: validation accuracy {e['eval_accuracy']:.4f}" for e in training["epochs"]
    ]
    versions = ", ".join(f"{name} {version}" for name, version in training["versions"].items())
    lines += [f"- seed {training['seed']}, data {training['data'][:12]}, {versions}"]
    return "\n".join(lines)


def read(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file of the lab's in a folder; empty when it is not there, or is none."""
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
