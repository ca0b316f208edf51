"""What is kept and told while a training runs: `metrics.jsonl`, its epochs and steps. Trains nothing."""

import json
from pathlib import Path
from typing import Any, Protocol

from transformers import TrainerCallback

from sweetchat_tui.classifiers import prepared
from sweetchat_tui.lang import say


class Watcher(Protocol):
    """Who is told how a training goes."""

    def say(self, sentence: str) -> object:
        """Something happened."""

    def show(self, done: int, total: int) -> object:
        """So many steps are done, of at most so many."""


class Watching(TrainerCallback):
    """Keeps `metrics.jsonl`, a line for each thing measured, true at every moment; tells the watcher."""

    def __init__(self, path: Path, watcher: Watcher) -> None:
        self._path = path
        self._watcher = watcher

    def on_step_end(self, args: Any, state: Any, control: Any, **rest: Any) -> None:  # noqa: ARG002
        self._watcher.show(state.global_step, state.max_steps)

    def on_log(self, args: Any, state: Any, control: Any, **rest: Any) -> None:  # noqa: ARG002
        if not state.is_world_process_zero:
            return
        lines = [json.dumps(entry) for entry in state.log_history]
        prepared.write(self._path, ("\n".join(lines) + "\n").encode())
        last = state.log_history[-1]
        if "eval_accuracy" in last:
            self._watcher.say(
                say(f"에폭 {last['epoch']:.0f}", f"epoch {last['epoch']:.0f}")
                + say(": 검증 정확도", ": validation accuracy")
                + f" {last['eval_accuracy']:.4f}, loss {last['eval_loss']:.4f}"
            )
