"""Runs transformers' Trainer: its settings, what is counted while it runs, and going on after a kill."""

import json
import math
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import EarlyStoppingCallback, EvalPrediction, Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_callback import PrinterCallback

from sweetchat_tui.lab.examples import Collator, Examples
from sweetchat_tui.lab.recipes import Recipe
from sweetchat_tui.lang import say

Report = Callable[[str], object]


class _CountingTrainer(Trainer):
    """Counts, while it trains, how often it is right, as the original's curves show it."""

    right = seen = 0

    def compute_loss(
        self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        wanted = inputs["labels"]
        loss, outputs = super().compute_loss(model, inputs, True, num_items_in_batch)
        if model.training:
            self.right += int((outputs["logits"].argmax(-1) == wanted).sum())
            self.seen += len(wanted)
        return (loss, outputs) if return_outputs else loss

    def log(self, logs: dict[str, float], *args: Any, **rest: Any) -> None:
        if "loss" in logs and self.seen:
            logs["accuracy"] = self.right / self.seen
            self.right = self.seen = 0
        super().log(logs, *args, **rest)


class _Metrics(TrainerCallback):
    """Keeps `metrics.jsonl`, a line for each thing measured, true at every moment."""

    def __init__(self, path: Path, report: Report) -> None:
        self._path = path
        self._report = report

    def on_log(self, args: Any, state: Any, control: Any, **rest: Any) -> None:  # noqa: ARG002
        if not state.is_world_process_zero:
            return
        lines = [json.dumps(entry) for entry in state.log_history]
        self._path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        last = state.log_history[-1]
        if "eval_accuracy" in last:
            self._report(
                f"epoch {last['epoch']:.0f}: "
                + say("검증 정확도", "validation accuracy")
                + f" {last['eval_accuracy']:.4f}, loss {last['eval_loss']:.4f}"
            )


def fit(
    model: Any,
    sets: dict[str, Examples],
    out: Path,
    recipe: Recipe,
    device: str,
    seed: int,
    report: Report,
) -> Trainer:
    """Train to the end; where memory does not suffice, in smaller pieces of the same batch."""
    held = recipe.batch
    while True:
        trainer = _CountingTrainer(
            model,
            _arguments(out, recipe, held, len(sets["train"]), device, seed),
            data_collator=Collator(model.config),
            train_dataset=sets["train"],
            eval_dataset=sets["validation"],
            compute_metrics=_accuracy,
            callbacks=[
                # The Trainer counts the epoch that does not gain as the first; Keras calls that patience 0.
                EarlyStoppingCallback(1, recipe.least_gain),
                _Metrics(out / "metrics.jsonl", report),
            ],
        )
        trainer.remove_callback(PrinterCallback)
        last = newest(out)
        try:
            trainer.train(resume_from_checkpoint=str(last) if last else None)
        except (torch.OutOfMemoryError, MemoryError):
            if held == 1:
                raise
        else:
            return trainer
        held //= 2
        report(
            say(f"메모리가 모자라 {held}개씩 나눠서 해요.", f"Out of memory: {held} at a time from now on.")
        )
        if device == "cuda":
            torch.cuda.empty_cache()


def _arguments(out: Path, recipe: Recipe, held: int, count: int, device: str, seed: int) -> TrainingArguments:
    steps = math.ceil(count / recipe.batch) * recipe.epochs
    return TrainingArguments(
        output_dir=str(out / "checkpoints"),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=held,
        per_device_eval_batch_size=64,
        gradient_accumulation_steps=max(1, recipe.batch // held),
        learning_rate=recipe.learning_rate,
        lr_scheduler_type=recipe.schedule,
        warmup_steps=round(recipe.warm_up * steps),
        weight_decay=recipe.decay,
        adam_epsilon=1e-7,
        label_smoothing_factor=recipe.smoothing,
        bf16=device == "cuda",
        use_cpu=device == "cpu",
        train_sampling_strategy="group_by_length",
        eval_strategy="epoch",
        save_strategy="epoch",
        logging_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="accuracy",
        remove_unused_columns=False,
        dataloader_pin_memory=device == "cuda",
        report_to="none",
        disable_tqdm=not sys.stderr.isatty(),
        seed=seed,
    )


def _accuracy(predicted: EvalPrediction) -> dict[str, float]:
    guess = np.asarray(predicted.predictions).argmax(axis=1)
    return {"accuracy": float((guess == predicted.label_ids).mean())}


def newest(out: Path) -> Path | None:
    """The newest checkpoint that was written whole; what a kill left of others is cleared away."""
    whole = []
    for folder in (out / "checkpoints").glob("checkpoint-*"):
        if (folder / "trainer_state.json").is_file():  # which is written last
            whole.append(folder)
        else:
            shutil.rmtree(folder)
    return max(whole, key=lambda folder: int(folder.name.rpartition("-")[2]), default=None)
