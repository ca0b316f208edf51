"""Messages in, a line each out, in order and in flat memory."""

import os
import sys
from collections.abc import Sequence
from json.encoder import encode_basestring

from sweetchat_tui import safety
from sweetchat_tui.beside import Beside
from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.cli import edge, showing
from sweetchat_tui.conversation import Danger
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean, inert, one_line

_MOST_AT_ONCE = 4096
"""Messages that are read together; more would only take more memory."""
_MOST_EARLIER = 8
"""Messages of a dialogue that are kept as context; older ones weigh nothing."""


def lines_of(block: str) -> tuple[list[str], list[str]]:
    """The lines of a block, one for each `\\n` in it: cleaned, and as they came."""
    block = block.replace("\r\n", "\n").removesuffix("\n")
    came = block.split("\n")
    if clean(block) == block:
        return came, came
    # Cleaning can add or swallow line ends: one line at a time then, so that output stays in step.
    return [" ".join(clean(line).splitlines()) for line in came], came


class Output:
    """Reads messages and prints what was felt in them."""

    def __init__(
        self,
        classifier: Classifier,
        top: int,
        *,
        earlier: Sequence[str],
        as_json: bool,
        raw: bool = False,
        quiet: bool,
    ) -> None:
        """
        Args:
            top: how many emotions each line names.
            earlier: messages before each of those to come, oldest first.
            raw: print each text as it came, and not as it was read.
            quiet: print no help for someone in danger; the JSON tells all the same.
        """
        self._classifier = classifier
        self._top = min(top, len(classifier.emotions))
        self._earlier = [clean(text) for text in earlier]
        self._quiet = quiet
        self._raw = raw
        self._format = _Json(classifier) if as_json else _Plain(classifier, raw=raw)

    def messages(self, texts: Sequence[str], came: Sequence[str]) -> None:
        """Read messages that do not know of one another.

        Args:
            came: the same texts before they were cleaned.
        """
        contexts = [self._earlier] * min(len(texts), _MOST_AT_ONCE) if self._earlier else None
        for at in range(0, len(texts), _MOST_AT_ONCE):
            some = texts[at : at + _MOST_AT_ONCE]
            self._print(some, contexts and contexts[: len(some)], came[at : at + _MOST_AT_ONCE])

    def dialogues(self, lines: Sequence[str], came: Sequence[str]) -> None:
        """Read the turns of dialogues; an empty line starts the next. Goes on where the last call ended.

        Args:
            came: the same lines before they were cleaned.
        """
        for at in range(0, len(lines), _MOST_AT_ONCE):
            texts: list[str] = []
            before: list[str] = []
            contexts: list[Sequence[str]] = []
            for line, as_it_came in list(zip(lines, came, strict=True))[at : at + _MOST_AT_ONCE]:
                if line.strip():
                    texts.append(line)
                    before.append(as_it_came)
                    contexts.append(self._earlier)
                    self._earlier = [*self._earlier[-_MOST_EARLIER + 1 :], line]
                else:
                    self._earlier = []
            self._print(texts, contexts, before)

    def _print(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None, came: Sequence[str]
    ) -> None:
        if not texts:
            return
        # Reading the rules of danger takes 20 ms of Python, and a network runs outside of it.
        assessing = Beside(lambda: safety.assess_all(texts))
        read = self._classifier.read(texts, contexts, top=self._top)
        dangers = assessing.result()
        rows = zip(
            came if self._raw else texts,
            read.order.tolist(),
            read.confidence.tolist(),
            read.uncertain.tolist(),
            dangers,
            strict=True,
        )
        printed = "".join(self._format.line(*row) for row in rows)
        if self._raw or self._format.drawn:
            edge.draw(printed)
        else:
            sys.stdout.write(printed)
            sys.stdout.flush()
        if not self._quiet and Danger.CRISIS in dangers:
            showing.help_card(Danger.CRISIS)
            self._quiet = True


class _Json:
    """JSON Lines. Put together by hand from parts made once: an encoder takes longer than the classifier."""

    drawn = False

    def __init__(self, classifier: Classifier) -> None:
        def quoted(text: str | None) -> str:
            return "null" if text is None else encode_basestring(text)

        self._emotions = [
            f'"emotion":{quoted(e.label)},"index":{e.index},"group":{quoted(e.group)},"confidence":'
            for e in classifier.emotions
        ]
        self._classifier = quoted(classifier.name)

    def line(
        self, text: str, order: list[int], confidence: list[float], uncertain: bool, danger: Danger
    ) -> str:
        scores = [f"{self._emotions[i]}{c:.4f}" for i, c in zip(order, confidence, strict=True)]
        top = "},{".join(scores)
        return (
            f'{{"schema":1,"text":{encode_basestring(text)},{scores[0]},'
            f'"uncertain":{"true" if uncertain else "false"},"top":[{{{top}}}],'
            f'"classifier":{self._classifier},"crisis":"{danger}"}}\n'
        )


class _Plain:
    """Three columns for people and `cut`: the emotion, the first ones with their confidence, the text."""

    def __init__(self, classifier: Classifier, *, raw: bool) -> None:
        self._labels = [e.label for e in classifier.emotions]
        self._shown = str if raw else _shown
        self._unclear = say("뚜렷한 감정 없음", "nothing clear")
        self.drawn = (
            sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )

    def line(
        self,
        text: str,
        order: list[int],
        confidence: list[float],
        uncertain: bool,
        danger: Danger,  # noqa: ARG002
    ) -> str:
        first = self._unclear if uncertain else self._labels[order[0]]
        scores = [f"{self._labels[i]} {c:.0%}" for i, c in zip(order, confidence, strict=True)]
        if self.drawn:
            first = f"\x1b[1m{inert(first)}\x1b[0m"
        return f"{first}\t{inert(' · '.join(scores))}\t{self._shown(text)}\n"


def _shown(text: str) -> str:
    return inert(one_line(text))
