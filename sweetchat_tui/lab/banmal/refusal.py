"""What no friend says: polite ends, 시 for a friend, and polite names, found without any of the rules.

Shares no list with them, and rather refuses a sentence too much than lets one through.
"""

import re
import unicodedata

# Decomposed, so that 합니다 and 아니다 differ by the ㅂ before 니다.
_FORMAL = re.compile(
    "\N{HANGUL JONGSEONG PIEUP}(?:" + unicodedata.normalize("NFD", "니다|니까|디다|시다") + ")"
)
_YO = re.compile(r"(?:요|죠|쥬|시오|[시옵으]소서|세염|나이까)(?![가-힣])")
_NOT_YO = re.compile(r"(?:필|중|주|수|소|강|개|동|노)요(?=[ ,]+\S)")
"""Nouns, where more follows them."""

_SHI = re.compile(
    "께서|[가-힣]께선|셨|셧|셰|[가-힣]셔|[가-힣]십[니시]|(?<![가-힣])신[가데]"
    "|[가-힣]시(?:라도|라면|라니|라고|라서|라는|겠|는|군|구나|네|나|느|고|면|며|니|지|던|더|든)"
    "|[가-힣]시(?:려|러|기|길|게|곤|거나|거든|다[니고면가는]|자마자|도록|잖|되)"
    "|(?<![가-힣])시(?:겠|군|구나|네)(?:요|$|[^가-힣])"
    "|[가-힣]실(?:(?![가-힣])|까|지|수록|래|게|걸|텐|거)"
    "|[가-힣]신(?:(?![가-힣])|가|지|데|다|단|걸|만큼|대|거|건|것)"
)
_TO_BUY = re.compile("(?<![가-힣])사실 (?:수 |수도|계획|예정|때(?!문)|거[야라면니]|것 같|텐데)")
"""Of 사다 or 살다, where 사실 else is a fact."""
_NOT_SHI = re.compile(
    r"(?<![가-힣])(?:"
    "(?:들이)?마[시셔셨신실]|모[시셔셨신실]|쑤[시셔]|적[시셔]"
    "|(?:또다|반드|평상|택|도|역|무|잠|표|지|접|전|동|제|감|멸|과|중|혹|메|당|실|응|즉|낚|다|몹|일|임|고|임용고)시"
    "|(?:자기)?(?:자|대|정|배|확|불|헌|임|귀|출|망|맹|다|최|통|여|미|백|흥|웅|문|욱|굽)신"
    "|(?:말|화장|지하|수면|독서|교무|휴게|미용|양호|회의|사무|도서|응급)?(?:사|현|진|교|병|확|상|거|과|손|성|결|부)?실"
    "(?!까|지|수록|래|게|걸|텐|거)"
    ")|랍시|와이셔츠|성가[시셔셨신실]|눈부[시셔신]|돌아가[시셔셨신실]|시[도키켜킨킬간절]"
)
_OF_ELDERS = re.compile("(?:편찮으|계|주무|말씀하)[시셨셔신실]")
_ELDER = re.compile("[가-힣]님|어머니|아버지|할머니|할아버지|어르신|어른|장인|장모|엄마|아빠")

_NAMED = re.compile(
    r"사용자|당신|고객님|저희|[OО○]님"
    r"|(?<![가-힣])저(?:는|도|를|와|의|에게|한테|라도|까지|랑|만|라면|로서|밖에|부터|보다|처럼)(?![가-힣])"
    "|(?<![가-힣])전 (?:언제나|항상|늘|이만)"
    "|(?<![가-힣])저 (?:자신|혼자|역시|또한|말고|같은)"
    "|(?<![가-힣])제(?:가|게|겐)?(?![가-힣])(?! (?:때|시간|자리|발로))"
    "|(?:친구|남편|아내|부인|자녀|자제|자식|아들|딸|손자|손녀|손주|며느리|사위|동생|가족) ?분"
    "|(?:동료|상사|선배|후배|직원|사원|간호사|지인|조카) ?분"
    "|(?:아드|따|며느|동료|친구|상사)님"
)
_RESPECT = re.compile("(?<![건두엎만힘])드[리려린릴렸립]|말씀|여쭤|여쭙|뵙|뵈|성함")
"""What is said and given to elders, who must be named."""


def is_banmal(text: str) -> bool:
    """Whether a text is 반말 already: 시 and such are then of the elder whom it names."""
    return not _speaks_politely(text) and (_ELDER.search(text) is not None or not _shows_respect(text))


def is_polite(sentence: str) -> bool:
    """Whether anything in a sentence is said as one says it to a stranger.

    Stricter than not `is_banmal`: of an elder, too, only what friends cannot say otherwise stays.
    """
    return _speaks_politely(sentence) or _shows_respect(sentence)


def _speaks_politely(text: str) -> bool:
    if _YO.search(_NOT_YO.sub("", text)) or _FORMAL.search(unicodedata.normalize("NFD", text)):
        return True
    return _NAMED.search(text) is not None


def _shows_respect(text: str) -> bool:
    words = _NOT_SHI.sub(" ", text)
    if _ELDER.search(text):
        words = _OF_ELDERS.sub(" ", words)
    elif _RESPECT.search(text):
        return True
    return _SHI.search(words) is not None or _TO_BUY.search(text) is not None
