"""The embedded classifier's sums as sparse matrices, and the linear layer fitted to them.

Says the same as `classifiers.lite` about every text, only slower and in floating point. Knows nothing
of the corpus file or of the card.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sweetchat_tui.classifiers import hashing

_BATCH = 20_000


def counts(texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each row occurs in each text; shape (texts, hashing.ROWS)."""
    parts = [_counts(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    return sparse.vstack(parts, format="csr")


def _counts(texts: Sequence[str]) -> sparse.csr_matrix:
    words = hashing.words(texts)
    width = hashing.ROWS + 1
    lengths = np.diff(np.append(words.starts, len(words.rows)))
    of_word = np.repeat(np.arange(len(words.starts)), lengths * hashing.SIZES)
    each = _ones(of_word, words.rows.ravel(), (len(words.starts), width))
    held = _ones(words.text, words.which, (len(texts), len(words.starts)))
    total = (held @ each + _ones(words.text, words.seams, (len(texts), width))).tocsr()[:, : hashing.ROWS]
    total.sum_duplicates()
    return total


def _ones(row: NDArray[np.int64], column: NDArray[np.int64], shape: tuple[int, int]) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(row), dtype=np.float32), (row, column)), shape)


def importance(counted: sparse.csr_matrix, power: float) -> NDArray[np.float32]:
    """What an occurrence of each row counts: its rarity to a power; 0 for rows of a single text."""
    texts = np.bincount(counted.indices, minlength=counted.shape[1])
    rarity = (np.log((1 + counted.shape[0]) / (1 + texts)) + 1) ** power
    return np.where(texts > 1, rarity, 0).astype(np.float32)


def vectors(counted: sparse.csr_matrix, importances: NDArray[np.float32]) -> sparse.csr_matrix:
    """Weighted counts, each text scaled by the length that the classifier can add up as it reads."""
    length = np.sqrt(np.maximum(counted @ importances**2, 1e-6)).astype(np.float32)
    return (sparse.diags(1 / length) @ counted @ sparse.diags(importances)).tocsr()


def fit(
    examples: sparse.csr_matrix,
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
    ridge: float,
    steps: int = 40,
) -> NDArray[np.float32]:
    """Weighted ridge regression by conjugate gradients, every column on its own.

    Args:
        examples: shape (examples, rows).
        targets: shape (examples, columns).
        weights: shape (examples,), how much each example counts.
        ridge: the weight of the squared norm.
        steps: how far to go; stopping early is a ridge of its own.

    Returns:
        float32, shape (rows, columns).
    """
    weighted = (sparse.diags(weights) @ examples).tocsr()
    transposed = weighted.T.tocsr()
    residual = transposed @ targets
    solution = np.zeros_like(residual)
    direction = residual.copy()
    size = np.einsum("ij,ij->j", residual, residual)
    for _ in range(steps):
        image = transposed @ (examples @ direction) + np.float32(ridge) * direction
        step = size / np.maximum(np.einsum("ij,ij->j", direction, image), 1e-12)
        solution += step * direction
        residual -= step * image
        fresh = np.einsum("ij,ij->j", residual, residual)
        direction = residual + (fresh / np.maximum(size, 1e-12)) * direction
        size = fresh
    return solution
