"""How a checkpoint is fine-tuned. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of one training."""

    name: str
    context: bool
    """Whether a sentence is read with the same person's earlier ones."""
    learning_rate: float
    batch: int
    """Sentences a step, whatever fits on the device at once."""
    epochs: int
    """At most."""
    max_length: int = 128
    """Tokens, [CLS] and [SEP] among them."""
    schedule: str = "constant"
    """Of the learning rate: `constant`, or `linear` down to 0."""
    warm_up: float = 0.0
    """Share of the steps in which the learning rate rises from 0."""
    decay: float = 0.0
    """Weight decay; 0 makes AdamW the original's Adam."""
    smoothing: float = 0.0
    """Share of each label's weight that is spread over all."""
    least_gain: float = 0.001
    """Validation accuracy that an epoch must add; training ends after the first that does not."""


ORIGINAL = Recipe("original", context=False, learning_rate=2e-5, batch=64, epochs=3)
"""The original's of 2023: Adam, early stopping with patience 0 and min_delta 0.001, sentences alone."""

SWEETCHAT = Recipe(
    "sweetchat",
    context=True,
    learning_rate=5e-5,
    batch=32,
    epochs=4,
    schedule="linear",
    warm_up=0.1,
    decay=0.01,
    smoothing=0.1,
)
"""Ours. That the conversation helps is measured (see the README of the lab); learning rate, warm-up, decay
and smoothing are what Devlin et al. (2019) and Müller et al. (2019) found for models of this size, and were
not swept here. What else was tried, and did not show to help, stands in bench/README.md."""

RECIPES = {recipe.name: recipe for recipe in (ORIGINAL, SWEETCHAT)}
