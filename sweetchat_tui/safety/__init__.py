"""Is this person in danger? Read on this machine, before the classifier and any model.

Deterministic: words and rules in `rules.toml`, each with its reason; signs learnt from lines in
`signs.txt`, added up, which only ever raise what the rules read; the help lines in `help_lines.toml`
with the date when they were verified. Knows nothing of emotions, models or screens, and does not
diagnose: it errs towards showing a number once too often.
"""

from collections.abc import Sequence

from sweetchat_tui.conversation import Danger
from sweetchat_tui.safety.folding import SENTENCE_END, fold
from sweetchat_tui.safety.help import HelpCard, HelpLine, card, help_lines, pinned, plain, unanswered
from sweetchat_tui.safety.rules import level
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
    """`assess` of each text by itself."""
    return [_alone(text) for text in texts]


def _alone(text: str) -> Danger:
    folded = fold(text)
    found = level(folded)
    if found is Danger.NONE and SENTENCE_END in folded:
        # A sentence may have been broken up to hide it, or by a slip of the hand.
        found = level(folded.replace(SENTENCE_END, ""))
    if found is Danger.CRISIS:
        return found
    by_signs = signs().level(folded)
    return by_signs if by_signs.exceeds(found) else found
