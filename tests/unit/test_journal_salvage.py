"""A damaged journal is put aside as it was, and all that can be read of it goes on."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.errors import JournalUnwritable
from sweetchat_tui.journal import Journal

WORDS = "오늘은 회사에서 {}번째로 힘든 일이 있었어"
COUNT = 300


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    with Journal.open(path) as journal:
        for number in range(COUNT):
            answers = (
                Reply("그랬구나", None, "offline", "m", None, "friend", "stop"),
                Reply("많이 힘들었겠다", None, "offline", "m", None, "friend", "stop"),
            )
            journal.keep(f"c{number // 100}", Turn(WORDS.format(number), replies=answers))
    return path


def page_size(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[16:18], "big")


def opened(path: Path) -> tuple[list[str], str]:
    """The words that are there after the next start, and what was told at it."""
    told: list[str] = []
    with Journal.open(path, told.append) as journal:
        words = [
            turn.text
            for summary in journal.conversations(-1)
            for turn in journal.conversation(summary.id).turns
        ]
        found = {hit.text for hit in journal.search("번째로", 10_000)}
    assert found == set(words)
    assert Journal.problems(path) == []
    assert len(told) <= 1
    return words, "".join(told)


def kept(path: Path) -> list[Path]:
    return sorted(path.parent.glob("journal.db.damaged-*"))


def test_a_sound_journal_is_not_touched(file: Path) -> None:
    words, told = opened(file)
    assert (len(words), told, kept(file)) == (COUNT, "", [])


def test_one_bad_page_costs_what_is_on_it_and_no_more(file: Path) -> None:
    size = page_size(file)
    whole = file.read_bytes()
    saved = []
    for page in range(1, len(whole) // size):
        bad = whole[: page * size] + bytes(size) + whole[(page + 1) * size :]
        file.write_bytes(bad)
        words, told = opened(file)
        saved.append(len(words))
        if told:
            assert f"{len(words):,}" in told or not words
            (copy,) = kept(file)
            assert copy.read_bytes() == bad and str(copy) in told
            assert copy.stat().st_mode & 0o777 == file.stat().st_mode & 0o777 == 0o600
            copy.unlink()
    assert sorted(saved)[len(saved) // 2] == COUNT  # most pages hold an index, or answers
    assert sum(count >= COUNT * 0.6 for count in saved) >= len(saved) - 3  # the rest: roots of tables


def test_a_file_that_lost_its_end_gives_what_is_left(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    words, told = opened(file)
    assert 0 < len(words) < COUNT and "되살렸" in told
    said = {WORDS.format(number) for number in range(COUNT)}
    cut = set(words) - said  # the one message through which the end of the file went
    assert len(cut) <= 1 and all(any(text.startswith(half) for text in said) for half in cut)
    (copy,) = kept(file)
    assert copy.read_bytes() == whole[: len(whole) // 2]


@pytest.mark.parametrize(
    "content", [b"\0" * 8192, "이건 데이터베이스가 아니야\n".encode() * 500, b"SQLite format 3\0"]
)
def test_what_is_no_journal_is_put_aside_and_a_new_one_begun(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    words, told = opened(path)
    assert words == []
    if told:
        (copy,) = kept(path)
        assert copy.read_bytes() == content


def test_what_was_written_last_is_saved_from_the_log(file: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from sweetchat_tui.conversation import Turn;"
        "from sweetchat_tui.journal import Journal; journal = Journal.open(Path(sys.argv[1]));"
        "journal.keep('last', Turn('방금 한 세 번째로 중요한 말')); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program, str(file)], check=True)
    assert Path(f"{file}-wal").stat().st_size > 0
    data = bytearray(file.read_bytes())
    size = page_size(file)
    data[size * 6 : size * 7] = bytes(size)
    file.write_bytes(data)
    told: list[str] = []
    with Journal.open(file, told.append) as journal:
        assert journal.conversation("last").turns[0].text == "방금 한 세 번째로 중요한 말"


def test_two_programs_save_one_journal_once(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: -2 * page_size(file)])
    program = (
        "import sys; from pathlib import Path; from sweetchat_tui.journal import Journal;"
        "Journal.open(Path(sys.argv[1]), print).close()"
    )
    both = [
        subprocess.Popen([sys.executable, "-X", "utf8", "-c", program, str(file)], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(bool(words) for words in told) == len(kept(file)) == 1


def test_without_room_nothing_changes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    bad = file.read_bytes()[: -2 * page_size(file)]
    file.write_bytes(bad)
    program = (
        "import resource, signal, sys; from pathlib import Path; from sweetchat_tui.journal import Journal;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); Journal.open(Path(sys.argv[1]), print)"
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] != 4096
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, check=False)
    assert b"JournalUnwritable" in done.stderr
    assert file.read_bytes() == bad
    words, _ = opened(file)
    assert words


def test_a_program_that_asks_for_no_salvage_gets_the_error(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: -2 * page_size(file)])
    with pytest.raises(JournalUnwritable, match="깨졌"):
        Journal.open(file)
    assert Journal.problems(file) and not kept(file)


def test_a_journal_of_the_first_version_is_saved_into_the_newest(tmp_path: Path, file: Path) -> None:
    db = sqlite3.connect(file)
    db.execute("PRAGMA user_version = 1")
    for table in ("grams", "recaps"):
        db.execute(f"DROP TABLE {table}")
    db.execute("DROP INDEX replies_growing")
    db.execute("DROP INDEX turns_by_conversation")
    db.execute("ALTER TABLE conversations DROP COLUMN named")
    db.execute("VACUUM")
    db.close()
    size = page_size(file)
    data = file.read_bytes()
    file.write_bytes(data[: -3 * size])
    words, told = opened(file)
    assert words and told


def test_a_program_that_has_it_open_goes_on_in_the_saved_one(file: Path) -> None:
    with Journal.open(file) as first:
        data = bytearray(file.read_bytes())
        data[-page_size(file) :] = bytes(page_size(file))
        file.write_bytes(data)
        told: list[str] = []
        with Journal.open(file, told.append) as second:
            assert told
            first.keep("meanwhile", Turn("고치는 동안 세 번째로 적은 말"))
            assert second.conversation("meanwhile").turns[0].text == "고치는 동안 세 번째로 적은 말"
    assert "고치는 동안 세 번째로 적은 말" in opened(file)[0]


def test_what_keeps_two_programs_apart_is_private_too(file: Path) -> None:
    before = os.umask(0)
    try:
        file.write_bytes(file.read_bytes()[: -2 * page_size(file)])
        opened(file)
    finally:
        os.umask(before)
    for path in file.parent.glob("journal.db*"):
        assert path.stat().st_mode & 0o077 == 0, path
