"""Verbs that are another word in respect: 계시다 is 있다, 주무시다 자다, 드시다 먹다.

For an elder some stay among friends too: 할머니가 편찮으시다.
"""

import re
from collections.abc import Sequence

from sweetchat_tui.lab.banmal.words import WORDS

_HONOURED = re.compile(
    r"(?P<stem>돌아가|편찮으|주무|말씀하|[가-힣]*계|드|마|되|사(?!실))(?P<rest>(?:시|셨|셔|세|신|실|십).*)"
)
_FOOD = re.compile(rf"(?:{'|'.join(WORDS['respect']['food'])})(?:을|를|도|만|이라도)?")
_WELL = tuple(WORDS["respect"]["well"])
_LIVED = tuple(WORDS["respect"]["lived"])
_BOUGHT = frozenset(WORDS["respect"]["bought"])
_SPENT = frozenset(WORDS["respect"]["spent"])
_BETWEEN = frozenset(WORDS["respect"]["between"])
_PLAIN = {"편찮으": "아프", "주무": "자", "말씀하": "말씀하"}
_COMES = ("이", "가", "에", "도", "까지", "은", "는", "나이", "기분", "생각", "감")
_FORBIDDEN = ("지", "걱정", "염려", "해", "말")


def in_place(word: str, before: Sequence[str], *, elder: bool) -> tuple[str, str] | None:
    """The stem that friends put for an honoured one, and what follows it.

    Returns:
        Nothing for other words. An empty stem where the word stays as the second says.
    """
    match = _HONOURED.fullmatch(word)
    if match is None:
        return None
    stem = _friendly(match["stem"], match["rest"], before, elder=elder)
    return (stem, match["rest"]) if stem else ("", re.sub("세요$", "셔요", word))


def _friendly(stem: str, rest: str, before: Sequence[str], *, elder: bool) -> str:
    last = before[-1] if before else ""
    if stem.endswith("계"):
        return "" if elder and not last.endswith("고") else stem[:-1] + "있"
    if stem == "돌아가":  # dies, but 집에 돌아가시면 and 돌아가시길 do not
        return stem if last.endswith(("에", "로")) or rest.startswith(("시기", "시길", "시려")) else ""
    if stem == "마":  # drinks, but 하지 마시고 is of 말
        return "말" if last.endswith(_FORBIDDEN) or (rest == "세요" and not _FOOD.fullmatch(last)) else ""
    if stem == "되" and rest == "세요":  # a wish: 좋은 하루 되세요
        return "보내" if last in _SPENT else "하" if last == "식사" else stem
    if stem == "사":
        return _lived(before)
    if stem == "드":
        return _eaten(before)
    if stem in _PLAIN:
        return "" if elder else _PLAIN[stem]
    return stem


def _eaten(before: Sequence[str]) -> str:
    """Of 드시다: 먹 for what is eaten, 들 for what comes to mind; empty when nobody knows."""
    near = [word for word in before if word not in _BETWEEN][-2:]
    if near and (near[-1] in _WELL or _FOOD.fullmatch(near[-1])):
        return "먹"
    if near and near[-1].endswith(_COMES):
        return "들"
    return "먹" if near and _FOOD.fullmatch(near[0]) else ""


def _lived(before: Sequence[str]) -> str:
    """Of 사시다: 살 or, of what one buys, 사; empty when nobody knows."""
    last = before[-1] if before else ""
    if last.endswith(_LIVED) and last not in _BOUGHT:
        return "살"
    return "사" if last in _BOUGHT or any(word.endswith(("을", "를")) for word in before[-3:]) else ""
