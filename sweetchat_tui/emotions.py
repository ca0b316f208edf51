"""The 58 emotions of the 감성 대화 corpus, and a classifier's answer over them.

The order is the checkpoint's: `LABEL_n` of the original model is `EMOTIONS[n]`. Groups are the
corpus's six; 고립된 and 혼란스러운, which the corpus files under two groups each, stand in the
larger one. Valence is this project's own reading, from -1 (bad to feel) to 1 (good to feel).
"""

from dataclasses import dataclass
from difflib import get_close_matches

GROUPS: tuple[str, ...] = ("기쁨", "당황", "분노", "불안", "상처", "슬픔")

GROUP_GLOSSES: dict[str, str] = {
    "기쁨": "joy",
    "당황": "embarrassment",
    "분노": "anger",
    "불안": "anxiety",
    "상처": "hurt",
    "슬픔": "sadness",
}

GROUP_COLOURS: dict[str, str] = {
    "기쁨": "#f2c14e",
    "당황": "#f08fb0",
    "분노": "#f2665a",
    "불안": "#5cc4b0",
    "상처": "#c39bf2",
    "슬픔": "#6fa8f5",
}
"""Readable on a dark ground, and under dark letters."""

GROUP_LETTERS: dict[str, str] = dict(zip(GROUPS, ("Jo", "Em", "An", "Ax", "Hu", "Sa"), strict=True))
"""Two letters that stand for each group in English; in Korean its first syllable does."""


@dataclass(frozen=True, slots=True)
class Emotion:
    """One emotion that a classifier can name."""

    index: int
    """Place in the classifier's output; 0 to 57 for the 58."""
    label: str
    """Korean name, as the corpus writes it."""
    gloss: str
    """English name, unique among the 58."""
    group: str | None
    """One of GROUPS; None for a label of another label set."""
    valence: float | None
    """-1 (bad to feel) to 1 (good to feel); None for a label of another label set."""


_TABLE = """
가난한, 불우한|poor|상처|-0.6
감사하는|grateful|기쁨|0.8
걱정스러운|worried|불안|-0.5
고립된|isolated|상처|-0.7
괴로워하는|anguished|상처|-0.8
구역질 나는|sickened|분노|-0.7
기쁨|joyful|기쁨|0.9
낙담한|dejected|슬픔|-0.7
남의 시선을 의식하는|self-conscious|당황|-0.4
노여워하는|wrathful|분노|-0.8
눈물이 나는|tearful|슬픔|-0.6
느긋|easygoing|기쁨|0.6
당혹스러운|perplexed|불안|-0.4
당황|flustered|당황|-0.4
두려운|afraid|불안|-0.7
마비된|numb|슬픔|-0.6
만족스러운|satisfied|기쁨|0.8
방어적인|defensive|분노|-0.4
배신당한|betrayed|상처|-0.8
버려진|abandoned|상처|-0.9
부끄러운|ashamed|당황|-0.5
분노|angry|분노|-0.8
불안|anxious|불안|-0.6
비통한|grief-stricken|슬픔|-0.9
상처|hurt|상처|-0.7
성가신|bothered|분노|-0.4
스트레스 받는|stressed|불안|-0.6
슬픔|sad|슬픔|-0.7
신뢰하는|trusting|기쁨|0.7
신이 난|excited|기쁨|0.9
실망한|disappointed|슬픔|-0.6
악의적인|spiteful|분노|-0.7
안달하는|fretful|분노|-0.5
안도|relieved|기쁨|0.6
억울한|wronged|상처|-0.7
열등감|inferior|당황|-0.6
염세적인|pessimistic|슬픔|-0.7
외로운|lonely|당황|-0.6
우울한|depressed|슬픔|-0.8
자신하는|confident|기쁨|0.7
조심스러운|cautious|불안|-0.2
좌절한|frustrated|분노|-0.7
죄책감의|guilty|당황|-0.6
질투하는|jealous|상처|-0.5
짜증내는|irritated|분노|-0.6
초조한|restless|불안|-0.5
충격 받은|shocked|상처|-0.6
취약한|vulnerable|불안|-0.5
툴툴대는|grumbling|분노|-0.4
편안한|comfortable|기쁨|0.7
한심한|pathetic|당황|-0.5
혐오스러운|disgusted|당황|-0.7
혼란스러운|confused|불안|-0.5
환멸을 느끼는|disillusioned|슬픔|-0.7
회의적인|sceptical|불안|-0.4
후회되는|regretful|슬픔|-0.6
흥분|thrilled|기쁨|0.7
희생된|victimised|상처|-0.7
"""


