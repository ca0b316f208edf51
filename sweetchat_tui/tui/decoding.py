"""What a terminal sends that is no UTF-8: from one of another encoding, or a broken paste."""

import codecs
from collections.abc import Callable
from contextlib import suppress
from functools import partial


def forgive() -> None:
    """Have Textual read such bytes as �; it would end the app as for a bug."""
    with suppress(ImportError):  # on Windows, where keys come otherwise
        from textual.drivers import linux_driver

        linux_driver.getincrementaldecoder = _forgiving  # type: ignore[attr-defined]


def _forgiving(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    return partial(codecs.getincrementaldecoder(encoding), "replace")
