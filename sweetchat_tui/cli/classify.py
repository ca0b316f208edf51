"""`sweetchat classify`: the emotion of texts, one or millions, a line in and a line out."""

from typing import Annotated

import typer

from sweetchat_tui.cli import options, reading
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean


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
) -> None:
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

    output = classifying.Output(
        wiring.classifier(settings), top, earlier=context or (), as_json=as_json, quiet=ctx.obj.quiet
    )
    if texts:
        output.messages([clean(text) for text in texts])
        return
    with reading.opened(file) as source:
        for block in reading.blocks(source):
            lines = classifying.lines_of(block)
            output.dialogues(lines) if dialogue else output.messages(lines)
