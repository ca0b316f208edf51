"""Sentences as a network is trained on them: read by the same code that reads them in use."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch.utils.data import Dataset

from sweetchat_tui.classifiers import bert_torch
from sweetchat_tui.classifiers.checkpoint import Checkpoint, Reading
from sweetchat_tui.classifiers.tokens import Row
from sweetchat_tui.lab.data import Sentences
from sweetchat_tui.lab.recipes import Recipe


class Examples(Dataset[dict[str, Any]]):
    """Rows of tokens with their labels."""

    def __init__(self, rows: Sequence[Row], labels: Sequence[int]) -> None:
        self._rows = rows
        self._labels = labels

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: int) -> dict[str, Any]:
        # Under this name the Trainer looks for the length.
        return {"input_ids": self._rows[at].ids, "row": self._rows[at], "label": self._labels[at]}


def of(sentences: Sentences, found: Checkpoint, model: Any, recipe: Recipe, *, groups: bool) -> Examples:
    """A part of the corpus for a model.

    Args:
        found: where the tokenizer is.
        groups: label with the six groups instead of the 58.
    """
    reading = Reading(context=recipe.context, max_length=recipe.max_length)
    encoder = bert_torch.encoder_of(replace(found, reading=reading), model)
    rows = encoder.encode(sentences.texts, sentences.contexts if recipe.context else None)
    labels = sentences.groups if groups else sentences.labels
    return Examples(rows, [int(label) for label in labels])


class Collator:
    """Examples to a batch, padded to its longest."""

    def __init__(self, config: Any) -> None:
        """
        Args:
            config: the model's.
        """
        self._config = config

    def __call__(self, examples: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        given = bert_torch.inputs([example["row"] for example in examples], self._config)
        batch = {name: torch.from_numpy(values) for name, values in given.items()}
        batch["labels"] = torch.tensor([example["label"] for example in examples])
        return batch
