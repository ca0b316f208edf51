"""`sweetchat history`: past conversations, listed, shown, searched, exported and deleted."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from sweetchat_tui.cli import options, showing
from sweetchat_tui.errors import Misused, Unreadable
from sweetchat_tui.lang import say
from sweetchat_tui.text import one_line

app = typer.Typer(no_args_is_help=True)

_Id = Annotated[
    str, typer.Argument(metavar="ID", help=say("대화의 ID(앞부분만도 돼요).", "Id, or its beginning."))
]
_Limit = Annotated[
    int, typer.Option("-n", "--limit", min=1, help=say("많아야 이만큼.", "At most this many."))
]


@app.command("list", help=say("대화 목록, 새것부터.", "Conversations, newest first."))
def list_(limit: _Limit = 50, as_json: options.AsJsonLines = False) -> None:
    # 10 ms: sqlite3.
    from sweetchat_tui.cli import wiring

    with wiring.journal(private=False) as journal:
        summaries = journal.conversations(limit)
    for s in summaries:
        emotion = s.emotion.label if s.emotion else None
        if as_json:
            row = {"schema": 1, "conversation": s.id, "title": s.title, "turns": s.turns, "emotion": emotion}
            typer.echo(
                showing.dumps(row | {"started": s.started.isoformat(), "last_at": s.last_at.isoformat()})
            )
        else:
            when = s.last_at.astimezone().strftime("%Y-%m-%d %H:%M")
            typer.echo(f"{s.id}\t{when}\t{s.turns}\t{emotion or '-'}\t{s.title}")
    if not summaries and not as_json:
        typer.echo(say("아직 대화가 없어요. sweetchat으로 시작해요.", "No conversations yet."), err=True)


@app.command("show", help=say("대화 하나를 보여요.", "Show one conversation."))
def show(conversation: _Id, as_json: options.AsJson = False) -> None:
    typer.echo(_exported(conversation, "json" if as_json else "txt"), nl=False)


@app.command("search", help=say("모든 대화에서 찾아요(한 글자도 돼요).", "Search all conversations."))
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help=say("찾을 말.", "What to look for."))],
    limit: _Limit = 50,
    as_json: options.AsJsonLines = False,
) -> None:
    from sweetchat_tui.cli import wiring

    with wiring.journal(private=False) as journal:
        found = journal.search(text, limit)
    for f in found:
        who = "me" if f.reply is None else "friend"
        if as_json:
            row = {"schema": 1, "conversation": f.conversation, "turn": f.turn, "reply": f.reply, "who": who}
            typer.echo(showing.dumps(row | {"at": f.at.isoformat(), "text": f.text, "place": f.place}))
        else:
            name = say("나", "me") if f.reply is None else say("친구", "friend")
            when = f.at.astimezone().strftime("%Y-%m-%d %H:%M")
            typer.echo(f"{f.conversation}\t{when}\t{name}\t{one_line(f.text)}")


@app.command("export", help=say("대화를 파일로 내보내요.", "Export a conversation."))
def export(
    conversation: _Id,
    kind: Annotated[
        Literal["md", "json", "jsonl", "txt"], typer.Option("--format", help=say("형식.", "Format."))
    ] = "md",
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help=say("쓸 파일(없으면 표준 출력).", "File to write (else stdout).")),
    ] = None,
) -> None:
    text = _exported(conversation, kind)
    if out is None or str(out) == "-":
        typer.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as f:
            f.write(text)
    except OSError as e:
        raise Unreadable(
            say(f"파일을 쓸 수 없어요: {out}", f"The file cannot be written: {out}"), e.strerror or ""
        ) from None


@app.command("delete", help=say("대화를 지워요. 되돌릴 수 없어요.", "Delete a conversation, for good."))
def delete(
    conversation: _Id,
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
            question = say(f"{len(found.turns)}개의 말을 지울까요?", f"Delete {len(found.turns)} messages?")
            typer.confirm(question, abort=True, err=True)
        journal.delete(found.id)
    typer.echo(say("지웠어요.", "Deleted."), err=True)


def _exported(conversation: str, kind: Literal["md", "json", "jsonl", "txt"]) -> str:
    from sweetchat_tui.cli import wiring
    from sweetchat_tui.journal.export import export as exported

    with wiring.journal(private=False) as journal:
        text = exported(journal.conversation(conversation), kind)
    return text if text.endswith("\n") else text + "\n"
