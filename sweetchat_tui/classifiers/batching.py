"""Which texts go through a model together: alike in length, so that little of a batch is padding.

Pure. Knows nothing of texts or models.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

BUDGET = 256
"""Tokens of a batch, padding among them. Larger ones fall out of the processor's caches: 128 to 512 are
alike on two cores, 2,048 is a third slower."""


def packed(lengths: NDArray[np.int64], budget: int = BUDGET) -> Iterator[NDArray[np.int64]]:
    """Batches of places, shortest texts first; one text longer than the budget is a batch of its own.

    Args:
        lengths: tokens of each text, shape (texts,).

    Yields:
        int64, places in `lengths`; every place once, a batch's last the longest.
    """
    order = np.argsort(lengths, kind="stable")
    start = 0
    for end, length in enumerate(lengths[order].tolist()):
        if end > start and (end + 1 - start) * length > budget:
            yield order[start:end]
            start = end
    if start < len(order):
        yield order[start:]


def padded(rows: Sequence[Sequence[int]], fill: int = 0) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rows of numbers as one array.

    Returns:
        int64, shape (rows, longest), `fill` behind the short ones; int32 of the same shape, 1 where a
        number is.
    """
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    there = np.arange(lengths.max(initial=0)) < lengths[:, None]
    values = np.full(there.shape, fill, dtype=np.int64)
    values[there] = [number for row in rows for number in row]
    return values, there.astype(np.int32)
