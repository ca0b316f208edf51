"""The pictures of a report, as PNG. Knows figures, and where a font with Hangul may be found."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure

from sweetchat_tui.emotions import EMOTIONS, GROUP_GLOSSES, GROUPS
from sweetchat_tui.lab.evaluation import Reliability
from sweetchat_tui.lab.figures import Figures

_HANGUL = (
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "Noto Sans CJK JP",  # the name of all five in one file, as an older matplotlib reads it
    "NanumGothic",
    "Nanum Gothic",
    "Malgun Gothic",
    "AppleGothic",
    "D2Coding",
    "UnDotum",
)
_VIOLET, _GREY = "#8968ef", "#9a94ad"


def hangul() -> str | None:
    """A font on this machine that has Hangul; None when there is none, and names are drawn in English."""
    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _HANGUL if name in there), None)


def reliability(found: Reliability, error: float, path: Path) -> None:
    """How often the classifier was right, by how sure it was; on the diagonal it knows what it knows.

    Args:
        error: the expected calibration error.
    """
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], "--", color=_GREY, label="well calibrated")
    share = np.array(found.count) / max(1, sum(found.count))
    axes.plot(found.confidence, found.accuracy, color=_VIOLET, lw=1, alpha=0.5)
    axes.scatter(
        found.confidence,
        found.accuracy,
        s=12 + 1500 * share,
        color=_VIOLET,
        alpha=0.6,
        label="measured (size: share of sentences)",
    )
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel="confidence", ylabel="share right")
    axes.set_title(f"expected calibration error {error:.3f}", fontsize=10)
    legend = axes.legend(loc="lower right")
    legend.legend_handles[-1].set_sizes([60])  # type: ignore[union-attr]
    figure.savefig(path, dpi=130)


def confusions(found: Figures, path: Path) -> None:
    """How often each label was taken for each other, rows of 1, labels ordered by group."""
    order, names = _ordered(found.labels)
    counted = found.confusion[np.ix_(order, order)].astype(np.float64)
    shares = counted / np.maximum(counted.sum(axis=1, keepdims=True), 1)
    side = 4 + 0.17 * len(order)
    with mpl.rc_context({"font.family": [hangul() or "DejaVu Sans"], "axes.unicode_minus": False}):
        figure = Figure(figsize=(side, side), layout="constrained")
        axes = figure.add_subplot()
        drawn = axes.imshow(shares, cmap="magma_r", vmin=0, vmax=max(0.3, float(shares.max())))
        for edge in _edges(found.labels):
            axes.axhline(edge, color=_GREY, lw=0.6)
            axes.axvline(edge, color=_GREY, lw=0.6)
        axes.set_xticks(range(len(order)), names, rotation=90, fontsize=7)
        axes.set_yticks(range(len(order)), names, fontsize=7)
        axes.set(xlabel="guess", ylabel="truth")
        figure.colorbar(drawn, shrink=0.6, label="share of the row")
        figure.savefig(path, dpi=130, bbox_inches="tight")


def _edges(labels: Sequence[str]) -> list[float]:
    """Where one group ends and the next begins, in the order to draw."""
    if tuple(labels) == GROUPS:
        return []
    sizes = [sum(emotion.group == group for emotion in EMOTIONS) for group in GROUPS]
    return [float(edge) - 0.5 for edge in np.cumsum(sizes)[:-1]]


def _ordered(labels: Sequence[str]) -> tuple[list[int], list[str]]:
    """Places in the order to draw, by group, and what they are called."""
    korean = hangul() is not None
    if tuple(labels) == GROUPS:
        return list(range(len(GROUPS))), [name if korean else GROUP_GLOSSES[name] for name in GROUPS]
    order = sorted(range(len(EMOTIONS)), key=lambda at: GROUPS.index(str(EMOTIONS[at].group)))
    return order, [EMOTIONS[at].label if korean else EMOTIONS[at].gloss for at in order]
