"""Trainings that differ in one setting, one after the other or one on each GPU.

Each is `sweetchat lab train` in a process of its own and a folder of its own: what is finished is not
trained again, and what was interrupted goes on from its last epoch.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sweetchat_tui.classifiers import prepared
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.lab import card, curves, training
from sweetchat_tui.lab.output import writing
from sweetchat_tui.lang import say

RATES = (5e-3, 1e-3, 1e-4, 5e-5, 2e-5, 1e-5, 5e-6, 1e-6)
"""The original's learning rates, at batch 64."""
BATCHES = (16, 32, 64, 128)
"""The original's batch sizes, at 2e-5."""
WHAT = {"rate": "learning rate", "batch": "batch size"}
"""What is swept, and what its curve calls it."""

_ERROR = "sweetchat: "


@dataclass(frozen=True, slots=True)
class Run:
    """One training of a sweep."""

    swept: str
    """`rate` or `batch`: which of the two curves it belongs to."""
    rate: float
    batch: int

    @property
    def name(self) -> str:
        """Of its folder; the two curves share the run that lies on both."""
        return f"rate-{self.rate:g}-batch-{self.batch}"

    @property
    def value(self) -> float:
        """What was swept."""
        return self.rate if self.swept == "rate" else self.batch


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    run: Run
    accuracy: float
    """Best validation accuracy."""
    course: curves.Course


def plan(rates: Sequence[float], batches: Sequence[int], *, at_batch: int, at_rate: float) -> list[Run]:
    """The runs of both curves: every rate at one batch size, every batch size at one rate."""
    return [Run("rate", rate, at_batch) for rate in rates] + [Run("batch", at_rate, b) for b in batches]


def sweep(
    runs: Sequence[Run],
    words: Sequence[str],
    shared: Mapping[str, Any],
    out: Path,
    gpus: Sequence[str],
    report: Callable[[str], object],
) -> list[Outcome]:
    """Train what is not trained yet, draw the curves, and tell what came of each.

    Args:
        words: options of `lab train` that all runs share.
        shared: the same as `training.plan` tells it.
        gpus: numbers of the GPUs to use, a run on each at a time; none trains one run at a time.

    Raises:
        Misused: a folder of a run holds another training; nothing is trained or drawn.
        SweetchatError: a run failed, with its own exit code; the others are trained and drawn all the same.
        OutputUnwritable: the disk is full.
    """
    distinct = {run.name: run for run in runs}
    done = {name for name, run in distinct.items() if _is_done(run, shared, out)}
    free: SimpleQueue[str | None] = SimpleQueue()
    for gpu in gpus or (None,):
        free.put(gpu)

    def train(run: Run) -> SweetchatError | None:
        if run.name in done:
            report(say(f"{run.name}: 이미 끝났어요.", f"{run.name}: done before."))
            return None
        gpu = free.get()
        try:
            return _train(run, words, out, gpu, report)
        finally:
            free.put(gpu)

    pool = ThreadPoolExecutor(max(1, len(gpus)))
    try:
        failed = [failure for failure in pool.map(train, distinct.values()) if failure]
    finally:
        # Interrupted, it begins no further run.
        pool.shutdown(cancel_futures=True)
    outcomes = [_outcome(run, out) for run in runs if _is_done(run, shared, out)]
    with writing(out):
        _draw(outcomes, out)
    if failed:
        raise failed[0]
    return outcomes


def _draw(outcomes: Sequence[Outcome], out: Path) -> None:
    for outcome in {outcome.run.name: outcome for outcome in outcomes}.values():
        curves.draw_course(outcome.course, out / outcome.run.name / "curves.png")
    for swept, what in WHAT.items():
        if those := of(swept, outcomes):
            values, accuracy = [o.run.value for o in those], [o.accuracy for o in those]
            curves.draw_sweep(what, values, accuracy, out / f"{swept}.png")
    table = [
        {"swept": o.run.swept, "rate": o.run.rate, "batch": o.run.batch, "accuracy": o.accuracy}
        for o in outcomes
    ]
    prepared.write(out / "sweep.json", (json.dumps(table, indent=1) + "\n").encode())


def of(swept: str, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Those of one curve, by the value that was swept."""
    return sorted((o for o in outcomes if o.run.swept == swept), key=lambda o: o.run.value)


def _train(
    run: Run, words: Sequence[str], out: Path, gpu: str | None, report: Callable[[str], object]
) -> SweetchatError | None:
    """Train; what went wrong, for the others to go on."""
    folder = out / run.name
    report(f"{run.name}…")
    command = [sys.executable, "-m", "sweetchat_tui", "lab", "train", *words, "-o", str(folder)]
    command += ["--learning-rate", str(run.rate), "--batch", str(run.batch)]
    environment = os.environ | ({"CUDA_VISIBLE_DEVICES": gpu} if gpu is not None else {})
    why = ""
    with subprocess.Popen(  # noqa: S603 - this very program
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            report(f"  {run.name}: {line.rstrip()}")
            if line.startswith(_ERROR):
                why = line.removeprefix(_ERROR).strip()
    if not process.returncode:
        return None
    failure = SweetchatError(
        say(f"{run.name}에서 멈췄어요: {why}", f"{run.name} failed: {why}"),
        say("나머지는 남아 있어요. 같은 명령을 다시 하면 이어서 해요.", "The others are kept; run it again."),
    )
    failure.exit_code = process.returncode if process.returncode > 0 else 1  # type: ignore[misc]
    return failure


def _is_done(run: Run, shared: Mapping[str, Any], out: Path) -> bool:
    own = {"learning_rate": run.rate, "batch": run.batch}
    return training.is_done(out / run.name, {**shared, "recipe": shared["recipe"] | own})


def _outcome(run: Run, out: Path) -> Outcome:
    folder = out / run.name
    return Outcome(run, card.read(folder, training.FILE)["accuracy"], curves.course(folder / "metrics.jsonl"))
