"""A streamed answer, chunk by chunk, to words and the way it ended.

Pure. Knows nothing of connections.
"""

from sweetchat_tui.conversation import Finish, Usage
from sweetchat_tui.generators import Finished, openai_errors
from sweetchat_tui.generators.openai_client import Provider

LONGEST_ANSWER = 100_000
"""Characters. No friend says more at once, and what is longer would hold up the screen."""
_MOST_TOKENS = 2**53
_SECRET = 16
"""Characters from which a key is one, and not a word like `ollama` that a server of one's own wants."""


class Reading:
    """One streamed answer. Chunks are JSON of any shape; what is not understood is skipped."""

    def __init__(self, key: str | None) -> None:
        """
        Args:
            key: what the provider may echo, and nobody is to see.
        """
        self._key = key if key and len(key) >= _SECRET else ""
        self.media_type: str | None = None
        """What the server calls its answer; None until it has begun."""
        self.spoken = False
        """Whether any words have come."""
        self._reason: str | None = None
        self._usage: Usage | None = None
        self._held = ""
        self._left = LONGEST_ANSWER

    @property
    def full(self) -> bool:
        """Whether the answer is as long as one may be; the rest is not waited for."""
        return self._left == 0

    def take(self, chunk: object) -> str:
        """The words of a chunk; what may be half of something at their end waits for the next chunk.

        Servers that count in UTF-16 cut an emoji in two, and a half can be neither stored nor sent; and a key
        that is echoed comes in pieces.
        """
        match chunk:
            case {"usage": {"prompt_tokens": int(read), "completion_tokens": int(written)}} if (
                0 <= read < _MOST_TOKENS and 0 <= written < _MOST_TOKENS
            ):
                self._usage = Usage(read, written)
        match chunk:
            case {"choices": [{"finish_reason": str(reason)}, *_]} if reason:
                self._reason = reason
        match chunk:
            case {"choices": [{"delta": {"content": str(text)} | {"refusal": str(text)}}, *_]}:
                return self._joined(text)
        return ""

    def rest(self) -> str:
        """What was waiting for another half that never came."""
        return _paired(self._held)

    @property
    def whole(self) -> bool:
        """Whether the answer is complete, whatever happens to the connection afterwards."""
        return self.spoken and self._reason is not None

    def finished(self, provider: Provider) -> Finished:
        """How the answer ended.

        Raises:
            SweetchatError: it was empty, was no answer at all, or stopped in the middle.
        """
        finishes: dict[str | None, Finish] = {"length": "length", "content_filter": "filtered"}
        finish = finishes.get(self._reason, "stop")
        if not self.spoken and finish != "filtered":
            if self._reason is None and "event-stream" not in (self.media_type or ""):
                raise openai_errors.no_chat_server(provider)
            raise openai_errors.empty(provider.host, at_limit=finish == "length")
        if self._reason is None:
            raise openai_errors.cut_off(provider.host)
        return Finished(finish, self._usage)

    def _joined(self, text: str) -> str:
        text = self._held + text
        if self._key:
            text = text.replace(self._key, "****")
        begun = range(min(len(self._key) - 1, len(text)), 0, -1)
        held = next((length for length in begun if text.endswith(self._key[:length])), 0)
        self._held = text[len(text) - (held or ("\ud800" <= text[-1:] <= "\udbff")) :]
        text = text[: len(text) - len(self._held)][: self._left]
        self._left -= len(text)
        if self.full:
            self._held, self._reason = "", "length"
        self.spoken = self.spoken or bool((text + self._held).strip())
        return _paired(text)


def _paired(text: str) -> str:
    """With halves of surrogate pairs joined, and a sign in place of one that stands alone."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
