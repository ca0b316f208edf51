"""What a terminal sends that Textual does not take: bytes that are no UTF-8, long commits of Hangul, arrows
with Alt."""

import codecs
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from textual import _xterm_parser
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys

_LONGEST_COMMIT = 512
"""Characters, six for each syllable under the keyboard protocol, where Textual reads no more than 32."""


def forgive() -> None:
    """Read such bytes as �, which would end the app as a bug does, and such commits and keys whole."""
    setattr(_xterm_parser, "_MAX_SEQUENCE_SEARCH_THRESHOLD", _LONGEST_COMMIT)  # noqa: B010
    _tell_alt_from_escape()
    with suppress(ImportError):  # on Windows, where keys come otherwise
        from textual.drivers import linux_driver

        setattr(linux_driver, "getincrementaldecoder", _forgiving)  # noqa: B010


def _forgiving(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    return partial(codecs.getincrementaldecoder(encoding), "replace")


def _tell_alt_from_escape() -> None:
    """Read Alt+Left as one key: without the keyboard protocol Textual takes it for Escape and then Left."""
    table = cast(dict[str, Any], ANSI_SEQUENCES_KEYS)
    for sequence, keys in table.items():
        if isinstance(keys, tuple) and len(keys) == 2 and keys[0] is Keys.Escape:
            *modifiers, name = keys[1].value.split("+")
            table[sequence] = (SimpleNamespace(value="+".join([*sorted(["alt", *modifiers]), name])),)
