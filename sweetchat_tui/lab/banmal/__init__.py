"""존댓말 to 반말 by rule: word by word, and only where every rule is sure.

No model and no dictionary. What no rule knows is left for the caller to leave out: a friend who
says one sentence in 존댓말 is worse than one example less. Knows nothing of corpora.
"""

import re

from sweetchat_tui.lab.banmal import people, refusal
from sweetchat_tui.lab.banmal.endings import plain
from sweetchat_tui.lab.banmal.honorifics import undone

_SENTENCE = re.compile(r"[^.?!…~]+(?:[.?!…~]+\s*)*|[.?!…~]+\s*")
_WORD = re.compile("([가-힣]+)")
_APART = re.compile(r"([는은셨신던었겠시]) (군요)|(이) (신가요|신데요)")
"""Endings that some write apart."""

_YES = re.compile(r"(?P<yes>네|예|넵)(?P<mark>[.,!~…]|$)?(?![가-힣])")
"""In a polite sentence 네 is no "your"."""


def banmal(text: str) -> str | None:
    """The text in 반말, as it is where it is 반말; None when a rule is missing for one of its sentences.

    Args:
        text: one or more sentences.
    """
    if refusal.is_banmal(text):
        return text
    spoken = [_sentence(part) for part in _SENTENCE.findall(text)]
    return None if any(map(refusal.is_polite, spoken)) else "".join(spoken)


def _sentence(sentence: str) -> str:
    """A sentence in 반말, as far as the rules know it."""
    if (yes := _YES.match(sentence)) and (yes["mark"] or refusal.is_polite(sentence)):
        sentence = "응" + sentence[yes.end("yes") :]
    elder = people.speaks_of_elder(sentence)
    pieces = _WORD.split(people.named(_APART.sub(r"\1\2\3\4", sentence)))
    words = pieces[1::2]
    pieces[1::2] = [plain(undone(word, words[:at], elder=elder)) for at, word in enumerate(words)]
    return "".join(pieces)
