"""Hangul as it is typed: letters on keys, and what is meant by syllables or their first consonants."""

JAMO = dict(
    zip("qwertyuiopasdfghjklzxcvbnm", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", strict=True)
)
"""What each letter key gives while one types Hangul."""

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


def initials(text: str) -> str:
    """The first consonant of each syllable, and everything else as it is: 좌절한 is ㅈㅈㅎ."""
    return "".join(_INITIALS[(ord(c) - ord("가")) // 588] if "가" <= c <= "힣" else c for c in text)


def holds(text: str, wanted: str) -> bool:
    """Whether each word of what is wanted stands somewhere in the text, white space aside."""
    whole = "".join(text.casefold().split())
    return all(_place(whole, word) >= 0 for word in wanted.casefold().split())


def resembles(text: str, wanted: str) -> bool:
    """Whether the letters of what is wanted stand in the text in their order, with others between them."""
    letters = iter("".join(text.casefold().split()))
    return all(any(_is(letter, key) for letter in letters) for key in "".join(wanted.casefold().split()))


def _place(whole: str, word: str) -> int:
    last = len(whole) - len(word)
    return next((at for at in range(last + 1) if all(map(_is, whole[at:], word))), -1)


def _is(letter: str, key: str) -> bool:
    return key in (letter, initials(letter))
