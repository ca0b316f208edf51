"""Disks, files, clocks, terminals and other programs that are not as they should be."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults.stage import (
    ANSWERED,
    HEAD,
    WHOLE,
    Talk,
    app,
    drafts,
    fill,
    finish,
    journal_file,
    peak_mb,
    provider,
    run,
    start,
    turns,
    until,
    words,
)

from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.journal import Journal
from sweetchat_tui.journal import turns as journal_turns
from sweetchat_tui.journal.database import open_database

pytestmark = pytest.mark.slow

WORDS = "면접에서 떨어졌어"


@pytest.fixture
def small(own_home: Path) -> Iterator[Path]:
    """The data folder on a disk of 2 MB of its own."""
    folder = own_home / "data"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("only root can mount a disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_up(disk: Path) -> None:
    """Leave no room on it, to the last block."""
    with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_a_full_disk(own_home: Path, small: Path) -> None:
    """Words that cannot be stored go back to where they were typed, with why; with room they go through."""
    with provider(WHOLE, own_home), app() as screen:
        screen.shows("127.0.0.1")
        screen.type("첫 말\r")
        screen.shows("첫 말", ANSWERED)
        fill_up(small)
        long = "아주 긴 말이야 " * 60
        screen.type(f"\x1b[200~{long}\x1b[201~")
        screen.type("\r")
        screen.shows("대화 기록을 저장할 수 없어요")
        screen.until(lambda _: drafts(own_home) == long)
        (small / "ballast").unlink()
        screen.type("\r")
        screen.until(lambda _: len(turns(own_home)) == 2 and turns(own_home)[1].replies, 20)
        assert words(own_home) == ["첫 말", long]


def test_a_disk_that_is_full_before_the_answer_ends(own_home: Path, small: Path) -> None:
    """The answer stays on the screen with why; with room, it is kept, and the next one beside it."""

    def script(talk: Talk) -> None:
        talk.send(HEAD)
        talk.say("여기까지 왔어")
        if talk.number == 0:
            fill_up(small)
        talk.say(" 하고 더", " 긴 말이 온다. " * 400, "끝")
        talk.end()

    with provider(script, own_home), app() as screen:
        screen.shows("127.0.0.1")
        screen.type(WORDS + "\r")
        screen.shows("디스크가 가득", "Ctrl+R")
        (small / "ballast").unlink()
        screen.type("\x12")
        screen.until(lambda _: len(turns(own_home)[0].replies) == 2 and turns(own_home)[0].replies[1].finish)
        assert all(reply.text.endswith("끝") for reply in turns(own_home)[0].replies)


@pytest.mark.parametrize("limit", ["4096", "40000"])
def test_files_that_may_not_grow(own_home: Path, limit: str) -> None:
    """What cannot be stored is one sentence and 74, not an answer that is lost; then all goes on."""
    fill(own_home, "첫 말")
    with provider(WHOLE, own_home):
        ended = run("ask", "길고 긴 말 " * 900, FAULT_FSIZE=limit)
        assert ended.code == 74 and "저장할 수 없어요" in ended.err and "Traceback" not in ended.err
        assert run("ask", WORDS).code == 0
    assert "첫 말" in words(own_home) and WORDS in words(own_home)


def test_a_folder_that_is_read_only(own_home: Path) -> None:
    """The program says that nothing can be stored, and how to talk all the same; the journal stays."""
    file = fill(own_home, "첫 말")
    folder = str(file.parent)
    if subprocess.run(["mount", "--bind", "-o", "ro", folder, folder], check=False).returncode:
        pytest.skip("only root can make a folder read-only for root")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        with provider(WHOLE, own_home):
            ended = run("ask", WORDS)
            assert ended.code == 74 and "--private" in ended.err
            assert run("ask", WORDS, "--private").code == 0
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
    assert words(own_home) == ["첫 말"]


@pytest.mark.parametrize("how", ["truncated", "zeroed", "foreign"])
@pytest.mark.parametrize("door", ["app", "ask"])
def test_a_damaged_journal(own_home: Path, how: str, door: str) -> None:
    """The start says what was saved, the talk goes on, and a copy of the damaged file stays as it was."""
    said = [f"{n}번째로 힘든 일이 있었어" * 4 for n in range(60)]
    file = fill(own_home, *said)
    whole = file.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    bad = {
        "truncated": whole[:middle],
        "zeroed": whole[:middle] + bytes(8192) + whole[middle + 8192 :],
        "foreign": "그냥 글 ".encode() * 900,
    }[how]
    file.write_bytes(bad)
    with provider(WHOLE, own_home):
        if door == "ask":
            ended = run("ask", WORDS)
            assert ended.code == 0 and "망가져" in ended.err
        else:
            with app(columns=160) as screen:
                screen.shows("망가져")
                screen.type(WORDS + "\r")
                until(lambda: any(turn.text == WORDS and turn.reply for turn in turns(own_home)))
    assert set(words(own_home)) <= {*said, WORDS} and WORDS in words(own_home)
    assert bad in [copy.read_bytes() for copy in file.parent.glob("journal.db.damaged-*")]


def test_two_programs_on_one_journal(own_home: Path) -> None:
    """Two programs write 40 turns each, at once; every word of both is there, in order, and every answer."""
    count = 40
    with provider(WHOLE, own_home):
        both = [
            start("chat", "--plain", "--new", typed="".join(f"{who} {n}\n" for n in range(count)))
            for who in ("이쪽", "저쪽")
        ]
        for ended in [finish(process, time.monotonic()) for process in both]:
            assert (ended.code, ended.out) == (0, "그랬구나.\n" * count), ended.err
    said = words(own_home)
    for who in ("이쪽", "저쪽"):
        assert [text for text in said if who in text] == [f"{who} {n}" for n in range(count)]
    assert len(said) == 2 * count and all(turn.reply for turn in turns(own_home))


def test_the_app_beside_another_program(own_home: Path) -> None:
    """What another program says meanwhile changes nothing in the app, and every word of both is there."""
    with provider(WHOLE, own_home), app() as screen:
        screen.shows("127.0.0.1")
        other = start("chat", "--plain", "--new", typed="".join(f"다른 말 {n}\n" for n in range(20)))
        for number in range(5):
            screen.type(f"앱의 말 {number}\r")
            screen.until(lambda _, n=number: f"앱의 말 {n}" in words(own_home))
        assert finish(other, time.monotonic()).code == 0
        screen.until(lambda _: all(turn.reply for turn in turns(own_home)))
        assert "다른 말" not in screen.look()
        screen.type("\x11")
        assert screen.ended() == 0
    said = words(own_home)
    assert [text for text in said if "앱" in text] == [f"앱의 말 {n}" for n in range(5)] and len(said) == 25


def test_a_clock_that_goes_backwards(own_home: Path) -> None:
    """Turns stand in the order in which they were said, whatever their times are."""
    with provider(WHOLE, own_home):
        assert run("ask", "하나").code == 0
        for number, said in enumerate(("둘", "셋"), start=1):
            assert run("ask", "-C", said, FAULT_CLOCK=str(86_400 * number)).code == 0
    assert words(own_home) == ["하나", "둘", "셋"]
    assert turns(own_home)[2].at < turns(own_home)[0].at < datetime.now(UTC)


def half_an_answer(talk: Talk) -> None:
    """A provider that says this and then nothing."""
    talk.send(HEAD)
    talk.say("여기까지 ", "왔어")
    talk.hold()


@pytest.mark.parametrize("how", ["SIGHUP", "SIGTERM", "closed"])
def test_a_terminal_that_is_closed(own_home: Path, how: str) -> None:
    """The answer as far as it came and the draft to its last letter are there at the next start."""

    with provider(half_an_answer, own_home):
        with app() as screen:
            screen.shows("127.0.0.1")
            screen.type(WORDS + "\r")
            screen.shows("여기까지 왔어")
            screen.type("쓰다 만 말")
            screen.shows("쓰다 만 말")
            if how == "closed":
                screen.child.ptyproc.fileobj.close()
                until(lambda: not screen.child.isalive())
            else:
                screen.child.kill(getattr(signal, how))
                until(lambda: not screen.child.isalive())
        until(lambda: drafts(own_home) == "쓰다 만 말")
        until(lambda: any(turn.reply for turn in turns(own_home)))
        (turn,) = turns(own_home)
        assert turn.reply and turn.reply.text == "여기까지 왔어"
        assert drafts(own_home) == "쓰다 만 말"


@pytest.mark.parametrize("meanwhile", ["at rest", "in an answer"])
def test_control_c_twice(own_home: Path, meanwhile: str) -> None:
    """The first empties the box and says what the second does, which quits; words and answer are kept."""
    with provider(half_an_answer, own_home):
        with app() as screen:
            screen.shows("127.0.0.1")
            if meanwhile == "in an answer":
                screen.type(WORDS + "\r")
                screen.shows("여기까지 왔어")
            screen.type("쓰다 만 말")
            screen.shows("쓰다 만 말")
            screen.type("\x03")
            screen.until(lambda shown: "Ctrl+C를 또 누르면" in shown and "쓰다 만 말" not in shown)
            screen.type("\x03")
            assert screen.ended() == 0
        assert drafts(own_home) == "쓰다 만 말"
        if meanwhile == "in an answer":
            (turn,) = turns(own_home)
            assert turn.reply and (turn.reply.text, turn.reply.finish) == ("여기까지 왔어", "cancelled")
        with app() as screen:
            screen.shows("쓰다 만 말")


def test_interrupted_twice(own_home: Path) -> None:
    """`ask`, told twice to stop, stops with 130 and no trace; what came is printed and kept."""
    with provider(half_an_answer, own_home):
        started, process = time.monotonic(), start("ask", WORDS)
        until(lambda: journal_file(own_home).exists() and any(turn.reply for turn in turns(own_home)))
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        ended = finish(process, started)
    assert ended.code == 130 and ended.out == "여기까지 왔어\n" and "Traceback" not in ended.err, ended
    (turn,) = turns(own_home)
    assert turn.reply and turn.reply.text == "여기까지 왔어"


@pytest.mark.parametrize("how", ["SIGSTOP", "SIGTSTP"])
def test_suspended_and_resumed(own_home: Path, how: str) -> None:
    """All is drawn anew; what was typed meanwhile, and after it, is there to the letter, and is answered."""
    with provider(WHOLE, own_home), app() as screen:
        screen.shows("127.0.0.1")
        screen.type("첫 말\r")
        screen.shows("첫 말", ANSWERED)
        screen.child.kill(getattr(signal, how))
        until(lambda: Path(f"/proc/{screen.child.pid}/stat").read_text().split()[2] == "T")
        screen.look()
        screen.screen.reset()  # a shell has written over it
        typed_asleep = "자는 동안 " if how == "SIGSTOP" else ""  # after a SIGTSTP the shell would get it
        screen.type(typed_asleep)
        screen.child.kill(signal.SIGCONT)
        screen.shows("SweetChat", "첫 말", "끝내기")
        screen.type(*"깨어나서한말이온전해", "\r")
        screen.until(lambda _: len(turns(own_home)) == 2 and turns(own_home)[1].reply)
    assert words(own_home) == ["첫 말", f"{typed_asleep}깨어나서한말이온전해"]


def test_a_window_that_is_resized_while_an_answer_comes(own_home: Path) -> None:
    """A hundred sizes later the answer is whole, on the screen and in the journal."""

    def script(talk: Talk) -> None:
        talk.send(HEAD)
        for number in range(100):
            talk.say(f"말{number} ")
            talk.gone.wait(0.02)
        talk.end()

    with provider(script, own_home), app() as screen:
        screen.shows("127.0.0.1")
        screen.type(WORDS + "\r")
        for number in range(100):
            rows, columns = (24, 80) if number == 99 else (10 + number % 30, 40 + number % 80)
            screen.screen.resize(rows, columns)
            screen.child.setwinsize(rows, columns)
            screen.look()
        screen.shows("말99", ANSWERED)
    assert turns(own_home)[0].reply.text.split() == [f"말{number}" for number in range(100)]  # type: ignore[union-attr]


def test_ten_thousand_messages(own_home: Path, figures: dict[str, float]) -> None:
    """A conversation of 10,000 messages opens at its end, is answered, and takes no more memory."""
    file = journal_file(own_home)
    file.parent.mkdir(parents=True)
    db = open_database(file)
    db.execute("BEGIN")
    reply = Reply("그랬구나", None, "local", "m-1", None, "friend", "stop")
    for number in range(5_000):
        journal_turns.keep(db, "long", Turn(f"{number}번째로 한 말", replies=(reply,)))
    db.execute("COMMIT")
    db.close()
    with provider(WHOLE, own_home), app() as screen:
        screen.shows("4999번째로 한 말", "127.0.0.1")
        screen.type(WORDS + "\r")
        screen.shows(WORDS)
        with Journal.open(file) as journal:
            until(lambda: journal.conversation("long", 1).turns[0].reply and True)
        figures["mb"] = peak_mb(screen.child.pid)
    assert figures["mb"] < 220
