"""A syllable of Hangul and the letters in it. Knows no word."""

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST = ord("가")


def is_syllable(letter: str) -> bool:
    """Whether it is a whole syllable: 가, not ㄱ."""
    return "가" <= letter <= "힣"


def vowel(syllable: str) -> str:
    """ㅘ of 봤; empty where it is no syllable."""
    return _VOWELS[(ord(syllable) - _FIRST) // 28 % 21] if is_syllable(syllable) else ""


def final(syllable: str) -> str:
    """ㅆ of 봤; empty where there is none."""
    return _FINALS[(ord(syllable) - _FIRST) % 28] if is_syllable(syllable) else ""


def with_vowel(syllable: str, new: str) -> str:
    """An open syllable with another vowel: 보 and ㅘ are 봐."""
    return chr(_FIRST + ((ord(syllable) - _FIRST) // 588 * 21 + _VOWELS.index(new)) * 28)


def closed(word: str, consonant: str) -> str:
    """A word with another final consonant in its last syllable, or with none: 하 and ㄴ are 한."""
    code = ord(word[-1]) - _FIRST
    return word[:-1] + chr(_FIRST + code - code % 28 + _FINALS.index(consonant))
