"""The status line: what reads, who answers, where words go; and short news for a few seconds."""

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.generators import Generator
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

_NEWS_S = 5.0


class StatusLine(Static):
    """One line that always says how things stand, or what is being done; and now and then short news."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self._standing = ""
        self._doing = ""
        self._news: list[str] = []
        self._turning: Timer | None = None

    def stand(self, text: str) -> None:
        """Say how things stand from now on."""
        self._standing = text
        self._paint()

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

    def stand_on(self, classifier: Classifier, generator: Generator) -> None:
        """Say what reads, who answers and where words go."""
        host = generator.host
        where = (
            say(f"{with_particle(host, '으로/로')} 보내요", f"sent to {host}")
            if host
            else say("이 컴퓨터 안에서만", "stays here")
        )
        sees = say("대화째", "whole talk") if classifier.reads_context else say("문장만", "message only")
        self.stand(
            say(
                f"감정 {classifier.name}({sees}) · 대답 {generator.model} · {where}",
                f"emotion {classifier.name} ({sees}) · answers {generator.model} · {where}",
            )
        )

    def _paint(self) -> None:
        text = next(filter(None, (*self._news, self._doing)), self._standing)
        self.set_class(bool(self._news), "-news")
        self.update(Content(text))
