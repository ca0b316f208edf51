"""`sweetchat history`: past conversations, and the file in which they are."""

import typer

from sweetchat_tui.cli.history import changing, encrypting, exporting, keeping, looking
from sweetchat_tui.lang import say

app = typer.Typer(no_args_is_help=True)

app.command("list", help=say("대화 목록, 새것부터.", "Conversations, newest first."))(looking.list_)
app.command("show", help=say("대화 하나를 보여요.", "Show one conversation."))(looking.show)
app.command(
    "search",
    help=say("모든 대화에서 찾아요(한 글자도, 감정만으로도 돼요).", "Search all conversations."),
)(looking.search)
app.command(
    "export",
    help=say("대화 하나나 모두, 또는 고친 감정을 내보내요.", "Export one conversation, all, or corrections."),
)(exporting.export)
app.command("rename", help=say("대화에 이름을 붙여요.", "Give a conversation a title."))(changing.rename)
app.command("delete", help=say("대화를 지워요. 되돌릴 수 없어요.", "Delete a conversation, for good."))(
    changing.delete
)
app.command(
    "forget",
    help=say("대화와 그 흔적을 백업까지 지워요.", "Delete conversations and every trace, backups too."),
)(keeping.forget)
app.command("backup", help=say("기록을 통째로 베껴 둬요.", "Copy the whole journal."))(keeping.backup)
app.command("restore", help=say("백업을 제자리에 되돌려요.", "Put a backup in its place."))(keeping.restore)
app.command("check", help=say("기록이 멀쩡한지 봐요.", "See whether the journal is sound."))(keeping.check)
app.command(
    "encrypt",
    help=say(
        "기록을 암호로 잠가요. 스크립트에서는 암호를 SWEETCHAT_PASSPHRASE에 담거나 파이프로 줘요.",
        "Encrypt the journal with a passphrase; scripts put it in SWEETCHAT_PASSPHRASE, or pipe it in.",
    ),
)(encrypting.encrypt)
app.command("decrypt", help=say("잠금을 풀어요.", "Take the passphrase away."))(encrypting.decrypt)
app.command(
    "passphrase",
    help=say(
        "암호를 바꿔요. 스크립트에서는 새 암호를 SWEETCHAT_NEW_PASSPHRASE에 담아요.",
        "Change the passphrase; scripts put the new one in SWEETCHAT_NEW_PASSPHRASE.",
    ),
)(encrypting.passphrase)
