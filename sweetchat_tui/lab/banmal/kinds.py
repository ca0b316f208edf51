"""Whether what stands before an ending is a noun, a verb or an adjective."""

from sweetchat_tui.lab.banmal.letters import final
from sweetchat_tui.lab.banmal.words import WORDS

_KINDS = WORDS["kinds"]
_ADJECTIVES = tuple(_KINDS["adjectives"])
_VERBS_IN_B = (*WORDS["stems"]["b_regular"], *WORDS["stems"]["b_verbs"])
_NOUNS = tuple(WORDS["honorific"]["nouns"])
_VERBS = tuple(stem for stem in WORDS["stems"]["i"] if stem != "들이")


def is_copula(stem: str) -> bool:
    """Whether a stem in 이 is "is": 생각이, not 보이."""
    return stem.endswith("이") and stem not in ("들이", *_NOUNS) and not stem.endswith(_VERBS)


def is_noun(word: str) -> bool:
    """Whether a word that might be a stem is a noun: 아버지."""
    return word.endswith(_NOUNS)


def is_adjective(stem: str) -> bool | None:
    """Whether 구나 follows at once (좋구나) and not 는구나 (하는구나); None when nobody knows."""
    if not stem.endswith("하"):
        sounds_so = final(stem[-1]) == "ㅂ" and not stem.endswith(_VERBS_IN_B)
        return sounds_so or is_copula(stem) or stem.endswith(_ADJECTIVES)
    noun = stem[:-1]
    if noun in _KINDS["adjectives_ha"]:
        return True
    verb = not noun or noun in _KINDS["verbs_ha"] or noun.endswith(("어", "아", "해", "워"))
    return False if verb else None
