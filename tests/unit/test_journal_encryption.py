"""An encrypted journal does all that another does, and no word of it can be read beside it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from sweetchat_tui.conversation import Recap, Reply, Turn
from sweetchat_tui.errors import JournalUnwritable, Locked, NotThere, Unreadable
from sweetchat_tui.journal import Journal, Passphrase, conversion, opening, restore
from sweetchat_tui.journal.conversion import convert
from sweetchat_tui.journal.copies import erase, plain_copies
from sweetchat_tui.journal.passphrase import encrypted

pytest.importorskip("sqlcipher3", reason="pip install 'sweetchat-tui[encrypt]'")

MARKS = ("쀍뷁꿻", "뽷쒥뀕", "쎏뀷쀓", "뷀쒝꿱")
WORDS = "비밀로 하는 긴 암호"
RIGHT, WRONG = Passphrase(WORDS), Passphrase("전혀 다른 긴 암호")


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A journal with a mark in its words, its answers, its title and its recap."""
    path = tmp_path / "share" / "journal.db"
    with Journal.open(path) as journal:
        for number in range(200):
            reply = Reply(MARKS[1] * 3, None, "offline", "m", None, "friend", "stop")
            turn = Turn(f"오늘 {MARKS[0]} 했어 {number}", replies=(reply, reply))
            journal.keep(f"c{number // 100}", turn)
        journal.rename("c1", MARKS[2])
        journal.keep_recap("c1", Recap(MARKS[3], turn.id))
    return path


@pytest.fixture
def file(plain: Path) -> Path:
    convert(plain, None, RIGHT)
    return plain


def traces(folder: Path, marks: Iterable[str] = MARKS) -> list[str]:
    """Files that hold a mark, or half of one."""
    found = [mark[:2].encode(code) for mark in marks for code in ("utf-8", "utf-16-le")]
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in found)
    ]


def said(path: Path, passphrase: Passphrase | None) -> list[str]:
    with Journal.open(path, passphrase=passphrase) as journal:
        return [
            turn.text for found in journal.conversations(-1) for turn in journal.conversation(found.id).turns
        ]


