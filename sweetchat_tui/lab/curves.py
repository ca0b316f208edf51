"""The curves of trainings, as PNG and as lines of blocks for a terminal. Knows their metrics alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

_BLOCKS = "▁▂▃▄▅▆▇█"
_PARTS = (("training", "#9a94ad"), ("validation", "#8968ef"))


@dataclass(frozen=True, slots=True)
class Course:
    """What was measured after each epoch, from the first on."""

    loss: list[float]
    """On the training sentences, while they were trained on."""
    accuracy: list[float]
    validation_loss: list[float]
    validation_accuracy: list[float]


def course(metrics: Path) -> Course:
    """The course of a training, from its `metrics.jsonl`."""
    entries = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    trained = [entry for entry in entries if "loss" in entry]
    checked = [entry for entry in entries if "eval_loss" in entry]
    return Course(
        [entry["loss"] for entry in trained],
        [entry["accuracy"] for entry in trained],
        [entry["eval_loss"] for entry in checked],
        [entry["eval_accuracy"] for entry in checked],
    )


def draw_course(found: Course, path: Path) -> None:
    """Loss and accuracy of both parts over the epochs, as the original drew them."""
    figure = Figure(figsize=(9, 4), layout="constrained")
    pairs = (
        ("loss", (found.loss, found.validation_loss)),
        ("accuracy", (found.accuracy, found.validation_accuracy)),
    )
    for axes, (name, values) in zip(figure.subplots(1, 2), pairs, strict=True):
        for (part, colour), line in zip(_PARTS, values, strict=True):
            axes.plot(range(1, len(line) + 1), line, "o-", color=colour, label=part)
        axes.set(xlabel="epoch", ylabel=name)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.legend()
    figure.savefig(path, dpi=130)


def draw_sweep(what: str, values: Sequence[float], accuracy: Sequence[float], path: Path) -> None:
    """Best validation accuracy against the value that was swept; values go up by powers."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes: Axes = figure.add_subplot()
    axes.plot(values, accuracy, "o-", color="#8968ef")
    axes.set_xscale("log")
    axes.set_xticks(list(values), [f"{value:g}" for value in values])
    axes.minorticks_off()
    axes.set(xlabel=what, ylabel="best validation accuracy")
    figure.savefig(path, dpi=130)


def blocks(values: Sequence[float]) -> str:
    """The values as a line of blocks, the lowest of them the lowest block."""
    if not values:
        return ""
    low, high = min(values), max(values)
    step = (high - low) / (len(_BLOCKS) - 1) or 1.0
    return "".join(_BLOCKS[round((value - low) / step)] for value in values)
