"""What is wrong with a journal, and what of that is put right where it stands.

Rows that cannot be read are for `salvage`. Knows nothing of what the rows mean.
"""

import os
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from sweetchat_tui.journal import grams, sqlite
from sweetchat_tui.journal.copies import copies_of, damage
from sweetchat_tui.journal.database import Damaged, open_database, sqlite_errors_explained
from sweetchat_tui.journal.migrations import MIGRATIONS, bring_up, version_of
from sweetchat_tui.journal.passphrase import Passphrase
from sweetchat_tui.lang import say

_NAMES = "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"
_INDEXES = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"


def problems_of(path: Path, passphrase: Passphrase | None = None) -> list[str]:
    """What is wrong with a journal's file, a sentence each; nothing when it is sound, or not there.

    Raises:
        JournalUnwritable: see `database.open_database`.
    """
    if not path.exists():
        return []
    found = [
        say(f"다른 사람도 읽을 수 있는 파일이에요: {file}", f"Others can read {file}.")
        for file in _open_to_others(path)
    ]
    try:
        with closing(open_database(path, passphrase=passphrase)) as db:
            return found + problems(db)
    except Damaged as error:
        return [*found, error.message]


def problems(db: sqlite3.Connection) -> list[str]:
    """What is wrong inside: of what SQLite looks at, else of the schema, else of the search index."""
    try:
        return damage(db) or _problems_of_schema(db) or _problems_of_index(db)
    except sqlite.DatabaseError as error:
        return [str(error)]


def mend(path: Path, passphrase: Passphrase | None = None) -> None:
    """Make indexes anew, and close files to others. What is said stays as it is.

    Raises:
        JournalUnwritable: see `database.open_database`; what was wrong still is.
    """
    with sqlite_errors_explained(path):
        for file in _open_to_others(path):
            file.chmod(0o600)
        with closing(open_database(path, passphrase=passphrase)) as db, closing(_blank(db)) as blank:
            db.execute("BEGIN IMMEDIATE")
            there = dict(db.execute(_INDEXES).fetchall())
            for name, sql in blank.execute(_INDEXES).fetchall():
                if there.get(name) != sql:
                    db.execute(f"DROP INDEX IF EXISTS {name}")
                    db.execute(sql)
            db.execute("REINDEX")
            db.execute("INSERT INTO grams (grams) VALUES ('delete-all')")
            grams.fill(db)
            db.execute("COMMIT")


def _open_to_others(path: Path) -> list[Path]:
    if os.name != "posix":
        return []
    return [file for file in (path, *copies_of(path)) if file.stat().st_mode & 0o077]


def _blank(db: sqlite3.Connection) -> sqlite3.Connection:
    """A blank journal of the same version, in memory."""
    blank = sqlite.connect(None)
    bring_up(blank, MIGRATIONS[: version_of(db)])
    return blank


def _problems_of_schema(db: sqlite3.Connection) -> list[str]:
    with closing(_blank(db)) as blank:
        there, wanted = (_schema(of) for of in (db, blank))
    return [
        say(f"스키마에 없어요: {name}", f"The schema lacks {name}.") for name in wanted if name not in there
    ]


def _schema(db: sqlite3.Connection) -> list[str]:
    names = [name for (name,) in db.execute(_NAMES).fetchall()]
    tables = [name.removeprefix("table ") for name in names if name.startswith("table ")]
    columns = "SELECT name FROM pragma_table_info(?)"
    names += [f"{name}: {sql}" for name, sql in db.execute(_INDEXES)]
    return names + [f"{table}.{name}" for table in tables for (name,) in db.execute(columns, (table,))]


def _problems_of_index(db: sqlite3.Connection) -> list[str]:
    """Whether the search index has each pair in as many turns as have it."""
    if not any(name == "table grams" for (name,) in db.execute(_NAMES)):
        return []
    wanted: Counter[str] = Counter()
    for (number,) in db.execute("SELECT number FROM turns").fetchall():
        wanted.update(grams.terms(grams.stored(db, number)))
    db.execute("CREATE VIRTUAL TABLE temp.pairs USING fts5vocab('main', 'grams', 'row')")
    same = dict(db.execute("SELECT term, doc FROM temp.pairs")) == wanted
    db.execute("DROP TABLE temp.pairs")
    return (
        [] if same else [say("찾기 색인이 대화와 달라요.", "The search index is not what the messages say.")]
    )
