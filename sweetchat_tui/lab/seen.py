"""Whether a classifier has learnt from the sentences that it is measured on. Measures nothing."""

from pathlib import Path
from typing import Literal

from sweetchat_tui.lab import card
from sweetchat_tui.lang import say

Seen = Literal["no", "yes", "perhaps", "unknown"]


def seen(folder: Path | None, data: str, part: str) -> Seen:
    """What is known of it, and of the encoders that it was made from.

    Args:
        folder: of the checkpoint; None for the embedded classifier, made from a share of the corpus.
        data: digest of the prepared corpus.
        part: of it.
    """
    if folder is None:
        return "perhaps"
    training = card.read(folder, "training.json")
    if not training:
        return "unknown"
    if training.get("data") == data and part in training.get("parts", ("train",)):
        return "yes"
    # The encoder it was made from may have been taught by another cut of the corpus too.
    cuts = (training.get("data"), *training.get("taught", ()))
    return "no" if all(cut == data for cut in cuts) else "perhaps"


def told(known: Seen, name: str) -> str:
    """The same in a sentence; empty where there is nothing to beware of."""
    match known:
        case "yes":
            return say(
                f"{name}: 여기서 배운 문장들이에요. 외운 것까지 맞힌 것으로 셌어요.",
                f"{name} was trained on these very sentences: what it knows by heart counts as right.",
            )
        case "perhaps":
            return say(
                f"{name}: 이 말뭉치의 다른 조각으로 배웠어요. "
                "여기 있는 대화를 이미 보았다면 실제보다 높게 나와요.",
                f"{name} was trained on another cut of this corpus: "
                "where it saw these dialogues, the figures are too high.",
            )
        case "no" | "unknown":
            return ""
