"""The embedded classifier: one linear layer over hashed n-grams, in numpy alone.

A message and the same person's messages before it are sums of the same int8 rows; those from before the
mood turned do not count. All sums are of whole numbers, so a text gets the same answer alone, in a batch
and on any machine. How the weights came about is told by the card beside
them, `lite.md`. Knows nothing of the corpus, nor of who asks.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import Batch, hashing
from sweetchat_tui.classifiers.lite_head import COLUMNS, HEAD, MAGIC, Head, chances
from sweetchat_tui.emotions import EMOTIONS, Emotion, Feeling, Score
from sweetchat_tui.errors import NotThere, Unreadable
from sweetchat_tui.lang import say

WEIGHTS = Path(__file__).with_name("lite.bin")
WINDOW = 4
"""How many earlier messages are read."""
_JOYFUL = np.array([str(emotion.group) == "기쁨" for emotion in EMOTIONS])
_OFTEN = np.float32(0.18)  # the share of joyful dialogues in the corpus
_CLEAR = 0.2
"""The chance of its first emotion from which a message is clear enough to turn the mood."""
_WEIGHT = 58
_PLAIN = 59
_BULK = 64
_CHUNK = 4096
_LANES = np.uint64(0x0000FFFF0000FFFF)
_HALF = np.uint64(16)


class LiteClassifier:
    """Reads emotions with weights that ship in the package. Safe to call from any thread."""

    name = "lite-1"
    emotions: Sequence[Emotion] = EMOTIONS
    reads_context = True

    def __init__(self, head: Head, slots: NDArray[np.uint32], rows: NDArray[np.int8]) -> None:
        """Args:
        head: scales and calibration.
        slots: shape (rows,): the slot that each row belongs to.
        rows: shape (rows + 1, COLUMNS); the last row is zero and stands for every other slot.
        """
        self._head = head
        self._slots = slots
        self._rows = rows
        self._row = np.full(hashing.SLOTS + 1, len(slots), dtype=np.int32)
        self._row[slots] = np.arange(len(slots), dtype=np.int32)

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> "LiteClassifier":
        """The classifier with the weights of this file.

        Raises:
            NotThere: there is no such file.
            Unreadable: the file holds something else.
        """
        try:
            raw = np.fromfile(path, dtype=np.int8)
        except FileNotFoundError:
            raise NotThere(
                say(f"분류기 가중치 파일이 없어요: {path}", f"The classifier's weights are not there: {path}")
            ) from None
        head = raw[: HEAD * 4].view("<f4") if len(raw) > HEAD * 4 else np.zeros(2, dtype="<f4")
        count = int(head[1]) if head[0] == np.float32(MAGIC) else -1
        middle = HEAD * 4 + 4 * count
        if len(raw) != middle + (count + 1) * COLUMNS:
            raise Unreadable(
                say(f"분류기 가중치 파일이 아니에요: {path}", f"This is not a weights file: {path}"),
                say("sweetchat을 다시 설치해 보세요.", "Install sweetchat again."),
            )
        slots = raw[HEAD * 4 : middle].view("<u4")
        return cls(Head.unpack(head), slots, raw[middle:].reshape(-1, COLUMNS))

    def calibrated(self, head: Head) -> "LiteClassifier":
        """The same rows under another head, whose scales stay theirs."""
        return LiteClassifier(replace(head, scales=self._head.scales), self._slots, self._rows)

    def save(self, path: Path) -> None:
        """Write a file that `load` reads; the same weights give the same bytes."""
        head = self._head.pack(len(self._slots))
        path.write_bytes(head.tobytes() + self._slots.astype("<u4").tobytes() + self._rows.tobytes())

    @cached_property
    def _wide(self) -> NDArray[np.uint64]:
        """Rows as 15 numbers of four 16-bit lanes, biased by 128: one addition adds four columns."""
        lanes = (self._rows.astype(np.int16) + 128).astype("<u2")
        return lanes.view("<u8")

    def classify(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> list[Feeling]:
        """Read each text; see `classifiers.Classifier`."""
        batch = self.read(texts, contexts, top=top)
        tops = zip(batch.order.tolist(), batch.confidence.tolist(), batch.uncertain.tolist(), strict=True)
        return [
            Feeling(
                tuple(Score(EMOTIONS[index], score) for index, score in zip(order, scores, strict=True)),
                self.name,
                uncertain,
            )
            for order, scores, uncertain in tops
        ]

    def read(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None, *, top: int = 3
    ) -> Batch:
        """Read each text into arrays; arguments as `classify`."""
        chances, uncertain = self.probabilities(texts, contexts)
        top = max(1, min(top, chances.shape[1]))
        order = _largest(chances, top)
        return Batch(order, np.take_along_axis(chances, order, axis=1), uncertain)

    def probabilities(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """How likely each emotion is, and whether there is none.

        Returns:
            float32, shape (texts, 58), rows sum to 1; bool, shape (texts,), the uncertain.
        """
        scores, plain, turns = self.scores(texts, contexts)
        return chances(scores, turns, self._head), plain >= self._head.plain_from

    def scores(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
        """What the probabilities are made of.

        Returns:
            float32, shape (texts, 58), any scale; float32, shape (texts,), how plain the words are,
            infinite for words that say nothing; int64, shape (texts,), 0 to 2 earlier messages.
        """
        scores = np.empty((len(texts), len(EMOTIONS)), dtype=np.float32)
        plain = np.empty(len(texts), dtype=np.float32)
        turns = np.zeros(len(texts), dtype=np.int64)
        for start in range(0, len(texts), _CHUNK):
            part = slice(start, start + _CHUNK)
            before = None if contexts is None else contexts[part]
            scores[part], plain[part], turns[part] = self._chunk(texts[part], before)
        return scores, plain, turns

    def _chunk(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
        earlier = [context[-WINDOW:] for context in contexts or ()]
        depths = np.zeros(len(texts), dtype=np.int64)
        depths[: len(earlier)] = [len(context) for context in earlier]
        sums, hangul = self.sums([*texts, *(message for context in earlier for message in context)])
        joined, turns = self._joined(sums, depths)
        return self._normed(joined)[:, :_WEIGHT], self._plainness(sums[: len(texts)], hangul), turns

    def _plainness(self, sums: NDArray[np.int32], hangul: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Shape (texts,): how plain each is, infinite for words that say nothing."""
        single = self._normed(sums)
        highest = single[:, :_WEIGHT].max(axis=1, initial=0)
        plain: NDArray[np.float32] = single[:, _PLAIN] - np.float32(self._head.relief) * highest
        plain[~hangul[: len(sums)] | (sums[:, _WEIGHT] == 0)] = np.inf
        return plain

    def _joined(
        self, sums: NDArray[np.int32], depths: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Each text's sums with those of the messages before it, back to where the mood turned last.

        Args:
            sums: shape (messages, COLUMNS): first the texts, then the earlier messages of each, oldest first.
            depths: shape (texts,): how many earlier messages each has.

        Returns:
            float32, shape (texts, COLUMNS); int64, shape (texts,), 0 to 2 earlier messages that counted.
        """
        ends = len(depths) + np.cumsum(depths)
        joined = np.zeros((len(depths), COLUMNS), dtype=np.float32)
        counted = np.zeros(len(depths), dtype=np.int64)
        for back in range(int(depths.max(initial=0)), -1, -1):
            texts = np.flatnonzero(depths >= back)
            messages = ends[texts] - back if back else texts
            asked = np.flatnonzero(counted[texts])
            turned = asked[self._turned(sums[messages[asked]], joined[texts[asked]], counted[texts[asked]])]
            joined[texts[turned]] = counted[texts[turned]] = 0
            joined[texts] = joined[texts] + sums[messages]
            counted[texts] += 1
        return joined, np.minimum(counted - 1, 2)

    def _turned(
        self, message: NDArray[np.int32], before: NDArray[np.float32], counted: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether a message is clearly joyful where those before it were not, or the other way round.

        Asked is how much likelier the two readings are of one mood than of any two: the sum, over the moods,
        of their chances in both, divided by how frequent the mood is.
        """
        found = self._chances(message, np.zeros_like(counted))
        now = found[:, _JOYFUL].sum(axis=1)
        then = self._chances(before, np.minimum(counted - 1, 2))[:, _JOYFUL].sum(axis=1)
        agreement = now * then / _OFTEN + (1 - now) * (1 - then) / (1 - _OFTEN)
        clear = found.max(axis=1, initial=0) >= _CLEAR
        below = np.where(now > then, self._head.brightens_below, self._head.darkens_below)
        turned: NDArray[np.bool_] = clear & (agreement < below)
        return turned

    def _chances(
        self, sums: NDArray[np.int32] | NDArray[np.float32], turns: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        return chances(self._normed(sums)[:, :_WEIGHT], turns, self._head)

    def _normed(self, sums: NDArray[np.int32] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Sums in their units, divided by the length of the text's vector; zero for no words."""
        values: NDArray[np.float32] = (sums * self._head.scales).astype(np.float32)
        length = np.sqrt(values[:, _WEIGHT] + np.float32(self._head.floor))
        values /= length[:, None]
        return values

    def sums(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The rows of each text added up.

        Returns:
            int32, shape (texts, COLUMNS); bool, shape (texts,), whether a text has any Hangul.
        """
        words = hashing.words(texts)
        total = np.zeros((len(texts), COLUMNS), dtype=np.int32)
        if len(words.which):
            first = np.flatnonzero(np.diff(words.text, prepend=-1))
            adder = self._bulk if len(texts) >= _BULK else self._few
            total[words.text[first]] = adder(words, first)
            total[words.text[first]] += self._rows[self._row[words.ends]].sum(axis=1, dtype=np.int32)
        return total, words.hangul

    def _few(self, words: hashing.Words, first: NDArray[np.int64]) -> NDArray[np.int32]:
        places = self._rows[self._row[words.places]].sum(axis=1, dtype=np.int32)
        each = np.add.reduceat(places, words.starts, axis=0)
        return np.add.reduceat(each[words.which] + self._rows[self._row[words.seams]], first, axis=0)

    def _bulk(self, words: hashing.Words, first: NDArray[np.int64]) -> NDArray[np.int32]:
        wide = self._wide
        rows = self._row[words.places]
        places = wide[rows[:, 0]]
        for n in range(1, hashing.SIZES):
            places += wide[rows[:, n]]
        each = np.add.reduceat(places, words.starts, axis=0)[words.which]
        each += wide[self._row[words.seams]]
        # A word fits 16 bits a lane; a text may not, so even and odd lanes are added apart in 32.
        even = np.add.reduceat(each & _LANES, first, axis=0).view("<u4")
        odd = np.add.reduceat((each >> _HALF) & _LANES, first, axis=0).view("<u4")
        lengths = np.diff(np.append(words.starts, len(words.places)))
        added = np.add.reduceat(hashing.SIZES * lengths[words.which] + 1, first)
        total = np.stack((even, odd), axis=2).reshape(len(first), COLUMNS).astype(np.int32)
        total -= (128 * added).astype(np.int32)[:, None]
        return total


def _largest(chances: NDArray[np.float32], top: int) -> NDArray[np.int64]:
    """Columns of the largest numbers of each row, largest first; of equals the first column."""
    if top > 8:
        return np.argsort(-chances, axis=1, kind="stable")[:, :top]
    left = chances.copy()
    order = np.empty((len(chances), top), dtype=np.int64)
    every = np.arange(len(chances))
    for place in range(top):
        order[:, place] = left.argmax(axis=1)
        left[every, order[:, place]] = -1
    return order
