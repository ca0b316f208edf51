"""The forms of a Korean verb or adjective, by its stem.

A stem is what stands before 다 in a dictionary: 외롭, 힘들, 듣. Its soft form is what stands before 시,
면 or a final ㄴ: 외로우, 힘드, 들으.
"""

from sweetchat_tui.lab.banmal.letters import closed, final, vowel, with_vowel
from sweetchat_tui.lab.banmal.words import WORDS

_STEMS = WORDS["stems"]
_IN_U = tuple(_STEMS["u"])
_IN_B = tuple(_STEMS["b_regular"])
_IN_S = tuple(_STEMS["s"])
_IN_EU = tuple(_STEMS["eu"])
_IN_REU = tuple(_STEMS["reu_regular"])
_LOST_L = tuple(closed(stem, "") for stem in _STEMS["l"])
_LOST_L_ALONE = frozenset(closed(stem, "") for stem in _STEMS["l_alone"])

_BRIGHT = ("ㅏ", "ㅑ", "ㅗ")
"""The vowels after which 어 is 아."""
_JOINED = dict(zip("ㅏㅓㅐㅔㅕㅣㅗㅜㅚ", "ㅏㅓㅐㅔㅕㅕㅘㅝㅙ", strict=True))
"""A stem's last vowel, and what it is when 어 runs into it."""
_LOST_H = {"렇": "래", "떻": "때"}


def stem_of(soft: str) -> str:
    """The stem of a soft form: 외로우 is of 외롭, 받으 of 받, 하 of 하."""
    if soft in _STEMS["soft"]:
        return str(_STEMS["soft"][soft])
    if soft.endswith(_LOST_L) or soft in _LOST_L_ALONE:
        return closed(soft, "ㄹ")
    if soft.endswith(("그러", "이러", "저러", "어떠")):
        return closed(soft, "ㅎ")
    if soft.endswith("우") and len(soft) > 1 and not soft.endswith(_IN_U):
        return closed(soft[:-1], "ㅂ")
    if soft.endswith("으") and len(soft) > 1 and not soft.endswith(_IN_EU):
        return _before_eu(soft[:-1])
    return soft


def soft_of(stem: str) -> str:
    """The soft form of a stem: 들 has 드, 먹 has 먹으. Not for stems that change more than that."""
    if final(stem[-1]) in ("", "ㄹ"):
        return without_l(stem)
    return stem + "으"


def _before_eu(stem: str) -> str:
    """The stem that 으 was put behind: 들 is of 듣, 나 of 낫, 받 of 받."""
    if not final(stem[-1]):
        return closed(stem, "ㅅ")
    heard = closed(stem, "ㄷ")
    return heard if final(stem[-1]) == "ㄹ" and heard in _STEMS["d"] else stem


def without_l(stem: str) -> str:
    """A stem as it is before ㄴ: 힘들 is 힘드."""
    return closed(stem, "") if final(stem[-1]) == "ㄹ" else stem


def infinitive(stem: str) -> str:
    """The form in 어, which is also how a friend ends a sentence: 외로워, 받아, 해."""
    last = stem[-1]
    consonant = final(last)
    if not consonant:
        return _run_in(stem[:-1], last)
    if last in _LOST_H:
        return stem[:-1] + _LOST_H[last]
    if consonant == "ㅂ" and not stem.endswith(_IN_B):
        return closed(stem, "") + ("와" if last in "돕곱" else "워")
    if consonant == "ㄷ" and stem in _STEMS["d"]:
        stem = closed(stem, "ㄹ")
    if consonant == "ㅅ" and stem.endswith(_IN_S):
        stem = closed(stem, "")
    return stem + ("아" if vowel(last) in _BRIGHT else "어")


def past(stem: str) -> str:
    """The form before 다 of what is over: 외로웠, 받았, 했."""
    return closed(infinitive(stem), "ㅆ")


def _run_in(head: str, last: str) -> str:
    """A stem that ends in an open syllable, with 어 run into it."""
    if last == "하":
        return head + "해"
    if vowel(last) == "ㅡ":
        bright = bool(head) and vowel(head[-1]) in _BRIGHT
        if last == "르" and head and not (head + last).endswith(_IN_REU):
            return closed(head, "ㄹ") + ("라" if bright else "러")
        return head + with_vowel(last, "ㅏ" if bright else "ㅓ")
    joined = _JOINED.get(vowel(last))
    return head + (with_vowel(last, joined) if joined else last + "어")
