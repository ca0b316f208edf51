"""Who is spoken of and to, as friends name them: 사용자님 is 너, 제가 내가, 친구분께서 친구가.

Elders keep their titles, and what is said or given to them its respect: 부모님께 말씀드려.
"""

import re

from sweetchat_tui.lab.banmal.letters import final
from sweetchat_tui.lab.banmal.words import WORDS
from sweetchat_tui.text import with_particle

_PEOPLE = WORDS["people"]
_PARTICLES: dict[str, str] = WORDS["particles"]
_YOU: dict[str, str] = WORDS["you"]
_ME: dict[str, str] = WORDS["me"]
_GIVING: dict[str, list[str]] = WORDS["giving"]

_ALONE = r"(?<![가-힣])"
_ENDS = r"(?![가-힣])"
_REST = r"(?P<particle>[가-힣]*)"
_IS = "이(?:[시신세셨었라]|[군네]요|에요)|인가요|인[지데]|입니다"

_KIN_NAMES = "|".join(sorted(_PEOPLE["kin"], key=len, reverse=True))
_AFTER_ME = "|".join(_PEOPLE["after_me"])
_ELDER = re.compile("|".join(_PEOPLE["elders"]))
_USER = re.compile(rf"(?<![가-힣A-Za-z])(?:사용자님|당신|[O○0]{{2}}님){_REST}(?P<next> [가-힣]+)?")
_KIN = re.compile(rf"{_ALONE}(?P<noun>{_KIN_NAMES})(?P<many>들)? ?분(?P<more>들)?{_REST}")
_TITLED = re.compile(rf"{_ALONE}(?P<noun>{'|'.join(_PEOPLE['called'])})분?(?P<many>들)?{_REST}")
_SOMEONE = re.compile(
    rf"{_ALONE}(?P<before>[가-힣]+) 분(?P<many>들)?"
    rf"(?:(?={_IS})|(?P<particle>{'|'.join(_PEOPLE['after_someone'])})?{_ENDS})"
)
_SUBJECT = re.compile(rf"(?P<noun>[가-힣]+?)(?P<particle>께서는|께서도|께서만|께선|께서){_ENDS}")
_TO = re.compile(rf"{_ALONE}(?P<noun>[가-힣]+)(?P<particle>께는|께도|께){_ENDS}")
_NO_ONE = ("함", "그저", "어저", "엊그저")
"""함께, 그저께: their 께 is no particle."""
_SPEAKER = re.compile(
    rf"{_ALONE}(?:제가|제게|제겐|저희|저(?=(?:{_AFTER_ME}){_ENDS})"
    rf"|제(?= (?:{'|'.join(_PEOPLE['mine'])}))|전(?= (?:{'|'.join(_PEOPLE['after_jeon'])})))"
)

_ASKED = re.compile(r"말씀(?= ?해 ?[주줘줄준])")
_LI = f"(?P<form>[{''.join(_GIVING)}])"
_SAID = re.compile(f"말씀 ?드{_LI}")
_DONE = re.compile(f"(?P<noun>{'|'.join(_PEOPLE['done_for'])}) ?드{_LI}")
_GIVEN = re.compile(f"(?<![건두엎만힘])드{_LI}")
_GIVEN_TO_YOU = re.compile(r"드(?:려요|립니다|릴게요|릴까요|리겠습니다|리고 싶어요)")


def speaks_of_elder(sentence: str) -> bool:
    """Whether someone is named to whom even friends show respect."""
    return _ELDER.search(sentence) is not None


def named(sentence: str) -> str:
    """A sentence with its people as friends name them."""
    respectful = speaks_of_elder(sentence) and (
        "께" in sentence.replace("함께", "") or not _GIVEN_TO_YOU.search(sentence)
    )
    sentence = _USER.sub(_you, sentence)
    sentence = _KIN.sub(_kin, sentence)
    sentence = _TITLED.sub(_titled, sentence)
    sentence = _SOMEONE.sub(_person, sentence)
    sentence = _SUBJECT.sub(lambda match: _fitted(match["noun"], match["particle"]), sentence)
    sentence = _TO.sub(_to, sentence)
    sentence = _SPEAKER.sub(lambda match: _ME[match[0]], sentence)
    sentence = _ASKED.sub("말", sentence)
    return sentence if respectful else _said_and_given(sentence)


def _fitted(noun: str, particle: str) -> str:
    """A noun and a particle, which may have to change with the noun: 친구, 이 are 친구가."""
    if particle in ("께", "께도", "께는") and _ELDER.fullmatch(noun):
        return noun + particle
    pair = _PARTICLES.get(particle, particle)
    return with_particle(noun, pair) if "/" in pair else noun + pair


def _kin(match: re.Match[str]) -> str:
    noun = "자녀" if match["noun"] == "자제" else match["noun"]
    return _fitted(noun + (match["many"] or match["more"] or ""), match["particle"])


def _titled(match: re.Match[str]) -> str:
    return _fitted(_PEOPLE["called"][match["noun"]] + (match["many"] or ""), match["particle"])


def _person(match: re.Match[str]) -> str:
    """아는 분이 → 아는 사람이; minutes, and 분 that is anger, stay."""
    before = match["before"]
    described = final(before[-1]) in ("ㄴ", "ㄹ") and before not in _PEOPLE["not_before_someone"]
    if not described and before not in _PEOPLE["before_someone"]:
        return match[0]
    return f"{before} " + _fitted("사람" + (match["many"] or ""), match["particle"] or "")


def _you(match: re.Match[str]) -> str:
    particle, following = match["particle"], match["next"] or ""
    if particle:
        return _YOU.get(particle, "너" + particle) + following
    alone = not following or following.strip().startswith(tuple(_PEOPLE["after_you"]))
    return ("너" if alone else "네") + following


def _to(match: re.Match[str]) -> str:
    noun = match["noun"]
    if noun in _NO_ONE or noun.endswith("님") or _ELDER.search(noun):
        return match[0]
    return _fitted(noun, match["particle"])


def _said_and_given(sentence: str) -> str:
    """말씀드리다, 축하드리다 and 드리다 among friends: 말하다, 축하하다 and 주다."""
    sentence = _SAID.sub(lambda match: "말" + _GIVING[match["form"]][0], sentence)
    sentence = _DONE.sub(lambda match: match["noun"] + _GIVING[match["form"]][0], sentence)
    sentence = _GIVEN.sub(lambda match: _GIVING[match["form"]][1], sentence)
    return sentence.replace("말씀으로", "말로").replace("말씀", "말").replace("여쭤", "물어")