def test_nothing_can_be_read_of_it_while_it_is_open_or_closed(file: Path) -> None:
    assert traces(file.parent) == []
    with Journal.open(file, passphrase=RIGHT) as journal:
        journal.keep("c9", Turn(MARKS[0] * 300))
        assert {path.name for path in file.parent.iterdir()} == {
            "journal.db",
            "journal.db-wal",
            "journal.db-shm",
        }
        assert Path(f"{file}-wal").stat().st_size > 0
        assert traces(file.parent) == []
    assert traces(file.parent) == [] and [path.name for path in file.parent.iterdir()] == ["journal.db"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_scan_sees_what_is_not_encrypted(plain: Path) -> None:
    assert traces(plain.parent) == ["journal.db"]


def test_it_holds_all_that_it_held(plain: Path) -> None:
    before = said(plain, None)
    convert(plain, None, RIGHT)
    assert said(plain, RIGHT) == before and len(before) == 200
    with Journal.open(plain, passphrase=RIGHT) as journal:
        assert journal.encrypted
        assert len(journal.search("뷁꿻", 999)) == 200 and len(journal.search("뽷", 999)) == 400
        assert next(found.title for found in journal.conversations()) == MARKS[2]
        assert (recap := journal.recap("c1")) is not None and recap.text == MARKS[3]
        assert journal.mood(date.today(), 7).whole.messages == 200
        journal.delete("c0")
        assert len(journal.search("뷁꿻", 999)) == 100
    assert Journal.problems(plain, RIGHT) == []


def test_it_is_a_file_that_any_sqlcipher_opens_with_the_passphrase(file: Path) -> None:
    from sqlcipher3 import dbapi2

    with closing(dbapi2.connect(str(file))) as db:
        db.execute(f"PRAGMA key = '{WORDS}'")
        assert db.execute("SELECT count(*) FROM turns").fetchone() == (200,)
    with closing(sqlite3.connect(file)) as db, pytest.raises(sqlite3.DatabaseError, match="not a database"):
        db.execute("SELECT count(*) FROM turns")


def test_decomposed_hangul_is_the_same_passphrase(file: Path) -> None:
    import unicodedata

    assert len(said(file, Passphrase(unicodedata.normalize("NFD", WORDS)))) == 200


@pytest.mark.parametrize("passphrase", [None, WRONG])
def test_without_the_passphrase_it_is_refused_and_never_taken_for_a_damaged_one(
    file: Path, passphrase: Passphrase | None
) -> None:
    before = file.read_bytes()
    told: list[str] = []
    for act in (
        lambda: Journal.open(file, passphrase=passphrase),
        lambda: Journal.open(file, told.append, passphrase),
        lambda: Journal.problems(file, passphrase),
        lambda: convert(file, passphrase, None),
        lambda: convert(file, passphrase, WRONG),
    ):
        with pytest.raises(Locked) as caught:
            act()
        assert caught.value.exit_code == 77
    assert file.read_bytes() == before and told == []
    assert [path.name for path in file.parent.iterdir()] == ["journal.db"]


def test_two_programs_use_it_at_once(file: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from sweetchat_tui.conversation import Turn;"
        "from sweetchat_tui.journal import Journal, Passphrase\n"
        "with Journal.open(Path(sys.argv[1]), passphrase=Passphrase(sys.argv[2])) as journal:\n"
        "    for n in range(40): journal.keep(sys.argv[3], Turn(str(n)))"
    )
    both = [
        subprocess.Popen([sys.executable, "-X", "utf8", "-c", program, str(file), WORDS, name])
        for name in "ab"
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    with Journal.open(file, passphrase=RIGHT) as journal:
        assert [len(journal.conversation(name).turns) for name in "ab"] == [40, 40]


def test_it_is_not_converted_while_another_program_has_it_open(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "import sys; from pathlib import Path; from sweetchat_tui.journal import Journal;"
    program += "j = Journal.open(Path(sys.argv[1])); j.latest(); print(flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(plain)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout and other.stdout.readline()
    with pytest.raises(JournalUnwritable, match="다른 프로그램"):
        convert(plain, None, RIGHT)
    other.communicate(b"\n", 30)
    assert not encrypted(plain) and len(said(plain, None)) == 200
    convert(plain, None, RIGHT)
    assert len(said(plain, RIGHT)) == 200


WRITES_MEANWHILE = """
import sys
from pathlib import Path
from sweetchat_tui.conversation import Turn
from sweetchat_tui.errors import JournalUnwritable
from sweetchat_tui.journal import Journal, Passphrase
passphrase = Passphrase(sys.argv[2])
for n in range(25):
    while True:
        try:
            with Journal.open(Path(sys.argv[1]), passphrase=passphrase) as journal:
                journal.keep("meanwhile", Turn(str(n)))
            break
        except JournalUnwritable as error:
            assert "다른 프로그램" in str(error), error
    if n == 5:
        print(flush=True)
"""


def test_nothing_is_lost_of_what_another_program_writes_between_conversions(plain: Path) -> None:
    """Whoever waits for a conversion goes on in the file that it made, never in the one that it replaced."""
    writer = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", WRITES_MEANWHILE, str(plain), WORDS], stdout=subprocess.PIPE
    )
    assert writer.stdout and writer.stdout.readline()
    done = 0
    old: Passphrase | None = None
    while writer.poll() is None and done < 5:
        new = None if old else RIGHT
        try:
            convert(plain, old, new)
        except JournalUnwritable:
            continue
        old, done = new, done + 1
    writer.communicate(timeout=60)
    assert writer.returncode == 0 and done > 0
    with Journal.open(plain, passphrase=old) as journal:
        assert [turn.text for turn in journal.conversation("meanwhile").turns] == [str(n) for n in range(25)]
    assert Journal.problems(plain, old) == []


def test_others_are_kept_out_until_the_new_file_has_its_name(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=0.2)\n"
        "try: db.execute('BEGIN IMMEDIATE')\n"
        "except sqlite3.OperationalError as error: print(error)"
    )
    digest, answers = conversion._digest, []

    def hooked(db: sqlite3.Connection) -> bytes:
        done = subprocess.run([sys.executable, "-c", program, str(plain)], capture_output=True, check=True)
        answers.append(done.stdout.decode().strip())
        return digest(db)

    monkeypatch.setattr(conversion, "_digest", hooked)
    convert(plain, None, RIGHT)
    assert answers == ["database is locked"] * 2


def test_a_file_that_is_replaced_while_it_is_opened_is_opened_anew(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.open(plain) as journal:
        copy = journal.backup()
    program = "import sys; from pathlib import Path; from sweetchat_tui.journal import restore;"
    program += "restore(*map(Path, sys.argv[1:]))"
    real, calls = opening.open_database, []

    def hooked(path: Path, **given: Passphrase | None) -> sqlite3.Connection:
        db = real(path, **given)
        if not calls:
            subprocess.run([sys.executable, "-c", program, str(plain), str(copy)], check=True)
        calls.append(path)
        return db

    monkeypatch.setattr(opening, "open_database", hooked)
    with Journal.open(plain) as journal:
        journal.keep("now", Turn("방금 한 말"))
    assert "방금 한 말" in said(plain, None)


def test_the_passphrase_is_changed_and_taken_away(file: Path) -> None:
    convert(file, RIGHT, WRONG)
    assert len(said(file, WRONG)) == 200 and traces(file.parent) == []
    with pytest.raises(Locked):
        Journal.open(file, passphrase=RIGHT)
    convert(file, WRONG, None)
    assert len(said(file, None)) == 200 and not encrypted(file)
    with Journal.open(file) as journal:
        assert not journal.encrypted


def test_what_it_was_is_overwritten_where_it_stood(plain: Path) -> None:
    held = os.open(plain, os.O_RDONLY)
    convert(plain, None, RIGHT)
    assert os.fstat(held).st_nlink == 0
    assert not any(os.pread(held, os.fstat(held).st_size, 0))
    os.close(held)


def test_what_has_another_name_is_left_to_who_gave_it_that(plain: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin.db"
    os.link(plain, twin)
    convert(plain, None, RIGHT)
    assert len(said(plain, RIGHT)) == len(said(twin, None)) == 200
    link = tmp_path / "share" / "journal.db.backup-link"
    link.symlink_to(twin)
    erase(link)
    assert not link.is_symlink() and len(said(twin, None)) == 200


def test_a_link_leads_to_the_encrypted_one(plain: Path, tmp_path: Path) -> None:
    link = tmp_path / "journal.db"
    link.symlink_to(plain)
    convert(link, None, RIGHT)
    assert link.is_symlink() and encrypted(plain) and len(said(link, RIGHT)) == 200
    assert traces(tmp_path) == []


def test_its_backups_are_encrypted_and_come_back(file: Path) -> None:
    with Journal.open(file, passphrase=RIGHT) as journal:
        copy = journal.backup()
        journal.delete("c0")
    assert encrypted(copy) and traces(file.parent) == [] and plain_copies(file) == []
    with pytest.raises(Locked):
        restore(file, copy)
    kept = restore(file, copy, RIGHT)
    assert len(said(file, RIGHT)) == 200 and kept is not None and len(said(kept, RIGHT)) == 100
    assert traces(file.parent) == []


def test_a_backup_under_another_passphrase_comes_back_with_it(file: Path) -> None:
    with Journal.open(file, passphrase=RIGHT) as journal:
        copy = journal.backup()
    convert(file, RIGHT, WRONG)
    kept = restore(file, copy, RIGHT)
    assert len(said(file, RIGHT)) == 200 and kept is not None and len(said(kept, WRONG)) == 200


def test_a_plain_backup_comes_back_encrypted(plain: Path, tmp_path: Path) -> None:
    with Journal.open(plain) as journal:
        copy = journal.backup(tmp_path / "elsewhere.db")
    convert(plain, None, RIGHT)
    with pytest.raises(Locked):
        restore(plain, copy)
    with pytest.raises(Locked):
        restore(plain, copy, WRONG)
    restore(plain, copy, RIGHT)
    assert len(said(plain, RIGHT)) == 200 and traces(plain.parent) == []


def test_what_is_no_backup_changes_nothing(file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    other = tmp_path / "other.db"
    with pytest.raises(NotThere):
        restore(file, other, RIGHT)
    other.write_bytes(before[:20_000])
    with pytest.raises(Unreadable):
        restore(file, other, RIGHT)
    assert file.read_bytes() == before and [path.name for path in file.parent.iterdir()] == ["journal.db"]


def test_a_copy_made_before_a_migration_is_encrypted_too(tmp_path: Path) -> None:
    from unit.test_journal_file import SCHEMA_1

    from sweetchat_tui.journal import sqlite

    old, file = tmp_path / "old.db", tmp_path / "share" / "journal.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(old)) as db:
        db.executescript(SCHEMA_1.replace("안녕", MARKS[0]))
    with closing(sqlite.connect(old, converting=True)) as db:
        sqlite.export(db, file, RIGHT.key())
    assert said(file, RIGHT) == [MARKS[0]]
    (copy,) = file.parent.glob("journal.db.v1")
    assert encrypted(copy) and traces(file.parent) == [] and said(copy, RIGHT) == [MARKS[0]]


@pytest.mark.parametrize("broken", ["a page", "the end"])
def test_a_damaged_one_is_saved_with_the_passphrase_and_stays_encrypted(file: Path, broken: str) -> None:
    whole = file.read_bytes()
    if broken == "a page":
        for page in range(8, len(whole) // 4096, 9):
            whole = whole[: page * 4096] + bytes(4096) + whole[(page + 1) * 4096 :]
    else:
        whole = whole[: len(whole) * 3 // 4 // 4096 * 4096]
    file.write_bytes(whole)
    assert Journal.problems(file, RIGHT)
    whole = file.read_bytes()
    told: list[str] = []
    with pytest.raises(Locked):
        Journal.open(file, told.append, WRONG)
    assert file.read_bytes() == whole and told == []
    Journal.open(file, told.append, RIGHT).close()
    assert len(told) == 1 and "되살렸" in told[0]
    assert 0 < len(said(file, RIGHT)) <= 200
    (copy,) = file.parent.glob("journal.db.damaged-*")
    assert copy.read_bytes() == whole and traces(file.parent) == [] and encrypted(file)
    assert Journal.problems(file, RIGHT) == []


def test_a_damaged_first_page_is_not_taken_for_a_wrong_passphrase(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + bytes(200) + whole[300:])
    told: list[str] = []
    with pytest.raises(Locked):
        Journal.open(file, told.append, WRONG)
    assert told == []
    Journal.open(file, told.append, RIGHT).close()
    assert len(told) == 1 and "망가져" in told[0]
    (copy,) = file.parent.glob("journal.db.damaged-*")
    assert copy.read_bytes() == whole[:100] + bytes(200) + whole[300:]
    assert encrypted(file) and said(file, RIGHT) == []


def test_a_program_that_has_it_open_goes_on_in_the_restored_one(file: Path) -> None:
    with Journal.open(file, passphrase=RIGHT) as journal:
        copy = journal.backup()
        restore(file, copy, RIGHT)
        journal.keep("later", Turn("나중에 한 말"))
    assert "나중에 한 말" in said(file, RIGHT)


def test_copies_that_are_not_encrypted_are_told_of(plain: Path) -> None:
    with Journal.open(plain) as journal:
        copy = journal.backup()
    convert(plain, None, RIGHT)
    assert plain_copies(plain) == [copy]
    told: list[str] = []
    Journal.open(plain, told.append, RIGHT).close()
    assert len(told) == 1 and copy.name in told[0] and copy.exists()


def test_no_picture_of_it_shows_the_passphrase(file: Path) -> None:
    with Journal.open(file, passphrase=RIGHT) as journal:
        seen = [repr(thing) for thing in (RIGHT, RIGHT.key(), journal, journal._db, vars(journal))]
    key = RIGHT.key(file.read_bytes()[:16])
    for secret in (WORDS, repr(WORDS.encode()), key.secret.hex(), repr(key.secret)):
        assert not any(secret in picture for picture in seen)


def test_a_full_disk_leaves_the_journal_as_it_was(plain: Path) -> None:
    before = said(plain, None)
    program = (
        "import resource, sys; from pathlib import Path; from sweetchat_tui.journal import Passphrase;"
        "from sweetchat_tui.journal.conversion import convert;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2);"
        "convert(Path(sys.argv[1]), None, Passphrase('여덟 글자가 넘는'))"
    )
    for room in (0, 4096, plain.stat().st_size // 2):
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program, str(plain), str(room)],
            capture_output=True,
            check=False,
        )
        assert b"JournalUnwritable" in done.stderr, done.stderr.decode()
        assert not list(plain.parent.glob("*.fresh*")) and not encrypted(plain)
        assert said(plain, None) == before
