"""`sweetchat history backup`, `restore`, `check` and `forget`: the file, and what leaves it for good."""

import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui import paths
from sweetchat_tui.cli import options, reading, showing, unlocking
from sweetchat_tui.cli.history import words
from sweetchat_tui.errors import Misused, Unreadable
from sweetchat_tui.lang import counted, say
from sweetchat_tui.text import clean


def backup(
    target: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help=say("둘 곳. 비우면 기록 옆에.", "Where; default: beside it.")),
    ] = None,
) -> None:
    # 10 ms: sqlite3.
    from sweetchat_tui.cli import wiring

    if target is not None and target.exists():
        raise Misused(say(f"이미 있는 파일이에요: {target}", f"There is a file already: {target}"))
    with wiring.journal(private=False) as journal:
        typer.echo(journal.backup(target))


def restore(
    source: Annotated[Path, typer.Argument(metavar="PATH", help=say("되돌릴 백업.", "The backup."))],
    yes: words.Yes = False,
) -> None:
    from sweetchat_tui.journal import restore as put_back
    from sweetchat_tui.journal.passphrase import encrypted

    words.confirm(
        say("지금의 대화 기록을 이 백업으로 바꿀까요?", "Put this backup in the place of the journal?"),
        yes=yes,
    )
    of = say("백업", "the backup") if encrypted(source) else ""
    kept = unlocking.unlocked(lambda given: put_back(paths.journal_file(), source, given), of=of, piped=True)
    typer.echo(say("되돌렸어요.", "Restored."), err=True)
    if kept is not None:
        typer.echo(say(f"바꾸기 전의 기록: {kept}", f"The journal as it was: {kept}"), err=True)


def check(
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help=say("망가졌으면 읽을 수 있는 것을 되살려요.", "Save what can be read.")
        ),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    from sweetchat_tui.journal import Journal, Passphrase
    from sweetchat_tui.journal.checking import mend

    file = paths.journal_file()
    told: list[str] = []

    def look(passphrase: Passphrase | None) -> list[str]:
        found = Journal.problems(file, passphrase)
        if found and repair:
            Journal.open(file, told.append, passphrase).close()
            mend(file, passphrase)
            told.append(
                say("색인과 파일 권한을 바로잡았어요.", "Indexes and permissions are as they should be.")
            )
            found = Journal.problems(file, passphrase)
        return found

    found = unlocking.unlocked(look)
    if as_json:
        typer.echo(showing.dumps({"schema": 1, "file": str(file), "problems": found, "repaired": bool(told)}))
    for sentence in told:
        typer.echo(sentence, err=True)
    if found:
        raise Unreadable(
            say(
                f"대화 기록에 바로잡을 것이 있어요: {clean(found[0])}",
                f"Something is wrong with the journal: {clean(found[0])}",
            ),
            say("되살리기: sweetchat history check --repair", "To mend it: sweetchat history check --repair"),
        )
    if not as_json:
        typer.echo(say(f"괜찮아요: {file}", f"Sound: {file}"), err=True)


def forget(
    conversation: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help=say("대화의 ID(앞부분만도 돼요).", "Id, or its beginning.")),
    ] = None,
    older_than: Annotated[
        int | None,
        typer.Option(
            "--older-than", metavar="DAYS", min=1, help=say("이만큼 지난 대화.", "Older than this.")
        ),
    ] = None,
    before: Annotated[
        datetime | None,
        typer.Option(
            "--before",
            metavar="YYYY-MM-DD",
            formats=["%Y-%m-%d"],
            help=say("이날보다 먼저 끝난 대화.", "Ended before this day."),
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help=say("모두.", "Everything."))] = False,
    yes: words.Yes = False,
) -> None:
    from sweetchat_tui.cli import wiring

    if [conversation, older_than, before, everything or None].count(None) != 3:
        raise Misused(
            say("무엇을 잊을지 하나만 말해 주세요.", "Say what to forget, in one way."),
            "sweetchat history forget ID | --older-than DAYS | --before YYYY-MM-DD | --all",
        )
    with wiring.journal(private=False) as journal:
        if conversation is not None:
            wanted = [journal.conversation(conversation, 1).id]
        elif everything:
            wanted = [found.id for found in journal.conversations(-1)]
        else:
            wanted = journal.ended_before(before or datetime.now(UTC) - timedelta(days=older_than or 0))
        if not wanted and not everything:
            typer.echo(
                say("그런 대화가 없어요. 지운 것은 없어요.", "There is none. Nothing was deleted."), err=True
            )
            return
        forgotten = counted(len(wanted), "conversation")
        question = say(
            f"대화 {len(wanted)}개를 지울까요? 옆에 있는 백업까지 지우고, 되돌릴 수 없어요.",
            f"Forget {forgotten}, and the backups beside them? This cannot be undone.",
        )
        if everything and not yes and not reading.piped():
            _require_words(question)
        else:
            words.confirm(question, yes=yes)
        if everything:
            journal.keep_unsent("")
        journal.forget(wanted)
    if everything:
        draft = paths.draft_file()
        for left in (draft, draft.with_suffix(".new")):
            left.unlink(missing_ok=True)
    typer.echo(say("지웠어요.", "Forgotten."), err=True)


def _require_words(question: str) -> None:
    """Go on when the person has typed what is to be done, which no finger does by itself."""
    wanted = say("모두 지우기", "forget everything")
    typer.echo(question, err=True)
    typed = typer.prompt(say(f"정말이면 '{wanted}'라고 적어 주세요", f"If so, type '{wanted}'"), err=True)
    if unicodedata.normalize("NFC", typed).strip() != wanted:
        raise Misused(say("그대로 두었어요. 지운 것은 없어요.", "Nothing was deleted."))
