"""`kill -9` at every step of a turn, of a migration, of saving a damaged journal, and of writing files."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from faults.stage import (
    ANSWERED,
    HEAD,
    Talk,
    app,
    drafts,
    fill,
    forked,
    journal_file,
    killed,
    opened,
    provider,
    turns,
    until,
    words,
)

from sweetchat_tui.conversation import Recap, Turn
from sweetchat_tui.journal import Journal

WORDS = "면접에서 떨어졌어"
MARK = "쀍뷁꿻"


def holding(*said: str) -> Callable[[Talk], None]:
    """A provider that says this and then nothing."""

    def script(talk: Talk) -> None:
        talk.send(HEAD)
        talk.say(*said)
        talk.hold()

    return script


@pytest.mark.parametrize(
    "at",
    [
        "companion:Companion.reply",
        "turns:keep",
        "store:Journal.keep:2",
        "lite:LiteClassifier.classify",
        "store:Journal.keep:3",
    ],
)
def test_killed_before_the_answer(own_home: Path, at: str) -> None:
    """Words that were sent are in the journal or still in the draft, whole, wherever the app dies."""
    with provider(holding("응"), own_home):
        with app(FAULT_KILL=at) as screen:
            screen.shows("오늘 어땠어?")
            screen.type(WORDS)
            screen.until(lambda _: drafts(own_home) == WORDS or not screen.child.isalive())
            screen.type("\r")
            until(lambda: not screen.child.isalive())
            assert screen.child.signalstatus == 9
        there = words(own_home) if journal_file(own_home).exists() else []
        assert there == [WORDS] or (there == [] and drafts(own_home) == WORDS), at
        with opened() as screen:
            screen.shows(WORDS)


@pytest.mark.parametrize("said", [["여기까지"], ["여기", "까지 ", "왔어 "] * 40])
def test_killed_in_the_stream(own_home: Path, said: list[str]) -> None:
    """An answer that was on the screen for a second is there at the next start, marked as broken off."""
    with provider(holding(*said), own_home):
        with opened() as screen:
            screen.shows("127.0.0.1")
            screen.type(WORDS + "\r")
            screen.shows(said[-1])
            until(lambda: turns(own_home)[0].reply and turns(own_home)[0].reply.text == "".join(said), 3)  # type: ignore[union-attr]
            screen.child.kill(9)
        with opened() as screen:
            screen.shows(WORDS, said[-1].strip(), "중간에 끊김")


def test_killed_in_a_variant(own_home: Path) -> None:
    """The answer before it stands, and the variant is there as far as it came."""

    def script(talk: Talk) -> None:
        talk.send(HEAD)
        talk.say(f"대답 {talk.number}")
        talk.hold() if talk.number else talk.end()

    with provider(script, own_home):
        with opened() as screen:
            screen.shows("127.0.0.1")
            screen.type(WORDS + "\r")
            screen.shows("대답 0", ANSWERED)
            screen.type("\x12")
            screen.shows("대답 1")
            until(lambda: len(turns(own_home)[0].replies) == 2, 3)
            screen.child.kill(9)
        assert [reply.text for reply in turns(own_home)[0].replies] == ["대답 0", "대답 1"]
        with opened() as screen:
            screen.shows("대답 1", "2/2")


def test_killed_while_a_draft_is_typed(own_home: Path) -> None:
    """What was typed is there again, to the letter that was last on the screen."""
    with provider(holding("응"), own_home):
        with opened() as screen:
            screen.shows("127.0.0.1")
            for at in range(0, 60, 10):
                screen.type("아직다못한말은남아있어"[at % 10 :][:1] * 10)
            typed = until(lambda: (text := drafts(own_home)) and len(text) >= 60 and text, 3)
            screen.child.kill(9)
        with opened() as screen:
            screen.until(lambda shown: typed[-10:] in shown)


SCHEMA_1 = (Path(__file__).parents[1] / "unit" / "test_journal_file.py").read_text(encoding="utf-8")
SCHEMA_1 = SCHEMA_1.partition('SCHEMA_1 = """')[2].partition('"""')[0]

MIGRATING = [
    *("database:_back_up", "database:_make_private_file:2", "migrations:bring_up"),
    *("migrations:the_search_index", "grams:create", "migrations:names_and_recaps", "recap:create"),
]


@pytest.mark.parametrize("at", [*MIGRATING, *(f"C:Connection.execute:{n}" for n in range(4, 24, 4))])
def test_killed_in_a_migration(own_home: Path, at: str) -> None:
    """The next start brings the journal up, with every word; a copy of the old one stays beside it."""
    file = journal_file(own_home)
    file.parent.mkdir(parents=True)
    db = sqlite3.connect(file)
    db.executescript(SCHEMA_1)
    db.close()
    killed("history", "list", at=at)
    ended = forked("history", "list")
    assert (ended.returncode, ended.stderr) == (0, "")
    (turn,) = turns(own_home)
    assert turn.text == "안녕" and turn.reply and turn.reply.text == "반가워"
    assert Journal.problems(file) == []
    copy = sqlite3.connect(next(file.parent.glob("journal.db.v*")))
    assert copy.execute("SELECT text FROM turns").fetchall() == [("안녕",)]
    copy.close()


SAVING = [
    *("salvage:salvage", "salvage:_put_aside", "shutil:copyfileobj", "salvage:_pour", "salvage:_block:2"),
    *(
        "salvage:_settle",
        "salvage:_close_ranks",
        "pathlib:Path.unlink:2",
        "pathlib:Path.replace",
        "C:unlink:2",
    ),
]


@pytest.mark.parametrize("at", SAVING)
def test_killed_while_saving_a_damaged_journal(own_home: Path, at: str) -> None:
    """The next start saves what can be read, says so, and the damaged file is kept as it was."""
    said = [f"{n}번째로 힘든 일이 있었어" * 4 for n in range(120)]
    file = fill(own_home, *said)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 3 // 4])
    killed("ask", "--provider", "offline", "-q", "안녕", at=at)
    ended = forked("ask", "--provider", "offline", "안녕")
    assert ended.returncode == 0 and "되살렸" in ended.stderr, ended
    there = words(own_home)
    assert "안녕" in there and len(there) > 10 and set(there) <= {*said, "안녕"}
    copies = list(file.parent.glob("journal.db.damaged-*"))
    assert whole[: len(whole) * 3 // 4] in [copy.read_bytes() for copy in copies]
    assert not list(file.parent.glob("*.fresh*"))


FORGETTING = [
    *("store:Journal.forget", "removal:take_out", "grams:overwrite", "store:Journal._sweep"),
    *("copies:copies_of", "C:unlink", "C:Connection.close"),
]


@pytest.mark.parametrize("at", FORGETTING)
def test_killed_while_forgetting(own_home: Path, at: str) -> None:
    """A conversation is wholly there or wholly gone, and then in no file once the program has run again."""
    file = fill(own_home, MARK, MARK * 3, conversation="secret")
    with Journal.open(file) as journal:
        journal.keep_recap("secret", Recap(MARK, journal.conversation("secret").turns[1].id))
        journal.keep("other", Turn("남는 말"))
        journal.backup()
    killed("history", "forget", "secret", "--yes", at=at)
    there = words(own_home)
    if len(there) == 3:
        assert forked("history", "forget", "secret", "--yes").returncode == 0
    assert words(own_home) == ["남는 말"]
    assert [path.name for path in file.parent.iterdir() if MARK.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("at", ["files:write_private", "C:TextIOWrapper.write", "pathlib:Path.replace"])
def test_killed_while_a_key_is_stored(own_home: Path, at: str) -> None:
    """The key file is the old one or the new one, whole, and the next try goes through."""
    assert forked("auth", "status").returncode == 0
    killed("auth", "set", at=at, typed="sk-new\n")
    ended = forked("auth", "set", typed="sk-new\n")
    assert ended.returncode == 0, ended
    assert "••••" in forked("auth", "status").stdout


@pytest.mark.parametrize("at", ["example:example", "C:TextIOWrapper.write", "C:TextIOWrapper.__exit__"])
def test_killed_while_the_configuration_is_written(own_home: Path, at: str) -> None:
    """There is no configuration or a whole one, and the next try says which."""
    killed("config", "init", at=at)
    file = own_home / "config" / "sweetchat" / "config.toml"
    if not file.exists():
        assert forked("config", "init").returncode == 0
    assert "base_url" in file.read_text(encoding="utf-8")
    assert forked("config", "show").returncode == 0
