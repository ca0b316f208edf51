"""The status line: what reads, who answers, where words go; and short news for a few seconds."""

from textual.content import Content
from textual.widgets import Static

from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.generators import Generator
from sweetchat_tui.lang import say

_NEWS_S = 5.0


class StatusLine(Static):
    """One line that always says how things stand, and now and then what just happened."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self._standing = ""
        self._news = 0

    def stand(self, text: str) -> None:
        """Say how things stand from now on."""
        self._standing = text
        self.remove_class("-news")
        self.update(Content(text))

    def stand_on(self, classifier: Classifier, generator: Generator) -> None:
        """Say what reads, who answers and where words go."""
        host = generator.host
        where = (
            say(f"{host}로 보내요", f"sent to {host}") if host else say("이 컴퓨터 안에서만", "stays here")
        )
        sees = say("대화째", "whole talk") if classifier.reads_context else say("문장만", "message only")
        self.stand(
            say(
                f"감정 {classifier.name}({sees}) · 대답 {generator.model} · {where}",
                f"emotion {classifier.name} ({sees}) · answers {generator.model} · {where}",
            )
        )

    def tell(self, text: str) -> None:
        """Say what just happened, for a few seconds. A line, not a toast, which would cover what is typed."""
        self._news += 1
        self.add_class("-news")
        self.update(Content(text))
        self.set_timer(_NEWS_S, lambda this=self._news: self._settle(this))

    def _settle(self, news: int) -> None:
        if news == self._news:
            self.stand(self._standing)
