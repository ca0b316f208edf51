"""The command line: `sweetchat`, `sweetchat classify`, `sweetchat ask` and the rest.

`main` is the edge: it sets the streams and the language, runs one command, and turns what went
wrong into one sentence, what to do about it, and an exit code.
"""

import gc
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from sweetchat_tui import lang
from sweetchat_tui.cli import edge, interrupts
from sweetchat_tui.lang import LANGUAGES

_COMMON_FLAGS = ("--debug", "-q", "--quiet", "--no-color", "--version")
_COMMON_OPTIONS = ("--config", "--lang")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit the process."""
    # What is loaded stays: looking for garbage in it every 700 objects takes 8 ms of a command's start.
    gc.set_threshold(50_000)
    # numpy would start a thread for each core that waits, spinning, for products of which only the lab
    # has any, and small ones: 8 % of the CPU time of reading one text.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    edge.guard()
    interrupts.guard()
    # Arguments are bytes that Python read in the locale's encoding; people type UTF-8.
    words = [os.fsencode(a).decode("utf-8", "replace") for a in sys.argv[1:]] if argv is None else list(argv)
    common, rest = _hoisted(words)
    lang.use(_language(common))

    from sweetchat_tui.cli.root import COMMANDS, run  # its help texts are made in the language in use

    words = _with_command(rest, COMMANDS)
    code = run(common, words)
    if argv is None and words[0] in ("classify", "chat"):
        _leave(code)
    sys.exit(code)


def _leave(code: int) -> NoReturn:
    """End the process without taking the interpreter apart, which is an eighth of one answer's time.

    A classifier that the app still fetches, or prepares, is not waited for either.

    Only for a command that has closed what it wrote by itself. Raises `SystemExit` where a stream
    cannot be flushed, for the interpreter to do as it always does.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)
    os._exit(code)


def _hoisted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The common options, which may stand anywhere before `--`, and the other words."""
    common: list[str] = []
    rest: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word == "--":
            return common, [*rest, word, *remaining]
        if word in _COMMON_FLAGS or word.startswith(tuple(f"{o}=" for o in _COMMON_OPTIONS)):
            common.append(word)
        elif word in _COMMON_OPTIONS:
            common.extend([word, *(value for value in [next(remaining, None)] if value is not None)])
        else:
            rest.append(word)
    return common, rest


def _with_command(rest: list[str], commands: Sequence[str]) -> list[str]:
    """The words with `chat` before options that no command claims: bare `sweetchat` is the app.

    What is said as `help COMMAND` is asked for as `COMMAND --help`.
    """
    first = rest[0] if rest else "--"
    if first == "help":
        return [*rest[1:], "--help"]
    if first in ("-h", "--help", "--install-completion", "--show-completion") or first in commands:
        return rest
    return ["chat", *rest] if first.startswith("-") else rest


def _language(common: Sequence[str]) -> lang.Language:
    """The language asked for, told before the commands, whose help is in it, are loaded."""
    from sweetchat_tui import config, paths
    from sweetchat_tui.errors import SweetchatError
    from sweetchat_tui.files import read_bounded

    given: dict[str, str | None] = dict.fromkeys(_COMMON_OPTIONS)
    for word, value in pairwise([*common, ""]):
        option, equals, joined = word.partition("=")
        if option in given:
            given[option] = joined if equals else value
    file = Path(given["--config"] or os.environ.get("SWEETCHAT_CONFIG") or paths.config_file())
    wanted: list[str | None] = [given["--lang"], os.environ.get("SWEETCHAT_LANG")]
    try:
        wanted.insert(0, config.read(file, os.environ, {"lang": given["--lang"]}, named=False).lang)
    except SweetchatError:  # told by the command, which reads it again; in the language that it would be in
        with suppress(OSError, ValueError):
            said = read_bounded(file, config.MOST_BYTES).decode()
            found = re.search(r"""^lang *= *["'](\w+)""", said, re.MULTILINE)
            wanted.append(found and found[1])
    return next((known for word in wanted for known in LANGUAGES if known == word), "ko")
