"""시 undone: 하시겠어요 becomes 하겠어요, 외로우셨군요 외로웠군요, 힘드신가요 힘든가요.

What comes of it is still polite at its end; see `endings`.
"""

import re
from collections.abc import Sequence

from sweetchat_tui.lab.banmal.kinds import is_adjective, is_copula, is_noun
from sweetchat_tui.lab.banmal.letters import closed, final
from sweetchat_tui.lab.banmal.respect import in_place
from sweetchat_tui.lab.banmal.stems import infinitive, past, soft_of, stem_of, without_l
from sweetchat_tui.lab.banmal.words import WORDS

_KNOWN = WORDS["honorific"]
_OWN = tuple(_KNOWN["not_honorific"])
_SOFT_ENDS = frozenset(_KNOWN["soft_ends"])
_SOFT = frozenset(_KNOWN["soft_whole"])

# A word is read from its end, for 시 may be twice in it: 주셔서 is of 주시, whatever stands before.
_FORM = re.compile(
    r"(?P<soft>[가-힣]+)(?P<form>"
    + "|".join(f"{form}(?={'|'.join(after)})" for form, after in _KNOWN["after"].items())
    + r")(?P<rest>[가-힣]*)"
)


def undone(word: str, before: Sequence[str] = (), *, elder: bool = False) -> str:
    """A word without 시; the same word where it has none or where its stem is not known.

    Args:
        word: one word, no punctuation.
        before: the words before it in its sentence, in order.
        elder: whether someone is named whom friends honour too.
    """
    honoured = in_place(word, before, elder=elder)
    if honoured is None:
        match = _FORM.fullmatch(word)
        if match is None or (word.startswith(_OWN) and not match["soft"].startswith(_OWN)):
            return word
        return _undone(match)
    stem, rest = honoured
    if not stem:
        return rest
    soft = soft_of(stem)
    match = _FORM.fullmatch(soft + rest)
    if match is None or match["soft"] != soft:
        return word
    return _plain(soft, stem, match["form"], match["rest"])


def _undone(match: re.Match[str]) -> str:
    soft, form, rest = match.group("soft", "form", "rest")
    if is_noun(soft):
        return _is(soft, form, rest)
    if is_copula(soft):
        return _is(soft[:-1], form, rest)
    if soft[-1] in _SOFT_ENDS or soft in _SOFT or soft.endswith("거리"):
        return _plain(soft, stem_of(soft), form, rest)
    return match[0]


def _plain(soft: str, stem: str, form: str, rest: str) -> str:
    """A stem with what stood behind a form of 시, as it is without."""
    match form:
        case "셨":
            return past(stem) + rest
        case "셔" | "세":
            return infinitive(stem) + rest
        case "십":
            return infinitive(stem) + "요"
        case "실":
            return closed(soft, "ㄹ") + rest
        case "신":
            return _before_n(soft, stem, rest)
        case _:
            return _before_consonant(soft, stem, rest)


def _before_consonant(soft: str, stem: str, rest: str) -> str:
    """하시겠 → 하겠, 외로우시네 → 외롭네, 힘드시네 → 힘드네, 힘드시면 → 힘들면."""
    adjective = is_adjective(stem)
    if rest.startswith(("면", "며", "려", "러", "라")):
        return (stem if final(stem[-1]) == "ㄹ" else soft) + rest
    if rest.startswith(("니", "되")):
        return soft + rest
    if rest.startswith("는"):
        return _present(soft, stem, rest)
    if rest == "네요" and adjective:
        return stem + "군요"  # 외롭네 would be said of oneself
    if rest.startswith(("군", "구나")) and not adjective:
        return stem + "네요" if adjective is None else without_l(stem) + "는" + rest
    return (without_l(stem) if rest.startswith(("네", "나", "느")) else stem) + rest


def _present(soft: str, stem: str, rest: str) -> str:
    """하시는 → 하는, 그러시는 → 그러는, and of adjectives 슬프시는군요 → 슬프군요, 슬프시는데 → 슬픈데."""
    if stem.endswith("그렇"):
        return soft + rest
    if not is_adjective(stem) or stem.endswith(("있", "없", "않", "늦")):
        return without_l(stem) + rest
    return stem + rest[1:] if rest.startswith("는군") else closed(soft, "ㄴ") + rest[1:]


def _before_n(soft: str, stem: str, rest: str) -> str:
    """하신 → 한, 힘드신가 → 힘든가, 있으신 → 있는, 하신다니 → 한다니, 받으신다니 → 받는다니."""
    if stem.endswith(("있", "없")) and not rest.startswith(("다", "단", "대")):
        return stem + ("나" if rest == "가" else "는" + rest)
    if rest.startswith(("다", "단", "대")):
        if is_adjective(stem) and not stem.endswith(("않", "그렇")):
            return stem + rest
        return stem + "는" + rest if final(stem[-1]) not in ("", "ㄹ", "ㅎ") else closed(soft, "ㄴ") + rest
    if rest.startswith(("가", "데")) and is_adjective(stem) is False:
        return without_l(stem) + ("나" if rest == "가" else "는" + rest)
    return closed(soft, "ㄴ") + rest


def _is(noun: str, form: str, rest: str) -> str:
    """생각이시군요 → 생각이군요, 생각이셨군요 → 생각이었군요, 아버지시군요 → 아버지군요."""
    closing = not noun or final(noun[-1]) != ""
    whole = noun + "이" if closing else noun
    match form:
        case "셨":
            return whole + ("었" if closing else "였") + rest
        case "셔":
            return whole + ("라" if rest.startswith("서") else "어" if closing else "여") + rest
        case "세" | "십":
            return noun + ("이에요" if closing else "예요")
        case "실":
            return closed(whole, "ㄹ") + rest
        case "신":
            return whole + "라" + rest[1:] if rest.startswith("다") else closed(whole, "ㄴ") + rest
        case _ if rest.startswith("는군"):
            return whole + rest[1:]
        case _ if rest == "나" or rest.startswith("는데"):
            return closed(whole, "ㄴ") + ("가" if rest == "나" else rest[1:])
        case _:
            return whole + rest
