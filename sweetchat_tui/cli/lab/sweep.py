"""`sweetchat lab sweep`: learning rates and batch sizes, against each other."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui.cli import options
from sweetchat_tui.cli.lab.needs import workshop
from sweetchat_tui.cli.lab.train import (
    BASE,
    Base,
    Data,
    Epochs,
    LabelSet,
    RecipeName,
    Seed,
    called,
    encoder,
    require,
)
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
        from sweetchat_tui.classifiers import checkpoint
        from sweetchat_tui.lab import curves, training
        from sweetchat_tui.lab import sweep as sweeping
        from sweetchat_tui.lab.output import writing

    runs = sweeping.plan(
        _numbers(rates, sweeping.RATES, float),
        [int(n) for n in _numbers(batches, sweeping.BATCHES, int)],
        at_batch=at_batch,
        at_rate=at_rate,
    )
    # What would fail in each run fails here, once.
    known = require(ctx, data, recipe, labels, [run.rate for run in runs], device)
    found = checkpoint.find(encoder(ctx, base, device))
    gpus = _gpus(device)
    words = ["--data", str(data), "--base", base, "--recipe", recipe, "--labels", labels]
    words += ["--seed", str(seed), "--device", device or "auto"]
    words += ["--epochs", str(epochs)] if epochs is not None else []
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    chosen = known if epochs is None else replace(known, epochs=epochs)
    shared = training.plan(found, called(base), data, chosen, labels, seed)
    outcomes = sweeping.sweep(runs, words, shared, out, gpus, ctx.obj.tell)
    best = max(outcomes, key=lambda outcome: outcome.accuracy, default=None)
    # 20 ms: rich, which knows that Hangul is two columns wide.
    from rich.cells import set_cell_size

    columns = (say("학습률", "rate"), 8), (say("배치", "batch"), 6), (say("검증 정확도", "accuracy"), 11)
    course_of = say("에폭마다의 검증 손실과 정확도", "validation loss and accuracy, epoch by epoch")
    typer.echo("  " + " ".join(set_cell_size(name, width) for name, width in columns) + f" {course_of}")
    for outcome in outcomes:
        run, course = outcome.run, outcome.course
        mark = "*" if outcome is best else " "
        typer.echo(
            f"{mark} {run.rate:<8g} {run.batch:<6} {outcome.accuracy:<11.4f}"
            f" loss {curves.blocks(course.validation_loss)}"
            f"  accuracy {curves.blocks(course.validation_accuracy)}"
        )
    for swept, what in sweeping.WHAT.items():
        if those := sweeping.of(swept, outcomes):
            ends = f"{those[0].run.value:g}–{those[-1].run.value:g}"
            typer.echo(f"{what} {ends}  {curves.blocks([one.accuracy for one in those])}")


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
    # 1.6 s: torch.
    import torch

    from sweetchat_tui.classifiers import bert_torch

    if device not in (None, "auto"):
        bert_torch.require(device)
    if device not in (None, "auto", "cuda"):
        return []
    return [str(number) for number in range(torch.cuda.device_count())]
