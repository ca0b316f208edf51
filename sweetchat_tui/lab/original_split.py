"""The split of the original system, so that figures on its test part can be set beside its own.

Its table had a row for each sentence, sorted by group and then by emotion, within these the first
sentences of all dialogues before the second ones. Rows with a missing value and sentences that had
occurred were dropped. Joining the numbers of the labels then drew together the rows of each label,
by first appearance, which the two labels that lie in two groups show. The lists went through
scikit-learn's `train_test_split` twice. With the original's counts per label this order gives, to the
row, the 58 counts of its test report; the order within an emotion is read from the sentences it shows.

It splits by sentence, so sentences of one dialogue fall on both sides: `leak` says how many.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.lab.corpus import Dialogue

SENTENCES = 144_723
"""Rows of the original's table."""


def table(dialogues: Sequence[Dialogue]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of the original's table, and the duplicates that were dropped from it.

    Returns:
        Each of shape (rows, 2): the number of the dialogue in the sequence, and of the exchange in it.
    """
    rows = sorted(
        (dialogue.group, dialogue.emotion, exchange.number, at, place)
        for at, dialogue in enumerate(dialogues)
        for place, exchange in enumerate(dialogue.exchanges)
    )
    kept: list[tuple[int, int, int]] = []
    duplicates: list[tuple[int, int]] = []
    seen: set[str] = set()
    appearance: dict[int, int] = {}
    for _, emotion, _, at, place in rows:
        # As pandas compares them: a stray space makes another sentence.
        written = dialogues[at].exchanges[place].written
        if written in seen:
            duplicates.append((at, place))
        else:
            seen.add(written)
            kept.append((appearance.setdefault(emotion, len(appearance)), at, place))
    kept.sort(key=lambda row: row[0])
    return _pairs([(at, place) for _, at, place in kept]), _pairs(duplicates)


def _pairs(rows: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def parts(rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the rows for train, validation and test, 6:2:2, in the order in which they were used.

    Args:
        rows: of the table; at least three.
    """
    # 1 s: scikit-learn, of which no other split has need.
    from sklearn.model_selection import train_test_split

    train, rest = train_test_split(np.arange(rows), test_size=0.4, random_state=0)
    validation, test = train_test_split(rest, test_size=0.5, random_state=0)
    return train, validation, test
