"""The embedded classifier's sums as sparse matrices, and the linear layer fitted to them.

Says the same as `classifiers.lite` about every text, only slower and in floating point. Knows nothing
of the corpus file or of the card.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from sweetchat_tui.classifiers import hashing

_BATCH = 20_000


def counts(texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each slot occurs in each text; shape (texts, hashing.SLOTS)."""
    parts = [_counts(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    return sparse.vstack(parts, format="csr")


def _counts(texts: Sequence[str]) -> sparse.csr_matrix:
    words = hashing.words(texts)
    width = hashing.SLOTS + 1
    lengths = np.diff(np.append(words.starts, len(words.places)))
    of_word = np.repeat(np.arange(len(words.starts)), lengths * hashing.SIZES)
    each = _ones(of_word, words.places.ravel(), (len(words.starts), width))
    held = _ones(words.text, words.which, (len(texts), len(words.starts)))
    seams = _ones(words.text, words.seams, (len(texts), width))
    ended = np.repeat(np.unique(words.text), hashing.ENDS)
    total = held @ each + seams + _ones(ended, words.ends.ravel(), (len(texts), width))
    total = total.tocsr()[:, : hashing.SLOTS]
    total.sum_duplicates()
    return total


def _ones(row: NDArray[np.int64], column: NDArray[np.int64], shape: tuple[int, int]) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(row), dtype=np.float32), (row, column)), shape)


def emphasis(texts: Sequence[str], longest: float, seam: float) -> NDArray[np.float32]:
    """How much more than others each slot counts, by what it stands for; shape (hashing.SLOTS,).

    Args:
        texts: the slots of these are looked at.
        longest: for n-grams of the greatest size.
        seam: for seams of words.
    """
    factors = np.ones(hashing.SLOTS + 1, dtype=np.float32)
    words = hashing.words(texts)
    factors[words.places[:, -1]] = longest
    factors[words.seams] = seam
    return factors[: hashing.SLOTS]


def importance(counted: sparse.csr_matrix, power: float, most: int) -> NDArray[np.float32]:
    """What an occurrence of each slot counts: its rarity to a power.

    Slots of no text count 0, as do the rarest where more than `most` are left.
    """
    texts = np.bincount(counted.indices, minlength=counted.shape[1])
    order = np.argsort(-texts, kind="stable")
    kept = order[:most][texts[order[:most]] > 0]
    rarity = np.zeros(len(texts), dtype=np.float32)
    rarity[kept] = (np.log((1 + counted.shape[0]) / (1 + texts[kept])) + 1) ** power
    return rarity


def vectors(counted: sparse.csr_matrix, importances: NDArray[np.float32], floor: float) -> sparse.csr_matrix:
    """Weighted counts, each text scaled by the length that the classifier can add up as it reads."""
    length = np.sqrt(counted @ importances**2 + floor).astype(np.float32)
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
    solution: NDArray[np.float32] = np.zeros_like(residual)
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


def fit_softmax(
    examples: sparse.csr_matrix,
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
    looseness: float,
    steps: int,
) -> NDArray[np.float32]:
    """Multinomial logistic regression with a bias that is dropped, by L-BFGS.

    Args:
        examples: shape (examples, rows).
        targets: shape (examples, labels), rows sum to 1.
        weights: shape (examples,), how much each example counts.
        looseness: the inverse of the weight of the squared norm.
        steps: how far to go.

    Returns:
        float32, shape (rows, labels).
    """
    shape = (examples.shape[1], targets.shape[1])
    transposed = examples.T.tocsr()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        layer = flat[: -shape[1]].reshape(shape).astype(np.float32)
        logs = examples @ layer + flat[-shape[1] :].astype(np.float32)
        logs -= logs.max(axis=1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        surprise = -float((weights[:, None] * targets * logs).sum())
        slope = (np.exp(logs) - targets) * weights[:, None]
        down = transposed @ slope + layer / np.float32(looseness)
        total = surprise + float((layer * layer).sum()) / (2 * looseness)
        return total, np.concatenate([down.ravel(), slope.sum(axis=0)]).astype(np.float64)

    start = np.zeros(shape[0] * shape[1] + shape[1])
    options = {"maxiter": steps, "maxfun": 2 * steps, "maxcor": 5}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    layer: NDArray[np.float32] = found[: -shape[1]].reshape(shape).astype(np.float32)
    return layer


def contrast(
    examples: sparse.csr_matrix,
    members: NDArray[np.float32],
    weights: NDArray[np.float32],
    smoothing: float,
    own_share: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Naive Bayes in two forms: how rare each row is in the other labels, and how usual in its own.

    Args:
        examples: shape (examples, rows).
        members: shape (examples, labels), one for the label and else zero.
        weights: shape (examples,).
        smoothing: added to every count of the first form.
        own_share: how much of a row's overall count is added in the second form.

    Returns:
        Twice float32, shape (rows, labels), centred over the labels.
    """
    found = (sparse.diags(weights) @ examples).T.tocsr() @ members
    overall = found.sum(axis=1, keepdims=True)
    others = overall - found + smoothing
    rare = -np.log(others / others.sum(axis=0))
    own = found + own_share * overall / members.shape[1] + 0.05
    usual = np.log(own / own.sum(axis=0))
    return _centred(rare), _centred(usual)


def _centred(table: NDArray[np.float32]) -> NDArray[np.float32]:
    centred: NDArray[np.float32] = (table - table.mean(axis=1, keepdims=True)).astype(np.float32)
    return centred
