"""Tables in and out: CSV, TSV, JSON Lines and Parquet, told apart by how their names end.

Every row of a source comes out once, in order, with what was found out about it beside what stood
there. Knows rows and columns; knows nothing of emotions, nor of the terminal.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sweetchat_tui.errors import Misused, NotThere, OutputUnwritable, Unreadable
from sweetchat_tui.files import why
from sweetchat_tui.lang import say

Row = Mapping[str, Any]

ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table, in order."""

    texts: Sequence[str]
    """The column that is read, a text for each row; an empty cell is an empty text."""
    rows: Callable[[], Sequence[Row]]
    """What stood in the table; made when it is asked for, since Parquet to Parquet never asks."""
    number: int
    """Line or row of the table at which the chunk begins, from 1."""
    batch: Any = None
    """The same rows as an Arrow record batch; None when they did not come from Parquet."""


class Source(Protocol):
    """A table to read."""

    columns: Sequence[str]
    """Its columns; of JSON Lines, those of the first rows."""
    schema: Any
    """Its Arrow schema; None for text."""

    @property
    def share(self) -> float:
        """How much of it was given so far, 0 to 1."""
        ...

    def chunk(self, most: int) -> Chunk | None:
        """The next rows, at most so many; None after the last.

        Raises:
            Unreadable: the table is broken here.
        """
        ...

    def close(self) -> None: ...


class Sink(Protocol):
    """A table to write. At any moment, whole rows are what it holds."""

    found: int
    """Whole rows that were there when it was opened."""
    last: Row | None
    """The last of those rows; None when there are none."""

    def write(self, chunk: Chunk, results: Sequence[Row]) -> None:
        """Add the rows of a chunk, each with its results.

        Raises:
            OutputUnwritable: the disk is full, or the like.
        """
        ...

    def close(self) -> None:
        """Leave a valid table of all rows that were written."""
        ...


def read(path: Path, column: str) -> Source:
    """Open a table.

    Args:
        column: name of the column with the texts.

    Raises:
        Misused: the name ends in no known format, or pyarrow is missing.
        NotThere: there is no such file.
        Unreadable: it is not such a table, or has no such column of texts.
    """
    if _ending(path) == ".parquet":
        # 200 ms: pyarrow.
        from sweetchat_tui.cli.tables.parquet import ParquetSource

        return ParquetSource(path, column)
    if _ending(path) == ".jsonl":
        from sweetchat_tui.cli.tables.jsonl import JsonlSource

        return JsonlSource(path, column)
    from sweetchat_tui.cli.tables.delimited import DelimitedSource

    return DelimitedSource(path, column, _DELIMITERS[_ending(path)])


def write(path: Path, source: Source, column: str, results: Sequence[str], *, resume: bool) -> Sink:
    """Open a table for a source's rows and their results.

    Args:
        results: names of the columns to add, as `added` gave them.
        resume: go on with the whole rows of a table that is there already.

    Raises:
        Misused: the name ends in no known format, pyarrow is missing, or it is there already.
        NotThere: there is no such folder.
        Unreadable: the table that is there is not one that could go on.
        OutputUnwritable: it cannot be made.
    """
    ending = _ending(path)
    there = path.exists() and path.stat().st_size > 0
    if there and not resume:
        raise Misused(
            say(f"출력 파일이 이미 있어요: {path}", f"The output is there already: {path}"),
            say(
                "이어서 하려면 --resume, 아니면 다른 이름을 써 주세요.",
                "Use --resume to go on, or another name.",
            ),
        )
    if not path.absolute().parent.is_dir():
        raise NotThere(say(f"폴더가 없어요: {path.parent}", f"There is no folder {path.parent}."))
    try:
        if ending == ".parquet":
            # 200 ms: pyarrow.
            from sweetchat_tui.cli.tables.parquet import ParquetSink

            return ParquetSink(path, source, results, there=there)
        if ending == ".jsonl":
            from sweetchat_tui.cli.tables.jsonl import JsonlSink

            return JsonlSink(path, column, results, there=there)
        from sweetchat_tui.cli.tables.delimited import DelimitedSink

        return DelimitedSink(path, source, results, _DELIMITERS[ending], there=there)
    except OSError as e:
        raise unwritable(path, e) from None


_DELIMITERS = {".csv": ",", ".tsv": "\t"}


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending in ENDINGS:
        return ending
    raise Misused(
        say(f"어떤 표인지 모르겠어요: {path}", f"Not a known kind of table: {path}"),
        say(f"이름이 {', '.join(ENDINGS)} 가운데 하나로 끝나야 해요.", f"Names end in {', '.join(ENDINGS)}."),
    )


def added(names: Iterable[str], columns: Sequence[str]) -> list[str]:
    """The names under which columns are added; one that is taken gets `sweetchat_` before it."""
    taken, free = set(columns), []
    for wanted in names:
        name = wanted
        while name in taken:
            name = f"sweetchat_{name}"
        taken.add(name)
        free.append(name)
    return free


def require(path: Path, column: str, columns: Sequence[str]) -> None:
    """
    Raises:
        Unreadable: the column is not among the columns.
    """
    if column not in columns:
        raise Unreadable(
            say(f"{path.name}에 {column} 열이 없어요.", f"{path.name} has no column {column}."),
            say("있는 열: ", "It has: ") + ", ".join(columns),
        )


def torn(path: Path, line: int, ko: str, en: str) -> Unreadable:
    """The error of a table that breaks at this line or row, from 1."""
    return Unreadable(
        say(f"{path.name} {line:,}번째 줄을 읽을 수 없어요: {ko}", f"{path.name}, line {line:,}: {en}")
    )


def no_continuation(path: Path) -> Unreadable:
    """The error of an output that is no earlier part of what is to be written."""
    return Unreadable(
        say(f"이어서 쓸 수 있는 파일이 아니에요: {path}", f"This is not an output to go on with: {path}"),
        say("다른 이름으로 새로 시작해 주세요.", "Start anew under another name."),
    )


def unwritable(path: Path, error: OSError) -> OutputUnwritable:
    """The error of an output that the system refuses."""
    return OutputUnwritable(
        say(f"파일을 쓸 수 없어요: {path}", f"The file cannot be written: {path}"), why(error)
    )
