"""`classify` over a table: each row out with what was felt in it, in order and in flat memory."""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import typer

from sweetchat_tui import safety
from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.cli import edge, interrupts, showing, tables
from sweetchat_tui.conversation import Danger
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean, with_particle

_RESULTS = ("emotion", "index", "group", "confidence", "uncertain", "top", "classifier", "crisis")
_FEWEST, _MOST = 256, 4096
_LONG_ENOUGH_S = 0.5
"""A chunk that took less is followed by a larger one: slow classifiers stay prompt, quick ones quick."""


def run(
    classifier: Classifier,
    paths: tuple[Path, str, Path],
    *,
    top: int,
    earlier: Sequence[str],
    resume: bool,
    quiet: bool,
) -> None:
    """Read a column of one table and write another table.

    Args:
        paths: the table to read, the column with the texts, and the table to write.
        earlier: messages before each of the texts, oldest first.
        resume: go on after the rows that the output has already.

    Raises:
        SweetchatError: as `tables.read`, `tables.write` and their tables do.
    """
    path, column, output = paths
    with interrupts.for_every_end(), closing(tables.read(path, column)) as source:
        if output.exists() and output.samefile(path):
            raise Misused(
                say("입력과 출력이 같은 파일이에요.", "The input and the output are the same file."),
                say("--output에 다른 이름을 써 주세요.", "Give --output another name."),
            )
        names = tables.added(_RESULTS, source.columns)
        with closing(tables.write(output, source, column, names, resume=resume)) as sink:
            felt = _Felt(classifier, names, top, earlier, structured=output.suffix.lower() == ".jsonl")
            _skip(source, sink, felt, output, column)
            _walk(source, sink, felt, quiet=quiet)


def _skip(source: tables.Source, sink: tables.Sink, felt: "_Felt", output: Path, column: str) -> None:
    """Pass over the rows that are done.

    Raises:
        Unreadable: the output's last row is not the input's row at that place.
        Misused: another classifier read it, or it names more emotions or fewer.
    """
    left, last = sink.found, ""
    while left:
        chunk = source.chunk(min(left, _MOST))
        if chunk is None:
            raise tables.no_continuation(output)
        left -= len(chunk.texts)
        last = chunk.texts[-1]
    if sink.last is None:
        return
    if clean(sink.last[column] or "") != clean(last):
        raise tables.no_continuation(output)
    felt.require_alike(sink.last, output)


def _walk(source: tables.Source, sink: tables.Sink, felt: "_Felt", *, quiet: bool) -> None:
    """Take chunk after chunk from the source to the sink."""
    progress = _Progress(sink.found, source.share, shown=sys.stderr.isatty() and not quiet)
    most = _FEWEST
    try:
        while chunk := source.chunk(most):
            started = time.monotonic()
            results = felt.results(chunk.texts)
            sink.write(chunk, results)
            progress.more(len(results), source.share)
            if most < _MOST and time.monotonic() - started < _LONG_ENOUGH_S:
                most *= 2
    except KeyboardInterrupt:
        progress.end()
        if not quiet:
            typer.echo(
                say(
                    "멈췄어요. 한 데까지는 써 두었어요. 이어서 하려면 --resume을 붙여 주세요.",
                    "Stopped; what was done is written. Add --resume to go on.",
                ),
                err=True,
            )
        raise
    progress.end()
    if felt.crisis and not quiet:
        showing.help_card(Danger.CRISIS)


class _Felt:
    """The columns that are added."""

    def __init__(
        self,
        classifier: Classifier,
        names: Sequence[str],
        top: int,
        earlier: Sequence[str],
        *,
        structured: bool,
    ) -> None:
        """
        Args:
            names: what the columns of `_RESULTS` are called here.
            structured: `top` is a list, for JSON; else it is the same as JSON text.
        """
        self.crisis = False
        self._classifier = classifier
        self._names = names
        self._top = min(top, len(classifier.emotions))
        self._earlier = [clean(text) for text in earlier]
        self._structured = structured

    def require_alike(self, row: tables.Row, output: Path) -> None:
        """
        Raises:
            Misused: a row that is there was made by another classifier, or names more emotions or fewer.
            Unreadable: it was not made here.
        """
        there = dict(zip(_RESULTS, (row[name] for name in self._names), strict=True))
        try:
            top = there["top"] if self._structured else json.loads(there["top"])
            name, count = str(there["classifier"]), len(top)
        except (TypeError, ValueError):
            raise tables.no_continuation(output) from None
        if (name, count) != (self._classifier.name, self._top):
            raise Misused(
                say(
                    f"앞줄들은 {with_particle(name, '으로/로')} 감정을 {count}개씩 읽은 표예요: {output}",
                    f"The rows that are there were read by {name}, {count} emotions each: {output}",
                ),
                say(
                    "그때의 -c, --precision, -k로 이어 하거나 다른 이름으로 새로 시작해 주세요.",
                    "Go on with the same -c, --precision and -k, or start anew under another name.",
                ),
            )

    def results(self, texts: Sequence[str]) -> list[Mapping[str, object]]:
        """The added columns of these texts, a row each."""
        texts = [clean(text) for text in texts]
        contexts = [self._earlier] * len(texts) if self._earlier else None
        read = self._classifier.read(texts, contexts, top=self._top)
        dangers = safety.assess_all(texts)
        self.crisis = self.crisis or Danger.CRISIS in dangers
        rows = zip(
            read.order.tolist(), read.confidence.tolist(), read.uncertain.tolist(), dangers, strict=True
        )
        return [self._row(*row) for row in rows]

    def _row(
        self, order: list[int], confidence: list[float], uncertain: bool, danger: Danger
    ) -> dict[str, object]:
        top = [
            {"emotion": e.label, "index": e.index, "group": e.group, "confidence": round(c, 4)}
            for e, c in zip((self._classifier.emotions[i] for i in order), confidence, strict=True)
        ]
        scores = top if self._structured else showing.dumps(top)
        values = (*top[0].values(), uncertain, scores, self._classifier.name, str(danger))
        return dict(zip(self._names, values, strict=True))


class _Progress:
    """Rows, rate and what is left, on one line of a terminal."""

    def __init__(self, found: int, share: float, *, shown: bool) -> None:
        """
        Args:
            found: rows that were done before.
            share: of the input that they are, 0 to 1.
        """
        self._done = found
        self._shown = shown
        self._found, self._share = found, share
        self._started = self._told = time.monotonic()

    def more(self, rows: int, share: float) -> None:
        """So many rows more are done, and this share of the input."""
        self._done += rows
        now = time.monotonic()
        if not self._shown or now - self._told < 0.2:
            return
        self._told = now
        elapsed_s = now - self._started
        rate = (self._done - self._found) / elapsed_s
        left_s = elapsed_s * (1 - share) / max(share - self._share, 1e-6)
        line = say(
            f"{self._done:,}줄 · {share:.0%} · 초당 {rate:,.0f}줄 · {left_s:,.0f}초 남음",
            f"{self._done:,} rows · {share:.0%} · {rate:,.0f} a second · {left_s:,.0f} s left",
        )
        edge.draw(f"\r\x1b[K{line}", err=True)

    def end(self) -> None:
        """Leave the line as it stands."""
        if self._told > self._started:
            typer.echo("", err=True)
