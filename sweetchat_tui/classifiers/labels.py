"""What the outputs of a checkpoint's head are called: `id2label` to emotions.

`LABEL_n` of a head of 58 is the n-th of the 58. Other names are matched with ours: Korean labels however
spaced, English glosses, the corpus's 60 codes, the six groups. A name that is none of these stays as it
is, an emotion without a group. Knows nothing of weights.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sweetchat_tui.emotions import BY_CODE, EMOTIONS, Emotion, find
from sweetchat_tui.errors import Misconfigured, Unreadable
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean, one_line

_VARIANTS = {
    "가난한": "가난한, 불우한",
    "감사한": "감사하는",
    "기쁜": "기쁨",
    "느긋한": "느긋",
    "당황한": "당황",
    "분노한": "분노",
    "불안한": "불안",
    "상처받은": "상처",
    "슬픈": "슬픔",
    "안도하는": "안도",
    "안도한": "안도",
    "열등감을느끼는": "열등감",
    "남의시선의식하는": "남의 시선을 의식하는",
    "죄책감": "죄책감의",
    "흥분한": "흥분",
    "anger": "분노",
    "anxiety": "불안",
    "embarrassment": "당황",
    "joy": "기쁨",
    "sadness": "슬픔",
}
_LONGEST = 60


def _key(name: str) -> str:
    return re.sub(r"[\s_,.·/-]|\(.*\)$", "", name).casefold()


_KNOWN: dict[str, Emotion] = {
    **{_key(emotion.gloss): emotion for emotion in EMOTIONS},
    **{_key(emotion.label): emotion for emotion in EMOTIONS},
    **{key: emotion for key, name in _VARIANTS.items() if (emotion := find(name))},
    **{_key(code): emotion for code, emotion in BY_CODE.items()},
}
"""Our emotions by every name that labels give them."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What a head's outputs mean."""

    emotions: tuple[Emotion, ...]
    """Each emotion once; outputs of one emotion (고립된 under two groups) share it."""
    places: tuple[int, ...]
    """For each output of the head the place of its emotion in `emotions`."""
    several: bool
    """True when a text may have several emotions: sigmoid, not softmax."""

    @property
    def ours(self) -> bool:
        """Whether every label is one of the 58."""
        return all(emotion.group is not None for emotion in self.emotions)


def read(config: Mapping[str, Any], renamed: Mapping[str, str] | None = None) -> Labels:
    """The labels of a checkpoint.

    Args:
        config: the checkpoint's `config.json`.
        renamed: what the person calls labels: a label of the checkpoint to a name of ours, or any name.

    Raises:
        Unreadable: the labels cannot be those of a classifier.
        Misconfigured: a renamed label is not there.
    """
    names = _names(config)
    if unknown := sorted(set(renamed or {}) - set(names)):
        raise Misconfigured(
            say(f"모델에 없는 라벨이에요: {unknown[0]}", f"The model has no label {unknown[0]}."),
            say(f"라벨: {', '.join(names[:8])} …", f"Its labels: {', '.join(names[:8])} …"),
        )
    numbered = len(names) == len(EMOTIONS) and names == [f"LABEL_{index}" for index in range(len(EMOTIONS))]
    emotions: dict[str, Emotion] = {}
    places: list[int] = []
    order: dict[str, int] = {}
    for index, name in enumerate(names):
        new = (renamed or {}).get(name)
        if new is None and numbered:
            emotion = EMOTIONS[index]
        else:
            shown = new or name
            emotion = _KNOWN.get(_key(shown)) or Emotion(index, shown[:_LONGEST], name, None, None)
        places.append(order.setdefault(emotion.label, len(order)))
        emotions.setdefault(emotion.label, emotion)
    several = config.get("problem_type") == "multi_label_classification"
    return Labels(tuple(emotions.values()), tuple(places), several)


def _names(config: Mapping[str, Any]) -> list[str]:
    """The label of each output, in order."""
    by_index = config.get("id2label") or {index: f"LABEL_{index}" for index in range(_count(config))}
    try:
        pairs = sorted((int(index), one_line(clean(str(name)))) for index, name in by_index.items())
    except (AttributeError, ValueError, TypeError):
        pairs = []
    names = [name for _, name in pairs]
    if [index for index, _ in pairs] != list(range(len(pairs))) or not all(names):
        names = []
    if len(names) < 2 or config.get("problem_type") == "regression":
        raise Unreadable(
            say("감정을 가르는 모델이 아니에요.", "This model does not tell emotions apart."),
            say(
                "config.json의 id2label에 라벨이 0번부터 둘 이상 있어야 해요.",
                "The id2label of its config.json must have two labels or more, numbered from 0.",
            ),
        )
    return names


def _count(config: Mapping[str, Any]) -> int:
    count = config.get("num_labels", 2)
    return count if isinstance(count, int) and 0 < count <= 10_000 else 0
