"""The passphrase of the journal: asked for, never shown, never kept; and no kill on the way loses a word."""

import os
import shutil
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from faults.stage import forked, killed, until
from terminal import Terminal

from sweetchat_tui import paths
from sweetchat_tui.conversation import Turn
from sweetchat_tui.journal import Journal, Passphrase
from sweetchat_tui.journal.conversion import convert
from sweetchat_tui.journal.passphrase import encrypted

pytest.importorskip("sqlcipher3", reason="pip install 'sweetchat-tui[encrypt]'")

WORDS = "열려라 참깨 그리고 들깨"
OTHER = "닫혀라 참깨 그리고 들깨"
MARK = "쀍뷁꿻"


@pytest.fixture
def file(own_home: Path) -> Path:
    """A journal that is not encrypted, with a backup and a damaged copy beside it."""
    paths._dirs.cache_clear()
    path = paths.journal_file()
    with Journal.open(path) as journal:
        for number in range(30):
            journal.keep("c", Turn(f"{MARK} {number}"))
        journal.backup()
    damaged = path.with_name("journal.db.damaged-2026")
    damaged.write_bytes(path.read_bytes())
    Path(f"{damaged}-wal").write_bytes(MARK.encode())
    for copy in path.parent.glob("journal.db.damaged-*"):
        copy.chmod(0o600)
    draft = paths.draft_file()
    draft.parent.mkdir(parents=True)
    draft.write_text(MARK, encoding="utf-8")
    settings = paths.config_file()
    settings.parent.mkdir(parents=True)
    settings.write_text('classifier = "lite"\n[provider]\nuse = "offline"\n', encoding="utf-8")
    return path


@pytest.fixture
def locked(file: Path) -> Path:
    shutil.rmtree(paths.state_folder())
    for copy in file.parent.glob("journal.db.*"):
        copy.unlink()
    convert(file, None, _passphrase(WORDS))
    return file


def holding(folder: Path, text: str) -> list[str]:
    """Files with a text in any form in which it could be found."""
    forms = [
        unicodedata.normalize(form, text).encode(code)
        for form in ("NFC", "NFD")
        for code in ("utf-8", "utf-16-le")
    ]
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


@cache
def _passphrase(words: str | None) -> Passphrase | None:
    return Passphrase(words) if words else None


def said(path: Path, words: str | None = None) -> list[str]:
    with Journal.open(path, passphrase=_passphrase(words)) as journal:
        return [turn.text for turn in journal.conversation("c").turns]


def test_a_forgotten_passphrase_is_explained_before_one_is_set(sweetchat, file: Path) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("history", "encrypt", stdin=WORDS + "\n")
    assert done.code == 2 and "--yes" in done.err and not encrypted(file)
    assert "암호를 잊으면 모든 대화를 잃어요" in done.err
    assert "journal.db.damaged-2026" in done.err  # what will be removed
    assert len(list(file.parent.iterdir())) == 4


