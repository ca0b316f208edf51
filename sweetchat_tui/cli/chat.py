"""`sweetchat`, which is `sweetchat chat`: the app."""

import os
from typing import Annotated

import typer

from sweetchat_tui.cli import options
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say


def chat(
    ctx: typer.Context,
    new: Annotated[
        bool, typer.Option("--new", help=say("새 대화를 시작해요.", "Start a new conversation."))
    ] = False,
    conversation: options.ConversationId = None,
    private: options.Private = False,
    provider: options.ProviderName = None,
    model: options.ModelName = None,
    persona: options.Persona = None,
    classifier: options.ClassifierName = None,
    device: options.Device = None,
) -> None:
    settings = ctx.obj.settings(
        provider=provider, model=model, persona=persona, classifier=classifier, device=device
    )
    if not (os.isatty(0) and os.isatty(1) and os.isatty(2)):  # it draws on stderr
        raise Misused(
            say("대화 화면은 터미널에서만 열 수 있어요.", "The app needs a terminal."),
            say("파이프에서는 sweetchat ask를 써 주세요.", "In a pipe, use sweetchat ask."),
        )
    # 180 ms: textual; 40 ms: asyncio. No other command needs the one, and `ask` alone the other.
    from sweetchat_tui.cli import wiring
    from sweetchat_tui.tui.app import SweetchatApp

    chosen = wiring.choose_provider(settings)
    with wiring.journal(private=private) as journal:
        opened = None if new else journal.latest()
        if conversation is not None:
            opened = journal.conversation(conversation)
        notices = [chosen.notice] if chosen.notice else []
        app = SweetchatApp(
            settings,
            wiring.companion(settings, journal, chosen, notify=notices.append),
            journal,
            opened,
            private=private,
            notices=notices,
        )
        app.run()
    if app.return_code:
        raise typer.Exit(app.return_code)
