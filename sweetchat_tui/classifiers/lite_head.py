"""What the embedded classifier has beside its rows: scales, calibration, and how it reads a conversation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

COLUMNS = 60
"""Numbers in a row: 58 emotions, how much a place weighs, and how plain the words are."""
HEAD = 128
"""float32 numbers before the rows: see `Head`."""
MAGIC = 20_261_128.0


@dataclass(frozen=True, slots=True)
class Head:
    """What is not in the rows."""

    scales: NDArray[np.float32]
    """Shape (COLUMNS,): what one step of an int8 weight is worth."""
    sharpness: NDArray[np.float32]
    """Shape (3,): scores are multiplied by it before softmax; after 0, 1, 2 or more earlier messages."""
    bend: float
    """How soon high scores stop growing; 0 for never."""
    floor: float
    """Added to the squared length of a text's vector, so that few words do not speak too loudly."""
    relief: float
    """How much the highest score of a message takes from its plainness."""
    plain_from: float
    """Messages at least as plain as this carry no clear emotion."""
    brightens_below: float = 0.0
    """The mood has turned where a joyful message agrees less than this with those before; 0 for never."""
    darkens_below: float = 0.0
    """The same for one that is less joyful than those before. Higher: hope is spoken of in any mood."""

    def pack(self, rows: int) -> NDArray[np.float32]:
        """As float32, shape (HEAD,), with the number of rows that follow."""
        values = np.zeros(HEAD, dtype="<f4")
        values[:8] = (
            *(MAGIC, rows, self.bend, self.floor, self.relief, self.plain_from),
            *(self.brightens_below, self.darkens_below),
        )
        values[8:11] = self.sharpness
        values[11 : 11 + COLUMNS] = self.scales
        return values

    @classmethod
    def unpack(cls, values: NDArray[np.float32]) -> "Head":
        """What `pack` made."""
        scales, sharpness = values[11 : 11 + COLUMNS].astype(np.float32), values[8:11].astype(np.float32)
        return cls(scales, sharpness, *values[2:8].tolist())


def chances(scores: NDArray[np.float32], turns: NDArray[np.int64], head: Head) -> NDArray[np.float32]:
    """Probabilities from scores: bent, sharpened and through softmax.

    Args:
        scores: shape (texts, 58).
        turns: shape (texts,), how many earlier messages were read: 0 to 2.
        head: its `bend` and `sharpness` are used.
    """
    bent = scores / (1 + head.bend * np.maximum(scores, 0))
    bent *= head.sharpness[turns][:, None]
    bent -= bent.max(axis=1, keepdims=True, initial=-np.inf)
    raised: NDArray[np.float32] = np.exp(bent)
    raised /= raised.sum(axis=1, keepdims=True)
    return raised
