"""`sweetchat lab sweep`: learning rates and batch sizes, against each other."""

from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui.cli import options
from sweetchat_tui.cli.lab.needs import workshop
from sweetchat_tui.cli.lab.train import BASE, Base, Data, Epochs, LabelSet, RecipeName, Seed, encoder
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say


def sweep(
    ctx: typer.Context,
    data: Data,
    out: Annotated[Path, typer.Option("-o", "--out", help=say("결과를 둘 폴더.", "Folder for the runs."))],
    base: Base = BASE,
    recipe: RecipeName = "original",
    labels: LabelSet = "58",
    epochs: Epochs = 10,
    rates: Annotated[
        str | None,
        typer.Option(
            "--rates",
            metavar="R,R,…",
            help=say("학습률들. 기본은 원작의 여덟.", "Default: the original's eight."),
        ),
    ] = None,
    batches: Annotated[
        str | None,
        typer.Option(
            "--batches",
            metavar="N,N,…",
            help=say("배치 크기들. 기본은 원작의 넷.", "Default: the original's four."),
        ),
    ] = None,
    at_batch: Annotated[
        int, typer.Option("--at-batch", min=1, help=say("학습률을 견줄 배치.", "Batch at which rates run."))
    ] = 64,
    at_rate: Annotated[
        float, typer.Option("--at-rate", help=say("배치를 견줄 학습률.", "Rate at which batches run."))
    ] = 2e-5,
    device: options.Device = None,
    seed: Seed = 0,
) -> None:
    with workshop():
        # 1 s: matplotlib.
        from sweetchat_tui.lab import curves
        from sweetchat_tui.lab import sweep as sweeping

    runs = sweeping.plan(
        _numbers(rates, sweeping.RATES, float),
        [int(n) for n in _numbers(batches, sweeping.BATCHES, int)],
        at_batch=at_batch,
        at_rate=at_rate,
    )
    encoder(ctx, base)  # fetched once, and not by each run
    words = ["--data", str(data), "--base", base, "--recipe", recipe, "--labels", labels]
    words += ["--seed", str(seed), "--device", device or "auto"]
    words += ["--epochs", str(epochs)] if epochs is not None else []
    out.mkdir(parents=True, exist_ok=True)
    outcomes = sweeping.sweep(runs, words, out, _gpus(device), ctx.obj.tell)
    best = max(outcomes, key=lambda outcome: outcome.accuracy)
    for outcome in outcomes:
        run, course = outcome.run, outcome.course
        mark = "*" if outcome is best else " "
        typer.echo(
            f"{mark} {run.rate:<8g} {run.batch:>5}  {outcome.accuracy:.4f}"
            f"  {curves.blocks(course.validation_accuracy)}"
        )


def _numbers(text: str | None, default: "tuple[float, ...]", kind: type) -> list[float]:
    if text is None:
        return [*default]
    try:
        found = [kind(part) for part in text.split(",") if part.strip()]
    except ValueError:
        found = []
    if any(value <= 0 for value in found) or (text.strip() and not found):
        raise Misused(
            say(f"수를 쉼표로 이어 적어 주세요: {text}", f"Write numbers with commas between: {text}")
        )
    return found


def _gpus(device: str | None) -> list[str]:
    if device not in (None, "auto", "cuda"):
        return []
    # 1.6 s: torch.
    import torch

    return [str(number) for number in range(torch.cuda.device_count())]