def test_no_word_is_left_in_the_folder(sweetchat, file: Path, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    assert len(holding(own_home, MARK)) == 5
    done = sweetchat("history", "encrypt", "--yes", stdin=WORDS + "\n")
    assert done.code == 0, done.err
    assert holding(own_home, MARK) == [] and holding(own_home, WORDS) == []
    assert [path.name for path in file.parent.iterdir()] == ["journal.db"]
    assert done.err.count("지운 사본") == 3 and WORDS not in done.err + done.out
    assert len(said(file, WORDS)) == 30


@pytest.mark.parametrize(
    "words",
    [
        ("history", "list"),
        ("history", "search", MARK),
        ("history", "check"),
        ("history", "backup"),
        ("mood",),
        ("ask", "안녕"),
    ],
    ids=" ".join,
)
def test_a_command_asks_and_a_script_says_it_in_a_variable(  # type: ignore[no-untyped-def]
    sweetchat, locked: Path, own_home: Path, words: tuple[str, ...]
) -> None:
    bare = sweetchat(*words)
    assert (bare.code, bare.out) == (77, ""), bare.err
    assert bare.err.count("\n") == 2 and "SWEETCHAT_PASSPHRASE" in bare.err
    wrong = sweetchat(*words, SWEETCHAT_PASSPHRASE=OTHER)
    assert wrong.code == 77 and "암호가 맞지 않아요" in wrong.err and wrong.err.count("\n") == 2
    right = sweetchat(*words, SWEETCHAT_PASSPHRASE=WORDS)
    assert right.code == 0, right.err
    for secret in (WORDS, OTHER):
        assert not any(secret in done.err + done.out for done in (bare, wrong, right))
        assert holding(own_home, secret) == []
    assert holding(own_home, MARK) == []
    assert all(encrypted(copy) for copy in locked.parent.glob("journal.db.backup-*"))


def test_a_wrong_passphrase_is_in_no_answer_and_no_traceback(sweetchat, locked: Path) -> None:  # type: ignore[no-untyped-def]
    failed = sweetchat("history", "list", "--json", "--debug", SWEETCHAT_PASSPHRASE=OTHER)
    assert failed.code == 77 and failed.rows[0]["error"]["code"] == "locked"
    assert "Traceback" in failed.err and OTHER not in failed.err + failed.out


def test_a_private_talk_needs_no_passphrase(sweetchat, locked: Path) -> None:  # type: ignore[no-untyped-def]
    before = locked.read_bytes()
    assert sweetchat("ask", "--private", "안녕").code == 0
    assert sweetchat("chat", "--plain", "--private", stdin="안녕\n/끝\n").code == 0
    assert sweetchat("classify", "안녕").code == 0
    assert locked.read_bytes() == before


def test_the_passphrase_is_changed_and_taken_away(sweetchat, locked: Path) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("history", "backup", SWEETCHAT_PASSPHRASE=WORDS).code == 0
    assert sweetchat("history", "passphrase", stdin=f"{OTHER}\n{WORDS}\n").code == 77
    short = sweetchat("history", "passphrase", stdin=f"{WORDS}\n짧아\n")
    assert short.code == 2 and "너무 짧아요" in short.err
    assert sweetchat("history", "passphrase", stdin=f"{WORDS}\n").code == 2
    done = sweetchat("history", "passphrase", stdin=f"{WORDS}\n{OTHER}\n")
    assert done.code == 0 and "예전 암호로 잠긴 백업: journal.db.backup-" in done.err, done.err
    assert len(said(locked, OTHER)) == 30
    variables = {"SWEETCHAT_PASSPHRASE": OTHER, "SWEETCHAT_NEW_PASSPHRASE": WORDS}
    assert sweetchat("history", "passphrase", **variables).code == 0
    assert sweetchat("history", "decrypt", stdin=WORDS + "\n").code == 2 and encrypted(locked)
    assert sweetchat("history", "decrypt", "--yes", stdin=OTHER + "\n").code == 77 and encrypted(locked)
    assert sweetchat("history", "decrypt", "--yes", stdin=WORDS + "\n").code == 0
    assert len(said(locked)) == 30
    assert sweetchat("history", "decrypt", "--yes").code == 2
    assert sweetchat("history", "passphrase", stdin=f"{WORDS}\n{OTHER}\n").code == 2


def test_a_backup_comes_back(sweetchat, locked: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = str(tmp_path / "mine.db")
    assert sweetchat("history", "backup", target, SWEETCHAT_PASSPHRASE=WORDS).code == 0
    assert sweetchat("history", "delete", "c", "--yes", SWEETCHAT_PASSPHRASE=WORDS).code == 0
    assert sweetchat("history", "restore", target, "--yes").code == 77
    assert sweetchat("history", "restore", target, "--yes", stdin=WORDS + "\n").code == 0
    assert len(said(locked, WORDS)) == 30 and holding(locked.parent, MARK) == []


def test_copies_that_are_left_are_told_of_and_removed(sweetchat, locked: Path) -> None:  # type: ignore[no-untyped-def]
    left = locked.with_name("journal.db.v2")
    left.write_bytes(MARK.encode() * 100)
    told = sweetchat("ask", "안녕", SWEETCHAT_PASSPHRASE=WORDS)
    assert told.code == 0 and left.name in told.err and "history encrypt" in told.err
    assert sweetchat("history", "encrypt").code == 77 and left.exists()
    assert sweetchat("history", "encrypt", stdin=WORDS + "\n").code == 0 and not left.exists()
    again = sweetchat("history", "encrypt")
    assert again.code == 2 and "이미" in again.err


def test_what_was_typed_and_not_sent_is_in_no_file(locked: Path, own_home: Path) -> None:
    """What was left in a file before is taken along, and comes back where it was when all is decrypted."""
    draft = paths.draft_file()
    draft.parent.mkdir(parents=True)
    draft.write_text(f"예전에 쓰다 만 {MARK}", encoding="utf-8")
    with Terminal("chat", SWEETCHAT_PASSPHRASE=WORDS) as screen:
        screen.shows("lite-1", f"예전에 쓰다 만 {MARK}")
        screen.type(f" 그리고 {MARK}")
        until(lambda: f"그리고 {MARK}" in _unsent(locked, WORDS))
        assert holding(own_home, MARK) == [] and not draft.exists()
        screen.child.kill(9)
    with Terminal("chat", SWEETCHAT_PASSPHRASE=WORDS) as screen:
        screen.shows(f"예전에 쓰다 만 {MARK} 그리고 {MARK}")
        screen.type("\x11")
        assert screen.ended() == 0
    convert(locked, _passphrase(WORDS), None)
    with Terminal("chat") as screen:
        screen.shows(f"예전에 쓰다 만 {MARK} 그리고 {MARK}")
        until(draft.exists)
        screen.type("\x11")
        assert screen.ended() == 0
    assert MARK in draft.read_text("utf-8") and _unsent(locked, None) == ""


def _unsent(path: Path, words: str | None) -> str:
    with Journal.open(path, passphrase=_passphrase(words)) as journal:
        return journal.unsent()


def test_without_the_library_one_sentence_says_how_to_have_it(
    sweetchat, locked: Path, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "sqlcipher3.py").write_text("raise ImportError")
    gone = {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    before = locked.read_bytes()
    for words in (("history", "list"), ("ask", "안녕"), ("history", "encrypt", "--yes")):
        done = sweetchat(*words, SWEETCHAT_PASSPHRASE=WORDS, **gone)
        assert (done.code, "sweetchat-tui[encrypt]" in done.err) == (78, True), done.err
    assert locked.read_bytes() == before and len(list(locked.parent.iterdir())) == 1


@pytest.mark.parametrize(("again", "told", "code"), [(OTHER, "달라요", 2), (WORDS, "잠갔어요", 0)])
def test_it_is_asked_for_twice_in_a_terminal_and_not_shown(
    file: Path, again: str, told: str, code: int
) -> None:
    with Terminal("history", "encrypt") as screen:
        screen.shows("암호로 잠글까요?")
        screen.type("y\r")
        screen.shows("새 암호")
        screen.type(WORDS + "\r")
        screen.shows("한 번 더")
        screen.type(again + "\r")
        screen.shows(told)
        assert screen.ended() == code
        assert WORDS.encode() not in screen.raw and OTHER.encode() not in screen.raw
    assert encrypted(file) is (again == WORDS)
    assert len(said(file, WORDS if again == WORDS else None)) == 30


def test_the_app_asks_before_its_screen(locked: Path, own_home: Path) -> None:
    with Terminal("chat") as screen:
        screen.shows("대화 기록의 암호")
        screen.type(OTHER + "\r")
        screen.shows("맞지 않아요")
        screen.type(WORDS + "\r")
        screen.shows(MARK, "lite-1")
        screen.type("암호 뒤에 한 말\r")
        until(lambda: said(locked, WORDS)[-1] == "암호 뒤에 한 말")
        screen.type("\x11")
        assert screen.ended() == 0
        assert WORDS.encode() not in screen.raw and OTHER.encode() not in screen.raw
    assert said(locked, WORDS)[-1] == "암호 뒤에 한 말"
    for text in (MARK, WORDS, OTHER, "암호 뒤에 한 말"):
        assert holding(own_home, text) == []


def test_three_times_the_wrong_one_is_the_end(locked: Path) -> None:
    before = locked.read_bytes()
    with Terminal("chat") as screen:
        for time in (1, 2, 3):
            screen.until(lambda shown, time=time: shown.count("보이지 않아요") == time)
            screen.type(OTHER + "\r")
        screen.until(lambda shown: shown.count("암호가 맞지 않아요") == 3)
        assert screen.ended() == 77
    assert locked.read_bytes() == before


def test_a_private_app_does_not_ask(locked: Path) -> None:
    with Terminal("chat", "--private") as screen:
        assert "암호" not in screen.shows("lite-1")
        screen.type("\x11")
        assert screen.ended() == 0


CONVERTING = [
    "conversion:_keep_others_out",
    # Before others are kept out, before all is copied, before that is kept, and after.
    *(f"C:sqlcipher.<locals>.Keyed.execute:{n}" for n in (2, 9, 12, 13)),
    *("conversion:_digest", "conversion:_digest:2", "pathlib:Path.replace", "files:sync_folder"),
    "copies:overwrite",
]
ENCRYPTING = [*CONVERTING, "draft:Draft.keep", "copies:plain_copies:2", "C:unlink:2", "copies:overwrite:3"]


@pytest.mark.parametrize("at", ENCRYPTING)
def test_killed_while_encrypting(file: Path, own_home: Path, at: str) -> None:
    """The journal is whole, encrypted or not; the same command again ends what was begun."""
    before = said(file)
    killed("history", "encrypt", "--yes", at=at, SWEETCHAT_PASSPHRASE=WORDS)
    now = encrypted(file)
    assert said(file, WORDS if now else None) == before
    assert Journal.problems(file, _passphrase(WORDS)) == []
    ended = forked("ask", "--provider", "offline", "안녕", SWEETCHAT_PASSPHRASE=WORDS)
    assert ended.returncode == 0 and "되살렸" not in ended.stderr, ended
    left = [name for name in holding(own_home, MARK) if name not in ("journal.db", "draft.txt")]
    assert not now or all(name in ended.stderr for name in left)
    again = forked("history", "encrypt", "--yes", SWEETCHAT_PASSPHRASE=WORDS)
    assert again.returncode == 0 or "이미" in again.stderr, again
    assert said(file, WORDS) == before and holding(own_home, MARK) == []
    assert not list(file.parent.glob("*.fresh*"))


@pytest.mark.parametrize("command", ["decrypt", "passphrase"])
@pytest.mark.parametrize("at", CONVERTING[3::2])
def test_killed_while_decrypting_or_changing_the_passphrase(locked: Path, at: str, command: str) -> None:
    """The journal is whole and opens with one of the two passphrases, or with none."""
    before = said(locked, WORDS)
    yes = ["--yes"] if command == "decrypt" else []
    variables = {"SWEETCHAT_PASSPHRASE": WORDS, "SWEETCHAT_NEW_PASSPHRASE": OTHER}
    killed("history", command, *yes, at=at, **variables)
    opens = [words for words in (WORDS, OTHER) if encrypted(locked) and _opens(locked, words)] or [None]
    assert said(locked, opens[0]) == before
    if opens == [WORDS]:
        assert forked("history", command, *yes, **variables).returncode == 0
    assert said(locked, OTHER if command == "passphrase" else None) == before
    assert not list(locked.parent.glob("*.fresh*"))


def _opens(path: Path, words: str) -> bool:
    return forked("history", "list", SWEETCHAT_PASSPHRASE=words).returncode == 0


def test_a_full_disk_is_told_in_a_sentence(file: Path) -> None:
    before = said(file)
    ended = forked("history", "encrypt", "--yes", SWEETCHAT_PASSPHRASE=WORDS, FAULT_FSIZE="20000")
    assert ended.returncode == 74 and "저장할 수 없어요" in ended.stderr, ended
    assert said(file) == before and not encrypted(file) and not list(file.parent.glob("*.fresh*"))
