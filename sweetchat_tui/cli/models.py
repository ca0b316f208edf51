"""`sweetchat models`: the classifiers on this machine: fetched, prepared, compared, listed, removed."""

import time
from dataclasses import asdict
from importlib.util import find_spec
from typing import Annotated

import typer

from sweetchat_tui.classifiers.hub_failures import size
from sweetchat_tui.cli import asking, options, reading, showing
from sweetchat_tui.cli.progress import ProgressLine
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean

app = typer.Typer(no_args_is_help=True)

_EMBEDDED = "lite"


def _require_fetched(model: str | None, otherwise: str) -> None:
    """
    Raises:
        Misused: it is the embedded classifier, of which there is `otherwise` to say.
    """
    if model == _EMBEDDED:
        raise Misused(otherwise, say("받은 모델 보기: sweetchat models list", "See: sweetchat models list"))


@app.command("list", help=say("쓸 수 있는 감정 모델.", "The classifiers on this machine."))
def list_(ctx: typer.Context, as_json: options.AsJsonLines = False) -> None:
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
    if len(rows) == 1 and not as_json:
        fetch = "sweetchat models pull"
        ctx.obj.tell(say(f"BERT 모델(443 MB)을 받으려면: {fetch}", f"To fetch BERT (443 MB): {fetch}"))


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
    # 350 ms: numpy and onnxruntime, beside what asks the Hub.
    from sweetchat_tui.classifiers import fetching, hub

    _require_fetched(
        model, say("내장 모델이라서 받을 것이 없어요.", "The embedded classifier is here already.")
    )
    wanted = model or hub.DEFAULT_MODEL
    if model is None and not yes and not reading.piped():
        missing = hub.plan(wanted).missing_bytes
        question = say(f"{wanted}: {size(missing)}를 받을까요?", f"Fetch {wanted}, {size(missing)}?")
        if missing:
            asking.require(question, default=True)
    progress = ProgressLine(quiet=ctx.obj.quiet)
    try:
        folder = fetching.fetch(wanted, progress.show, progress.say)
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
    from sweetchat_tui.classifiers import fetching

    _require_fetched(
        model, say("내장 모델이라서 지울 수 없어요.", "The embedded classifier cannot be removed.")
    )
    freed = fetching.remove(model)
    if not ctx.obj.quiet:
        typer.echo(say(f"지웠어요. {size(freed)}가 비었어요.", f"Removed: {size(freed)} freed."), err=True)


_Kept = Annotated[
    str,
    typer.Argument(
        metavar="[ID]",
        help=say("받은 모델의 이름이나 폴더.", "A fetched classifier, or a folder with one."),
    ),
]


@app.command(
    "convert",
    help=say(
        "감정 모델을 미리 준비해요(fp32와 int8).", "Prepare a classifier ahead of its use, in fp32 and int8."
    ),
)
def convert(ctx: typer.Context, model: _Kept = "bert") -> None:
    # 170 ms: numpy and the readers of weights.
    from sweetchat_tui import classifiers
    from sweetchat_tui.classifiers import checkpoint, prepared, shape

    _require_fetched(
        model,
        say("내장 모델이라서 준비할 것이 없어요.", "The embedded classifier has nothing to prepare."),
    )
    found = checkpoint.find(classifiers.located(model)[0])
    try:
        sizes = shape.bert_shape(found)
    except shape.NeedsTorch as read_otherwise:
        if find_spec("torch") is None:
            raise
        ctx.obj.tell(read_otherwise.hint)
        return
    precisions: tuple[prepared.Precision, ...] = ("fp32", "int8")
    for precision in precisions:
        started = time.perf_counter()
        prepared.prepare(found, sizes, precision)
        ctx.obj.tell(f"{precision}: {time.perf_counter() - started:.1f} s")
    typer.echo(prepared.folder(found, sizes))


@app.command(
    "verify",
    help=say(
        "이 컴퓨터의 실행기와 정밀도가 같은 답을 하는지 재요.",
        "Measure how alike the runtimes and precisions of this machine answer.",
    ),
)
def verify(
    ctx: typer.Context,
    model: _Kept = "bert",
    file: options.InputFile = None,
    as_json: options.AsJsonLines = False,
) -> None:
    # 350 ms: numpy and onnxruntime.
    from sweetchat_tui import classifiers
    from sweetchat_tui.classifiers import agreement, verifying

    _require_fetched(
        model,
        say(
            "내장 모델은 한 가지로만 읽어서 견줄 것이 없어요.",
            "The embedded classifier reads in one way, with nothing to compare.",
        ),
    )
    texts = verifying.sentences()
    if file is not None:
        with reading.opened(file) as source:
            texts += [clean(line) for line in reading.whole(source).splitlines() if line.strip()]
    columns = (
        say("실행기", "runtime"),
        say("첫 감정이 같음", "same first"),
        say("로짓 차이 최대", "greatest logit difference"),
        say("초당 문장", "texts a second"),
        say("문장", "texts"),
    )
    for at, verdict in enumerate(verifying.verify(classifiers.located(model)[0], texts)):
        seen = verdict.found
        if not at and not as_json:
            typer.echo("\t".join(columns))
        if as_json:
            document = {"schema": 1, "name": verdict.name, **asdict(seen), "texts_per_s": verdict.texts_per_s}
            typer.echo(showing.dumps(document))
        else:
            typer.echo(
                f"{verdict.name}\t{seen.equal_first_share:.1%}\t{seen.greatest_logit_difference:.6f}"
                f"\t{verdict.texts_per_s:,.0f}\t{seen.n}"
            )
        if verdict.name == "int8" and seen.equal_first_share >= agreement.ENOUGH:
            ctx.obj.tell(
                say("이제 --precision auto는 int8로 읽어요.", "From now on --precision auto reads in int8.")
            )
