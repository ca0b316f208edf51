"""`sweetchat history export`: one conversation, all of them, what the person corrected, or everything."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sweetchat_tui.cli import showing
from sweetchat_tui.errors import Misused, OutputUnwritable
from sweetchat_tui.files import private, why
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    from sweetchat_tui.journal import Journal

_Kind = Literal["md", "json", "jsonl", "txt", "csv"]


def export(
    ctx: typer.Context,
    conversation: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help=say("대화의 ID(앞부분만도 돼요).", "Id, or its beginning.")),
    ] = None,
    kind: Annotated[
        _Kind | None,
        typer.Option(
            "--format",
            help=say(
                "형식. 따로 없으면 md, --corrections에는 jsonl.",
                "Format; md if not given, jsonl with --corrections.",
            ),
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=say("대화를 모두 내보내요.", "Export every conversation."))
    ] = False,
    corrections: Annotated[
        bool,
        typer.Option(
            "--corrections",
            help=say(
                "감정을 직접 고른 말만, 학습에 쓰는 표로(jsonl, csv).",
                "Only messages whose emotion was picked, as a table to train on (jsonl, csv).",
            ),
        ),
    ] = False,
    all_kept: Annotated[
        bool,
        typer.Option(
            "--everything",
            help=say(
                "이 컴퓨터에 저장한 모든 것을 -o 폴더에(키는 빼고).",
                "All that is kept on this machine, into the folder -o; no keys.",
            ),
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help=say("쓸 파일(없으면 표준 출력).", "File to write (else stdout).")),
    ] = None,
) -> None:
    if [conversation is not None, everything, corrections, all_kept].count(True) != 1:
        raise Misused(
            say("무엇을 내보낼지 하나만 정해 주세요.", "Say one thing to export."),
            say(
                "대화의 ID, --all, --corrections, --everything",
                "The id of a conversation, --all, --corrections, or --everything",
            ),
        )
    if all_kept:
        _everything(out, kind, ctx)
        return
    kind = kind or ("jsonl" if corrections else "md")
    if kind not in (("jsonl", "csv") if corrections else ("md", "json", "jsonl", "txt")):
        raise Misused(say(f"{kind} 형식으로는 내보낼 수 없어요.", f"That cannot be exported as {kind}."))
    pieces = _table(kind) if corrections else documents(conversation, kind)
    if out is None or str(out) == "-":
        for piece in pieces:
            typer.echo(piece, nl=False)
    else:
        _write(out, pieces)


def documents(conversation: str | None, kind: _Kind) -> Iterator[str]:
    """A conversation, or all of them, as one text, piece by piece.

    Args:
        conversation: its id, or a beginning that no other has; None is all, oldest first.
        kind: not csv.
    """
    # 10 ms: sqlite3.
    from sweetchat_tui.cli import wiring
    from sweetchat_tui.journal.export import export as export_one
    from sweetchat_tui.journal.export import export_all

    assert kind != "csv"
    with wiring.journal(private=False, to_read=True) as journal:
        if conversation is not None:
            yield export_one(journal.conversation(conversation), kind, journal.recap(conversation))
            return
        ids = [summary.id for summary in reversed(journal.conversations(-1))]
        yield from export_all(((journal.conversation(id_), journal.recap(id_)) for id_ in ids), kind)


def _everything(folder: Path | None, kind: str | None, ctx: typer.Context) -> None:
    from sweetchat_tui.cli.history import everything

    if folder is None or str(folder) == "-" or kind is not None:
        raise Misused(
            say("어느 폴더에 둘지 정해 주세요.", "Say into which folder."),
            "sweetchat history export --everything -o FOLDER",
        )
    everything.export(folder, ctx.obj.settings())
    typer.echo(folder)


def _table(kind: str) -> Iterator[str]:
    from sweetchat_tui.cli import wiring

    with wiring.journal(private=False, to_read=True) as journal:
        yield from corrections_of(journal, kind)


def corrections_of(journal: "Journal", kind: str) -> Iterator[str]:
    """What the person corrected, a row each; a CSV has the context as a JSON list."""
    from sweetchat_tui.journal.corrections import COLUMNS, example

    rows = [example(correction) for correction in journal.corrections()]
    if kind == "jsonl":
        yield from (showing.dumps({"schema": 1} | row) + "\n" for row in rows)
        return
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | {"context": showing.dumps(row["context"])} for row in rows)
    yield table.getvalue()


def _write(out: Path, pieces: Iterator[str]) -> None:
    """Write a new file that only the person can read."""
    first = next(pieces, "")  # so that a conversation that is not there leaves no empty file
    try:
        with open(out, "x", encoding="utf-8", opener=private) as file:
            file.write(first)
            file.writelines(pieces)
    except OSError as e:
        raise OutputUnwritable(
            say(f"파일을 쓸 수 없어요: {out}", f"The file cannot be written: {out}"), why(e)
        ) from None
