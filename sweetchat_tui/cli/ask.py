"""`sweetchat ask`: one turn in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from sweetchat_tui.cli import edge, emotions, options, reading, showing
from sweetchat_tui.conversation import Danger
from sweetchat_tui.errors import Misused, SweetchatError, Unreadable
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean

if TYPE_CHECKING:
    from sweetchat_tui.cli import speaking


def ask(
    ctx: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help=say("건넬 말. 파이프로 온 글이 뒤에 붙어요.", "What to say.")),
    ] = None,
    emotion: Annotated[
        str | None,
        typer.Option(
            "-e", "--emotion", metavar="LABEL", help=say("이 감정으로 대답받아요.", "Answer this emotion.")
        ),
    ] = None,
    go_on: Annotated[
        bool,
        typer.Option(
            "-C", "--continue", help=say("지난 대화를 이어가요.", "Go on with the last conversation.")
        ),
    ] = False,
    conversation: options.ConversationId = None,
    private: options.Private = False,
    no_stream: Annotated[
        bool, typer.Option("--no-stream", help=say("대답을 한꺼번에 내요.", "Print the answer at once."))
    ] = False,
    as_json: options.AsJson = False,
    raw: options.Raw = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help=say(
                "보낼 것을 그대로 보여 주기만 해요.", "Show what would be sent, word for word; send nothing."
            ),
        ),
    ] = False,
    provider: options.ProviderName = None,
    model: options.ModelName = None,
    persona: options.Persona = None,
    manner: options.MannerOfAnswer = None,
    length: options.LengthOfAnswer = None,
    classifier: options.ClassifierName = None,
    device: options.Device = None,
) -> None:
    if raw:
        edge.require_pipe()
        if as_json or no_stream:
            raise Misused(
                say(
                    "--raw는 --json, --no-stream과 함께 쓸 수 없어요.",
                    "--raw takes no --json or --no-stream.",
                )
            )
    words = _words(ctx, text)
    # 40 ms: asyncio, with which a turn runs.
    from sweetchat_tui.cli import speaking, wiring
    from sweetchat_tui.conversation import Conversation

    with ExitStack() as stack:
        with _help_before_a_refusal(words):
            picked = emotions.named(emotion) if emotion is not None else None
            settings = ctx.obj.settings(
                provider=provider,
                model=model,
                persona=persona,
                manner=manner,
                length=length,
                classifier=classifier,
                device=device,
            )
            chosen = wiring.choose_provider(settings)
            if chosen.notice and not ctx.obj.quiet:
                typer.echo(chosen.notice, err=True)
            journal = stack.enter_context(wiring.journal(private=private, notify=ctx.obj.tell))
            if conversation is not None:
                earlier = journal.conversation(conversation)
            else:
                earlier = (journal.latest() if go_on else None) or Conversation()
            stream = not (as_json or no_stream)
            seen = stream and sys.stdout.isatty()
            companion = wiring.companion(
                settings, journal, chosen, one_shot=True, seen=seen, notify=ctx.obj.tell
            )
        if dry_run:
            _help(words)
            _show(ctx, speaking.request(companion, earlier, words, picked))
            return
        voice = speaking.Voice(stream=stream, raw=raw, quiet=ctx.obj.quiet)
        spoken = speaking.run(companion, earlier, words, picked, voice)
        wiring.retire(settings, journal)
    error, reply = spoken.error, spoken.turn.reply
    if as_json and (error is None or reply is not None):
        document = speaking.document(spoken, None if private else earlier.id)
        typer.echo(showing.dumps(document))
        if error is not None:
            showing.failure(error, as_json=False)
            raise typer.Exit(error.exit_code)
    elif no_stream and reply is not None:
        typer.echo(reply.text)
    if error is not None:
        raise error


@contextmanager
def _help_before_a_refusal(words: str) -> Iterator[None]:
    """Show help to a person in danger, whatever keeps the turn, which would, from beginning."""
    try:
        yield
    except SweetchatError:
        _help(words)
        raise


def _help(words: str) -> None:
    # 20 ms: the rules and the help lines.
    from sweetchat_tui import safety

    if (danger := safety.assess(words)) is not Danger.NONE:
        showing.help_card(danger)


def _show(ctx: typer.Context, asked: "speaking.Request") -> None:
    if asked.body is None:
        ctx.obj.tell(
            say(
                "내장 친구가 이 컴퓨터 안에서 대답해요. 아무것도 보내지 않아요.",
                "The embedded friend answers on this machine: nothing is sent.",
            )
        )
    typer.echo(showing.dumps({"schema": 1, "host": asked.host, "request": asked.body}))


def _words(ctx: typer.Context, text: str | None) -> str:
    """What the person says: the argument, then what is piped in as its material."""
    parts = [] if text is None else [text]
    if reading.piped():
        parts.append(reading.whole(sys.stdin.buffer))
    elif text is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(Misused.exit_code)
    words = clean("\n\n".join(part.strip() for part in parts if part.strip()))
    # 15 ms: dataclasses and secrets, which the options above do without.
    from sweetchat_tui.conversation import LONGEST_MESSAGE

    if not words.strip():
        raise Misused(
            say("건넬 말이 비어 있어요.", "There is nothing to say."),
            say(
                '이렇게 써 주세요: sweetchat ask "오늘 너무 지쳤어"',
                'Write: sweetchat ask "오늘 너무 지쳤어"',
            ),
        )
    if len(words) > LONGEST_MESSAGE:
        raise Unreadable(
            say(f"말이 너무 길어요({len(words):,}자).", f"That is too long ({len(words):,} characters)."),
            say(f"{LONGEST_MESSAGE:,}자까지 보낼 수 있어요.", f"At most {LONGEST_MESSAGE:,} characters."),
        )
    return words
