"""`sweetchat lab publish`: a trained checkpoint, with its card, to the Hub."""

from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui.classifiers.hub_failures import size
from sweetchat_tui.cli import asking
from sweetchat_tui.lang import say


def publish(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help=say("lab train이 만든 폴더.", "Folder that lab train made.")),
    ],
    to: Annotated[str, typer.Option("--to", metavar="OWNER/NAME", help=say("Hub의 이름.", "Hub id."))],
    private: Annotated[
        bool, typer.Option("--private", help=say("나만 볼 수 있게.", "For you alone."))
    ] = False,
    licence: Annotated[
        str | None,
        typer.Option(
            "--license",
            metavar="NAME",
            help=say("가중치의 라이선스(Hub의 이름).", "Licence of the weights, as the Hub names it."),
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("무엇이 갈지만 보여요.", "Show what would go, and stop."))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=say("묻지 않아요.", "Do not ask."))] = False,
) -> None:
    # 200 ms: numpy and the readers of weights.
    from sweetchat_tui.lab import publish as publishing

    parcel = publishing.pack(folder, to, licence)
    for path in parcel.files:
        typer.echo(f"{path.name}\t{size(path.stat().st_size)}")
    typer.echo(f"README.md\t{size(len(parcel.card.encode()))}")
    if dry_run:
        typer.echo("\n" + parcel.card, nl=False)
        return
    key = publishing.token()
    if not yes:
        question = say(f"{to}에 {size(parcel.bytes)}를 올릴까요?", f"Upload {size(parcel.bytes)} to {to}?")
        asking.require(question)
    typer.echo(publishing.send(parcel, key, private=private))
    ctx.obj.tell(say("올렸어요.", "Published."))
