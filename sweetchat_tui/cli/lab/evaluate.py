"""`sweetchat lab evaluate`: how good a classifier is, on a part of a prepared corpus."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sweetchat_tui.cli import options, showing
from sweetchat_tui.cli.lab.needs import workshop
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    from sweetchat_tui.classifiers import Classifier
    from sweetchat_tui.lab.figures import Figures

_PARTS = ("train", "validation", "test")


def evaluate(
    ctx: typer.Context,
    classifier: Annotated[
        str,
        typer.Argument(
            metavar="CLASSIFIER",
            help=say("lite, bert, 폴더, Hub의 이름.", "lite, bert, a folder, or a Hub id."),
        ),
    ],
    data: Annotated[
        Path, typer.Option("--data", help=say("lab prepare가 만든 폴더.", "Folder that lab prepare made."))
    ],
    part: Annotated[
        str, typer.Option("--part", metavar="|".join(_PARTS), help=say("어느 부분.", "Which part."))
    ] = "test",
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="CLASSIFIER",
            help=say("같은 문장에서 견줄 다른 모델.", "Another classifier to compare on the same rows."),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            help=say("보고서와 그림을 둘 폴더.", "Folder for the report, its pictures and evaluation.json."),
        ),
    ] = None,
    device: options.Device = None,
    precision: options.Precision = None,
    as_json: options.AsJson = False,
) -> None:
    if part not in _PARTS:
        raise Misused(say(f"그런 부분은 없어요: {part}", f"There is no part {part}."), " | ".join(_PARTS))
    with workshop():
        # 1 s: scipy, pyarrow and numpy.
        from sweetchat_tui.lab import data as prepared
        from sweetchat_tui.lab import figures, report, significance
    from datetime import UTC, datetime

    from sweetchat_tui.cli import wiring

    rows = prepared.sentences(data, part)  # type: ignore[arg-type]
    settings = ctx.obj.settings(classifier=classifier, device=device, precision=precision)
    reader = wiring.classifier(settings, notify=ctx.obj.tell)
    found = figures.measure(reader, rows)
    about = {
        "data": prepared.digest(data),
        "weights": _weights(classifier, reader),
        "part": part,
        "date": datetime.now(UTC).date().isoformat(),
    }
    content = report.document(found, about)
    smoke = report.everyday(reader)
    verdict = ""
    if against is not None:
        other = wiring.classifier(ctx.obj.settings(classifier=against), notify=ctx.obj.tell)
        theirs = figures.measure(other, rows)
        if theirs.labels != found.labels:
            raise Misused(
                say("라벨이 서로 달라서 견줄 수 없어요.", "Their labels differ, so they cannot be compared.")
            )
        test = significance.mcnemar(found.right, theirs.right)
        verdict = report.compared(test, found, theirs)
        content["against"] = {
            "classifier": theirs.classifier,
            "accuracy": theirs.top[1],
            "only_first": test.only_first,
            "only_second": test.only_second,
            "p": test.p,
        }
    if out is not None:
        report.write(out, content, found, smoke)
        ctx.obj.tell(f"{out / 'evaluation.md'}")
    if as_json:
        typer.echo(showing.dumps(content))
    else:
        _show(found, smoke, verdict)


def _weights(name: str, reader: "Classifier") -> str | None:
    """The sha256 of a checkpoint's weights; None for the embedded classifier."""
    from sweetchat_tui import classifiers
    from sweetchat_tui.classifiers import checkpoint, prepared
    from sweetchat_tui.classifiers.lite import LiteClassifier

    if isinstance(reader, LiteClassifier):
        return None
    found = checkpoint.find(classifiers.located("bert" if name == "auto" else name)[0])
    return prepared.digest(found.weights)


def _show(found: "Figures", smoke: list[tuple[str, str, str]], verdict: str) -> None:
    # 60 ms: rich, which knows that Hangul is two columns wide.
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from sweetchat_tui.lab import evaluation, report

    console = Console(highlight=False, color_system=None)

    def show(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, numbers: bool) -> None:
        table = Table(*header, title=title, title_justify="left", box=box.SIMPLE)
        for column in table.columns[1:] if numbers else ():
            column.justify = "right"
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)

    emotion = say("감정", "emotion")
    show(found.classifier, ("", ""), report.headlines(found), numbers=False)
    show(
        say("감정마다", "Per emotion"),
        (emotion, "precision", "recall", "F1", "n"),
        report.per_label_lines(found),
        numbers=True,
    )
    pairs = [
        (found.labels[true], found.labels[guess], f"{count:,}")
        for true, guess, count in evaluation.worst_pairs(found.confusion)
    ]
    show(
        say("가장 자주 헷갈린 짝", "Most often confused"),
        (say("정답", "truth"), say("답", "guess"), "n"),
        pairs,
        numbers=False,
    )
    show(
        say("일상 문장 열셋", "Thirteen everyday sentences"),
        (say("문장", "sentence"), emotion, say("그다음", "next")),
        smoke,
        numbers=False,
    )
    if verdict:
        console.print(Text(verdict))
