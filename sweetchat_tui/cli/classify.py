"""`sweetchat classify`: the emotion of texts, one or millions, a line in and a line out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui.cli import edge, options, reading
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean

_FEW = 8
"""Texts for which a classifier is not worth making ready for many."""


def classify(
    ctx: typer.Context,
    texts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT]...",
            help=say(
                "읽을 글. 없으면 표준 입력의 한 줄씩.", "Texts to read; without any, each line of stdin."
            ),
        ),
    ] = None,
    file: options.InputFile = None,
    top: Annotated[
        int,
        typer.Option(
            "-k", "--top-k", min=1, help=say("감정을 몇 개까지 볼지.", "How many emotions to show.")
        ),
    ] = 3,
    classifier: options.ClassifierName = None,
    device: options.Device = None,
    precision: options.Precision = None,
    context: Annotated[
        list[str] | None,
        typer.Option(
            "--context",
            metavar="TEXT",
            help=say(
                "같은 사람이 앞서 한 말(오래된 것부터, 여러 번).",
                "Earlier messages, oldest first; repeatable.",
            ),
        ),
    ] = None,
    dialogue: Annotated[
        bool,
        typer.Option(
            "--dialogue",
            help=say(
                "줄들이 한 대화의 차례예요. 빈 줄에서 다음 대화가 시작돼요.",
                "Lines are the turns of one dialogue; an empty line starts the next.",
            ),
        ),
    ] = False,
    as_json: options.AsJsonLines = False,
    raw: options.Raw = False,
    table: options.Table = None,
    column: options.Column = None,
    output_table: options.OutputTable = None,
    resume: options.Resume = False,
) -> None:
    if raw:
        edge.require_pipe()
    if table or column or output_table or resume:
        if not (table and column and output_table) or texts or file is not None or dialogue or raw:
            raise Misused(
                say(
                    "표에는 --input, --column, --output이 다 있어야 하고 다른 입력과 --raw는 못 써요.",
                    "A table takes --input, --column and --output, and no TEXT, --file, --dialogue or --raw.",
                ),
                "sweetchat classify --input a.csv --column text --output b.csv",
            )
        _table(
            ctx, (table, column, output_table), top, (classifier, device, precision), context or (), resume
        )
        return
    if texts and file is not None:
        raise Misused(say("TEXT와 --file은 함께 쓸 수 없어요.", "Give TEXT or --file, not both."))
    if dialogue and context:
        raise Misused(
            say("--dialogue와 --context는 함께 쓸 수 없어요.", "Give --dialogue or --context, not both."),
            say(
                "--dialogue에서는 앞줄들이 맥락이 돼요.", "With --dialogue the lines before are the context."
            ),
        )
    if not texts and file is None and not reading.piped():
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(Misused.exit_code)
    settings = ctx.obj.settings(classifier=classifier, device=device, precision=precision)
    # 85 ms: numpy and the weights.
    from sweetchat_tui.cli import classifying, wiring

    one_shot = 0 < len(texts or ()) <= _FEW
    read_by = wiring.classifier(settings, one_shot=one_shot, notify=ctx.obj.tell)
    output = classifying.Output(
        read_by, top, earlier=context or (), as_json=as_json, raw=raw, quiet=ctx.obj.quiet
    )
    if texts:
        output.messages([clean(text) for text in texts], texts)
        return
    with reading.opened(file) as source:
        for block in reading.blocks(source):
            lines, came = classifying.lines_of(block)
            output.dialogues(lines, came) if dialogue else output.messages(lines, came)


def _table(
    ctx: typer.Context,
    paths: tuple[Path, str, Path],
    top: int,
    chosen: tuple[str | None, str | None, str | None],
    earlier: Sequence[str],
    resume: bool,
) -> None:
    classifier, device, precision = chosen
    settings = ctx.obj.settings(classifier=classifier, device=device, precision=precision)
    # 85 ms: numpy and the weights.
    from sweetchat_tui.cli import bulk, wiring

    read_by = wiring.classifier(settings, notify=ctx.obj.tell)
    bulk.run(read_by, paths, top=top, earlier=earlier, resume=resume, quiet=ctx.obj.quiet)
