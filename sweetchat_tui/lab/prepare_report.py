"""What `lab prepare` tells of its work, for people and machines. Counts, and knows no files."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sweetchat_tui import __version__
from sweetchat_tui.emotions import EMOTIONS, GROUPS
from sweetchat_tui.lab.corpus import Corpus, LeftOut
from sweetchat_tui.lab.data import PARTS, Part
from sweetchat_tui.lab.token_lengths import TokenCounter

BIN = 16


@dataclass(frozen=True, slots=True)
class Counts:
    """What one part has."""

    dialogues: int
    sentences: int
    """What people say."""
    answers: int
    """What the system says to them."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the sentences of all parts are, in characters or tokens."""

    bins: tuple[int, ...]
    """How many have 0 to BIN - 1, BIN to 2 * BIN - 1, and so on to the longest."""
    median: float
    longest: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """The same in tokens, special ones among them."""

    tokenizer: str
    limit: int
    alone: Lengths
    alone_cut: int
    """Sentences that have more than the limit."""
    with_context: Lengths
    """With the person's earlier sentences before them."""
    with_context_cut: int


@dataclass(frozen=True, slots=True)
class Leak:
    """What the test part has in common with train."""

    dialogue: int
    """Sentences of test whose dialogue has a sentence in train."""
    word_for_word: int
    """Sentences of test that stand in train too."""
    of: int
    """All sentences of test."""


@dataclass(frozen=True, slots=True)
class Report:
    """All of it."""

    files: dict[str, int]
    """Dialogues in each file that was read."""
    skipped: dict[str, str]
    """Files that are not the corpus, and why."""
    left_out: tuple[LeftOut, ...]
    split: dict[str, Any]
    parts: dict[Part, Counts]
    emotions: dict[str, dict[Part, int]]
    """Sentences of each of the 58, in their order."""
    groups: dict[str, dict[Part, int]]
    single: tuple[str, ...]
    """Labels of which there is one dialogue; it is in train, except in the original's split."""
    characters: Lengths
    tokens: Tokens | None
    """None when no tokenizer was named."""
    leak: Leak

    def document(self) -> dict[str, Any]:
        """The same for JSON."""
        return {"schema": 1, "sweetchat": __version__, "bin": BIN, **asdict(self)}


def report(
    corpus: Corpus,
    left_out: Sequence[LeftOut],
    split: dict[str, Any],
    tables: Mapping[Part, pa.Table],
    counter: tuple[str, TokenCounter, int] | None,
) -> Report:
    """Count all that is told.

    Args:
        left_out: what was not taken, by the corpus or by the split.
        split: which one it is, for the report as it stands.
        tables: as `data` describes them.
        counter: name of a tokenizer, what counts with it, and the limit; None for none.
    """
    human = {part: table.filter(pc.equal(table["speaker"], "human")) for part, table in tables.items()}
    texts = {part: rows["text"].to_pylist() for part, rows in human.items()}
    every = [text for part in PARTS for text in texts[part]]
    contexts = [context for part in PARTS for context in human[part]["context"].to_pylist()]
    dialogues = [dialogue.emotion for dialogue in corpus.dialogues]
    single = np.flatnonzero(np.bincount(dialogues, minlength=len(EMOTIONS)) == 1)
    return Report(
        files=corpus.read,
        skipped={one.name: one.why for one in corpus.skipped},
        left_out=tuple(left_out),
        split=split,
        parts={
            part: Counts(len(rows["dialogue"].unique()), len(rows), len(tables[part]) - len(rows))
            for part, rows in human.items()
        },
        emotions=_per(human, "label", [emotion.label for emotion in EMOTIONS]),
        groups=_per(human, "group", GROUPS),
        single=tuple(EMOTIONS[at].label for at in single),
        characters=_lengths(np.array([len(text) for text in every])),
        tokens=_tokens(every, contexts, *counter) if counter else None,
        leak=_leak(human, texts),
    )


def _per(human: Mapping[Part, pa.Table], column: str, names: Sequence[str]) -> dict[str, dict[Part, int]]:
    counts = {
        part: np.bincount(rows[column].to_numpy(), minlength=len(names)) for part, rows in human.items()
    }
    return {name: {part: int(counts[part][at]) for part in PARTS} for at, name in enumerate(names)}


def _lengths(lengths: NDArray[np.int64]) -> Lengths:
    bins = tuple(np.bincount(lengths // BIN).tolist())
    return Lengths(bins, float(np.median(lengths)), int(lengths.max()))


def _tokens(
    texts: Sequence[str], contexts: Sequence[Sequence[str]], name: str, counter: TokenCounter, limit: int
) -> Tokens:
    alone, joined = counter.count(texts, contexts)
    return Tokens(
        tokenizer=name,
        limit=limit,
        alone=_lengths(alone),
        alone_cut=int((alone > limit).sum()),
        with_context=_lengths(joined),
        with_context_cut=int((joined > limit).sum()),
    )


def _leak(human: Mapping[Part, pa.Table], texts: Mapping[Part, Sequence[str]]) -> Leak:
    learnt = set(texts["train"])
    shared = pc.is_in(human["test"]["dialogue"], value_set=human["train"]["dialogue"].combine_chunks())
    return Leak(
        dialogue=pc.sum(shared).as_py(),
        word_for_word=sum(text in learnt for text in texts["test"]),
        of=len(texts["test"]),
    )
