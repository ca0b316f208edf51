"""`sweetchat lab train`: a checkpoint fine-tuned on a prepared corpus."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sweetchat_tui.cli import options
from sweetchat_tui.cli.lab.needs import workshop
from sweetchat_tui.cli.lab.steps import Steps
from sweetchat_tui.cli.progress import ProgressLine
from sweetchat_tui.errors import Misused, NotThere
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

if TYPE_CHECKING:
    from sweetchat_tui.lab.recipes import Recipe

BASE = "klue/bert-base"

Data = Annotated[
    Path, typer.Option("--data", help=say("lab prepare가 만든 폴더.", "Folder that lab prepare made."))
]
Base = Annotated[
    str,
    typer.Option(
        "--base",
        metavar="FOLDER|ID",
        help=say("시작할 인코더: 폴더나 Hub의 이름.", "Encoder to start from: a folder or a Hub id."),
    ),
]
RecipeName = Annotated[
    str, typer.Option("--recipe", metavar="original|sweetchat", help=say("조리법.", "How it is trained."))
]
LabelSet = Annotated[
    str,
    typer.Option(
        "--labels", metavar="58|6", help=say("58가지 감정 또는 여섯 갈래.", "58 emotions or 6 groups.")
    ),
]
Epochs = Annotated[int | None, typer.Option("--epochs", min=1, help=say("에폭은 많아야.", "Epochs at most."))]
Seed = Annotated[int, typer.Option("--seed", min=0, help=say("난수의 씨앗.", "Seed."))]


def train(
    ctx: typer.Context,
    data: Data,
    out: Annotated[
        Path, typer.Option("-o", "--out", help=say("결과를 둘 폴더.", "Folder for the classifier."))
    ],
    base: Base = BASE,
    recipe: RecipeName = "sweetchat",
    labels: LabelSet = "58",
    epochs: Epochs = None,
    learning_rate: Annotated[
        float | None, typer.Option("--learning-rate", help=say("학습률.", "Learning rate."))
    ] = None,
    batch: Annotated[
        int | None, typer.Option("--batch", min=1, help=say("한 걸음의 문장 수.", "Sentences a step."))
    ] = None,
    device: options.Device = None,
    seed: Seed = 0,
) -> None:
    given = {"epochs": epochs, "learning_rate": learning_rate, "batch": batch}
    known = require(ctx, data, recipe, labels, [learning_rate] if learning_rate is not None else [], device)
    chosen = replace(known, **{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    folder = encoder(ctx, base, device)
    with workshop():
        # 6 s: torch and transformers.
        from sweetchat_tui.lab import train_bert
    # Under `torchrun` this is one of several, of which the first speaks for all.
    first = os.environ.get("RANK", "0") == "0"
    steps = Steps(quiet=ctx.obj.quiet or not first)
    try:
        done = train_bert.train(
            folder,
            data,
            out,
            chosen,
            name=called(base),
            label_set=labels,  # type: ignore[arg-type]
            device=device or "auto",
            seed=seed,
            watcher=steps,
        )
    finally:
        steps.end()
    if first:
        steps.say(say(f"검증 정확도 {done['accuracy']:.4f}", f"Validation accuracy {done['accuracy']:.4f}"))
        steps.say(say("재 보기", "To measure it") + f": sweetchat lab evaluate {out} --data {data} -o {out}")
        typer.echo(out)


def require(
    ctx: typer.Context, data: Path, recipe: str, labels: str, rates: Sequence[float], device: str | None
) -> "Recipe":
    """The recipe of that name; what cannot be trained is refused before torch is loaded."""
    if labels not in ("58", "6"):
        raise Misused(say(f"그런 라벨은 없어요: {labels}", f"There are no such labels: {labels}"), "58 | 6")
    if not all(0 < rate < 1 for rate in rates):
        raise Misused(say("학습률은 0과 1 사이예요.", "The learning rate is between 0 and 1."))
    with workshop():
        # 700 ms: pyarrow and numpy.
        from sweetchat_tui.lab import data as prepared
        from sweetchat_tui.lab import recipes
    if recipe not in recipes.RECIPES:
        raise Misused(
            say(f"그런 조리법은 없어요: {recipe}", f"There is no recipe {recipe}."),
            " | ".join(recipes.RECIPES),
        )
    ctx.obj.settings(device=device)  # which knows the names of devices
    for part in ("train", "validation"):
        prepared.table(data, part)
    return recipes.RECIPES[recipe]


def called(base: str) -> str:
    """The id on the Hub that was given; empty where it was a folder."""
    return "" if Path(base).is_dir() else base


def encoder(ctx: typer.Context, base: str, device: str | None) -> Path:
    """The folder of an encoder, fetched from the Hub when it is not here."""
    from sweetchat_tui import classifiers
    from sweetchat_tui.classifiers import checkpoint

    try:
        folder = classifiers.located(base)[0]
    except NotThere:
        if base.count("/") != 1 or base.startswith((".", "/", "~")):
            raise
        folder = _fetched(ctx, base, device)
    checkpoint.find(folder)
    return folder


def _fetched(ctx: typer.Context, base: str, device: str | None) -> Path:
    from sweetchat_tui.classifiers import bert_torch, hub

    # Whoever has no such device has no use for hundreds of megabytes either.
    bert_torch.require("cpu" if device in (None, "auto") else str(device))
    ctx.obj.tell(say(f"{with_particle(base, '을/를')} 받아요…", f"Fetching {base}…"))
    progress = ProgressLine(quiet=ctx.obj.quiet)
    try:
        return hub.pull(base, progress.show)
    finally:
        progress.end()
