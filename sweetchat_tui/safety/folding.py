"""A message in the plain form in which the rules read it.

Undoes what people put between and into letters, by habit or to hide a word: spaces, punctuation,
emoji, ㅋㅋ and ㅠㅠ, digits, letters held down, syllables taken apart. Knows no word and no danger.
"""

import re

from sweetchat_tui import text as texts

SENTENCE_END = "."
"""The one mark that folding leaves, where a sentence plainly ends."""

_MARK = "\f"  # stands for it while all punctuation goes; a cleaned text has none

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"

# A sentence ends after a word of two syllables or more with an ending that closes it; the full stops
# of 죽.고.싶.다 and the dots of 죽고… 싶다 end none.
_ENDS = (
    r"(?<=[가-힣][다요어아네해까야냐니래군걸음함임데거게돼워여겠죠봐려줘써와])"
    r"(?: ?(?:[!?。]+|[.](?![.]))(?=\s|$)|\s*\n)"
)
_MOODS = r"[ㅋㅎ]{2,}|[ㅠㅜ]{2,}|(?<![ㄱ-ㅎ])[ㅠㅜㅡ]|[ㅋㅎ]+(?=\s|$)"
_LOOSE = r"([ㄱ-ㅎ])\W*([ㅏ-ㅣ])"
_LATIN_A = r"([ㄱㄴㄷㄹㅁㅂㅅㅇㅈ])r"
_LOOSE_FINAL = r"([가-힣])([ㄱㄴㄹㅁㅂㅅㅆㅍㅎㅀㅄ])(?![ㅏ-ㅣ])"
# How many pills stays: thirty are not two.
_BETWEEN = r"(?<=[가-힣])(?![1-9][0-9][알정])[0-9a-z]{1,2}(?=[가-힣])"
# A word spelt letter by letter, ㅈ ㅜ ㄱ.
_SPELT = r"[ㄱ-ㅎㅏ-ㅣ](?: [ㄱ-ㅎㅏ-ㅣ]){4,}"
_DROPPED = r"[^가-힣ㄱ-ㅎa-z0-9\f自殺害死にたい]+"
_LETTERS = r"(?<![ㅈㄱㅅ])[ㄱ-ㅎ](?![ㄱㅅㅍㄷㅎ살해])|(?<=[가-힣])(?!ㅈ[살해])[ㄱ-ㅎ](?=[가-힣]|$)"
_HELD = r"(.)\1{2,}"
_STRETCHED = r"([아어오우으이])\1+(?=[가-힣])"


_PLAIN = re.compile(r"[가-힣\s.,!?~…\"'“”‘’]*")
_NOT_HANGUL = re.compile(r"[^가-힣]+")
_NOT_HANGUL_OR_MARK = re.compile(r"[^가-힣\f]+")
_TWICE = re.compile(r"(.)\1")


def _is_plain(text: str) -> bool:
    """Whether there is nothing to unfold but spaces and the ends of sentences: most messages are such, and
    this takes a tenth of the time."""
    return _PLAIN.fullmatch(text) is not None and not _TWICE.search(_NOT_HANGUL.sub("", text))


def fold(text: str) -> str:
    """The message without spaces and disguises.

    Returns:
        Hangul syllables, a few loose initials, lower-case Latin letters, digits, and `SENTENCE_END`.
    """
    if _is_plain(text):
        return _sentences(_NOT_HANGUL_OR_MARK.sub("", re.sub(_ENDS, _MARK, text)))
    text = re.sub(_SPELT, lambda spelt: spelt[0].replace(" ", ""), texts.clean(text).lower())
    text = re.sub(_STRETCHED, "", re.sub(_ENDS, _MARK, text))
    text = re.sub(_LATIN_A, r"\1ㅏ", re.sub(_MOODS, " ", text))
    text = re.sub(_LOOSE, _joined, text)
    text = re.sub(_LOOSE_FINAL, _closed, text)
    text = re.sub(_BETWEEN, "", re.sub(_DROPPED, "", text))
    return _sentences(re.sub(_HELD, r"\1", re.sub(_LETTERS, "", text)))


def _sentences(text: str) -> str:
    return text.strip(_MARK).replace(_MARK, SENTENCE_END)


def _joined(match: re.Match[str]) -> str:
    """ㅈ and ㅏ as 자; a consonant that can begin no syllable stays as it is."""
    initial, vowel = match.groups()
    if initial not in _INITIALS:
        return match.group()
    return chr(ord("가") + (_INITIALS.index(initial) * 21 + ord(vowel) - ord("ㅏ")) * 28)


def _closed(match: re.Match[str]) -> str:
    """주 and ㄱ as 죽; a syllable that is closed already keeps its shape."""
    syllable, final = match.groups()
    if (ord(syllable) - ord("가")) % 28:
        return match.group()
    return chr(ord(syllable) + _FINALS.index(final))
