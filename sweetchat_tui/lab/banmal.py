"""존댓말 to 반말 by rule: sentence ends alone, and only where the rule is sure.

No model and no dictionary. What a rule does not know is left for the caller to leave out: a friend who
says one sentence in 존댓말 is worse than one example less. Knows nothing of corpora.
"""

import re

_SENTENCE = re.compile(r"[^.?!…~]+[.?!…~]*\s*")
_END = re.compile(r"^(?P<body>.*?)(?P<mark>[\s.?!…~]*)$", re.DOTALL)
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_DOUBLE_S = 20
"""Place of the final ㅆ."""

_WHOLE = (
    # Longest first: the first that fits is taken.
    ("이 아닌가요", "이 아니야"),
    ("가 아닌가요", "가 아니야"),
    ("그러시군요", "그렇구나"),
    ("그러셨군요", "그랬구나"),
    ("그렇군요", "그렇구나"),
    ("어떠신가요", "어때"),
    ("어떠세요", "어때"),
    ("어떤가요", "어때"),
    ("힘드시겠어요", "힘들겠어"),
    ("힘드시겠네요", "힘들겠네"),
    ("힘드시군요", "힘들구나"),
    ("힘드셨군요", "힘들었구나"),
    ("힘드셨겠어요", "힘들었겠어"),
    ("힘드셨겠네요", "힘들었겠네"),
    ("있으신가요", "있어"),
    ("있으세요", "있어"),
    ("계신가요", "있어"),
    ("계세요", "있어"),
    ("하시나요", "해"),
    ("하세요", "해"),
    ("보세요", "봐"),
    ("주세요", "줘"),
    ("마세요", "마"),
    ("가세요", "가"),
    ("아니에요", "아니야"),
    ("아니예요", "아니야"),
    ("이에요", "이야"),
    ("예요", "야"),
    ("에요", "야"),
    ("습니까", None),
    ("겠습니다", "겠어"),
    ("있습니다", "있어"),
    ("없습니다", "없어"),
    ("좋습니다", "좋아"),
    ("괜찮습니다", "괜찮아"),
    ("입니다", None),
    ("합니다", "해"),
    ("됩니다", "돼"),
    ("랍니다", "라"),
    ("바랍니다", "바라"),
    ("나요", None),
    ("인가요", None),
    ("까요", "까"),
    ("군요", "구나"),
    ("네요", "네"),
    ("지요", "지"),
    ("죠", "지"),
)
_PLAIN_YO = re.compile(r"[가-힣](?<=[아어여와워해돼봐줘져려래라데걸게고서만지도네까])요$")
_POLITE = re.compile(
    r"(니다|니까|세요|셔요|나요|가요|군요|네요|까요|죠|에요|예요|어요|아요|해요)[.?!…~\s]*$"
    r"|셨|셔|께서|드릴|드려|드리|당신|[가-힣]님"
    r"|시(?:겠|는|구나|네|나|지|고|면|니|길|던|더|려|며|잖|게|어)"
    r"|(?:하|되|으|나|이|우|쁘|프|끼|시|지|가|보|오|받|있|어|려|러|치|기|두)(?:실(?: |까)|신 |시 )"
    r"|(?:^|\s)(?:저는|저도|저를|저와|저의|저에게|제가|제게|제)\s"
)


def banmal(text: str) -> str | None:
    """The text in 반말; None when a rule is missing for one of its sentences.

    Args:
        text: one or more sentences.
    """
    parts = _SENTENCE.findall(text)
    if not parts or "".join(parts) != text:
        return None
    spoken = [_sentence(part) for part in parts]
    return None if None in spoken else "".join(part for part in spoken if part is not None)


def _sentence(sentence: str) -> str | None:
    match = _END.fullmatch(sentence)
    assert match is not None
    body, mark = match["body"], match["mark"]
    if not body.strip():
        return sentence
    rewritten = _ended(_unhonoured(body))
    if rewritten is None or _POLITE.search(rewritten):
        return None
    return rewritten + mark


def _ended(body: str) -> str | None:
    """The sentence with its end in 반말."""
    past = re.fullmatch(r"(.*[가-힣])(습니다|습니까|나요)", body, re.DOTALL)
    if past and _final(past[1][-1]) == _DOUBLE_S:
        return past[1] + "어"
    for polite, plain in _WHOLE:
        if body.endswith(polite):
            return None if plain is None else body.removesuffix(polite) + plain
    if _PLAIN_YO.search(body):
        return body.removesuffix("요")
    return None if body.endswith(("요", "다", "까")) else body


def _unhonoured(body: str) -> str:
    """Without the 시 of 하셨, 느끼셨, 있으셨, 하시겠 before a sentence's end."""
    body = re.sub(r"([가-힣])으셨(?=어요|네요|군요|나요|겠|습니다)", _after_final, body)
    body = re.sub(r"하시(?=(겠|는군요|네요))", "하", body)

    def contracted(match: re.Match[str]) -> str:
        return _past(match[1]) or match[0]

    return re.sub(r"([가-힣])셨(?=어요|네요|군요|나요|겠|습니다)", contracted, body)


def _after_final(match: re.Match[str]) -> str:
    """받으셨 → 받았, 있으셨 → 있었."""
    vowel = _VOWELS[(ord(match[1]) - ord("가")) // 28 % 21]
    return match[1] + ("았" if vowel in "ㅏㅗ" else "었")


def _past(stem: str) -> str | None:
    """A stem's last syllable with 았 or 었 run into it; None where it depends on the word."""
    if _final(stem):
        return None
    place = ord(stem) - ord("가")
    vowel = _VOWELS[place // 28 % 21]
    if stem in ("하", "러"):
        return {"하": "했", "러": "랬"}[stem]
    joined = {
        "ㅏ": "ㅏ",
        "ㅓ": "ㅓ",
        "ㅐ": "ㅐ",
        "ㅔ": "ㅔ",
        "ㅣ": "ㅕ",
        "ㅗ": "ㅘ",
        "ㅜ": "ㅝ",
        "ㅚ": "ㅙ",
    }.get(vowel)
    if joined is None:
        return None
    return chr(ord("가") + (place // 588 * 21 + _VOWELS.index(joined)) * 28 + _DOUBLE_S)


def _final(syllable: str) -> int:
    """Place of a syllable's final consonant; 0 for none."""
    return (ord(syllable) - ord("가")) % 28 if "가" <= syllable <= "힣" else 0
