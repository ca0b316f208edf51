"""`sweetchat lab evaluate`: how good a classifier is, on a part of a prepared corpus."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sweetchat_tui.cli import options, showing
from sweetchat_tui.cli.lab.needs import workshop
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean

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
        from sweetchat_tui.lab import card, figures, lite_card, report, significance
        from sweetchat_tui.lab import data as prepared
        from sweetchat_tui.lab import seen as seeing
        from sweetchat_tui.lab.output import writing
    from datetime import UTC, datetime

    rows = prepared.sentences(data, part)  # type: ignore[arg-type]
    digest = prepared.digest(data)
    reader, folder = _reader(ctx, classifier, device, precision)
    # What would fail after the measuring fails before it: with a BERT that takes a while.
    other, their_folder = _reader(ctx, against, None, None) if against is not None else (None, None)
    if other is not None and {e.label for e in other.emotions} != {e.label for e in reader.emotions}:
        raise Misused(
            say("라벨이 서로 달라서 견줄 수 없어요.", "Their labels differ, so they cannot be compared.")
        )
    if out is not None:
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)
    found = figures.measure(reader, rows)
    seen = seeing.seen(folder, digest, part)
    about = {
        "data": digest,
        "weights": card.weights(folder) if folder is not None else None,
        "part": part,
        "seen": seen,
        "date": datetime.now(UTC).date().isoformat(),
    }
    content = report.document(found, about)
    smoke = report.everyday(reader)
    remarks = [seeing.told(seen, found.classifier)]
    if other is not None:
        theirs = figures.measure(other, rows)
        test = significance.mcnemar(found.right, theirs.right)
        their_seen = seeing.seen(their_folder, digest, part)
        remarks += [report.compared(test, found, theirs), seeing.told(their_seen, theirs.classifier)]
        content["against"] = {
            "classifier": theirs.classifier,
            "accuracy": theirs.top[1],
            "seen": their_seen,
            "only_first": test.only_first,
            "only_second": test.only_second,
            "p": test.p,
        }
    remarks = list(dict.fromkeys(filter(None, remarks)))
    if out is not None:
        own = card.may_tell(out, content)
        report.write(out, content, found, smoke, remarks, figures=own)
        if own:
            card.renew(out, content)
        if not lite_card.renew(out, content) and not own:
            ctx.obj.tell(
                say(
                    f"{out}의 카드와 evaluation.json은 그대로 뒀어요. "
                    "거기 있는 모델을 test 부분에서 잰 수치만 담아요.",
                    f"The card and the evaluation.json in {out} were left as they were: "
                    "they are for figures of the classifier in there, on the test part.",
                )
            )
        ctx.obj.tell(f"{out / 'evaluation.md'}")
    if as_json:
        typer.echo(showing.dumps(content))
    else:
        _show(found, smoke, report.drawn(reader, rows), remarks)


def _reader(
    ctx: typer.Context, name: str, device: str | None, precision: str | None
) -> "tuple[Classifier, Path | None]":
    """A classifier and the folder of its checkpoint; None for the embedded one."""
    from sweetchat_tui import classifiers
    from sweetchat_tui.classifiers.lite import LiteClassifier
    from sweetchat_tui.cli import wiring

    made = Path(name) / "lite.bin"  # by train-lite
    if made.is_file():
        return LiteClassifier.load(made), made.parent
    settings = ctx.obj.settings(classifier=name, device=device, precision=precision)
    reader = wiring.classifier(settings, notify=ctx.obj.tell)
    if isinstance(reader, LiteClassifier):
        return reader, None
    return reader, classifiers.located("bert" if name == "auto" else name)[0]


def _show(
    found: "Figures",
    smoke: Sequence[tuple[str, ...]],
    drawn: Sequence[tuple[str, ...]],
    remarks: Sequence[str],
) -> None:
    # 60 ms: rich, which knows that Hangul is two columns wide.
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from sweetchat_tui.lab import evaluation, report

    console = Console(highlight=False, color_system=None)

    def show(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, numbers: int) -> None:
        """
        Args:
            numbers: how many of the last columns are numbers.
        """
        named = any(header)
        table = Table(*header, title=title, title_justify="left", box=box.SIMPLE, show_header=named)
        for column in table.columns[len(header) - numbers :]:
            column.justify = "right"
        for column in table.columns:
            column.overflow = "fold"
        for row in rows:
            table.add_row(*(Text(clean(cell)) for cell in row))
        console.print(table)

    emotion, truth, guess = say("감정", "emotion"), say("정답", "truth"), say("답", "guess")
    show(found.classifier, ("", ""), report.headlines(found), numbers=0)
    show(
        say("감정마다", "Per emotion"),
        (emotion, "precision", "recall", "F1", "n"),
        report.per_label_lines(found),
        numbers=4,
    )
    pairs = [
        (found.labels[true], found.labels[guess], f"{count:,}")
        for true, guess, count in evaluation.worst_pairs(found.confusion)
    ]
    show(say("가장 자주 헷갈린 짝", "Most often confused"), (truth, guess, "n"), pairs, numbers=1)
    sentence = say("문장", "sentence")
    show(say("뽑은 열 문장", "Ten by lot"), (sentence, truth, guess), drawn, numbers=0)
    show(
        say("일상 문장 열셋", "Thirteen everyday sentences"),
        (sentence, emotion, say("그다음", "next")),
        smoke,
        numbers=0,
    )
    for remark in remarks:
        console.print(Text(remark))
