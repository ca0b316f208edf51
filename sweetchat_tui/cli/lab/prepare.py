"""`sweetchat lab prepare`: the corpus as it was downloaded, to tables that the rest of the lab reads."""

from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui.cli.lab.needs import workshop
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say

_SPLITS = ("dialogue", "original")


def prepare(
    ctx: typer.Context,
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            help=say(
                "AI Hub 감성 대화 말뭉치: xlsx, JSON, zip, 폴더.",
                "The corpus from AI Hub: xlsx, JSON, zips, folders.",
            ),
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help=say("결과를 둘 폴더.", "Folder for the tables."))],
    split: Annotated[
        str,
        typer.Option(
            "--split",
            metavar="|".join(_SPLITS),
            help=say(
                "대화째로 나누기, 또는 원래 시스템처럼 문장으로 나누기(6:2:2).",
                "By dialogue, or by sentence as the original system did (6:2:2).",
            ),
        ),
    ] = "dialogue",
    shares: Annotated[
        str | None,
        typer.Option(
            "--shares",
            metavar="N:N:N",
            help=say("train:validation:test의 비율(8:1:1).", "Shares of train:validation:test (8:1:1)."),
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help=say("나누기의 씨앗(0).", "Seed of the split (0)."))
    ] = None,
    tokenizer: Annotated[
        str | None,
        typer.Option(
            "--tokenizer",
            metavar="FOLDER|ID",
            help=say("토큰 수를 셀 토크나이저.", "Tokenizer to count tokens with."),
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option("--limit", min=1, help=say("모델이 받는 토큰 수.", "Tokens that a model takes.")),
    ] = 128,
    force: Annotated[
        bool, typer.Option("--force", help=say("이미 있는 것을 바꿔요.", "Replace what is there."))
    ] = False,
) -> None:
    if split not in _SPLITS:
        raise Misused(
            say(f"그런 나누기는 없어요: {split}", f"There is no split {split}."), " | ".join(_SPLITS)
        )
    if split == "original" and (shares, seed) != (None, None):
        raise Misused(
            say(
                "--split original에는 --shares와 --seed를 쓸 수 없어요.",
                "--split original takes neither --shares nor --seed.",
            ),
            say("원래 나누기는 늘 6:2:2, 씨앗 0이에요.", "The original's is always 6:2:2 with seed 0."),
        )
    divided = _shares(shares or "8:1:1")
    with workshop():
        # 1 s: pyarrow, and scikit-learn, which alone splits as the original did.
        from sweetchat_tui.lab import prepare as preparing

    told = preparing.prepare(
        sources,
        out,
        split=split,  # type: ignore[arg-type]
        shares=divided,
        seed=seed or 0,
        tokenizer=tokenizer,
        limit=limit,
        force=force,
    )
    if not ctx.obj.quiet:
        # 60 ms: rich, which knows that Hangul is two columns wide.
        from sweetchat_tui.cli.lab import preparing as showing

        showing.show(told)
        ctx.obj.tell(f"→ {out}")


def _shares(written: str) -> tuple[float, float, float]:
    try:
        train, validation, test = (float(share) for share in written.split(":"))
    except ValueError:
        train = validation = test = 0.0
    if not (min(train, validation, test) > 0 and train + validation + test < float("inf")):
        raise Misused(
            say(f"비율을 모르겠어요: {written}", f"These are no shares: {written}"),
            say("0보다 큰 수 셋을 써요: --shares 8:1:1", "Give three numbers above 0: --shares 8:1:1"),
        )
    return train, validation, test
