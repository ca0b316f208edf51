"""The journal gives back what it was given, whatever happens in between."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.conversation import Conversation, Danger, Reply, Turn, Usage
from sweetchat_tui.emotions import EMOTIONS, Emotion, Feeling, Score
from sweetchat_tui.errors import NotThere
from sweetchat_tui.journal import Journal
from sweetchat_tui.text import clean

REPOSITORY = Path(__file__).parents[2]

texts = st.text().map(clean)
foreign = st.builds(
    Emotion, index=st.integers(0, 300), label=texts, gloss=texts, group=st.none(), valence=st.none()
)
emotions = st.sampled_from(EMOTIONS) | foreign
scores = st.builds(Score, emotions, st.floats(0, 1))
feelings = st.builds(
    Feeling,
    top=st.lists(scores, min_size=1, max_size=5).map(tuple),
    classifier=texts,
    uncertain=st.booleans(),
)
tokens = st.integers(0, 2**40)
replies = st.builds(
    Reply,
    text=texts,
    emotion=st.none() | emotions,
    provider=texts,
    model=texts,
    host=st.none() | texts,
    persona=texts,
    finish=st.sampled_from(["stop", "length", "cut", "cancelled", "filtered"]),
    usage=st.none() | st.builds(Usage, tokens, tokens),
)
turns = st.builds(
    Turn,
    text=texts,
    feeling=st.none() | feelings,
    picked=st.none() | emotions,
    danger=st.sampled_from(Danger),
    replies=st.lists(replies, max_size=3).map(tuple),
    shown=st.integers(-1, 2),
    at=st.datetimes(timezones=st.just(UTC)),
)


def a_reply(text: str = "많이 속상했겠다", **fields: object) -> Reply:
    known = {"emotion": EMOTIONS[30], "provider": "offline", "model": "offline-1", "host": None}
    return Reply(text=text, **({"persona": "friend", "finish": "stop"} | known | fields))  # type: ignore[arg-type]


def felt(emotion: Emotion) -> Feeling:
    return Feeling((Score(emotion, 0.5),), "lite-1", uncertain=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


@given(st.lists(turns, min_size=1, max_size=4))
def test_a_conversation_comes_back_equal(kept: list[Turn]) -> None:
    with Journal.open(None) as journal:
        for turn in kept:
            journal.keep("c", turn)
        assert journal.conversation("c") == Conversation(tuple(kept), "c")


@given(turns, turns)
def test_a_turn_kept_again_is_what_was_kept_last(first: Turn, second: Turn) -> None:
    second = replace(second, id=first.id)
    with Journal.open(None) as journal:
        for turn in (first, second, second):
            journal.keep("c", turn)
        assert journal.conversation("c").turns == (second,)


@given(texts)
def test_any_text_finds_itself_and_makes_a_short_title_of_one_line(text: str) -> None:
    with Journal.open(None) as journal:
        journal.keep("c", Turn(text))
        (summary,) = journal.conversations()
        assert len(summary.title) <= 40
        assert len(summary.title.splitlines()) <= 1
        assert len(journal.search(text)) == bool(clean(text).strip())


def test_the_58_come_back_as_themselves(file: Path) -> None:
    turn = Turn("나", Feeling(tuple(Score(e, 1 / 58) for e in EMOTIONS), "lite-1", uncertain=False))
    with Journal.open(file) as journal:
        journal.keep("c", turn)
    with Journal.open(file) as journal:
        (stored,) = journal.conversation("c").turns
    assert stored.feeling is not None
    assert all(score.emotion is EMOTIONS[n] for n, score in enumerate(stored.feeling.top))


def test_a_reply_that_never_ended_is_read_back_as_cut_with_its_words() -> None:
    growing = Turn("나 힘들어", replies=(a_reply("그랬구", finish=None),))
    with Journal.open(None) as journal:
        journal.keep("c", growing)
        reply = journal.conversation("c").turns[0].reply
    assert reply is not None
    assert (reply.text, reply.finish) == ("그랬구", "cut")


def test_keeping_the_same_turn_again_writes_nothing(file: Path) -> None:
    turn = Turn("안녕", felt(EMOTIONS[6]), replies=(a_reply(), a_reply("두 번째")))
    with Journal.open(file) as journal:
        journal.keep("c", turn)
        log = file.with_name("journal.db-wal")
        before = log.stat().st_size
        journal.keep("c", turn)
        assert log.stat().st_size == before


def test_a_clock_that_goes_backwards_reorders_nothing() -> None:
    now = datetime.now(UTC)
    said = [Turn(str(n), at=now - timedelta(hours=n)) for n in range(3)]
    with Journal.open(None) as journal:
        journal.keep("old", said[0])
        journal.keep("old", said[1])
        journal.keep("new", said[2])
        assert [turn.text for turn in journal.conversation("old").turns] == ["0", "1"]
        assert [summary.id for summary in journal.conversations()] == ["new", "old"]
        latest = journal.latest()
    assert latest == Conversation((said[2],), "new")


def test_an_old_turn_answered_again_stays_in_its_place() -> None:
    first, second = Turn("하나", replies=(a_reply(),)), Turn("둘")
    with Journal.open(None) as journal:
        journal.keep("c", first)
        journal.keep("c", second)
        again = replace(first, replies=(*first.replies, a_reply("다시")), picked=EMOTIONS[3])
        journal.keep("c", again)
        assert journal.conversation("c").turns == (again, second)


def test_a_list_tells_the_title_the_times_the_turns_and_the_main_emotion() -> None:
    sad, glad = EMOTIONS[27], EMOTIONS[6]
    start = datetime(2026, 11, 22, 9, 30, 0, 123456, UTC)
    with Journal.open(None) as journal:
        journal.keep("c", Turn("첫\n마디  야", felt(glad), at=start))
        journal.keep("c", Turn("둘", felt(glad), picked=sad, at=start + timedelta(minutes=1)))
        journal.keep("c", Turn("셋", felt(sad), at=start + timedelta(minutes=2)))
        journal.keep("c", Turn("넷", replace(felt(glad), uncertain=True), at=start + timedelta(minutes=3)))
        (summary,) = journal.conversations()
    assert (summary.title, summary.turns, summary.emotion) == ("첫 마디 야", 4, sad)
    assert (summary.started, summary.last_at) == (start, start + timedelta(minutes=3))


def test_a_list_goes_by_pages() -> None:
    with Journal.open(None) as journal:
        for n in range(5):
            journal.keep(f"c{n}", Turn("안녕"))
        assert [s.id for s in journal.conversations(limit=2, offset=1)] == ["c3", "c2"]
        assert len(journal.conversations(limit=-1)) == 5


@pytest.mark.parametrize("sign", ["👨‍👩‍👧", "👍🏽", "é́́"])
def test_a_title_is_not_cut_within_a_sign(sign: str) -> None:
    for before in range(30, 42):
        with Journal.open(None) as journal:
            journal.keep("c", Turn("가" * before + sign + "나" * 20))
            title = journal.conversations()[0].title
        left = title.removesuffix("…").lstrip("가").rstrip("나")
        assert left in ("", sign)


def test_a_conversation_is_found_by_a_beginning_that_no_other_has() -> None:
    with Journal.open(None) as journal:
        for id_ in ("abc", "abd", "ab", "xyz"):
            journal.keep(id_, Turn(id_))
        assert journal.conversation("x").id == "xyz"
        assert journal.conversation("ab").id == "ab"
        for wrong in ("a", "", "zz", "%", "_", "\udcff"):
            with pytest.raises(NotThere) as caught:
                journal.conversation(wrong)
            assert caught.value.exit_code == 66


def test_an_empty_journal_has_no_latest_conversation() -> None:
    with Journal.open(None) as journal:
        assert journal.latest() is None
        assert journal.conversations() == []


def test_what_is_deleted_is_gone_from_every_file(file: Path) -> None:
    secret = "아무도모르는비밀"
    with Journal.open(file) as journal:
        for n in range(20):
            journal.keep("gone", Turn(f"{secret} {n}", felt(EMOTIONS[5]), replies=(a_reply(secret * 2000),)))
        journal.keep("stays", Turn("남는 말"))
        journal.delete("gone")
        left = b"".join(path.read_bytes() for path in file.parent.iterdir())
        assert secret.encode() not in left
        assert journal.search(secret) == []
        assert [summary.id for summary in journal.conversations()] == ["stays"]
        with pytest.raises(NotThere):
            journal.delete("gone")


KEEPS_NOTHING = """
from sweetchat_tui.conversation import Turn
from sweetchat_tui.journal import Journal
with Journal.open(None) as journal:
    for _ in range(200):
        journal.keep('c', Turn('비밀' * 3000))
    assert len(journal.search('비밀', 500)) == 200
