"""The card of a published checkpoint: what it is, how good, and what it was made from."""

import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from sweetchat_tui.classifiers import checkpoint, prepared
from sweetchat_tui.lang import say

_TEMPLATE = Path(__file__).with_name("card.md")
_SHARES = ("top_3", "top_5", "macro_f1", "weighted_f1", "groups", "ece")
_FIGURES = ("labels", "part", "n", "dialogues", "accuracy", "times_chance", "by_turn", "date", *_SHARES)

FILE = "README.md"
"""What the Hub calls it."""

_RESULTS = Template("""\
model-index:
- name: $name
  results:
  - task:
      type: text-classification
    dataset:
      name: AI Hub 감성 대화 말뭉치
      type: aihub-emotional-dialogues
      split: $part
    metrics:
    - type: accuracy
      value: $accuracy
    - type: f1
      value: $macro_f1
      name: macro F1
""")
_TABLE = Template("""\
| on the $part part, $n sentences of $dialogues dialogues | |
|---|---|
| accuracy | $accuracy ($low–$high, 95 % of 1,000 draws of whole dialogues) |
| top 3 / top 5 | $top_3 / $top_5 |
| macro F1 / weighted F1 | $macro_f1 / $weighted_f1 |
| times chance | $times_chance |
| six groups | $groups |
| by turn | $by_turn |
| calibration error (ECE) | $ece |

Measured $date with `sweetchat lab evaluate`.
""")
_UNMEASURED = """\
아직 재지 않았어요. Not measured yet: `sweetchat lab evaluate`.
"""

LICENCES = {"klue/bert-base": "cc-by-sa-4.0"}
"""Of encoders, as their own cards on the Hub name them: what is trained from one stands under the same."""


def missing(evaluation: Mapping[str, Any]) -> list[str]:
    """The figures that a card tells and an evaluation lacks."""
    interval = evaluation.get("intervals", {}).get("accuracy")
    return [name for name in _FIGURES if name not in evaluation] + ["intervals"] * (interval is None)


def card(
    name: str, evaluation: Mapping[str, Any], training: Mapping[str, Any], licence: str | None = None
) -> str:
    """The card, in Markdown with the Hub's front matter.

    Args:
        name: `owner/name` on the Hub, or of the folder.
        evaluation: what `lab evaluate` wrote, and nothing is `missing`; empty where it was not measured yet.
        training: what `lab train` wrote; empty where it was trained elsewhere.
        licence: as the Hub names it; None where nobody has said.
    """
    base = str(training.get("base", ""))
    context = bool(training.get("recipe", {}).get("context"))
    measured = _measured(evaluation) if evaluation else {}
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        name=name.rpartition("/")[2],
        repository=name,
        licence=f"license: {licence}\n" if licence else "",
        # Only a name of the Hub leads anywhere there.
        base_model=f"base_model: {base}\n" if "/" in base else "",
        results=_RESULTS.substitute(measured, name=name.rpartition("/")[2]) if measured else "",
        labels=evaluation.get("labels") or training.get("labels"),
        reads="같은 사람이 앞서 한 말도 함께 읽어요." if context else "한 문장만 읽어요.",
        reads_en="It reads the earlier messages too." if context else "It reads one sentence alone.",
        figures=figures(evaluation),
        recipe=_recipe(training),
        pull=f"sweetchat models pull {name}\n" if "/" in name else "",
    )


def weights(folder: Path) -> str | None:
    """The sha256 of the weights in a folder, of either kind of classifier; None where there are none."""
    found = (folder / name for name in ("lite.bin", *checkpoint.WEIGHTS))
    return next((prepared.digest(path) for path in found if path.is_file()), None)


def may_tell(folder: Path, evaluation: Mapping[str, Any]) -> bool:
    """Whether figures may stand in a folder as those of what is in it: with a classifier in there, only its
    own on the test part."""
    held = weights(folder)
    return held is None or (held == evaluation["weights"] and evaluation["part"] == "test")


def renew(folder: Path, evaluation: Mapping[str, Any]) -> None:
    """Put an evaluation into the card that `lab train` left in this folder; without one, do nothing."""
    training = read(folder, "training.json")
    if training and (folder / FILE).is_file():
        written = card(folder.resolve().name, evaluation, training, LICENCES.get(str(training.get("base"))))
        prepared.write(folder / FILE, written.encode())


def figures(evaluation: Mapping[str, Any]) -> str:
    """The table of what `lab evaluate` wrote; a sentence where it was not measured yet."""
    return _TABLE.substitute(_measured(evaluation)) if evaluation else _UNMEASURED


def _measured(evaluation: Mapping[str, Any]) -> dict[str, str]:
    low, high = evaluation["intervals"]["accuracy"]
    return {
        "part": evaluation["part"],
        "n": f"{evaluation['n']:,}",
        "dialogues": f"{evaluation['dialogues']:,}",
        "accuracy": f"{evaluation['accuracy']:.4f}",
        "low": f"{low:.3f}",
        "high": f"{high:.3f}",
        **{key: f"{evaluation[key]:.4f}" for key in _SHARES},
        "times_chance": f"{evaluation['times_chance']:.1f}",
        "by_turn": " / ".join(f"{share:.3f}" for share in evaluation["by_turn"]),
        "date": evaluation["date"],
    }


def _recipe(training: Mapping[str, Any]) -> str:
    if not training:
        return say("이 도구로 학습하지 않았어요.", "It was not trained with this tool.")
    lines = [f"- {key}: {value}" for key, value in training.get("recipe", {}).items()]
    lines += [
        f"- epoch {e['epoch']:.0f}: validation accuracy {e['eval_accuracy']:.4f}"
        for e in training.get("epochs", [])
    ]
    versions = ", ".join(f"{name} {version}" for name, version in training.get("versions", {}).items())
    known = (f"seed {training.get('seed')}", f"data {str(training.get('data'))[:12]}", versions)
    lines += ["- " + ", ".join(one for one in known if one)]
    return "\n".join(lines)


def read(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file of the lab's in a folder; empty when it is not there, or is none."""
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
