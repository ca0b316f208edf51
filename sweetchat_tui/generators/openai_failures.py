"""What went wrong with a request, read once from the client's errors into one plain value.

Knows the errors of `openai` and of `httpx2`, the transport beneath it, some of whose own come
through. Knows nothing of what people are told about them.
"""

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from math import isfinite

from sweetchat_tui.text import clean, one_line

_NO_CREDIT = frozenset({"insufficient_quota", "billing_not_active", "billing_hard_limit_reached"})
_NO_MODEL = frozenset({"model_not_found", "model_decommissioned", "invalid_model"})
_NOT_THERE = re.compile(r"not found|not exist|not a valid|invalid model|unknown model|no longer", re.I)
_TOO_LONG = re.compile(r"context.{0,2}(length|size|window)|maximum context|prompt is too long", re.I)


class Kind(Enum):
    """Where a request failed."""

    SILENCE = auto()
    """Nothing came for too long."""
    CONNECTION = auto()
    """The connection could not be made, or broke."""
    NAME = auto()
    """The host's name is not known."""
    TLS = auto()
    """No secure connection could be agreed on."""
    CORRUPT = auto()
    """What came cannot be read."""
    REFUSED = auto()
    """The provider answered with an error."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed request."""

    kind: Kind
    status: int | None = None
    """HTTP status; None when there was none, as for an error inside a stream that names none."""
    names: frozenset[str] = frozenset()
    """The provider's `code` and `type`."""
    words: str = ""
    """What the provider said, cleaned and without the key; at most 2,000 characters."""
    parameter: str | None = None
    """The parameter that the provider blames."""
    wait_s: float | None = None
    """Seconds that the provider asked to wait; None when it did not say."""
    location: str = ""
    """Where the provider redirects to."""

    @property
    def no_credit(self) -> bool:
        """The account, not the pace, is the trouble; a 429 can be either."""
        return bool(self.names & _NO_CREDIT) or self.status == 402

    @property
    def too_long(self) -> bool:
        """The conversation does not fit the model."""
        if "context_length_exceeded" in self.names or self.status == 413:
            return True
        return self.status in (None, 400, 422) and bool(_TOO_LONG.search(self.words))

    @property
    def passing(self) -> bool:
        """The same request may succeed a moment later."""
        if self.status is None:
            return self.kind in (Kind.SILENCE, Kind.CONNECTION, Kind.NAME)
        return (self.status in (408, 409, 429) and not self.no_credit) or self.status >= 500

    def blames(self, parameter: str) -> bool:
        """The request was refused because of this parameter."""
        return self.status in (400, 422) and (parameter == self.parameter or parameter in self.words)

    def misses(self, model: str) -> bool:
        """The provider has no such model, or has it no more."""
        if self.names & _NO_MODEL:
            return True
        if not (self.parameter == "model" or "model" in self.words.casefold() or model in self.words):
            return False
        return self.status == 404 or (self.status == 400 and bool(_NOT_THERE.search(self.words)))


def read(error: Exception, key: str | None) -> Failure:
    """The failure behind an exception that the client, its transport or a JSON reader raised."""
    # Whoever has such an exception in hand has both loaded already.
    import httpx2
    import openai

    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException | TimeoutError):
        return Failure(Kind.SILENCE)
    if isinstance(error, openai.APIConnectionError | httpx2.RequestError):
        return Failure(_broken_at(error))
    if not isinstance(error, openai.APIError):
        return Failure(Kind.CORRUPT)
    headers: Mapping[str, str] = {}
    code = error.code or ""
    status = int(code) if re.fullmatch("[345][0-9]{2}", code) else None
    if isinstance(error, openai.APIStatusError):
        headers, status = error.response.headers, error.status_code
    return Failure(
        Kind.REFUSED,
        status,
        frozenset(str(name).casefold() for name in (error.code, error.type) if name),
        masked(_said(error.body), key)[:2000] or f"HTTP {status or '?'}",
        error.param,
        _asked_wait_s(headers),
        masked(headers.get("location", ""), key),
    )


def masked(words: str, key: str | None) -> str:
    """A provider's words as one clean line, without the key that it may have echoed."""
    words = one_line(clean(words))
    return words.replace(key, "****") if key else words


def _broken_at(error: BaseException) -> Kind:
    import httpx2

    causes = list(_causes(error))
    # What is too much, or packed, would come again.
    if any(isinstance(cause, httpx2.DecodingError) for cause in causes):
        return Kind.CORRUPT
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Kind.TLS
    return Kind.NAME if any(isinstance(cause, socket.gaierror) for cause in causes) else Kind.CONNECTION


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _said(body: object) -> str:
    if isinstance(body, dict):
        told = (body.get(name) for name in ("message", "detail", "error"))
        return next((words for words in told if isinstance(words, str)), str(body))
    if isinstance(body, str) and not body.lstrip().startswith("<"):
        return body
    return ""


def _asked_wait_s(headers: Mapping[str, str]) -> float | None:
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit_s
        except ValueError:
            continue
        if isfinite(seconds) and seconds >= 0:
            return seconds
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except (ValueError, OverflowError):
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
