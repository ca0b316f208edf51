"""`sweetchat history list`, `show` and `search`."""

from typing import Annotated

import typer

from sweetchat_tui.cli import options, showing
from sweetchat_tui.cli.history import exporting, words
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.text import one_line


def list_(
    limit: words.Limit = 50,
    emotion: words.Emotions = None,
    group: words.Groups = None,
    as_json: options.AsJsonLines = False,
) -> None:
    # 10 ms: sqlite3.
    from sweetchat_tui.cli import wiring

    felt = words.felt(emotion, group)
    with wiring.journal(private=False, to_read=True) as journal:
        summaries = journal.conversations(limit, emotions=felt)
    for s in summaries:
        label = s.emotion.label if s.emotion else None
        if as_json:
            row = {"schema": 1, "conversation": s.id, "title": s.title, "turns": s.turns, "emotion": label}
            typer.echo(
                showing.dumps(row | {"started": s.started.isoformat(), "last_at": s.last_at.isoformat()})
            )
        else:
            when = s.last_at.astimezone().strftime("%Y-%m-%d %H:%M")
            typer.echo(f"{s.id}\t{when}\t{s.turns}\t{label or '-'}\t{s.title}")
    if not summaries and not as_json:
        none = say("그런 대화는 없어요.", "There are no such conversations.")
        empty = say("아직 대화가 없어요. sweetchat으로 시작해요.", "No conversations yet.")
        typer.echo(none if felt else empty, err=True)


def show(conversation: words.Id, as_json: options.AsJson = False) -> None:
    for piece in exporting.documents(conversation, "json" if as_json else "txt"):
        typer.echo(piece, nl=False)


def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help=say("찾을 말.", "What to look for."))] = "",
    limit: words.Limit = 50,
    emotion: words.Emotions = None,
    group: words.Groups = None,
    as_json: options.AsJsonLines = False,
) -> None:
    from sweetchat_tui.cli import wiring

    felt = words.felt(emotion, group)
    if not (text.strip() or felt):
        raise Misused(
            say("찾을 말이나 감정을 적어 주세요.", "Say what to look for, or an emotion."),
            say(
                "예: sweetchat history search 면접 -e 외로운", "E.g. sweetchat history search 면접 -e lonely"
            ),
        )
    with wiring.journal(private=False, to_read=True) as journal:
        found = journal.search(text, limit, emotions=felt)
    if not found and not as_json:
        typer.echo(say("찾지 못했어요.", "Nothing was found."), err=True)
    for f in found:
        if as_json:
            label = f.emotion.label if f.emotion else None
            who = "me" if f.reply is None else "friend"
            row = {"schema": 1, "conversation": f.conversation, "turn": f.turn, "reply": f.reply, "who": who}
            place = {"at": f.at.isoformat(), "emotion": label, "text": f.text, "place": f.place}
            typer.echo(showing.dumps(row | place | {"length": f.length}))
        else:
            name = say("나", "me") if f.reply is None else say("친구", "friend")
            when = f.at.astimezone().strftime("%Y-%m-%d %H:%M")
            typer.echo(f"{f.conversation}\t{when}\t{name}\t{one_line(f.text)}")
