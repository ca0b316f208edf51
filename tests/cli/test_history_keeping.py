"""The journal's file: copied, put back, looked at, and left without a trace of what was forgotten."""

import json
import os
import sqlite3
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from terminal import Terminal

from sweetchat_tui import paths
from sweetchat_tui.conversation import Recap, Reply, Turn
from sweetchat_tui.journal import Journal

MARKS = ("쀍뷁꿻", "뽷쒥뀕", "쎏뀷쀓", "뷀쒝꿱")


@pytest.fixture
def file(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    paths._dirs.cache_clear()
    return paths.journal_file()


def fill(file: Path) -> None:
    """A conversation with a mark in its words, its answers, its title and its recap, and another one."""
    with Journal.open(file) as journal:
        reply = Reply(MARKS[1] * 3, None, "offline", "m", None, "friend", "stop")
        turn = Turn(f"오늘 {MARKS[0]} 했어", replies=(reply, reply))
        journal.keep("secret", turn)
        journal.keep("secret", Turn("둘째 말"))
        journal.rename("secret", MARKS[2])
        journal.keep_recap("secret", Recap(MARKS[3], turn.id))
        for number in range(400):
            journal.keep("other", Turn(f"남는 말 {number}"))


def traces(folder: Path) -> list[str]:
    """Files that hold a mark in any form in which it could be found."""
    forms = [
        unicodedata.normalize(form, mark).encode(code)
        for mark in MARKS
        for form in ("NFC", "NFD")
        for code in ("utf-8", "utf-16-le")
    ]
    pairs = [mark[:2].encode() for mark in MARKS]
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in (*forms, *pairs))
    ]


