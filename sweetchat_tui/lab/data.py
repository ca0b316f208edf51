"""The prepared corpus: a folder with a table of utterances for each part.

`lab prepare` writes it, everything else in the lab reads it. Knows the tables and nothing of where
the corpus came from or how it was split.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sweetchat_tui.errors import NotThere, Unreadable
from sweetchat_tui.lab.corpus import Dialogue, Exchange
from sweetchat_tui.lang import say

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = get_args(Part)

SCHEMA = pa.schema(
    [
        pa.field("dialogue", pa.int64()),  # number of the dialogue, unique in the corpus
        pa.field("turn", pa.int8()),  # 1 for the first sentence of the dialogue and its answer
        pa.field("speaker", pa.string()),  # "human" or "system"
        pa.field("text", pa.string()),
        pa.field("context", pa.list_(pa.string())),  # the person's earlier sentences, oldest first
        pa.field("label", pa.int16()),  # index into EMOTIONS
        pa.field("group", pa.int8()),  # index into GROUPS, as the corpus groups it
    ]
)


@dataclass(frozen=True, slots=True)
class Sentences:
    """What people say in one part, in the order of the table."""

    texts: list[str]
    contexts: list[list[str]]
    """For each sentence the person's earlier ones in its dialogue, oldest first."""
    labels: NDArray[np.int64]
    """Shape (sentences,): indices into EMOTIONS."""
    groups: NDArray[np.int64]
    """Shape (sentences,): indices into GROUPS, by the corpus's own column, which puts two labels in
    two groups each."""
    turns: NDArray[np.int64]
    """Shape (sentences,): 1 for the first of a dialogue."""
    dialogues: NDArray[np.int64]
    """Shape (sentences,)."""


def path_of(folder: Path, part: Part) -> Path:
    """Where the table of a part lies."""
    return folder / f"{part}.parquet"


def digest(folder: Path) -> str:
    """The sha256 over the tables that are there, in hexadecimal; says whether two runs saw the same data."""
    whole = hashlib.sha256()
    for part in PARTS:
        path = path_of(folder, part)
        if path.is_file():
            with path.open("rb") as stream:
                whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()


def table(folder: Path, part: Part) -> pa.Table:
    """The utterances of a part, of both speakers, with the columns of SCHEMA.

    Raises:
        NotThere: the folder has no such part.
        Unreadable: it is not what `lab prepare` writes, or it is empty.
    """
    path = path_of(folder, part)
    if not path.is_file():
        raise NotThere(
            say(f"준비된 말뭉치가 없어요: {path}", f"There is no prepared corpus: {path}"),
            say(
                "만들기: sweetchat lab prepare 말뭉치 -o 폴더",
                "To make it: sweetchat lab prepare CORPUS -o FOLDER",
            ),
        )
    try:
        found = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(say(f"읽을 수 없는 표예요: {path}", f"This table cannot be read: {path}")) from error
    if not found.schema.equals(SCHEMA):
        raise Unreadable(
            say(f"lab prepare가 만든 표가 아니에요: {path}", f"This is not a table of lab prepare: {path}"),
            say("다시 만들어 주세요: sweetchat lab prepare", "Make it anew: sweetchat lab prepare"),
        )
    if not len(found):
        raise _empty(path)
    return found


def _empty(path: Path) -> Unreadable:
    return Unreadable(
        say(f"비어 있는 표예요: {path}", f"This table is empty: {path}"),
        say("말뭉치를 더 넣어 다시 만들어 주세요.", "Make it anew from more of the corpus."),
    )


def dialogues(folder: Path, parts: Sequence[Part]) -> list[Dialogue]:
    """The dialogues of some parts, as they were read before the split; raises as `table`."""
    found = []
    for part in parts:
        rows = table(folder, part).to_pylist()
        rows.sort(key=lambda row: (row["dialogue"], row["turn"], row["speaker"]))
        for number, said in groupby(rows, lambda row: row["dialogue"]):
            talk = list(said)
            answers = {row["turn"]: row["text"] for row in talk if row["speaker"] == "system"}
            exchanges = tuple(
                Exchange(row["turn"], row["text"], row["text"], answers.get(row["turn"], ""))
                for row in talk
                if row["speaker"] == "human"
            )
            if exchanges:
                file = path_of(folder, part).name
                found.append(Dialogue(file, number, exchanges, talk[0]["label"], talk[0]["group"]))
    return found


def sentences(folder: Path, part: Part) -> Sentences:
    """What people say in a part; raises as `table`."""
    rows = table(folder, part)
    rows = rows.filter(pc.equal(rows["speaker"], "human"))
    if not len(rows):
        raise _empty(path_of(folder, part))

    def numbers(column: str) -> NDArray[np.int64]:
        return np.asarray(rows[column].to_numpy(), dtype=np.int64)

    return Sentences(
        texts=rows["text"].to_pylist(),
        contexts=rows["context"].to_pylist(),
        labels=numbers("label"),
        groups=numbers("group"),
        turns=numbers("turn"),
        dialogues=numbers("dialogue"),
    )
