"""A yes or a no, asked on stderr: of someone, too, whose keyboard is in Hangul, where Y is ㅛ and N ㅜ."""

import sys

import typer

from sweetchat_tui.lang import say
from sweetchat_tui.text import clean

_YES = {"y", "yes", "ㅛ", "네", "예", "응"}
_NO = {"n", "no", "ㅜ", "아니", "아니요", "아니오"}


def agreed(question: str, *, default: bool = False) -> bool:
    """Whether the person says yes.

    Args:
        default: what Enter alone says.

    Raises:
        typer.Abort: there is no one to answer.
    """
    choices = "Y/n" if default else "y/N"
    while True:
        typer.echo(f"{question} [{choices}] ", nl=False, err=True)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise typer.Abort
        answer = clean(line).strip().lower()
        if answer in _YES or answer in _NO or not answer:
            return default if not answer else answer in _YES
        typer.echo(say("y(네)나 n(아니요)으로 답해 주세요.", "Please answer y or n."), err=True)


def require(question: str, *, default: bool = False) -> None:
    """Go on only with a yes; arguments as `agreed`.

    Raises:
        typer.Abort: the person said no.
    """
    if not agreed(question, default=default):
        raise typer.Abort
