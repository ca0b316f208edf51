"""`sweetchat lab gpt-data` and `gpt-tune`: a chat model taught with the corpus's answers."""

import shlex
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from sweetchat_tui.cli import asking, options, remembering, wiring
from sweetchat_tui.cli.lab.needs import workshop
from sweetchat_tui.errors import KeyRefused, Misused, SweetchatError, TryLater, Unreachable
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean, with_particle

if TYPE_CHECKING:
    from sweetchat_tui.generators.openai_client import Provider
    from sweetchat_tui.lab.gpt_tune import Job, Tuning

_EPOCHS = 3
_PATIENCE = 5
"""Looks in a row that may find the provider silent."""
_T = TypeVar("_T")

tune = typer.Typer(no_args_is_help=True)

_Use = Annotated[bool, typer.Option("--use", help=say("다 되면 설정에 넣어요.", "Put it in the config."))]
_Every = Annotated[
    float, typer.Option("--every", min=0.1, help=say("몇 초마다 볼지.", "Seconds between looks."))
]
_JobId = Annotated[str, typer.Argument(metavar="JOB", help=say("작업의 번호.", "Id of the job."))]


def gpt_data(
    ctx: typer.Context,
    data: Annotated[
        Path, typer.Option("--data", help=say("lab prepare가 만든 폴더.", "Folder that lab prepare made."))
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help=say("결과를 둘 폴더.", "Folder for the files."))],
    persona: options.Persona = None,
    price: Annotated[
        float | None,
        typer.Option(
            "--price-per-million",
            min=0,
            help=say(
                "토큰 백만 개의 값(서버의 가격표에서).", "Price of a million tokens, from the price list."
            ),
        ),
    ] = None,
) -> None:
    with workshop():
        # 300 ms: pyarrow and numpy.
        from sweetchat_tui.lab import gpt_data as making
    chosen = ctx.obj.settings(persona=persona).persona
    parts = [making.make(data, part, out, chosen) for part in ("train", "validation")]
    for made in parts:
        why = ", ".join(
            _why(reason, count, made.dangerous) for reason, count in sorted(made.left_out.items())
        )
        ctx.obj.tell(
            say(
                f"{made.path.name}: {made.examples:,}개 (뺀 것: {why or '없음'})",
                f"{made.path.name}: {made.examples:,} (left out: {why or 'none'})",
            )
        )
        typer.echo(made.path)
    likely, most = parts[0].tokens.likely * _EPOCHS, parts[0].tokens.most * _EPOCHS
    ctx.obj.tell(
        say(
            f"{_EPOCHS}에폭에 약 {likely:,} 토큰(한국어 한 글자에 0.65로 어림), 아무리 많아도 {most:,} 토큰",
            f"{_EPOCHS} epochs: about {likely:,} tokens, at 0.65 a character, and never over {most:,}",
        )
        + (f" · {likely / 1e6 * price:,.2f}–{most / 1e6 * price:,.2f}" if price is not None else "")
    )
    rewritten, examples = sum(made.rewritten for made in parts), sum(made.examples for made in parts)
    ctx.obj.tell(
        say(
            f"대답 {rewritten:,}개를 규칙으로만 반말로 바꿨고, {examples - rewritten:,}개는 그대로예요.",
            f"{rewritten:,} answers were put into 반말 by rule alone; {examples - rewritten:,} stayed.",
        )
    )


def _why(reason: str, answers: int, dangerous: int) -> str:
    return {
        "polite": say(f"반말로 못 바꾼 대답 {answers:,}개", f"{answers:,} answers no rule puts into 반말"),
        "danger": say(
            f"위험한 말이 있는 대화 {dangerous:,}개의 대답 {answers:,}개",
            f"{answers:,} answers of {dangerous:,} dialogues with danger in them",
        ),
        "missing": say(f"대답이 없는 말 {answers:,}개", f"{answers:,} messages without an answer"),
        "long": say(f"너무 긴 예 {answers:,}개", f"{answers:,} examples that are too long"),
    }[reason]


