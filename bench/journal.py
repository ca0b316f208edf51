"""Search over 100,000 turns, opening a long conversation, and what keeping a growing reply costs."""

import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.emotions import EMOTIONS, Feeling, Score
from sweetchat_tui.journal import Journal, turns
from sweetchat_tui.journal.database import open_database

TURNS = 100_000
LONG = 5_000
WORDS = Path(__file__).parents[1] / "sweetchat_tui" / "classifiers" / "sentences.txt"
# Common and rare, one syllable and several; the last two are of common pairs that seldom meet.
QUERIES = ("이", "뷁", "면접", "고마웠", "없는말이야", "?", "엄마가 면접에서", "떨어졌다는 오늘")

RIVAL = """
SELECT turns.number FROM turns WHERE turns.text LIKE ?1
UNION ALL SELECT turn FROM replies WHERE replies.text LIKE ?1
ORDER BY 1 DESC LIMIT 50
"""


def made_up(count: int) -> Iterator[Turn]:
    """Turns of words that people say, at random, the reply twice as long as the message."""
    chance = random.Random(1)
    words = [word for line in WORDS.read_text("utf-8").splitlines() for word in line.split()]
    start = datetime(2020, 1, 1, tzinfo=UTC)
    # The first emotions are common, the last ones rare.
    weights = [1 / (emotion.index + 1) for emotion in EMOTIONS]
    for n in range(count):
        (emotion,) = chance.choices(EMOTIONS, weights)
        text, reply = (" ".join(chance.choices(words, k=chance.randint(*ks))) for ks in ((3, 12), (8, 25)))
        yield Turn(
            text,
            Feeling(tuple(Score(e, 1 / 58) for e in (emotion, *EMOTIONS)), "lite-1", uncertain=False),
            replies=(Reply(reply, emotion, "offline", "offline-1", None, "friend", "stop"),),
            at=start + timedelta(minutes=n),
        )


def filled(file: Path, count: int, each: int) -> None:
    """A journal of so many turns, in conversations of so many each."""
    db = open_database(file)
    db.execute("BEGIN")
    for n, turn in enumerate(made_up(count)):
        turns.keep(db, f"c{n // each}", turn)
    db.execute("COMMIT")
    db.close()


def median_ms(act: Callable[[], object], times: int = 9) -> float:
    """The middle of several runs, after one that does not count."""
    act()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def searching(file: Path) -> None:
    rival = sqlite3.connect(file)
    print(f"{'search over ' + format(TURNS, ',') + ' turns':32} {'found':>5} {'ours ms':>9} {'LIKE ms':>9}")
    with Journal.open(file) as journal:
        for query in QUERIES:
            ours = median_ms(lambda query=query: journal.search(query))
            theirs = median_ms(lambda query=query: rival.execute(RIVAL, (f"%{query}%",)).fetchall(), 3)
            print(f"{query:32} {len(journal.search(query)):5} {ours:9.1f} {theirs:9.1f}")
        for query, emotion in (("이", EMOTIONS[57]), ("고마웠", EMOTIONS[0]), ("", EMOTIONS[37])):
            ours = median_ms(lambda query=query, e=emotion: journal.search(query, emotions=[e]))
            found = len(journal.search(query, emotions=[emotion]))
            print(f"{query + ' · ' + emotion.label:32} {found:5} {ours:9.1f}")
        for name, act in (
            ("list all 2,000 conversations", lambda: journal.conversations(-1)),
            ("list those with one emotion", lambda: journal.conversations(-1, emotions=[EMOTIONS[57]])),
        ):
            print(f"{name:32} {len(act()):5} {median_ms(act):9.1f}")
    rival.close()


def keeping(file: Path) -> None:
    turn = next(made_up(1))
    growing = Reply("", None, "offline", "offline-1", None, "friend")
    steps = [replace(turn, replies=(replace(growing, text="그랬구나 " * size),)) for size in range(1, 400)]
    with Journal.open(file) as journal:
        for name, kept in (("a growing reply", steps), ("a whole turn", list(made_up(300)))):
            taken = []
            for each in kept:
                started = time.perf_counter()
                journal.keep(name, each)
                taken.append((time.perf_counter() - started) * 1000)
            print(f"keep {name}: {statistics.median(taken):.2f} ms, at most {max(taken):.1f}")


OPENS = """
import resource, sys, time
from pathlib import Path
from sweetchat_tui.journal import Journal
newest = int(sys.argv[2]) if sys.argv[2] else None
with Journal.open(Path(sys.argv[1])) as journal:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    read = len(journal.conversation('c0', newest).turns)
    took_ms = (time.perf_counter() - started) * 1000
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f'read {read:,} turns: {took_ms:.0f} ms, {grown:.0f} MB')
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "many.db")
        started = time.perf_counter()
        filled(file, TURNS, 50)
        print(f"filled in {time.perf_counter() - started:.0f} s, {file.stat().st_size / 1e6:.0f} MB")
        searching(file)
        keeping(file)
        long = Path(folder, "long.db")
        filled(long, LONG, LONG)
        for newest in ("200", ""):
            subprocess.run([sys.executable, "-c", OPENS, str(long), newest], check=True)


if __name__ == "__main__":
    main()
