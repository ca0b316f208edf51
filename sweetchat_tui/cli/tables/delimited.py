"""CSV and TSV, quoted as spreadsheets quote them; the first row names the columns."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from sweetchat_tui.cli import reading
from sweetchat_tui.cli.tables import Chunk, Row, Source, no_continuation, require, torn
from sweetchat_tui.cli.tables.growing import GrowingFile
from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lang import say

_LONGEST_CELL = 1 << 24
"""Characters. A quote that is never closed is found here, and not when memory is full."""
_REASONS_KO = {
    "unexpected end": "닫히지 않은 따옴표가 있어요.",
    "field limit": "칸이 너무 길어요. 닫히지 않은 따옴표가 있는지 봐 주세요.",
    "expected after": "닫힌 따옴표 바로 뒤에 다른 글이 있어요.",
}
"""Words of `csv` and what they mean; of others a person could make nothing."""


class DelimitedSource:
    """Rows of text."""

    schema = None

    def __init__(self, path: Path, column: str, delimiter: str) -> None:
        self._path = path
        with ExitStack() as opened:
            self._file = opened.enter_context(reading.opened(path))
            self._size = max(1, path.stat().st_size)
            csv.field_size_limit(_LONGEST_CELL)
            self._reader = csv.reader(reading.lines(self._file), delimiter=delimiter, strict=True)
            self._rows = self._checked()
            self.columns: Sequence[str] = next(self._rows, [])
            if len(set(self.columns)) < len(self.columns):
                raise torn(path, 1, "같은 이름의 열이 둘 있어요.", "two columns have the same name.")
            require(path, column, self.columns)
            self._column = self.columns.index(column)
            self.close = opened.pop_all().close

    @property
    def share(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def chunk(self, most: int) -> Chunk | None:
        number = self._reader.line_num + 1
        rows = list(islice(self._rows, most))
        if not rows:
            return None
        return Chunk(
            [row[self._column] for row in rows],
            lambda: [dict(zip(self.columns, row, strict=True)) for row in rows],
            number,
        )

    def _checked(self) -> Iterator[list[str]]:
        """The rows, the first with names; empty lines are none."""
        width = 0
        try:
            for row in self._reader:
                width = width or len(row)
                if row and len(row) != width:
                    raise torn(
                        self._path,
                        self._reader.line_num,
                        f"칸이 {width}개가 아니라 {len(row)}개예요.",
                        f"{len(row)} cells instead of {width}.",
                    )
                if row:
                    yield row
        except csv.Error as e:
            known = (ko for words, ko in _REASONS_KO.items() if words in str(e))
            raise torn(
                self._path, self._reader.line_num, next(known, "표의 모양이 아니에요."), str(e)
            ) from None


class DelimitedSink:
    """Grows by whole rows."""

    def __init__(
        self, path: Path, source: Source, results: Sequence[str], delimiter: str, *, there: bool
    ) -> None:
        self._columns = source.columns
        self._results = results
        self._delimiter = delimiter
        header = [*source.columns, *results]
        self.found, end, self.last = _whole_rows(path, header, delimiter) if there else (0, 0, None)
        self._file = GrowingFile(path, end, "" if end else self._text([header]))

    def write(self, chunk: Chunk, results: Sequence[Row]) -> None:
        rows = []
        for at, (row, result) in enumerate(zip(chunk.rows(), results, strict=True)):
            if strange := row.keys() - self._columns:
                raise Unreadable(
                    say(
                        f"{chunk.number + at:,}번째 줄에 앞에 없던 열이 있어요: {', '.join(strange)}",
                        f"Line {chunk.number + at:,} has columns that were not there before: "
                        f"{', '.join(strange)}",
                    ),
                    say("출력을 .jsonl로 해 주세요.", "Let the output be a .jsonl."),
                )
            rows.append([_cell(row.get(name)) for name in self._columns] + list(map(_cell, result.values())))
        self._file.append(self._text(rows))

    def close(self) -> None:
        self._file.close()

    def _text(self, rows: Sequence[Sequence[str]]) -> str:
        text = io.StringIO(newline="")
        plain = csv.writer(text, delimiter=self._delimiter, lineterminator="\n")
        # Before Python 3.13, a writer whose lines end in \n leaves a lone \r bare.
        quoting = csv.writer(text, delimiter=self._delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row in rows:
            (quoting if any("\r" in cell for cell in row) else plain).writerow(row)
        return text.getvalue()


def _cell(value: Any) -> str:
    """A value as text: nothing is empty, and what is neither text nor number is JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _whole_rows(path: Path, header: list[str], delimiter: str) -> tuple[int, int, Row | None]:
    """How many rows an output has after its header, where the last ends (bytes), and that one.

    Raises:
        Unreadable: it has other columns, or a broken row that is not the last.
    """
    end, count, whole = 0, -1, True
    last: list[str] = []
    with path.open("rb") as file:

        def lines() -> Iterator[str]:
            nonlocal end, whole
            for line in file:
                end += len(line)
                whole = line.endswith(b"\n")
                yield line.decode("utf-8", "surrogateescape")

        reader = csv.reader(lines(), delimiter=delimiter, strict=True)
        kept = 0
        try:
            for row in reader:
                if not whole:
                    break
                if len(row) != len(header) or (count < 0 and row != header):
                    raise no_continuation(path)
                count += 1
                last, kept = row, end
        except csv.Error:
            # An open quote at the end of the file is a torn row; elsewhere it is another kind of file.
            if file.read(1):
                raise no_continuation(path) from None
    if count < 0:
        raise no_continuation(path)
    return count, kept, dict(zip(header, last, strict=True)) if count else None
