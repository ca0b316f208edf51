"""The program is killed, as by a power cut, at every step of a turn and of what changes the journal."""

import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest
from faults.stage import (
    DONE,
    HEAD,
    Line,
    chunk,
    command,
    journal_file,
    kept,
    killed_at,
    provider,
    run,
    started,
    talk,
    until,
)

WORDS = "면접에서 떨어졌어"
KILLED = -signal.SIGKILL


def test_before_the_words_are_stored(own_home: Path) -> None:
    """Killed before the words reach the journal: the journal opens, and the next turn is kept."""
    talk(own_home, 3)
    ended = run("ask", WORDS, before=killed_at("sweetchat_tui.journal.turns:keep"))
    assert ended.code == KILLED
    assert len(kept(own_home)) == 3
    assert run("ask", WORDS).code == 0 and len(kept(own_home)) == 4


@pytest.mark.parametrize(
    "where",
    [
        "sweetchat_tui.companion:Companion.ready",
        "sweetchat_tui.classifiers.lite:LiteClassifier.classify",
        "sweetchat_tui.generators.offline:OfflineFriend.stream",
    ],
    ids=["before the models", "while reading", "before the answer"],
)
def test_after_the_words_are_stored(own_home: Path, where: str) -> None:
    """Killed between the words and the answer: the words are kept, and the next start goes on after them."""
    assert run("ask", WORDS, before=killed_at(where)).code == KILLED
    assert [turn.text for turn in kept(own_home)] == [WORDS]
    assert run("ask", "-C", "그래서 속상해").code == 0
    assert [turn.text for turn in kept(own_home)] == [WORDS, "그래서 속상해"]


def test_in_the_stream(own_home: Path) -> None:
    """Killed while the answer grows: the words are kept, and what was on the screen for over a second."""
    with provider(own_home, _slowly, 30) as server:
        process = started("ask", WORDS)
        until(lambda: kept_replies(own_home))
        process.kill()
        process.communicate()
        server.let_go.set()
    (turn,) = kept(own_home)
    assert turn.text == WORDS and turn.reply is not None
    assert turn.reply.text.startswith("그랬구나") and turn.reply.finish == "cut"


def _slowly(line: Line) -> None:
    line.send(HEAD + chunk("그랬구나 "))
    while not line._provider.let_go.wait(0.2):
        line.send(chunk("많이 속상했겠다 "))


def kept_replies(home: Path) -> bool:
    file = journal_file(home)
    if not file.exists():
        return False
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return bool(db.execute("SELECT count(*) FROM replies").fetchone()[0])
    except sqlite3.OperationalError:
        return False
    finally:
        db.close()


def test_in_a_variant(own_home: Path) -> None:
    """Killed while a second answer grows: the first one stands as it was."""

    def twice(line: Line) -> None:
        if not line._provider.heads[1:]:
            line.send(HEAD + chunk("첫 대답이야", "stop") + DONE)
        else:
            line.send(HEAD + chunk("둘째"))
            line.hold()

    with provider(own_home, twice, 30) as server:
        process = subprocess.Popen(
            command("chat", "--plain"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        process.stdin.write(f"{WORDS}\n/다시\n".encode())
        process.stdin.flush()
        until(lambda: len(server.heads) == 2)
        process.kill()
        process.communicate()
        server.let_go.set()
    (turn,) = kept(own_home)
    assert turn.replies[0].text == "첫 대답이야" and turn.replies[0].finish == "stop"


@pytest.mark.parametrize("step", [1, 2])
def test_in_a_migration(own_home: Path, step: int) -> None:
    """Killed in the middle of a migration: the next start takes it again, and nothing is lost."""
    from unit.test_journal_file import SCHEMA_1

    file = journal_file(own_home)
    file.parent.mkdir(parents=True)
    db = sqlite3.connect(file)
    db.executescript(SCHEMA_1)
    db.close()
    where = ("sweetchat_tui.journal.grams:create", "sweetchat_tui.journal.recap:create")[step - 1]
    assert run("history", "list", before=killed_at(where)).code == KILLED
    assert [turn.text for turn in kept(own_home)] == ["안녕"]
    assert run("history", "search", "안녕").code == 0


@pytest.mark.parametrize(
    "where",
    [
        "sweetchat_tui.journal.salvage:_put_aside",
        "sweetchat_tui.journal.salvage:_pour",
        "sweetchat_tui.journal.salvage:_settle",
        "pathlib:Path.replace",
    ],
)
def test_while_a_damaged_journal_is_saved(own_home: Path, where: str) -> None:
    """Killed while a damaged journal is saved: it is still there, and is saved at the next start."""
    talk(own_home, 200)
    file = journal_file(own_home)
    bad = file.read_bytes()[:-8192]
    file.write_bytes(bad)
    assert run("ask", WORDS, before=killed_at(where)).code == KILLED
    ended = run("ask", WORDS)
    assert ended.code == 0 and "되살렸" in ended.err
    assert len(kept(own_home)) > 100
    copies = list(file.parent.glob("journal.db.damaged-*"))
    assert any(path.read_bytes() == bad for path in copies)


@pytest.mark.parametrize("call", [1, 2, 30])
def test_while_forgetting(own_home: Path, call: int) -> None:
    """Killed while a conversation is forgotten: it is there whole, or not at all."""
    conversation = talk(own_home, 40)
    dead = killed_at("sweetchat_tui.journal.grams:replace", call)
    assert run("history", "forget", conversation.id, "--yes", before=dead).code == KILLED
    assert len(kept(own_home)) == 40
    assert run("history", "forget", conversation.id, "--yes").code == 0
    assert kept(own_home) == []


def test_while_a_key_is_stored(own_home: Path) -> None:
    """Killed while a key is written: the old keys are there, whole."""
    subprocess.run(command("auth", "set"), input=b"sk-old\n", check=True, capture_output=True)
    file = own_home / "config" / "sweetchat" / "credentials.json"
    before = file.read_text("utf-8")
    done = subprocess.run(
        command("auth", "set", before=killed_at("pathlib:Path.replace")),
        input=b"sk-new\n",
        check=False,
    )
    assert done.returncode == KILLED and file.read_text("utf-8") == before