def test_what_is_forgotten_is_in_no_file(sweetchat, file: Path, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    fill(file)
    assert sweetchat("history", "backup").code == 0
    file.with_name("journal.db.v2").write_bytes(file.read_bytes())
    file.with_name("journal.db.damaged-2026").write_bytes(file.read_bytes())
    assert len(traces(own_home)) >= 4
    assert sweetchat("history", "forget", "secret").code == 2  # nobody has said yes
    done = sweetchat("history", "forget", "secret", "--yes")
    assert done.code == 0, done.err
    assert traces(own_home) == []
    with Journal.open(file) as journal:
        assert [c.id for c in journal.conversations()] == ["other"]
        assert journal.search("쀍") == [] and len(journal.search("남는", 999)) == 400


def test_everything_is_forgotten_with_the_draft(sweetchat, file: Path, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    fill(file)
    draft = paths.draft_file()
    draft.parent.mkdir(parents=True)
    draft.write_text(MARKS[0], encoding="utf-8")
    assert sweetchat("history", "forget", "--all", "--yes").code == 0
    assert traces(own_home) == []
    assert sweetchat("history", "list", "--json").out == ""


def test_what_is_older_is_forgotten_and_what_is_not_stays(sweetchat, file: Path) -> None:  # type: ignore[no-untyped-def]
    with Journal.open(file) as journal:
        for days in (1, 40, 400):
            journal.keep(f"d{days}", Turn("말", at=datetime.now(UTC) - timedelta(days=days)))
    assert sweetchat("history", "forget", "--older-than", "30", "--yes").code == 0
    with Journal.open(file) as journal:
        assert [c.id for c in journal.conversations()] == ["d1"]
    assert sweetchat("history", "forget", "--older-than", "30", "--all", "--yes").code == 2
    assert sweetchat("history", "forget", "--yes").code == 2


def test_what_ended_before_a_day_is_forgotten(sweetchat, file: Path) -> None:  # type: ignore[no-untyped-def]
    day = datetime(2026, 5, 4).astimezone()
    with Journal.open(file) as journal:
        journal.keep("earlier", Turn("말", at=day - timedelta(seconds=1)))
        journal.keep("that day", Turn("말", at=day))
        journal.keep("over it", Turn("말", at=day - timedelta(days=3)))
        journal.keep("over it", Turn("말", at=day + timedelta(hours=1)))
    assert sweetchat("history", "forget", "--before", "2026-05-04").code == 2  # nobody has said yes
    assert sweetchat("history", "forget", "--before", "그제", "--yes").code == 2
    assert sweetchat("history", "forget", "--before", "2026-05-04", "--older-than", "3", "--yes").code == 2
    assert sweetchat("history", "forget", "--before", "2026-05-04", "--yes").code == 0
    with Journal.open(file) as journal:
        assert {c.id for c in journal.conversations()} == {"that day", "over it"}


def test_where_nothing_is_to_be_forgotten_backups_stay(sweetchat, file: Path) -> None:  # type: ignore[no-untyped-def]
    fill(file)
    assert sweetchat("history", "backup").code == 0
    done = sweetchat("history", "forget", "--before", "2001-01-01", "--yes")
    assert done.code == 0 and "없어요" in done.err and "지웠어요" not in done.err
    assert list(file.parent.glob("journal.db.backup-*"))
    wrong = sweetchat("history", "forget", "--before", "2026-13-01", "--yes")
    assert wrong.code == 2 and "2026-13-01" in wrong.err and "match" not in wrong.err


def test_all_is_forgotten_when_it_is_typed_out(file: Path, own_home: Path) -> None:
    fill(file)
    with Terminal("history", "forget", "--all") as screen:
        screen.shows("모두 지우기")
        screen.type("y\r")
        screen.shows("그대로 두었어요")
        assert screen.ended() == 2
    assert traces(own_home)
    with Terminal("history", "forget", "--all") as screen:
        screen.shows("모두 지우기")
        screen.type(unicodedata.normalize("NFD", "모두 지우기") + "\r")
        screen.shows("지웠어요")
        assert screen.ended() == 0
    assert traces(own_home) == []


def test_indexes_and_permissions_are_checked_and_put_right(sweetchat, file: Path) -> None:  # type: ignore[no-untyped-def]
    fill(file)
    assert sweetchat("history", "backup").code == 0
    (copy,) = file.parent.glob("journal.db.backup-*")
    copy.chmod(0o644)
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("INSERT INTO grams (grams) VALUES ('delete-all')")
    db.close()
    bad = sweetchat("history", "check", "--json")
    assert bad.code == 65 and len(bad.rows[0]["problems"]) == 2 and str(copy) in bad.rows[0]["problems"][0]
    mended = sweetchat("history", "check", "--repair")
    assert mended.code == 0 and "바로잡았어요" in mended.err, mended.err
    assert sweetchat("history", "check").code == 0 and copy.stat().st_mode & 0o777 == 0o600
    assert MARKS[0] in sweetchat("history", "search", MARKS[0]).out


def test_a_backup_that_cannot_be_made_names_where_it_was_to_be(sweetchat, file: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "none" / "x"
    done = sweetchat("history", "backup", str(target))
    assert done.code == 74
    assert str(target) in done.err and str(file) not in done.err


def test_a_backup_is_put_back_and_what_it_replaced_is_kept(sweetchat, file: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    fill(file)
    target = tmp_path / "mine.db"
    done = sweetchat("history", "backup", str(target))
    assert (done.code, done.out.strip()) == (0, str(target))
    assert target.stat().st_mode & 0o777 == 0o600
    assert sweetchat("history", "backup", str(target)).code == 2
    sweetchat("history", "delete", "secret", "--yes")
    with Journal.open(file) as journal:
        journal.keep("later", Turn("나중에 한 말"))
    assert sweetchat("history", "restore", str(target)).code == 2
    done = sweetchat("history", "restore", str(target), "--yes")
    assert done.code == 0, done.err
    with Journal.open(file) as journal:
        assert {c.id for c in journal.conversations()} == {"secret", "other"}
        assert len(journal.search("쀍")) == 1
    assert list(tmp_path.glob("mine.db*")) == [target]  # which may lie where nothing can be put beside it
    (kept,) = file.parent.glob("journal.db.backup-*")
    assert str(kept) in done.err
    with Journal.open(kept) as journal:
        assert journal.conversation("later")
    assert file.stat().st_mode & 0o777 == 0o600


FULL_DISK = """if True:
    import resource, sys
    from sweetchat_tui import cli
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    cli.main(sys.argv[1:])
"""


@pytest.mark.parametrize(
    "words",
    [
        ("history", "list"),
        ("history", "search", MARKS[0]),
        ("history", "show", "secret"),
        ("history", "export", "secret", "-o", "-"),
        ("mood", "--json"),
    ],
)
def test_what_was_said_can_be_read_where_nothing_can_be_written(file: Path, words: tuple[str, ...]) -> None:
    fill(file)
    command = [sys.executable, "-B", "-c", FULL_DISK, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert "secret" in done.stdout or MARKS[0] in done.stdout or '"days"' in done.stdout
    command = [sys.executable, "-B", "-c", FULL_DISK, "ask", "새 말"]
    assert subprocess.run(command, capture_output=True, timeout=100, check=False).returncode == 74
    with Journal.open(file) as journal:
        assert len(journal.conversations()) == 2


@pytest.mark.parametrize("what", ["absent", "foreign", "newer", "damaged"])
def test_what_is_no_backup_changes_nothing(sweetchat, file: Path, tmp_path: Path, what: str) -> None:  # type: ignore[no-untyped-def]
    fill(file)
    other = tmp_path / "other.db"
    if what == "foreign":
        other.write_text("그냥 글")
    elif what != "absent":
        with Journal.open(other) as journal:
            for _ in range(60):
                journal.keep("c", Turn("말" * 500))
        if what == "newer":
            db = sqlite3.connect(other)
            db.execute("PRAGMA user_version = 99")
            db.close()
        else:
            data = other.read_bytes()
            other.write_bytes(data[:20_000])
    before = file.read_bytes()
    done = sweetchat("history", "restore", str(other), "--yes")
    assert done.code == (66 if what == "absent" else 65), done.err
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["journal.db"]


def test_a_damaged_journal_is_found_and_mended(sweetchat, file: Path) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("history", "check").code == 0  # there is none yet
    assert not file.exists()
    fill(file)
    sound = sweetchat("history", "check", "--json")
    assert sound.code == 0 and json.loads(sound.out)["problems"] == []
    data = file.read_bytes()
    file.write_bytes(data[:-8192])
    bad = sweetchat("history", "check", "--json")
    assert (bad.code, bool(bad.rows[0]["problems"])) == (65, True)
    assert "--repair" in bad.err and file.read_bytes() == data[:-8192]
    mended = sweetchat("history", "check", "--repair")
    assert mended.code == 0 and "되살렸" in mended.err, mended.err
    assert sweetchat("history", "check").code == 0


def test_the_next_talk_goes_on_over_a_damaged_journal(sweetchat, file: Path) -> None:  # type: ignore[no-untyped-def]
    fill(file)
    file.write_bytes(file.read_bytes()[:-8192])
    done = sweetchat("ask", "안녕")
    assert done.code == 0 and "되살렸" in done.err and done.out.strip()
    assert "안녕" in sweetchat("history", "list").out


def test_files_are_the_persons_alone_whatever_the_mask(sweetchat, file: Path, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    before = os.umask(0)
    try:
        sweetchat("ask", "안녕")
        sweetchat("history", "backup")
        sweetchat("config", "init")
        sweetchat("auth", "set", stdin="sk-test\n")
    finally:
        os.umask(before)
    for path in own_home.rglob("*"):
        if "sweetchat" in path.parts:
            assert path.stat().st_mode & 0o077 == 0, path


def test_forgetting_says_so_while_another_program_still_reads(sweetchat, file: Path, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    fill(file)
    with Journal.open(file) as journal:
        journal.keep("other", Turn("방금 한 말"))
        reader = sqlite3.connect(file, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turns").fetchone()
        done = sweetchat("history", "forget", "secret", "--yes")
        assert (done.code, "다른 프로그램" in done.err) == (74, True)
        reader.close()
    with Journal.open(file) as journal:
        assert "secret" not in {c.id for c in journal.conversations()}
    assert sweetchat("history", "forget", "other", "--yes").code == 0
    assert traces(own_home) == []


def test_what_is_older_than_one_wants_to_keep_is_forgotten_at_the_end(  # type: ignore[no-untyped-def]
    sweetchat, file: Path, own_home: Path
) -> None:
    with Journal.open(file) as journal:
        journal.keep("old", Turn(f"오래전에 {MARKS[0]}", at=datetime.now(UTC) - timedelta(days=40)))
        journal.keep("new", Turn("어제 한 말", at=datetime.now(UTC) - timedelta(days=1)))
    sweetchat("ask", "안녕")
    assert traces(own_home)
    assert sweetchat("ask", "안녕", SWEETCHAT_KEEP_DAYS="30").code == 0
    assert traces(own_home) == []
    with Journal.open(file) as journal:
        assert len(journal.conversations()) == 3
    assert sweetchat("ask", "안녕", SWEETCHAT_KEEP_DAYS="-1").code == 78
