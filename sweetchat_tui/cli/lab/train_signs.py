"""`sweetchat lab train-signs`: the signs of danger, from the project's own lines."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui.cli.lab.needs import workshop
from sweetchat_tui.lang import say


def train_signs(
    out: Annotated[Path, typer.Option("-o", "--out", help=say("쓸 파일.", "File to write."))] = Path(
        "signs.txt"
    ),
    lists: Annotated[
        Path,
        typer.Option(
            "--lists", help=say("테스트의 위험 문장 폴더.", "Folder of the tests' lists of danger.")
        ),
    ] = Path("tests/unit/danger"),
    corpus: Annotated[
        Path | None,
        typer.Option(
            "--data",
            help=say(
                "lab prepare가 만든 폴더. 일상의 말을 여기서도 배워요.",
                "Folder of lab prepare: everyday talk to learn from as well.",
            ),
        ),
    ] = None,
) -> None:
    with workshop():
        # 1.2 s: scikit-learn, which only training needs.
        from sweetchat_tui.lab import danger_material
        from sweetchat_tui.lab import train_signs as training

    lines = danger_material.gather(lists, training.spoken(corpus) if corpus else ())
    today = datetime.now(UTC).date()
    training.train(lines, out, today, report=lambda line: typer.echo(line, err=True))