@tune.command("start", help=say("파일을 보내고 학습을 시작해요.", "Send the files and start."))
def start(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help=say("gpt-data가 만든 폴더.", "Folder that gpt-data made.")),
    ],
    model: Annotated[str, typer.Option("-m", "--model", help=say("바탕 모델.", "Model to start from."))],
    provider: options.ProviderName = None,
    allowed: Annotated[
        bool,
        typer.Option(
            "--i-may-pass-it-on",
            help=say(
                "말뭉치의 문장을 이 서버에 보내도 된다는 허락을 받았어요.",
                "You have leave to send the corpus's sentences to this provider.",
            ),
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=say("묻지 않아요.", "Do not ask."))] = False,
    use: _Use = False,
    every: _Every = 10.0,
) -> None:
    # 300 ms: pyarrow comes with the format's check.
    with workshop():
        from sweetchat_tui.lab import gpt_data as making

    train, validation = folder / "train.jsonl", folder / "validation.jsonl"
    count = making.check(train) + (making.check(validation) if validation.is_file() else 0)
    asked = _provider(ctx, provider, model)
    if not allowed:
        raise Misused(
            say(
                f"말뭉치의 문장이 {with_particle(asked.host, '으로/로')} 나가요. "
                "AI Hub는 자료를 남에게 넘기는 것을 허락하지 않아요.",
                f"Sentences of the corpus would go to {asked.host}; AI Hub does not allow passing them on.",
            ),
            say(
                "허락을 받았거나 당신의 자료라면 --i-may-pass-it-on을 붙여 주세요.",
                "With its leave, or for data of your own, add --i-may-pass-it-on.",
            ),
        )
    if not yes:
        question = say(
            f"{asked.host}에 예 {count:,}개를 보내 {with_particle(model, '을/를')} 가르칠까요? 돈이 들어요.",
            f"Send {count:,} examples to {asked.host} and tune {model}? It costs money.",
        )
        asking.require(question)

    def stay(files: Sequence[str]) -> None:
        ctx.obj.tell(
            say(
                f"보낸 파일을 지우지 못했어요. {asked.host}에서 지워 주세요: {', '.join(files)}",
                f"What was sent could not be deleted. Delete it at {asked.host}: {', '.join(files)}",
            )
        )

    async def go(tuning: "Tuning") -> "Job":
        job = await tuning.start(train, validation if validation.is_file() else None, model, stay)
        typer.echo(job.id)
        again = _command(f"lab gpt-tune watch {job.id}", provider)
        ctx.obj.tell(
            say(
                f"멈춰도 서버에서는 계속돼요. 다시 보기: {again}",
                f"It goes on without you. To see it again: {again}",
            )
        )
        return await _watch(ctx, tuning, job.id, every)

    _finish(ctx, _run(ctx, provider, model, go), provider, use=use)


@tune.command("watch", help=say("학습이 끝날 때까지 지켜봐요.", "Watch until it ends."))
def watch(
    ctx: typer.Context,
    job: _JobId,
    provider: options.ProviderName = None,
    use: _Use = False,
    every: _Every = 10.0,
) -> None:
    async def go(tuning: "Tuning") -> "Job":
        return await _watch(ctx, tuning, job, every)

    _finish(ctx, _run(ctx, provider, "", go), provider, use=use)


@tune.command("cancel", help=say("학습을 그만둬요.", "Cancel a job."))
def cancel(ctx: typer.Context, job: _JobId, provider: options.ProviderName = None) -> None:
    stopped = _run(ctx, provider, "", lambda tuning: tuning.cancel(job))
    typer.echo(clean(stopped.status))
    _tell_what_stays(ctx, stopped, provider)


