"""Is this person in danger? Read on this machine, before the classifier and any model.

Deterministic: words and rules in `rules.toml`, each with its reason; signs learnt from lines in
`signs.toml`, added up, which only ever raise what the rules read as harmless; the help lines in
`help_lines.toml` with the date when they were verified. Knows nothing of emotions, models or screens,
and does not diagnose: it errs towards showing a number once too often.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from sweetchat_tui.conversation import Danger
from sweetchat_tui.safety.folding import SENTENCE_END, fold, squeezed
from sweetchat_tui.safety.help import HelpCard, HelpLine, card, help_lines, pinned, plain, unanswered
from sweetchat_tui.safety.rules import could_raise, level, rules
from sweetchat_tui.safety.signs import signs

__all__ = [
    "HelpCard",
    "HelpLine",
    "assess",
    "assess_all",
    "card",
    "help_lines",
    "pinned",
    "plain",
    "unanswered",
]

REMEMBERED = 2
"""Earlier messages in which a crisis keeps the present one from being read as harmless."""


def assess(text: str, earlier: Sequence[str] = ()) -> Danger:
    """How much danger a message speaks of.

    A message that says nothing of it, or denies it, is still a concern right after a crisis: one "no"
    does not end the care.

    Args:
        text: the message, any text at all.
        earlier: the person's messages before it, oldest first; the last `REMEMBERED` count.
    """
    found = _alone(text)
    if found is Danger.NONE and any(_alone(t) is Danger.CRISIS for t in earlier[-REMEMBERED:]):
        return Danger.CONCERN
    return found


def assess_all(texts: Sequence[str]) -> list[Danger]:
    """`assess` of each text by itself, fast where most say nothing of danger."""
    if any("\0" in text for text in texts):
        texts = [text.replace("\0", "") for text in texts]
    levels = [Danger.NONE] * len(texts)
    joined = "\0".join(texts)
    ends = list(accumulate(len(text) + 1 for text in texts))
    for trigger in rules().triggers:
        at = 0
        while found := trigger.search(joined, at):
            index = bisect_right(ends, found.start())
            levels[index] = _read(texts[index])  # what was found may reach over into the next text
            at = ends[index]
    return levels


def _alone(text: str) -> Danger:
    text = text.replace("\0", "")
    return _read(text) if any(trigger.search(text) for trigger in rules().triggers) else Danger.NONE


def _read(text: str) -> Danger:
    syllables = squeezed(text)
    if syllables is not None and not could_raise(syllables) and not signs().may_stand_in(syllables):
        return Danger.NONE
    folded = fold(text)
    found = level(folded)
    if found is Danger.NONE and SENTENCE_END in folded:
        # A sentence may have been broken up to hide it, or by a slip of the hand.
        found = level(folded.replace(SENTENCE_END, ""))
    return signs().level(folded) if found is Danger.NONE else found
