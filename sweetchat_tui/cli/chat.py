"""`sweetchat`, which is `sweetchat chat`: the app."""

import gc
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sweetchat_tui.cli import options
from sweetchat_tui.config import Config
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    from sweetchat_tui.conversation import Conversation
    from sweetchat_tui.journal import Journal


def chat(
    ctx: typer.Context,
    new: Annotated[
        bool, typer.Option("--new", help=say("새 대화를 시작해요.", "Start a new conversation."))
    ] = False,
    conversation: options.ConversationId = None,
    private: options.Private = False,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain",
            help=say(
                "한 줄씩 이야기해요(화면 낭독기, SSH, 그릴 수 없는 터미널).",
                "Talk line by line: for screen readers, SSH and terminals that cannot be drawn on.",
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
    settings = ctx.obj.settings(
        provider=provider,
        model=model,
        persona=persona,
        manner=manner,
        length=length,
        classifier=classifier,
        device=device,
    )
    if plain or os.environ.get("TERM") == "dumb":
        _talk_plainly(settings, ctx, new=new, conversation=conversation, private=private)
        return
    # It draws on stderr; but `sweetchat serve`, which says so here, draws for a browser.
    if "TEXTUAL_DRIVER" not in os.environ and not (os.isatty(0) and os.isatty(1) and os.isatty(2)):
        raise Misused(
            say("대화 화면은 터미널에서만 열 수 있어요.", "The app needs a terminal."),
            say(
                "파이프에서는 sweetchat ask나 sweetchat chat --plain을 써 주세요.",
                "In a pipe, use sweetchat ask or sweetchat chat --plain.",
            ),
        )
    # 180 ms: textual; 40 ms: asyncio. No other command needs the one, and `ask` alone the other.
    from sweetchat_tui.cli import rewiring, wiring
    from sweetchat_tui.cli.first_run import first_run
    from sweetchat_tui.tui.app import SweetchatApp

    # What is loaded stays, and is not looked at again. Widgets that are let go hold on to one another, and
    # must be looked for often: by the thresholds of a command they would pile up to 30 MB.
    gc.freeze()
    gc.set_threshold(10_000, 2, 2)
    chosen = wiring.choose_provider(settings)
    notices = [chosen.notice] if chosen.notice else []
    with wiring.journal(private=private, notify=notices.append) as journal:
        opened = _opened(journal, conversation, settings.budget, new=new)
        host = chosen.profile.host if chosen.profile else None
        first = None if private else first_run(settings, ctx.obj.file, host)
        changes = rewiring.changes(settings, notices.append, private=private, first=first)
        if opened is not None and changes.offer:  # there is no card to say it on
            notices.append(changes.offer)
        app = SweetchatApp(
            settings,
            wiring.companion(settings, journal, chosen, recaps=True, notify=notices.append),
            journal,
            opened,
            private=private,
            notices=notices,
            changes=changes,
        )
        app.run()
        wiring.retire(settings, journal)
    if app.return_code:
        raise typer.Exit(app.return_code)


def _opened(journal: "Journal", conversation: str | None, budget: int, *, new: bool) -> "Conversation | None":
    """The conversation to go on with, as much of it as fills the budget; None is a new one."""
    if conversation is None and not new and (latest := journal.latest(1)) is not None:
        conversation = latest.id
    return journal.filling(conversation, budget) if conversation is not None else None


def _talk_plainly(
    settings: Config, ctx: typer.Context, *, new: bool, conversation: str | None, private: bool
) -> None:
    # 40 ms: asyncio, with which a turn runs.
    from sweetchat_tui.cli import plain, wiring
    from sweetchat_tui.conversation import Conversation

    chosen = wiring.choose_provider(settings)
    if chosen.notice:
        ctx.obj.tell(chosen.notice)
    with wiring.journal(private=private, notify=ctx.obj.tell) as journal:
        companion = wiring.companion(settings, journal, chosen, seen=sys.stdout.isatty(), notify=ctx.obj.tell)
        opened = _opened(journal, conversation, settings.budget, new=new)
        plain.PlainChat(companion, journal, opened or Conversation()).run()
        wiring.retire(settings, journal)
