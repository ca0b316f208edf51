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
_BEGINS = re.compile("[\x1b\x90\x98\x9b\x9d-\x9f]")
# C0 and C1 without tab and newline; the marks that turn the direction of what follows; and signs that no one
# sees but a model reads: tags (with them a pasted text can carry hidden words, which flags of England and the
# like are not worth), variants that go past U+FE0F, operators without a shape, and spaces without a width.
_CONTROL = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    r"\U000e0000-\U000e0fff"
)
_CONTROLS = re.compile(f"[{_CONTROL}]")
# Of those that make an emoji, two stand beside one another at most; of the marks on a letter, as many as
# any language puts there: more would hide words, or paint over the lines around.
_JOINERS = re.compile(r"[\u200c\u200d\ufe00-\ufe0f]{3,}")
_MARK = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MARKS = re.compile(f"([{_MARK}]{{4}})[{_MARK}]+")
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_SURROGATES = re.compile("[\ud800-\udfff]")


# Everything that the patterns above, and the repair of surrogates, could change.
_SUSPECT = re.compile(
    f"[{_CONTROL}"
    f"{_MARK}"
    r"\u2028\u2029\u200c\u200d\ufe00-\ufe0f\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The same text in the one form that the program works with.

    Composed (NFC, never NFKC, which would turn ㅋ into another letter), with surrogate halves joined
    or replaced, line ends as `\\n`, and without terminal commands, control characters, marks that
    override the direction of text, or signs that hide words. Cleaning twice changes nothing more.
    """
    if not _SUSPECT.search(text):
        return unicodedata.normalize("NFC", text)
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _BREAKS.sub("\n", text)
    text = _CONTROLS.sub("", _ESCAPES.sub("", text))
    return _MARKS.sub(r"\1", unicodedata.normalize("NFC", _JOINERS.sub("", text)))


class Growing:
    """A text that comes in pieces, cleaned as far as it has come.

    What no later piece can change is not looked at again: whoever sends a letter at a time could else have
    the whole cleaned a hundred thousand times. A terminal command that goes on for thousands of signs is
    taken for words, as is one that never ends.
    """

    def __init__(self, settles_at: int = 500) -> None:
        """
        Args:
            settles_at: characters that are looked at with each piece; four times as many in a command.
        """
        self._settles_at = settles_at
        self._settled = ""
        self._rest = ""

    def add(self, piece: str) -> str:
        """The text with this piece, cleaned."""
        self._rest += piece
        if len(self._rest) > self._settles_at:
            self._settle()
        return self._settled + clean(self._rest)

    def _settle(self) -> None:
        # What stands before a space neither composes with what follows nor is the start of a line end.
        end = max(self._rest.rfind(" "), self._rest.rfind("\n")) + 1
        if not end or _BEGINS.search(self._rest):
            end = len(self._rest) if len(self._rest) > 4 * self._settles_at else 0
        self._settled += clean(self._rest[:end])
        self._rest = self._rest[end:]


def inert(text: str) -> str:
    """The text without a character that could command a terminal; nothing else of it changes.

    For the way out, where texts stand amid what the program made of them: no run of them is taken for a
    command, so that no one's words can swallow what stands between. A line end other than `\\n` is a space.
    """
    if not _SUSPECT.search(text):
        return text
    return _CONTROLS.sub("", _BREAKS.sub(" ", text.replace("\r\n", "\n")))


def one_line(text: str) -> str:
    """The text with every run of white space as one space, for titles and lists."""
    return " ".join(text.split())


# How the last sound of a Latin letter or a digit, read aloud in Korean, ends.
_CLOSED_ALOUD = frozenset("lmnrLMNR013678")
_RIEUL_ALOUD = frozenset("lrLR178")


def _ending(word: str) -> tuple[bool, bool]:
    """Whether a word ends in a consonant, and whether that consonant is ㄹ."""
    before, last = _last_two(unicodedata.normalize("NFC", word))
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return final != 0, final == 8
    if last == "r" and before.isascii() and before.isalpha():
        return False, False  # 엔터, 서버; R by itself is 알
    return last in _CLOSED_ALOUD, last in _RIEUL_ALOUD


def _last_two(word: str) -> tuple[str, str]:
    """The last sign of a word that is read aloud, and the one right before it."""
    at = next((at for at in reversed(range(len(word))) if word[at].isalnum()), 0)
    return word[max(0, at - 1) : at], word[at : at + 1]


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