def _read_table() -> tuple[Emotion, ...]:
    rows = [line.split("|") for line in _TABLE.strip().splitlines()]
    return tuple(
        Emotion(index, label, gloss, group, float(valence))
        for index, (label, gloss, group, valence) in enumerate(rows)
    )


EMOTIONS: tuple[Emotion, ...] = _read_table()


@dataclass(frozen=True, slots=True)
class Score:
    """One emotion and how likely a classifier holds it."""

    emotion: Emotion
    confidence: float
    """Probability over all of the classifier's labels, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Feeling:
    """What a classifier read in a message."""

    top: tuple[Score, ...]
    """The likeliest emotions, most likely first; never empty."""
    classifier: str
    """The classifier that spoke, such as `lite-1`."""
    uncertain: bool
    """True when the words carry no clear emotion; `top` is then only a guess."""

    @property
    def emotion(self) -> Emotion:
        """The likeliest emotion, also when uncertain."""
        return self.top[0].emotion


def _key(name: str) -> str:
    return "".join(name.split()).casefold()


_BY_NAME: dict[str, Emotion] = {
    _key(name): emotion
    for emotion in EMOTIONS
    for name in (emotion.label, emotion.gloss, str(emotion.index), *emotion.label.split(","))
}


def find(name: str) -> Emotion | None:
    """The emotion of this Korean label, English gloss or index; white space and case do not count."""
    return _BY_NAME.get(_key(name))


def nearest(name: str) -> Emotion | None:
    """The emotion whose label or gloss looks most like a misspelt name; None when none does."""
    close = get_close_matches(_key(name), _BY_NAME, n=1, cutoff=0.5)
    return _BY_NAME[close[0]] if close else None


# The tens digit of a code is the group in this order, the units follow the corpus's own list. Two
# labels have two codes each: 고립된 and 혼란스러운.
_CODES = """
분노, 툴툴대는, 좌절한, 짜증내는, 방어적인, 악의적인, 안달하는, 구역질 나는, 노여워하는, 성가신
슬픔, 실망한, 비통한, 후회되는, 우울한, 마비된, 염세적인, 눈물이 나는, 낙담한, 환멸을 느끼는
불안, 두려운, 스트레스 받는, 취약한, 혼란스러운, 당혹스러운, 회의적인, 걱정스러운, 조심스러운, 초조한
상처, 질투하는, 배신당한, 고립된, 충격 받은, 가난한, 희생된, 억울한, 괴로워하는, 버려진
당황, 고립된, 남의 시선을 의식하는, 외로운, 열등감, 죄책감의, 부끄러운, 혐오스러운, 한심한, 혼란스러운
기쁨, 감사하는, 신뢰하는, 편안한, 만족스러운, 흥분, 느긋, 안도, 신이 난, 자신하는
"""


def _by_code() -> dict[str, Emotion]:
    rows = [line.split(", ") for line in _CODES.strip().splitlines()]
    return {
        f"E{tens}{units}": emotion
        for tens, row in enumerate(rows, 1)
        for units, name in enumerate(row)
        if (emotion := find(name))
    }


BY_CODE: dict[str, Emotion] = _by_code()
"""The emotion of each of the corpus's 60 codes, E10 to E69."""
