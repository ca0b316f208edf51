"""`sweetchat lab`: where classifiers are made."""

from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say

app = typer.Typer(no_args_is_help=True)


@app.callback()
def lab() -> None:
    pass


@app.command(
    "train-lite",
    help=say("말뭉치로 내장 분류기를 만들어요.", "Make the embedded classifier from the corpus."),
)
def train_lite(
    data: Annotated[
        Path, typer.Option("--data", help=say("감성 대화 말뭉치 엑셀 파일.", "The corpus, a spreadsheet."))
    ],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", help=say("결과를 둘 폴더.", "Folder for the weights and the card.")),
    ] = Path("lite"),
) -> None:
    try:
        # 1.2 s: scipy, which only training needs.
        from sweetchat_tui.lab import train_lite as training
    except ModuleNotFoundError as missing:
        raise Misused(
            say(f"학습에 필요한 {missing.name}이(가) 없어요.", f"Training needs {missing.name}."),
            "pip install '.[lab]'",
        ) from None

    training.train(data, out, report=lambda line: typer.echo(line, err=True))
