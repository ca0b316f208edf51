"""What any text must be before anything else reads it, and how Korean words take their particles.

Pure. Knows nothing about emotions, models or screens.
"""

import re
import unicodedata

# A whole terminal command, so that its printable tail ("[31m") goes with it: CSI, then the string
# commands OSC, DCS, SOS, PM and APC up to their end (one that never ends takes nothing with it), then
# any other two-character escape.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"
)
# C0 and C1 without tab and newline; then the marks that turn the direction of what follows.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_SURROGATES = re.compile("[\ud800-\udfff]")


# Everything that the patterns above, and the repair of surrogates, could change.
_SUSPECT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The same text in the one form that the program works with.

    Composed (NFC, never NFKC, which would turn ㅋ into another letter), with surrogate halves joined
    or replaced, line ends as `\\n`, and without terminal commands, control characters or marks that
    override the direction of text. Cleaning twice changes nothing more.
    """
    if not _SUSPECT.search(text):
        return unicodedata.normalize("NFC", text)
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _BREAKS.sub("\n", text)
    text = _CONTROLS.sub("", _ESCAPES.sub("", text))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The text with every run of white space as one space, for titles and lists."""
    return " ".join(text.split())


# How the last sound of a Latin letter or a digit, read aloud in Korean, ends.
_CLOSED_ALOUD = frozenset("lmnrLMNR013678")
_RIEUL_ALOUD = frozenset("lrLR178")


def _ending(word: str) -> tuple[bool, bool]:
    """Whether a word ends in a consonant, and whether that consonant is ㄹ."""
    last = next((c for c in reversed(unicodedata.normalize("NFC", word)) if c.isalnum()), "")
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return final != 0, final == 8
    return last in _CLOSED_ALOUD, last in _RIEUL_ALOUD


def with_particle(word: str, particle: str) -> str:
    """A word with the form of the particle that its last sound asks for.

    Args:
        word: any word; Hangul, Latin letters and digits are read by their last sound.
        particle: both forms, the one after a consonant first: `이/가`, `을/를`, `은/는`, `과/와`,
            `아/야`, `이랑/랑`, `이라/라`, `으로/로`.
    """
    after_consonant, after_vowel = particle.split("/")
    closed, rieul = _ending(word)
    if closed and not (rieul and after_consonant.startswith("으로")):
        return word + after_consonant
    return word + after_vowel
