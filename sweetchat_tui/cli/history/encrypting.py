"""`sweetchat history encrypt`, `decrypt` and `passphrase`: a passphrase for the journal."""

from pathlib import Path

import typer

from sweetchat_tui import paths
from sweetchat_tui.cli import unlocking
from sweetchat_tui.cli.history import words
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say


def encrypt(yes: words.Yes = False) -> None:
    # 15 ms: sqlite3.
    from sweetchat_tui.journal import Journal, Passphrase
    from sweetchat_tui.journal.conversion import convert
    from sweetchat_tui.journal.copies import erase, plain_copies
    from sweetchat_tui.journal.passphrase import encrypted
    from sweetchat_tui.journal.sqlite import sqlcipher
    from sweetchat_tui.tui.draft import Draft

    sqlcipher()  # before anybody chooses a passphrase
    file, draft = paths.journal_file(), paths.draft_file()

    def finish(passphrase: Passphrase | None) -> None:
        with Journal.open(file, passphrase=passphrase) as journal:
            unsent = Draft(draft, journal)
            unsent.keep(unsent.load())
        for copy in plain_copies(file):
            erase(copy)
            typer.echo(say(f"지운 사본: {copy}", f"Removed: {copy}"), err=True)

    if not encrypted(file):
        typer.echo(_what_it_means(plain_copies(file)), err=True)
        words.confirm(say("암호로 잠글까요?", "Encrypt the journal?"), yes=yes)
        passphrase = unlocking.chosen(unlocking.VARIABLE)
        convert(file, None, passphrase)
        finish(passphrase)
    elif plain_copies(file) or draft.exists():  # somebody was stopped in the middle
        unlocking.unlocked(finish, piped=True)
    else:
        raise Misused(
            say("대화 기록은 이미 잠겨 있어요.", "The journal is encrypted already."),
            say("암호를 바꾸려면: sweetchat history passphrase", "Another one: sweetchat history passphrase"),
        )
    typer.echo(
        say(
            "잠갔어요. 이제 시작할 때마다 암호를 물어요.",
            "Encrypted. Each start asks for the passphrase now.",
        ),
        err=True,
    )


def decrypt(yes: words.Yes = False) -> None:
    from sweetchat_tui.journal.conversion import convert

    file = _encrypted_file()
    words.confirm(
        say(
            "잠금을 풀까요? 파일을 가진 사람은 누구나 읽을 수 있게 돼요.",
            "Decrypt it? Who has the file can read it.",
        ),
        yes=yes,
    )
    unlocking.unlocked(lambda passphrase: convert(file, passphrase, None), piped=True)
    typer.echo(say("잠금을 풀었어요.", "Decrypted."), err=True)


def passphrase() -> None:
    from sweetchat_tui.journal import Journal, Passphrase
    from sweetchat_tui.journal.conversion import convert
    from sweetchat_tui.journal.copies import copies_of

    file = _encrypted_file()

    def right(given: Passphrase | None) -> Passphrase:
        Journal.open(file, passphrase=given).close()
        assert given is not None
        return given

    old = unlocking.unlocked(right, piped=True)
    convert(file, old, unlocking.chosen(unlocking.NEW_VARIABLE))
    typer.echo(say("암호를 바꿨어요.", "The passphrase is another now."), err=True)
    if copies := copies_of(file):
        names = ", ".join(copy.name for copy in copies)
        typer.echo(say(f"예전 암호로 잠긴 백업: {names}", f"Backups under the old one: {names}"), err=True)


def _encrypted_file() -> Path:
    from sweetchat_tui.journal.passphrase import encrypted

    file = paths.journal_file()
    if not encrypted(file):
        raise Misused(
            say("대화 기록은 잠겨 있지 않아요.", "The journal is not encrypted."),
            say("잠그려면: sweetchat history encrypt", "To encrypt it: sweetchat history encrypt"),
        )
    return file


def _what_it_means(copies: list[Path]) -> str:
    said = say(
        "대화 기록을 암호로 잠가요.\n"
        "  · 암호를 잊으면 모든 대화를 잃어요. 누구도, 어떤 방법으로도 되찾을 수 없어요.\n"
        "  · 암호는 어디에도 저장하지 않아요. 시작할 때마다 물어요.\n"
        "  · 다른 곳에 둔 백업과 내보낸 파일은 잠기지 않아요.",
        "The journal will be encrypted with a passphrase.\n"
        "  · Forget it and every conversation is lost. Nobody can bring them back, in no way.\n"
        "  · It is stored nowhere. Each start asks for it.\n"
        "  · Backups elsewhere and exported files stay as they are.",
    )
    if copies:
        names = ", ".join(copy.name for copy in copies)
        said += say(
            f"\n  · 기록 옆의 잠그지 않은 사본은 지워요: {names}", f"\n  · Removed beside it: {names}"
        )
    return said
