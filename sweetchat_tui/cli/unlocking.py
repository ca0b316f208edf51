"""The passphrase of an encrypted journal: asked for in a terminal, or taken from where scripts put it.

Never an argument, which every program on the machine could read.
"""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import typer

from sweetchat_tui.cli import reading
from sweetchat_tui.errors import Locked, Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean

if TYPE_CHECKING:
    from sweetchat_tui.journal import Passphrase

T = TypeVar("T")

VARIABLE = "SWEETCHAT_PASSPHRASE"
NEW_VARIABLE = "SWEETCHAT_NEW_PASSPHRASE"
_TRIES = 3
_SHORTEST = 8
"""Characters."""


def unlocked(use: Callable[["Passphrase | None"], T], *, of: str = "", piped: bool = False) -> T:
    """Do something with a journal; with the passphrase, when it turns out to be encrypted.

    Args:
        of: what is encrypted, when it is not the journal.
        piped: the passphrase may be the next line of standard input.

    Raises:
        Locked: it is encrypted, and nobody knows the passphrase.
        Misconfigured: it is encrypted, and there is no SQLCipher on this machine.
    """
    try:
        return use(None)
    except Locked as error:
        last = error
    from sweetchat_tui.journal import Passphrase
    from sweetchat_tui.journal.sqlite import sqlcipher

    sqlcipher()  # nobody is asked in vain
    if given := os.environ.get(VARIABLE) or (_line() if piped else ""):
        return use(Passphrase(given))
    if not _person_is_there():
        raise last
    prompt = say(
        f"{of or '대화 기록'}의 암호(보이지 않아요)", f"Passphrase of {of or 'the journal'} (not shown)"
    )
    for _ in range(_TRIES - 1):
        try:
            return use(Passphrase(_asked(prompt)))
        except Locked as error:
            typer.echo(clean(f"{error.message} {error.hint}"), err=True)
    return use(Passphrase(_asked(prompt)))


def chosen(variable: str) -> "Passphrase":
    """A new passphrase: of a variable, of the next line of standard input, or asked for twice.

    Raises:
        Misused: there is none, it is too short, or it was not the same twice.
    """
    words = os.environ.get(variable, "")
    if not words and not reading.piped():
        words = _asked(say("새 암호(보이지 않아요)", "New passphrase (not shown)"))
        _require_long_enough(words)
        if _asked(say("한 번 더", "Once more")) != words:
            raise Misused(
                say("두 번 넣은 암호가 달라요.", "These were two passphrases."),
                say("바뀐 것은 없어요. 다시 해 주세요.", "Nothing has changed. Try again."),
            )
    words = words or _line()
    if not words:
        raise Misused(
            say("암호가 없어요.", "There is no passphrase."),
            say(
                f"터미널에서 넣거나, 한 줄로 파이프에, 또는 {variable}에 담아 주세요.",
                f"Type it in a terminal, pipe it in as a line, or put it in {variable}.",
            ),
        )
    _require_long_enough(words)
    # 15 ms: sqlite3.
    from sweetchat_tui.journal import Passphrase

    return Passphrase(words)


def _require_long_enough(words: str) -> None:
    if len(words) < _SHORTEST:
        raise Misused(
            say(
                f"암호가 너무 짧아요. {_SHORTEST}자 이상이어야 해요.",
                f"Too short: {_SHORTEST} characters at least.",
            ),
            say("잊지 않을 낱말 네댓 개가 좋아요.", "Four or five words that you will not forget are good."),
        )


def _person_is_there() -> bool:
    return os.isatty(2)


def _asked(prompt: str) -> str:
    """What a person types into the terminal itself, whatever is piped in. Nothing of it is shown."""
    words: str = typer.prompt(prompt, hide_input=True, err=True)
    return words


def _line() -> str:
    return sys.stdin.readline().rstrip("\r\n") if reading.piped() else ""
