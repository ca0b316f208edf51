"""`sweetchat lab train-lite`: the embedded classifier, from the corpus."""

from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui.cli.lab.needs import workshop
from sweetchat_tui.lang import say


def train_lite(
    ctx: typer.Context,
    data: Annotated[
        Path,
        typer.Option(
            "--data",
            help=say(
                "lab prepare가 만든 폴더, 또는 말뭉치 엑셀 파일.",
                "Folder that lab prepare made, or the corpus's spreadsheet.",
            ),
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", help=say("결과를 둘 폴더.", "Folder for the weights and the card.")),
    ] = Path("lite"),
) -> None:
    with workshop():
        # 1.2 s: scipy, which only training needs.
        from sweetchat_tui.lab import train_lite as training

    training.train(data, out, report=ctx.obj.tell)
    if data.is_dir():
        ctx.obj.tell(
            say("재 보기", "To measure it") + f": sweetchat lab evaluate {out} --data {data} -o {out}"
        )
    typer.echo(out)
