"""The rules of `rules.toml`, read once, and the level that they give to a folded message.

A small engine: it takes idioms out, marks what is found, lets the surroundings soften a mark, and
looks at which marks are left. Every word and every reason is in the data file; none is here.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sweetchat_tui.conversation import Danger

Kind = Literal["spelling", "none", "crisis", "softer", "concern"]

_CRISIS, _CONCERN, _HARMLESS = "◆", "◇", "_"
_MARKS = {"none": _HARMLESS, "crisis": _CRISIS, "softer": _CONCERN, "concern": _CONCERN}
_ORDER: tuple[Kind, ...] = ("none", "crisis", "softer", "concern")

# The most frequent syllables of everyday Korean, most frequent first. A stem is looked for by its
# rarest syllable; one made of these alone has to stand there as a whole.
_COMMON = (
    "이어는고가아해을하서지에야나다도게들데내를기사겠무한자은로구니같라있친만그까면보안것말리너거일생으정"
    "했시부할마대려없좋수주모상인봐더않싶화러제오잘의워음와스람건때었못직원래각장히심동받당우되네비회많식"
    "진금신전남님분여적편르혼테문선실걸번요간힘속았중집돈운노학알치소조랑던강행업계물불먹성병드준늘교미날"
    "공런른든돼결족후난걱연저위떻좀감두관줄트바응버께질져방황력애느열민렇엄단달터울증빠경배얘볼유꾸료찾짜"
    "재줘프매피차취퇴앞근험따돌렸왜담롭망왔술된싫입외괴즘산복딸퍼반용락뭐갑언될절레격새겨예임록움졌세올통"
    "믿점갈몸디평변먼영막린"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that mean the same thing for a person's safety."""

    kind: Kind
    why: str
    """The reason for the rule, for whoever reads or changes it."""
    stems: tuple[str, ...]
    """The rule is looked at only in a message with one of them; empty for `softer`, which looks at marks."""
    pattern: str
    """A regular expression over the folded message."""
    mark: str
    """What is put in place of the words found."""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, and what tells quickly which of them a message needs."""

    every: tuple[Rule, ...]
    """In the order in which they apply: spellings, idioms, crisis, what softens it, concern."""
    by_key: dict[str, tuple[tuple[str, int], ...]]
    """For the rarest syllable of each stem, the stem and the place of its rule in `every`."""
    keys: frozenset[str]
    """Those syllables, to be looked for all at once."""
    softer: tuple[int, ...]
    """The places of the rules that look around a mark, whatever the words."""


@cache
def rules() -> Rules:
    """The rules of the data file."""
    with Path(__file__).with_name("rules.toml").open("rb") as file:
        data = tomllib.load(file)
    read = [_rule(raw, data["words"]) for raw in data["rule"]]
    every = tuple(rule for kind in ("spelling", *_ORDER) for rule in read if rule.kind == kind)
    by_key: dict[str, list[tuple[str, int]]] = {}
    for place, rule in enumerate(every):
        for stem in rule.stems:
            by_key.setdefault(_rarest(stem), []).append((stem, place))
    return Rules(
        every,
        {key: tuple(found) for key, found in by_key.items()},
        frozenset(by_key),
        tuple(place for place, rule in enumerate(every) if rule.kind == "softer"),
    )


def level(folded: str) -> Danger:
    """How much danger a folded message speaks of.

    Args:
        folded: what `folding.fold` made of one message.
    """
    needed = _needed(folded)
    for rule in needed:
        if rule.kind == "spelling":
            folded = _compiled(rule.pattern).sub(rule.mark, folded)
    if needed and needed[0].kind == "spelling":  # the words are others now
        needed = _needed(folded)
    for rule in needed:
        if rule.kind == "spelling":
            continue
        if rule.kind != "softer":
            folded = _compiled(rule.pattern).sub(rule.mark, folded)
        elif _CRISIS in folded:
            folded = _compiled(rule.pattern).sub(_softened, folded)
    if _CRISIS in folded:
        return Danger.CRISIS
    return Danger.CONCERN if _CONCERN in folded else Danger.NONE


def _needed(folded: str) -> list[Rule]:
    """The rules with a stem in the message, in the order in which they apply."""
    known = rules()
    keys = known.keys.intersection(folded)
    places = {place for key in keys for stem, place in known.by_key[key] if stem in folded}
    if places:
        places.update(known.softer)
    return [known.every[place] for place in sorted(places)]


def _softened(match: re.Match[str]) -> str:
    """The same words with their crisis marks as concern; the words stay for the rules that follow."""
    return match.group().replace(_CRISIS, _CONCERN)


# Compiling all rules takes longer than reading a thousand messages: each is compiled when first met.
_compiled = cache(re.compile)


def _rule(raw: dict[str, Any], words: dict[str, str]) -> Rule:
    pattern = "|".join(raw["any"])
    for name, meaning in words.items():
        pattern = pattern.replace(f"<{name}>", meaning)
    kind: Kind = raw["level"]
    mark = raw["reads"] if kind == "spelling" else _MARKS[kind] + "!" * raw.get("done", False)
    if kind == "softer":
        pattern = re.sub(f"{_CRISIS}(?!!)", f"{_CRISIS}!?", pattern)
    return Rule(kind, raw["why"], tuple(raw.get("stem", ())), pattern, mark)


def _rarest(stem: str) -> str:
    """The syllable of a stem that is met least often in everyday Korean."""
    return max(stem, key=_rarity)


def _rarity(syllable: str) -> int:
    return _COMMON.find(syllable) if syllable in _COMMON else len(_COMMON)
