"""Runs transformers' Trainer: its settings, what is counted while it runs, and going on after a kill."""

import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate.utils.memory import should_reduce_batch_size  # type: ignore[import-untyped]
from transformers import EarlyStoppingCallback, EvalPrediction, Trainer, TrainingArguments
from transformers.trainer_callback import PrinterCallback

from sweetchat_tui.errors import Misused
from sweetchat_tui.lab.examples import Collator, Examples
from sweetchat_tui.lab.recipes import Recipe
from sweetchat_tui.lab.watching import Watcher, Watching
from sweetchat_tui.lang import say


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


def fit(
    make: Callable[[], Any],
    sets: dict[str, Examples],
    out: Path,
    recipe: Recipe,
    device: str,
    seed: int,
    watcher: Watcher,
) -> Trainer:
    """Train to the end; where memory does not suffice, in smaller pieces of the same batch.

    Args:
        make: the model to start from; asked anew after each failure, for half an epoch may be in the old one.

    Raises:
        Misused: memory does not suffice for one sentence.
    """
    # Of each process and GPU: all of them together make a batch.
    share = max(1, recipe.batch // _devices(device))
    held = share
    while True:
        trainer = None  # what the one before held is free now
        if device == "cuda":
            torch.cuda.empty_cache()
        last = newest(out)
        try:
            trainer = _trainer(make(), sets, out, recipe, _pieces(held, share), device, seed, watcher)
            trainer.train(resume_from_checkpoint=str(last) if last else None)
        except (RuntimeError, MemoryError) as error:
            if not _is_memory(error):
                raise
            if held == 1:
                raise _too_large() from error
        else:
            return trainer
        held = next(smaller for smaller in range(held // 2, 0, -1) if share % smaller == 0)
        watcher.say(
            say(f"메모리가 모자라 {held}개씩 나눠서 해요.", f"Out of memory: {held} at a time from now on.")
        )


def _devices(device: str) -> int:
    """How many share a batch: the processes of `torchrun`, else the GPUs that the Trainer finds."""
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    return processes if processes > 1 or device != "cuda" else torch.cuda.device_count()


def _pieces(held: int, share: int) -> tuple[int, int]:
    """Sentences at once, and how often until the batch is full."""
    return held, share // held


def _is_memory(error: Exception) -> bool:
    known = isinstance(error, (torch.OutOfMemoryError, MemoryError))
    # What oneDNN says where there is no room for its buffers, and safetensors for a file.
    others = ("could not create a primitive", "Cannot allocate memory")
    return known or should_reduce_batch_size(error) or any(words in str(error) for words in others)


def _too_large() -> Misused:
    return Misused(
        say("한 문장씩 해도 메모리가 모자라요.", "Memory does not suffice, one sentence at a time."),
        say("더 작은 --base나 다른 --device를 써 주세요.", "Use a smaller --base, or another --device."),
    )


def _trainer(
    model: Any,
    sets: dict[str, Examples],
    out: Path,
    recipe: Recipe,
    pieces: tuple[int, int],
    device: str,
    seed: int,
    watcher: Watcher,
) -> Trainer:
    trainer = _CountingTrainer(
        model,
        _arguments(out, recipe, pieces, len(sets["train"]), device, seed),
        data_collator=Collator(model.config),
        train_dataset=sets["train"],
        eval_dataset=sets["validation"],
        compute_metrics=_accuracy,
        callbacks=[
            # The Trainer counts the epoch that does not gain as the first; Keras calls that patience 0.
            EarlyStoppingCallback(1, recipe.least_gain),
            Watching(out / "metrics.jsonl", watcher),
        ],
    )
    trainer.remove_callback(PrinterCallback)
    # A BERT takes the count of a batch's sentences and does not divide by it: pieces of a batch, or the parts
    # of several processes, would weigh as much as a whole one.
    trainer.model_accepts_loss_kwargs = False
    return trainer


def _arguments(
    out: Path, recipe: Recipe, pieces: tuple[int, int], count: int, device: str, seed: int
) -> TrainingArguments:
    held, times = pieces
    steps = math.ceil(count / recipe.batch) * recipe.epochs
    return TrainingArguments(
        output_dir=str(out / "checkpoints"),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=held,
        per_device_eval_batch_size=min(64, held),
        gradient_accumulation_steps=times,
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
        disable_tqdm=True,
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
