"""The status line: what reads, who answers, where words go; and short news beside that for a few seconds."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.generators import Generator
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

_NEWS_S = 5.0


class StatusLine(Horizontal):
    """How things stand, or short news for a few seconds; where words go is never hidden by them."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self._said = Static(id="said")
        self._where = Static(id="where")
        self._standing = self._in_short = ""
        self._doing = ""
        self._news: list[str] = []
        self._turning: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self._said
        yield self._where

    def stand(self, text: str, in_short: str = "") -> None:
        """Say how things stand from now on.

        Args:
            in_short: the same where there is no room for it.
        """
        self._standing, self._in_short = text, in_short or text
        self._paint()

    def on_resize(self) -> None:
        self.call_after_refresh(self._paint)  # when it is known what room is left beside where words go

    def do(self, text: str) -> None:
        """Say what is being done, instead of how things stand; empty when it is done."""
        self._doing = text
        self._paint()

    def tell(self, *texts: str) -> None:
        """Say what just happened, each for a few seconds. Not a toast, which would cover what is typed."""
        self._news = list(texts)
        self._paint()
        if self._turning is not None:
            self._turning.stop()
        self._turning = self.set_timer(_NEWS_S, lambda: self.tell(*self._news[1:])) if texts else None

    def stand_on(self, classifier: Classifier, generator: Generator, wishes: Sequence[str]) -> None:
        """Say what reads, who answers, what is wanted of the answers, and where words go."""
        host = generator.host
        self._where.update(
            Content(
                say(f"{with_particle(host, '으로/로')} 보내요", f"sent to {host}")
                if host
                else say("이 컴퓨터 안에서만", "stays here")
            )
        )
        sees = say("대화째", "whole talk") if classifier.reads_context else say("문장만", "message only")
        reads = say(f"감정 {classifier.name}", f"emotion {classifier.name}")
        answers = say(f"대답 {generator.model}", f"answers {generator.model}")
        sees = say(f"({sees})", f" ({sees})")
        self.stand(" · ".join([*wishes, reads + sees, answers]), " · ".join([*wishes, reads, answers]))
        self.call_after_refresh(self._paint)

    def _paint(self) -> None:
        width = self._said.size.width
        standing = self._standing if Content(self._standing).cell_length <= width else self._in_short
        text = next(filter(None, (*self._news, self._doing)), standing)
        self._said.set_class(bool(self._news), "-news")
        self._said.update(Content(text))
