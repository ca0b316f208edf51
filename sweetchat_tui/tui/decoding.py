"""What a terminal sends that Textual does not take: bytes that are no UTF-8, long commits of Hangul."""

import codecs
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from textual import _xterm_parser

_LONGEST_COMMIT = 512
"""Characters, six for each syllable under the keyboard protocol, where Textual reads no more than 32."""


def forgive() -> None:
    """Read such bytes as �, which would end the app as a bug does, and such commits whole."""
    setattr(_xterm_parser, "_MAX_SEQUENCE_SEARCH_THRESHOLD", _LONGEST_COMMIT)  # noqa: B010
    with suppress(ImportError):  # on Windows, where keys come otherwise
        from textual.drivers import linux_driver

        setattr(linux_driver, "getincrementaldecoder", _forgiving)  # noqa: B010


def _forgiving(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    return partial(codecs.getincrementaldecoder(encoding), "replace")