"""


def test_a_private_journal_leaves_nothing_on_disk(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    places = dict.fromkeys(("HOME", "TMPDIR", "SQLITE_TMPDIR", "XDG_DATA_HOME"), str(folder))
    subprocess.run(
        [sys.executable, "-X", "utf8", "-c", KEEPS_NOTHING],
        cwd=REPOSITORY,
        env=os.environ | places,
        check=True,
    )
    assert list(folder.iterdir()) == []


KEEPS_UNTIL_KILLED = """
import sys, itertools
from dataclasses import replace
from pathlib import Path
from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.journal import Journal
journal = Journal.open(Path(sys.argv[1]))
reply = Reply('', None, 'offline', 'offline-1', None, 'friend')
for n in itertools.count():
    turn = Turn(f'말 {n}', id=f't{n}')
    journal.keep('c', turn)
    print(n, flush=True)
    for size in range(50, 500, 50):
        journal.keep('c', replace(turn, replies=(replace(reply, text='응' * size),)))
"""


def test_a_program_killed_while_it_writes_loses_no_word_kept_before(file: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", KEEPS_UNTIL_KILLED, str(file)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    with writer, writer.stdout:
        last = next(int(line) for line in writer.stdout if int(line) == 60)
        writer.send_signal(signal.SIGKILL)
    with Journal.open(file) as journal:
        stored = journal.conversation("c").turns
        assert [turn.id for turn in stored][: last + 1] == [f"t{n}" for n in range(last + 1)]
        assert all(turn.reply and turn.reply.text == "응" * 450 for turn in stored[:last])
        journal.keep("c", Turn("다시 왔어"))


KEEPS_A_HUNDRED = """
import sys
from pathlib import Path
from sweetchat_tui.conversation import Turn
from sweetchat_tui.journal import Journal
print('ready', flush=True)
sys.stdin.read()
with Journal.open(Path(sys.argv[1])) as journal:
    for n in range(100):
        journal.keep(sys.argv[2], Turn(f'{n}'))
        journal.keep('shared', Turn(sys.argv[2]))
"""


def test_programs_that_start_and_write_at_once_all_keep_everything(file: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-X", "utf8", "-c", KEEPS_A_HUNDRED, str(file), name],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b", "c")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
        writer.stdin = None
    assert [writer.communicate()[1] for writer in writers] == ["", "", ""]
    with Journal.open(file) as journal:
        for name in ("a", "b", "c"):
            assert [turn.text for turn in journal.conversation(name).turns] == [str(n) for n in range(100)]
        assert len(journal.conversation("shared").turns) == 300
