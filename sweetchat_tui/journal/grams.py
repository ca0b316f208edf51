"""The search index: which pairs of neighbouring characters, and which emotion, a turn has.

SQLite's own tokenizers find whole words, or runs of three characters and more; Korean is searched by
one syllable and by two. So each turn is told to FTS5 as its pairs, and what has all pairs of a query
is looked at once more where it stands: the index may name too many turns, never too few. White space
is left out, because Korean is spaced as people please.

FTS5 keeps no text here, so what was told of a turn must be told again, word for word, to take it
back. Therefore nothing here depends on the Unicode tables of a Python version. Knows nothing of how
turns are written or shown.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from sweetchat_tui.conversation import Turn
from sweetchat_tui.emotions import Emotion
from sweetchat_tui.journal import rows

Words = tuple[str | None, ...]
"""What the index holds of a turn: the emotion column, then each text that will not grow any more."""

_SPACES = "\t\n \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
_SQUEEZED = dict.fromkeys(map(ord, _SPACES))
# FTS5 takes ASCII signs for spaces, so their full-width forms stand for them.
_PLAIN = _SQUEEZED | {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}
_SMALL = {code: code + 0x20 for code in range(ord("A"), ord("Z") + 1)}
_FOLDED = _SQUEEZED | _SMALL
_TERM = re.compile("[0-9a-z\x80-\U0010ffff]+")
# Private characters that stand for emotions. A text may hold them too: that names too many, no more.
_EMOTIONS_FROM = 0xF0000
# More pairs make a query slower and hardly narrower.
_PAIRS_AT_MOST = 32


def create(db: sqlite3.Connection) -> None:
    """Make the index, of every turn that is there."""
    db.execute(
        "CREATE VIRTUAL TABLE grams USING fts5 "
        "(words, content = '', columnsize = 0, detail = none, prefix = '1', tokenize = 'ascii')"
    )
    db.execute("CREATE INDEX replies_growing ON replies (turn) WHERE finish IS NULL")
    fill(db)


def fill(db: sqlite3.Connection) -> None:
    """Tell a blank index of every turn that is there."""
    for (number,) in db.execute("SELECT number FROM turns").fetchall():
        replace(db, number, (), stored(db, number))


def stored(db: sqlite3.Connection, number: int) -> Words:
    """What the index holds of a turn, read from the turn; empty when there is none of this number."""
    said = db.execute("SELECT emotion, text FROM turns WHERE number = ?", (number,)).fetchone() or ()
    replies = db.execute(
        "SELECT text FROM replies WHERE turn = ? AND finish IS NOT NULL ORDER BY position", (number,)
    )
    return (*said, *(text for (text,) in replies))


def held(turn: Turn) -> Words:
    """The same of a turn that is being kept."""
    settled = (reply.text for reply in turn.replies if reply.finish is not None)
    return (rows.emotion_column(turn.emotion), turn.text, *settled)


def replace(db: sqlite3.Connection, number: int, old: Words, new: Words) -> None:
    """Tell the index that a turn changed.

    Args:
        old: what `stored` gave before the change; empty for a new turn.
        new: the same after it; empty for a turn that goes.
    """
    if old == new:
        return
    if told := _told(old):
        db.execute("INSERT INTO grams (grams, rowid, words) VALUES ('delete', ?, ?)", (number, told))
    if told := _told(new):
        db.execute("INSERT INTO grams (rowid, words) VALUES (?, ?)", (number, told))


def terms(words: Words) -> set[str]:
    """What FTS5's ASCII tokenizer makes of what the index is told."""
    return set(_TERM.findall(_told(words).translate(_SMALL)))


def overwrite(db: sqlite3.Connection) -> None:
    """Make the index anew without what was taken back, which FTS5 otherwise keeps for a while."""
    db.execute("INSERT INTO grams (grams) VALUES ('optimize')")


def candidates(db: sqlite3.Connection, query: str, emotions: Sequence[Emotion]) -> Iterator[int]:
    """Numbers of the turns that may hold a text and one of some emotions, newest first, none missing.

    Args:
        query: folded; empty means any text.
        emotions: none means any emotion.
    """
    wanted = [f"({' OR '.join(_sign(emotion) for emotion in emotions)})"] if emotions else []
    plain = query.translate(_PLAIN)
    if len(plain) == 1:
        wanted.append(f'"{plain}" *')
    wanted += [f'"{pair}"' for pair in list(dict.fromkeys(_pairs(plain)[:-1]))[:_PAIRS_AT_MOST]]
    if wanted:
        for (number,) in db.execute(
            "SELECT rowid FROM grams WHERE grams MATCH ? ORDER BY rowid DESC", (" AND ".join(wanted),)
        ):
            yield number


def folded(text: str) -> str:
    """A text without its white space and without capitals in a to z."""
    return text.translate(_FOLDED)


def place(query: str, text: str) -> tuple[int, int] | None:
    """Where a folded text first stands in another, white space between or not: start and length."""
    # No regular expression: one of a long query takes a minute to compile.
    at = folded(text).find(query)
    if at < 0:
        return None
    stands = [place for place, sign in enumerate(text) if ord(sign) not in _SQUEEZED][at : at + len(query)]
    return (stands[0], stands[-1] + 1 - stands[0]) if stands else (0, 0)


def _told(words: Words) -> str:
    emotion, *texts = words or (None,)
    told: Iterable[str] = _pairs("\n".join(text for text in texts if text).translate(_PLAIN))
    if felt := rows.emotion_from(emotion):
        told = (_sign(felt), *told)
    return " ".join(dict.fromkeys(told))


def _pairs(plain: str) -> list[str]:
    """Each character with the one after it, the last alone, so that each begins one."""
    return [plain[at : at + 2] for at in range(len(plain))]


def _sign(emotion: Emotion) -> str:
    return chr(_EMOTIONS_FROM + (emotion.index & 0xFFFF))
