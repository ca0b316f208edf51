"""Makes the prepared corpus: reads the sources, splits the dialogues, writes a table for each part.

The same sources, split and seed give the same rows. Knows nothing of how files of the corpus are laid
out, nor of the terminal.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sweetchat_tui.emotions import GROUPS
from sweetchat_tui.errors import Misused, Unreadable
from sweetchat_tui.lab import corpus, data, original_split, splits
from sweetchat_tui.lab.corpus import EXAMPLES, Dialogue, LeftOut
from sweetchat_tui.lab.data import PARTS, Part
from sweetchat_tui.lab.output import writing
from sweetchat_tui.lab.prepare_report import Report, report
from sweetchat_tui.lab.token_lengths import TokenCounter
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

Split = Literal["dialogue", "original"]
SPLITS: tuple[Split, ...] = get_args(Split)
SHARES = (8.0, 1.0, 1.0)

REPORT = "prepare.json"

Rows = NDArray[np.int64]
"""Shape (sentences, 2): the number of a dialogue, and of the exchange in it."""


def prepare(
    sources: Sequence[Path],
    out: Path,
    *,
    split: Split = "dialogue",
    shares: tuple[float, float, float] = SHARES,
    seed: int = 0,
    tokenizer: str | None = None,
    limit: int = 128,
    force: bool = False,
) -> Report:
    """Write the tables of train, validation and test and `prepare.json` into a folder, all or none.

    Args:
        sources: spreadsheets, JSON files, folders of them, or zips.
        out: is made if it is not there.
        split: by dialogue, or as the original system did, which knows neither shares nor seed.
        shares: of train, validation and test, each above 0; their sum counts as the whole.
        seed: of the split by dialogue.
        tokenizer: a folder or a model of the Hub, to count tokens with.
        limit: tokens that a model would take.
        force: replace what an earlier run left in the folder.

    Raises:
        Misused: the folder has a prepared corpus already.
        NotThere: there is no such source, or no such tokenizer.
        Unreadable: a source is not the corpus, or there are too few dialogues to split.
        OutputUnwritable: the disk is full, or the like; the folder is as it was.
    """
    if not force and any((out / name).exists() for name in _names()):
        raise Misused(
            say(
                f"준비된 말뭉치가 이미 있는 폴더예요: {out}",
                f"The folder has a prepared corpus already: {out}",
            ),
            say("바꾸려면 --force를 붙여 주세요.", "Add --force to replace it."),
        )
    counter = (tokenizer, TokenCounter(tokenizer), limit) if tokenizer else None
    found = corpus.gather(sources)
    left_out = list(found.left_out)
    about: dict[str, Any]
    if split == "original":
        rows, duplicates = original_split.table(found.dialogues)
        left_out += _duplicates(found.dialogues, duplicates)
        parts = _original(rows)
        about = {"kind": split, "rows": len(rows), "rows_of_the_original": original_split.SENTENCES}
    else:
        parts = _by_dialogue(found.dialogues, shares, seed)
        about = {"kind": split, "shares": shares, "seed": seed}
    tables = {part: _table(found.dialogues, parts[part]) for part in PARTS}
    told = report(found, left_out, about, tables, counter)
    _write(out, tables, told)
    return told


def _by_dialogue(dialogues: Sequence[Dialogue], shares: Sequence[float], seed: int) -> dict[Part, Rows]:
    strata = [dialogue.emotion * len(GROUPS) + dialogue.group for dialogue in dialogues]
    part = splits.parts(strata, shares, seed)
    counts = np.bincount(part, minlength=len(PARTS))
    if not counts.all():
        raise _too_few(PARTS[int(counts.argmin())], f"{len(dialogues):,}")
    lengths = [len(dialogue.exchanges) for dialogue in dialogues]
    rows = np.array([(at, place) for at, length in enumerate(lengths) for place in range(length)])
    return {name: rows[part[rows[:, 0]] == at] for at, name in enumerate(PARTS)}


def _original(rows: Rows) -> dict[Part, Rows]:
    if len(rows) < len(PARTS):
        raise _too_few("train", f"{len(rows):,}")
    return {name: rows[part] for name, part in zip(PARTS, original_split.parts(len(rows)), strict=True)}


def _too_few(part: Part, count: str) -> Unreadable:
    return Unreadable(
        say(
            f"{count}개로는 나눌 수 없어요: {with_particle(part, '이/가')} 비어요.",
            f"{count} are too few to split: {part} stays empty.",
        ),
        say("말뭉치를 더 넣거나 --shares를 바꿔 주세요.", "Give more of the corpus, or other --shares."),
    )


def _duplicates(dialogues: Sequence[Dialogue], rows: Rows) -> list[LeftOut]:
    if not len(rows):
        return []
    first = [dialogues[at] for at in rows[:EXAMPLES, 0]]
    return [LeftOut("duplicate_sentence", len(rows), tuple(f"{d.file}:{d.row}" for d in first), ())]


def _table(dialogues: Sequence[Dialogue], rows: Rows) -> pa.Table:
    """What is said in these exchanges: each sentence, and then its answer where there is one."""
    columns: dict[str, list[Any]] = {name: [] for name in data.SCHEMA.names}
    add = [column.append for column in columns.values()]
    for at, place in rows.tolist():
        dialogue = dialogues[at]
        exchange = dialogue.exchanges[place]
        context = dialogue.sentences[:place]
        for speaker, text in (("human", exchange.sentence), ("system", exchange.answer)):
            if text:
                values = (at + 1, place + 1, speaker, text, context, dialogue.emotion, dialogue.group)
                for append, value in zip(add, values, strict=True):
                    append(value)
    return pa.table(columns, schema=data.SCHEMA)


def _write(out: Path, tables: Mapping[Part, pa.Table], told: Report) -> None:
    made = not out.exists()
    with writing(out):
        try:
            out.mkdir(parents=True, exist_ok=True)
            # All of it, before the first takes its place: a full disk leaves the folder as it was.
            with TemporaryDirectory(prefix=".prepare-", dir=out) as name:
                fresh = Path(name)
                for part, table in tables.items():
                    pq.write_table(table, data.path_of(fresh, part))
                document = json.dumps(told.document(), ensure_ascii=False, indent=1)
                (fresh / REPORT).write_text(document + "\n", encoding="utf-8")
                for file in _names():
                    (fresh / file).replace(out / file)
        except OSError:
            if made:
                with suppress(OSError):
                    out.rmdir()
            raise


def _names() -> list[str]:
    """The files of a prepared corpus; the last says that the others are there."""
    return [*(data.path_of(Path(), part).name for part in PARTS), REPORT]
