"""JSON Lines: an object on each line, each with keys of its own."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sweetchat_tui.cli import reading
from sweetchat_tui.cli.tables import Chunk, Row, no_continuation, require, torn
from sweetchat_tui.cli.tables.growing import GrowingFile
from sweetchat_tui.text import with_particle

_PEEK = 256
"""Rows whose keys are taken for the columns."""


class JsonlSource:
    """Objects, a line each; empty lines are none."""

    schema = None

    def __init__(self, path: Path, column: str) -> None:
        self._path = path
        self._column = column
        with ExitStack() as opened:
            self._file = opened.enter_context(reading.opened(path))
            self._size = max(1, path.stat().st_size)
            rows = self._objects()
            first = list(islice(rows, _PEEK))
            self._rows = chain(first, rows)
            keys = dict.fromkeys(key for _, row in first for key in row)
            self.columns: Sequence[str] = list(keys) or [column]
            require(path, column, self.columns)
            self.close = opened.pop_all().close

    @property
    def share(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def chunk(self, most: int) -> Chunk | None:
        numbered = list(islice(self._rows, most))
        if not numbered:
            return None
        rows = [row for _, row in numbered]
        return Chunk([self._text(*one) for one in numbered], lambda: rows, numbered[0][0])

    def _text(self, line: int, row: Row) -> str:
        if self._column not in row:
            raise torn(
                self._path,
                line,
                f"{with_particle(self._column, '이/가')} 없어요.",
                f"there is no {self._column}.",
            )
        text = row[self._column]
        if text is None:
            return ""
        if not isinstance(text, str):
            raise torn(
                self._path,
                line,
                f"{with_particle(self._column, '이/가')} 글이 아니에요.",
                f"{self._column} is no text.",
            )
        return text

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, line in enumerate(reading.lines(self._file), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                raise torn(self._path, number, "JSON이 아니에요.", "this is not JSON.") from None
            if not isinstance(row, dict):
                raise torn(self._path, number, "JSON 객체가 아니에요.", "this is not a JSON object.")
            yield number, row


class JsonlSink:
    """Grows by whole lines."""

    def __init__(self, path: Path, column: str, results: Sequence[str], *, there: bool) -> None:
        self._path = path
        self._results = results
        self.found, end, self.last = _whole_lines(path, column, results) if there else (0, 0, None)
        self._file = GrowingFile(path, end)

    def write(self, chunk: Chunk, results: Sequence[Row]) -> None:
        lines = []
        for at, (row, result) in enumerate(zip(chunk.rows(), results, strict=True)):
            if taken := row.keys() & result.keys():
                name = ", ".join(taken)
                raise torn(
                    self._path,
                    chunk.number + at,
                    f"앞줄들에 없던 {with_particle(name, '이/가')} 있어요.",
                    f"{name} is here, and not in the first lines.",
                )
            lines.append(json.dumps(_plain(row) | dict(result), ensure_ascii=False, default=str) + "\n")
        self._file.append("".join(lines))

    def close(self) -> None:
        self._file.close()


def _plain(row: Row) -> dict[str, Any]:
    """The row without numbers that are none, which Parquet has and JSON has not."""
    return {key: None if value != value else value for key, value in row.items()}


def _whole_lines(path: Path, column: str, results: Sequence[str]) -> tuple[int, int, Row | None]:
    """How many lines an output has, where the last whole one ends (bytes), and what it says.

    Raises:
        Unreadable: its last whole line is not one that this program wrote.
    """
    count, end, newest = 0, 0, b""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                count, end, newest = count + 1, end + len(line), line
    try:
        row = json.loads(newest)
    except ValueError:
        raise no_continuation(path) from None
    if not isinstance(row, dict) or not row.keys() >= {column, *results}:
        raise no_continuation(path)
    return count, end, row
