"""The polite end of a word without 시, as friends end it: 해요 and 합니다 are 해, 하는군요 하는구나."""

from collections.abc import Callable

from sweetchat_tui.lab.banmal.kinds import is_adjective, is_copula, is_noun
from sweetchat_tui.lab.banmal.letters import closed, final, vowel
from sweetchat_tui.lab.banmal.stems import infinitive, past, stem_of
from sweetchat_tui.lab.banmal.words import WORDS

_WHOLE: dict[str, str] = WORDS["endings"]["whole"]
_ENDS: dict[str, str] = WORDS["endings"]["ends"]
_VERBS_IN_NA = tuple(WORDS["endings"]["verbs_in_na"])
_ASKED = ("아니", *WORDS["endings"]["asked"])
_IN_EO = "ㅏㅐㅓㅔㅕㅖㅘㅙㅝㅞ"
"""Vowels in which a form in 어 ends."""


def plain(word: str) -> str:
    """A word with its end in 반말; the same word where no rule knows its end."""
    if word in _WHOLE:
        return _WHOLE[word]
    if not word.endswith(("요", "죠", "다", "까")):  # most words: a quarter of all the time
        return word
    for end, other in _ENDS.items():
        if word.endswith(end):
            return word.removesuffix(end) + other
    for end, rule in _RULES:
        if word.endswith(end) and (spoken := rule(word.removesuffix(end))) is not None:
            return spoken
    return _eo(word)


def _eo(word: str) -> str:
    """좋아요 → 좋아."""
    spoken = word.removesuffix("요")
    if spoken == word or not spoken or spoken.endswith(("세", "셔")):
        return word
    return spoken if not final(spoken[-1]) and vowel(spoken[-1]) in _IN_EO else word


def _is(noun: str) -> str:
    """생각 → 생각이야, 거 → 거야."""
    return noun + ("이야" if not noun or final(noun[-1]) else "야")


def _na(before: str) -> str | None:
    """있나요 → 있어, 아나요 → 알아, 생각나요 → 생각나."""
    if not before or before.endswith(_VERBS_IN_NA):
        return before + "나"
    if final(before[-1]) == "ㅆ":
        return before + "어"
    if is_copula(before) or is_noun(before):
        return _is(before[:-1] if is_copula(before) else before)
    if before.endswith("해하"):
        return before + "니"  # 미안해해 would be too much of it
    return infinitive(before if final(before[-1]) else stem_of(before))


def _ga(before: str) -> str | None:
    """힘든가요 → 힘들어, 있는가요 → 있어, 생각인가요 → 생각이야, 하던가요 → 했어."""
    if not before or final(before[-1]) != "ㄴ":
        return None
    if before in ("던", "는"):
        return None
    if before.endswith("던"):
        return past(before[:-1]) + "어"
    if before.endswith("는"):
        return _na(before[:-1])
    soft = closed(before, "")
    if is_copula(soft):
        return _is(soft[:-1])
    return soft + "야" if is_noun(soft) or soft.endswith(_ASKED) else infinitive(stem_of(soft))


def _gun(before: str) -> str:
    """하는군요 → 하는구나, 생각하군요 → 생각하는구나, 불안하는군요 → 불안하구나, 좋군요 → 좋구나."""
    stem = before.removesuffix("는")
    if stem.endswith(("있", "없")) or (stem.endswith("하") and is_adjective(stem)):
        return stem + "구나"
    if before.endswith("하") and not is_adjective(before):
        return before + ("네" if is_adjective(before) is None else "는구나")
    if before.endswith("로") and before != "별로":
        before = before[:-1]
    return before + "구나"


def _nida(before: str) -> str | None:
    """합니다 → 해, 생각입니다 → 생각이야."""
    if not before or final(before[-1]) != "ㅂ":
        return None
    soft = closed(before, "")
    if is_copula(soft):
        return _is(soft[:-1])
    if soft.endswith(("라", "다")) and not soft.endswith(("바라", "놀라", "자라")):
        return None  # of 이라고 합니다
    return soft + "야" if soft.endswith("아니") else infinitive(stem_of(soft))


def _seumnida(before: str) -> str | None:
    """있습니다 → 있어, 좋습니다 → 좋아."""
    if not before:
        return None
    return before + "어" if final(before[-1]) == "ㅆ" else infinitive(before)


def _yeyo(before: str) -> str | None:
    """거예요 → 거야."""
    return before + "야" if before and not final(before[-1]) else None


def _sida(before: str) -> str | None:
    """합시다 → 하자, 먹읍시다 → 먹자."""
    if not before or final(before[-1]) != "ㅂ":
        return None
    return stem_of(closed(before, "")) + "자"


_RULES: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("습니다", _seumnida),
    ("습니까", _seumnida),
    ("니다", _nida),
    ("니까", _nida),
    ("시다", _sida),
    ("나요", _na),
    ("가요", _ga),
    ("군요", _gun),
    ("이에요", _is),
    ("이예요", _is),
    ("에요", _yeyo),
    ("예요", _yeyo),
)
