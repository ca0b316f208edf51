"""Parquet, through pyarrow, which is an extra. Columns keep their types.

A Parquet file is valid only once it is closed, so an output grows beside its name and takes it then.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sweetchat_tui.cli.tables import Chunk, Row, Source, no_continuation, require, torn, unwritable
from sweetchat_tui.errors import Misused, NotThere, Unreadable
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ModuleNotFoundError:
    raise Misused(
        say("Parquet를 읽고 쓰려면 pyarrow가 있어야 해요.", "Parquet needs pyarrow."),
        "pip install 'sweetchat-tui[parquet]'",
    ) from None

_GROUP = 1 << 16
"""Rows that are gathered before they are written; small groups make slow files."""
_RESULTS = (
    pa.string(),
    pa.int64(),
    pa.string(),
    pa.float64(),
    pa.bool_(),
    pa.string(),
    pa.string(),
    pa.string(),
)


class ParquetSource:
    """Record batches."""

    def __init__(self, path: Path, column: str) -> None:
        self._path = path
        self._column = column
        with ExitStack() as opened:
            self._file = opened.enter_context(_opened(path))
            self.schema = self._file.schema_arrow
            self.columns: Sequence[str] = self.schema.names
            self._require_texts()
            self._batches = self._file.iter_batches(batch_size=4096)
            self._left: Any = None
            self._given = 0
            self.close = opened.pop_all().close

    def _require_texts(self) -> None:
        if len(set(self.columns)) < len(self.columns):
            raise torn(self._path, 1, "같은 이름의 열이 둘 있어요.", "two columns have the same name.")
        require(self._path, self._column, self.columns)
        kind = self.schema.field(self._column).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
            raise Unreadable(
                say(
                    f"{self._column} 열이 글이 아니라 {with_particle(str(kind), '이에/예')}요.",
                    f"Column {self._column} is {kind}, not text.",
                )
            )

    @property
    def share(self) -> float:
        return self._given / max(1, int(self._file.metadata.num_rows))

    def chunk(self, most: int) -> Chunk | None:
        try:
            while self._left is None or not self._left.num_rows:
                self._left = next(self._batches)
        except StopIteration:
            return None
        except (pa.ArrowException, OSError):
            raise torn(self._path, self._given + 1, "파일이 깨졌어요.", "the file is broken.") from None
        batch, self._left = self._left.slice(0, most), self._left.slice(most)
        number = self._given + 1
        self._given += batch.num_rows
        texts = [text or "" for text in batch.column(self._column).to_pylist()]
        return Chunk(texts, batch.to_pylist, number, batch)


class ParquetSink:
    """Gathers rows and writes them in groups; the table is there when it is closed."""

    def __init__(self, path: Path, source: Source, results: Sequence[str], *, there: bool) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._columns = source.columns
        self._added = [pa.field(name, kind) for name, kind in zip(results, _RESULTS, strict=True)]
        self._schema = None if source.schema is None else _joined(source.schema, self._added)
        self._writer: Any = None
        self._waiting: list[Any] = []
        try:
            self.found, self.last = self._taken_over() if there else (0, None)
        except Unreadable:
            self._part.unlink(missing_ok=True)
            raise

    def write(self, chunk: Chunk, results: Sequence[Row]) -> None:
        self._schema = self._schema or _joined(_inferred(self._columns, chunk.rows()), self._added)
        try:
            if chunk.batch is None:
                rows = [dict(row) | dict(result) for row, result in zip(chunk.rows(), results, strict=True)]
                table = pa.Table.from_pylist(rows, schema=self._schema)
            else:
                columns = [
                    pa.array([row[field.name] for row in results], type=field.type) for field in self._added
                ]
                table = pa.Table.from_arrays([*chunk.batch.columns, *columns], schema=self._schema)
        except (pa.ArrowException, UnicodeError, TypeError) as e:
            raise torn(self._path, chunk.number, "앞줄들과 형식이 달라요.", str(e)) from None
        self._waiting.append(table)
        if sum(table.num_rows for table in self._waiting) >= _GROUP:
            self._flush()

    def close(self) -> None:
        if self._schema is None:
            self._schema = _joined(_inferred(self._columns, []), self._added)
        self._flush()
        try:
            self._writer.close()
            self._part.replace(self._path)
        except OSError as e:
            raise unwritable(self._path, e) from None

    def _flush(self) -> None:
        try:
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._part, self._schema, compression="zstd")
            # Forgotten first: an interrupt may lose these rows, but must not write them twice.
            waiting, self._waiting = self._waiting, []
            if waiting:
                self._writer.write_table(pa.concat_tables(waiting))
        except OSError as e:
            raise unwritable(self._path, e) from None

    def _taken_over(self) -> tuple[int, Row | None]:
        """The rows of an earlier run, copied; how many, and the last."""
        with _opened(self._path) as file:
            schema = file.schema_arrow
            expected = [*self._columns, *(field.name for field in self._added)]
            if schema.names != expected or (self._schema is not None and not schema.equals(self._schema)):
                raise no_continuation(self._path)
            self._schema = schema
            last = None
            for batch in _batches(file, self._path):
                self._waiting.append(pa.Table.from_batches([batch]))
                last = batch.slice(batch.num_rows - 1)
                self._flush()
            return file.metadata.num_rows, last and last.to_pylist()[0]


def _opened(path: Path) -> Any:
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError:
        raise NotThere(say(f"파일이 없어요: {path}", f"There is no file {path}.")) from None
    except (pa.ArrowException, OSError):
        raise Unreadable(
            say(
                f"Parquet 파일이 아니거나 잘렸어요: {path}", f"This is no Parquet file, or it was cut: {path}"
            )
        ) from None


def _batches(file: Any, path: Path) -> Iterator[Any]:
    try:
        yield from file.iter_batches(batch_size=_GROUP)
    except (pa.ArrowException, OSError):
        raise no_continuation(path) from None


def _joined(schema: Any, added: Sequence[Any]) -> Any:
    for field in added:
        schema = schema.append(field)
    return schema


def _inferred(columns: Sequence[str], rows: Sequence[Row]) -> Any:
    """A schema for rows of text or JSON; a column of which nothing is known is text."""
    try:
        known = pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows]).schema
    except (pa.ArrowException, UnicodeError) as e:
        raise Unreadable(
            say("열마다 값의 종류가 하나여야 해요.", f"A column must have one kind of value: {e}"),
            say("출력을 .jsonl로 해 주세요.", "Let the output be a .jsonl."),
        ) from None
    kinds = {field.name: pa.string() if pa.types.is_null(field.type) else field.type for field in known}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in columns])
