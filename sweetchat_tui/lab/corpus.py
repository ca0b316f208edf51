"""The 감성 대화 corpus as AI Hub hands it out: a spreadsheet, a dialogue a row.

Knows the editions of its columns. Knows nothing of training.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sweetchat_tui.emotions import BY_CODE, EMOTIONS, GROUPS, find
from sweetchat_tui.errors import NotThere, Unreadable
from sweetchat_tui.lang import say

_HUMAN = re.compile(r"사람문장\d+")
_SYSTEM = re.compile(r"시스템(?:문장|응답)\d+")
_EMOTION = "감정_소분류"


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One dialogue of the corpus."""

    id: str
    """Its row in the file, from 2; unique in the file."""
    sentences: tuple[str, ...]
    """What the person says, in order; at least one, none empty."""
    answers: tuple[str, ...]
    """What the system says, in order; none empty."""
    emotion: int
    """Index into EMOTIONS."""


def read(path: Path) -> list[Dialogue]:
    """The dialogues of a spreadsheet; rows without a sentence or an emotion are left out.

    Raises:
        NotThere: there is no such file.
        Unreadable: not a spreadsheet, a column is missing, an emotion is unknown, or no row is left.
    """
    rows = _rows(path)
    header = [_cell(value) for value in next(rows, ())]
    human = _columns(header, _HUMAN)
    if _EMOTION not in header or not human:
        missing = _EMOTION if human else "사람문장1"
        raise Unreadable(
            say(f"말뭉치에 {missing} 열이 없어요: {path}", f"The corpus has no column {missing}: {path}"),
            say("AI Hub 감성 대화 말뭉치의 엑셀 파일을 넣어 주세요.", "Give the spreadsheet from AI Hub."),
        )
    system, label = _columns(header, _SYSTEM), header.index(_EMOTION)
    dialogues = []
    for number, row in enumerate(rows, 2):
        cells = [_cell(value) for value in row] + [""] * (len(header) - len(row))
        sentences = tuple(cells[at] for at in human if cells[at])
        if sentences and cells[label]:
            answers = tuple(cells[at] for at in system if cells[at])
            dialogues.append(Dialogue(str(number), sentences, answers, _emotion(cells[label], number)))
    if not dialogues:
        raise Unreadable(say(f"말뭉치가 비어 있어요: {path}", f"The corpus is empty: {path}"))
    return dialogues


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _columns(header: Sequence[str], pattern: re.Pattern[str]) -> list[int]:
    """Where the columns of this kind stand, by the number in their name."""
    found = [(int(re.sub(r"\D", "", name)), at) for at, name in enumerate(header) if pattern.fullmatch(name)]
    return [at for _, at in sorted(found)]


def _emotion(name: str, row: int) -> int:
    if name in BY_CODE:
        return BY_CODE[name].index
    emotion = find(name)
    if emotion is None:
        raise Unreadable(
            say(f"{row}번째 줄의 감정을 모르겠어요: {name}", f"Row {row} has an unknown emotion: {name}"),
            say(
                f"감정 {len(EMOTIONS)}가지의 이름이나 E10–E69 코드를 써요. 갈래는 {', '.join(GROUPS)}예요.",
                f"It must be one of the {len(EMOTIONS)} labels or a code from E10 to E69.",
            ),
        )
    return emotion.index


def _rows(path: Path) -> Iterator[tuple[object, ...]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    if not path.is_file():
        raise NotThere(say(f"말뭉치 파일이 없어요: {path}", f"There is no corpus file: {path}"))
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, OSError) as error:
        raise Unreadable(
            say(f"엑셀 파일로 읽을 수 없어요: {path}", f"This cannot be read as a spreadsheet: {path}"),
            say("xlsx 형식의 말뭉치를 넣어 주세요.", "Give the corpus as xlsx."),
        ) from error
    yield from sheet.iter_rows(values_only=True)
    book.close()
