"""`sweetchat models`: the classifiers on this machine, fetched, listed and removed."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sweetchat_tui.classifiers.hub_failures import size
from sweetchat_tui.cli import options, reading, showing
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    from sweetchat_tui.classifiers.hub import Progress

app = typer.Typer(no_args_is_help=True)

_EMBEDDED = "lite"


@app.command("list", help=say("쓸 수 있는 감정 모델.", "The classifiers on this machine."))
def list_(as_json: options.AsJsonLines = False) -> None:
    # 20 ms: hashing and addresses; the Hub's client comes only when the Hub is asked.
    from sweetchat_tui.classifiers import hub

    rows: list[dict[str, object]] = [{"id": _EMBEDDED, "revision": None, "bytes": None, "kind": "embedded"}]
    rows += [{"id": m.id, "revision": m.revision, "bytes": m.bytes, "kind": m.kind} for m in hub.installed()]
    for row in rows:
        if as_json:
            typer.echo(showing.dumps({"schema": 1} | row))
        else:
            count, revision = row["bytes"], row["revision"]
            room = size(count) if isinstance(count, int) else "-"
            typer.echo(f"{row['id']}\t{str(revision)[:7] if revision else '-'}\t{room}\t{row['kind']}")


@app.command(
    "pull",
    help=say(
        "감정 모델을 받아요. 끊겨도 다음에 이어서 받아요.",
        "Fetch a classifier. One that was cut goes on where it stopped.",
    ),
)
def pull(
    ctx: typer.Context,
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help=say("Hub의 이름, owner/name 또는 owner/name@판.", "owner/name or owner/name@revision."),
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=say("묻지 않아요.", "Do not ask."))] = False,
) -> None:
    from sweetchat_tui.classifiers import hub

    wanted = model or hub.DEFAULT_MODEL
    if model is None and not yes and not reading.piped():
        missing = hub.plan(wanted).missing_bytes
        question = say(f"{wanted}: {size(missing)}를 받을까요?", f"Fetch {wanted}, {size(missing)}?")
        if missing:
            typer.confirm(question, default=True, abort=True, err=True)
    progress = _Line(quiet=ctx.obj.quiet)
    try:
        folder = hub.pull(wanted, progress.show)
    except KeyboardInterrupt:
        progress.say(
            say("멈췄어요. 같은 명령으로 이어서 받아요.", "Stopped; the same command goes on from here.")
        )
        raise
    finally:
        progress.end()
    typer.echo(folder)


@app.command("remove", help=say("받은 감정 모델을 지워요.", "Remove a fetched classifier."))
def remove(
    ctx: typer.Context,
    model: Annotated[
        str,
        typer.Argument(
            metavar="ID", help=say("owner/name(모든 판) 또는 owner/name@판.", "owner/name[@revision].")
        ),
    ],
) -> None:
    from sweetchat_tui.classifiers import hub

    if model == _EMBEDDED:
        raise Misused(
            say("내장 모델이라서 지울 수 없어요.", "The embedded classifier cannot be removed."),
            say("지울 수 있는 것 보기: sweetchat models list", "See: sweetchat models list"),
        )
    freed = hub.remove(model)
    if not ctx.obj.quiet:
        typer.echo(say(f"지웠어요. {size(freed)}가 비었어요.", f"Removed: {size(freed)} freed."), err=True)


class _Line:
    """How far a download is, on stderr: one line that renews itself, or a line for every tenth in a file."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._renewed = sys.stderr.isatty()
        self._tenth = -1
        self._width = 0

    def show(self, p: "Progress") -> None:
        """Say it, if it is time to."""
        share = p.done / p.total if p.total else 1.0
        tenth = int(share * 10)
        if self._quiet or (not self._renewed and tenth == self._tenth):
            return
        self._tenth = tenth
        parts = [f"{share:4.0%}", f"{size(p.done)} / {size(p.total)}"]
        if p.rate:
            parts.append(f"{size(int(p.rate))}/s")
        if p.left and p.done < p.total:
            minutes, seconds = divmod(round(p.left), 60)
            parts.append(say(f"{minutes}:{seconds:02d} 남음", f"{minutes}:{seconds:02d} left"))
        text = " · ".join(parts)
        if self._renewed:
            typer.echo("\r" + text + " " * (self._width - len(text)), nl=False, err=True)
            self._width = len(text) + 2  # Hangul is two columns wide
        else:
            typer.echo(text, err=True)

    def say(self, sentence: str) -> None:
        """Say something else, on a line of its own."""
        self.end()
        if not self._quiet:
            typer.echo(sentence, err=True)

    def end(self) -> None:
        """End the line that renews itself."""
        if self._renewed and self._width:
            typer.echo(err=True)
        self._width = 0
