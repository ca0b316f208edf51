"""The corpus as a spreadsheet, a dialogue a row.

Knows the editions of its columns, and nothing of where it lies or what its emotions mean.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lab.corpus_entry import Entry, Said
from sweetchat_tui.lang import say
from sweetchat_tui.text import one_line, with_particle

LARGEST = 512_000_000
"""Bytes of an unpacked spreadsheet; the whole corpus has 60 million."""

_HUMAN = re.compile(r"사람문장(\d+)")
_SYSTEM = re.compile(r"시스템(?:문장|응답)(\d+)")
_EMOTION, _GROUP = "감정_소분류", "감정_대분류"
_HEADER_WITHIN = 10
# A cell right of column BZ. Every cell between it and the first takes memory, were it the only one.
_FAR = re.compile(rb"""\br=["'](?:[A-Z]{3}|[C-Z][A-Z])\d""")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns stand."""

    header: int
    """Row of their names, from 1."""
    emotion: int
    group: int | None
    """None where the edition has no such column."""
    exchanges: tuple[tuple[int, int, int | None], ...]
    """Number, column of the human's sentence and of the answer."""


def entries(content: bytes, name: str) -> Iterator[Entry]:
    """The dialogues of every sheet that has the corpus's columns.

    Args:
        name: what the file is called, for errors and entries.

    Raises:
        Unreadable: it is no spreadsheet, or no sheet has the columns.
    """
    sheets = _sheets(content, name)
    placed = [(sheet, columns) for sheet in sheets if (columns := _columns(sheet))]
    if not placed:
        raise _no_columns(sheets, name)
    for sheet, columns in placed:
        label = name if len(placed) == 1 else f"{name}[{sheet.name}]"
        for row, cells in enumerate(islice(sheet.iter_rows(), columns.header, None), columns.header + 1):
            if any(cell != "" for cell in cells):
                yield _entry(cells, columns, label, row)


def _sheets(content: bytes, name: str) -> list[CalamineSheet]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise _too_large(name)
            for part in parts.namelist():
                if part.startswith("xl/worksheets/") and _FAR.search(parts.read(part)):
                    raise _too_large(name)
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return [
            book.get_sheet_by_name(sheet.name)
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise Unreadable(
            say(f"엑셀 파일로 읽을 수 없어요: {name}", f"This cannot be read as a spreadsheet: {name}"),
            say(
                "망가졌거나 암호가 걸려 있을 수 있어요. AI Hub에서 받은 xlsx를 넣어 주세요.",
                "It may be broken or locked. Give the xlsx from AI Hub.",
            ),
        ) from error


def _columns(sheet: CalamineSheet) -> _Columns | None:
    """Where the columns stand; None in a sheet that has not all of them."""
    for row, names in enumerate(_headers(sheet), 1):
        if not _lacking(names):
            human, system = _numbered(names, _HUMAN), _numbered(names, _SYSTEM)
            group = names.index(_GROUP) if _GROUP in names else None
            exchanges = tuple((number, human[number], system.get(number)) for number in sorted(human))
            return _Columns(row, names.index(_EMOTION), group, exchanges)
    return None


def _headers(sheet: CalamineSheet) -> Iterator[list[str]]:
    """The first rows, any of which may be the names of the columns."""
    for cells in islice(sheet.iter_rows(), _HEADER_WITHIN):
        yield [one_line(str(cell)) for cell in cells]


def _lacking(names: Sequence[str]) -> list[str]:
    """The columns that a dialogue cannot do without and that are not among these."""
    human = _numbered(names, _HUMAN)
    return [column for column, there in ((_EMOTION, _EMOTION in names), ("사람문장1", human)) if not there]


def _numbered(names: Sequence[str], pattern: re.Pattern[str]) -> dict[int, int]:
    """Where the columns of this kind stand, by the number in their name."""
    return {int(found[1]): at for at, name in enumerate(names) if (found := pattern.fullmatch(name))}


def _entry(cells: Sequence[object], columns: _Columns, name: str, row: int) -> Entry:
    def cell(at: int | None) -> str:
        return "" if at is None or at >= len(cells) else str(cells[at])

    exchanges = tuple(Said(number, cell(human), cell(system)) for number, human, system in columns.exchanges)
    return Entry(name, row, cell(columns.emotion), cell(columns.group), exchanges)


def _no_columns(sheets: Sequence[CalamineSheet], name: str) -> Unreadable:
    lacking = min((_lacking(names) for sheet in sheets for names in _headers(sheet)), key=len, default=[])
    columns = ", ".join(lacking or (_EMOTION, "사람문장1"))
    listed = ", ".join(sheet.name for sheet in sheets)
    return Unreadable(
        say(
            f"{with_particle(columns, '이/가')} 있는 시트가 없어요: {name} (시트: {listed})",
            f"No sheet has the column {columns}: {name} (sheets: {listed})",
        ),
        say("AI Hub 감성 대화 말뭉치의 엑셀 파일을 넣어 주세요.", "Give the spreadsheet from AI Hub."),
    )


def _too_large(name: str) -> Unreadable:
    return Unreadable(
        say(
            f"말뭉치치고는 너무 큰 엑셀 파일이에요: {name}",
            f"This spreadsheet is too large to be the corpus: {name}",
        ),
        say(
            "데이터 밖 먼 칸에 값이 있다면 지우고 다시 저장해 주세요.",
            "If a cell far from the data has a value, clear it and save again.",
        ),
    )
