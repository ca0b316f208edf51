"""The help of every command, in both languages and within the columns of a terminal."""

import re
import subprocess
import sys
import unicodedata

import pytest

from sweetchat_tui.cli.root import COMMANDS

WALK = """
import sys, typer
from sweetchat_tui import lang
lang.use(sys.argv[1])
from sweetchat_tui.cli import helping, root
helping.set_up()
root._load(root.COMMANDS)
def walk(command, context):
    print(command.get_help(context))
    for name, below in getattr(command, "commands", {}).items():
        walk(below, type(context)(below, info_name=name, parent=context))
command = typer.main.get_command(root.app)
walk(command, command.make_context("sweetchat", [], resilient_parsing=True))
"""


def helps(language: str) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", WALK, language],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.count("sweetchat ") > 30
    return done.stdout


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_help_is_in_the_language_in_use_and_fits_80_columns(language: str) -> None:
    told = helps(language)
    assert [line for line in told.splitlines() if columns(line) > 80] == []
    if language == "en":
        assert re.findall(r".*[가-힣].*", told) == []
    else:
        own = r"Usage|Options:|Commands:|Arguments:|Show this|completion for|required|default:"
        own += r"|(?<!-)\b(?:the|and|of|to)\b"
        assert re.findall(rf".*(?:{own}).*", told) == []


def test_every_command_has_a_help(sweetchat) -> None:  # type: ignore[no-untyped-def]
    told = helps("ko")
    for name in COMMANDS:
        assert f"쓰는 법: sweetchat {name}" in told
    done = sweetchat("lab", "train", "--help")
    assert done.code == 0 and done.out.startswith("쓰는 법: sweetchat lab train")