@tune.command("forget", help=say("보낸 파일을 서버에서 지워요.", "Delete the files that were sent."))
def forget(ctx: typer.Context, job: _JobId, provider: options.ProviderName = None) -> None:
    async def go(tuning: "Tuning") -> int:
        found = await tuning.look(job)
        if not found.ended:
            raise Misused(
                say(
                    f"아직 끝나지 않은 작업이라 파일이 쓰이고 있어요: {found.status}",
                    f"The job still uses its files: {found.status}",
                ),
                _command(f"lab gpt-tune cancel {job}", provider),
            )
        return await tuning.forget(found)

    count = _run(ctx, provider, "", go)
    ctx.obj.tell(
        say(
            f"서버에서 파일 {count}개를 지웠어요. 만든 모델은 그대로예요.",
            f"Deleted {count} files at the provider. The tuned model stays.",
        )
    )


@tune.command("list", help=say("학습들.", "Jobs."))
def list_(ctx: typer.Context, provider: options.ProviderName = None) -> None:
    for job in _run(ctx, provider, "", lambda tuning: tuning.jobs()):
        typer.echo(f"{clean(job.id)}\t{clean(job.status)}\t{clean(job.model or '-')}")


def _provider(ctx: typer.Context, name: str | None, model: str) -> "Provider":
    # 15 ms: addresses.
    from sweetchat_tui.generators.openai_client import Provider

    chosen = wiring.choose_provider(ctx.obj.settings(provider=name))
    if chosen.profile is None:
        raise KeyRefused(
            say("학습은 키가 있는 서버에서 해요.", "Tuning needs a provider and its key."),
            "sweetchat auth set",
        )
    profile = chosen.profile
    return Provider(profile.base_url, model or profile.model, chosen.key, profile.name)


def _run(ctx: typer.Context, name: str | None, model: str, go: "Callable[[Tuning], Awaitable[_T]]") -> _T:
    # 40 ms; the client takes 400 more.
    import asyncio

    from sweetchat_tui.lab import gpt_tune

    async def run() -> _T:
        listing = _command("lab gpt-tune list", name)
        async with gpt_tune.tuning(_provider(ctx, name, model), listing) as tuning:
            return await go(tuning)

    return asyncio.run(run())


async def _watch(ctx: typer.Context, tuning: "Tuning", id_: str, every: float) -> "Job":
    import asyncio

    last: str | None = None
    missed = 0
    while True:
        try:
            job = await tuning.look(id_)
            for event, words in await tuning.said(id_, last):
                ctx.obj.tell(words)
                last = event
        except (TryLater, Unreachable) as error:  # the job goes on without us
            missed += 1
            if missed == _PATIENCE:
                raise
            ctx.obj.tell(f"{error.message} ({missed}/{_PATIENCE})")
        else:
            missed = 0
            if job.ended:
                return job
        await asyncio.sleep(every)


def _command(words: str, provider: str | None) -> str:
    """What a person may type next, asking the provider that they named."""
    return f"sweetchat {words}" + (f" --provider {shlex.quote(provider)}" if provider else "")


def _tell_what_stays(ctx: typer.Context, job: "Job", provider: str | None) -> None:
    if job.files:
        forget = _command(f"lab gpt-tune forget {job.id}", provider)
        ctx.obj.tell(
            say(
                f"보낸 문장은 서버에 남아 있어요. 지우기: {forget}",
                f"What was sent stays at the provider. To delete it: {forget}",
            )
        )


def _finish(ctx: typer.Context, job: "Job", provider: str | None, *, use: bool) -> None:
    _tell_what_stays(ctx, job, provider)
    if job.status != "succeeded" or job.model is None:
        raise SweetchatError(
            say(f"학습이 끝나지 못했어요: {job.status}", f"The job ended as {job.status}."), clean(job.why)
        )
    typer.echo(clean(job.model))
    if use:
        remembering.model(ctx.obj.file, job.model, provider)
        ctx.obj.tell(say(f"설정에 넣었어요: {ctx.obj.file}", f"Put into {ctx.obj.file}."))
    else:
        command = _command(f"-m {job.model}", provider)
        ctx.obj.tell(say(f"쓰기: {command}", f"To use it: {command}"))
