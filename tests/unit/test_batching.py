"""Which texts go through a model together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.classifiers import batching

lengths = st.lists(st.integers(1, 128), max_size=200).map(lambda values: np.array(values, dtype=np.int64))


@given(lengths, st.integers(1, 600))
def test_every_text_is_in_one_batch_within_the_budget(values, budget):
    batches = list(batching.packed(values, budget))
    assert sorted(place for batch in batches for place in batch.tolist()) == list(range(len(values)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * values[batch].max() <= budget


@given(lengths)
def test_batches_run_from_short_to_long(values):
    order = [length for batch in batching.packed(values) for length in values[batch].tolist()]
    assert order == sorted(order)


def test_texts_of_real_lengths_are_hardly_padded():
    values = np.random.default_rng(0).geometric(1 / 20, size=2000).clip(3, 128)
    padded = sum(len(batch) * values[batch].max() for batch in batching.packed(values))
    assert padded < 1.03 * values.sum()


@given(st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=20), min_size=1, max_size=20))
def test_padding_keeps_every_number_and_marks_it(rows):
    values, there = batching.padded(rows)
    assert [value[mask == 1].tolist() for value, mask in zip(values, there, strict=True)] == rows
    assert not values[there == 0].any()
    assert there.shape == (len(rows), max(map(len, rows)))
