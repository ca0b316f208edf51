"""`sweetchat history rename` and `delete`."""

from typing import Annotated

import typer

from sweetchat_tui.cli import asking
from sweetchat_tui.cli.history import words
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import counted, say


def rename(
    conversation: words.Id,
    title: Annotated[
        str,
        typer.Argument(metavar="TITLE", help=say("새 이름. 비우면 첫말.", "New title; blank: first words.")),
    ],
) -> None:
    # 10 ms: sqlite3.
    from sweetchat_tui.cli import wiring

    with wiring.journal(private=False) as journal:
        journal.rename(conversation, title)


def delete(
    conversation: words.Id,
    yes: Annotated[bool, typer.Option("--yes", help=say("묻지 않고 지워요.", "Do not ask."))] = False,
) -> None:
    from sweetchat_tui.cli import reading, wiring

    with wiring.journal(private=False) as journal:
        found = journal.conversation(conversation)
        if not yes:
            if reading.piped():
                raise Misused(
                    say("지우려면 확인이 필요해요.", "Deleting asks to be confirmed."),
                    say("--yes를 붙여 주세요.", "Add --yes."),
                )
            count = len(found.turns)
            asking.require(say(f"{count}개의 말을 지울까요?", f"Delete {counted(count, 'message')}?"))
        journal.delete(found.id)
    typer.echo(say("지웠어요.", "Deleted."), err=True)
