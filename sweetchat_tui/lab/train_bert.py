"""Fine-tunes a checkpoint on a prepared corpus, with transformers' Trainer.

What it leaves is a folder that `classify -c FOLDER` reads as it is. A finished epoch is never lost: run
again, it goes on from there, to the same weights. Under `torchrun` each process runs this whole file and the
Trainer does the rest.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import torch
import transformers
from transformers import Trainer

from sweetchat_tui import __version__
from sweetchat_tui.classifiers import bert_torch, checkpoint, labels, prepared
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.emotions import EMOTIONS, GROUPS
from sweetchat_tui.errors import Misused, OutputUnwritable, Unreadable
from sweetchat_tui.files import why
from sweetchat_tui.lab import calibration, card, data, examples, fitting, training
from sweetchat_tui.lab.data import Part, Sentences
from sweetchat_tui.lab.examples import Examples
from sweetchat_tui.lab.recipes import Recipe
from sweetchat_tui.lab.watching import Watcher
from sweetchat_tui.lang import say

LabelSet = Literal["58", "6"]

_PARTS: tuple[Part, ...] = ("train", "validation")
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "merges.txt")


def train(
    base: Path,
    corpus: Path,
    out: Path,
    recipe: Recipe,
    *,
    name: str = "",
    label_set: LabelSet = "58",
    device: str = "auto",
    seed: int = 0,
    watcher: Watcher,
) -> dict[str, Any]:
    """Train, or go on with a training that was interrupted.

    Args:
        base: folder of the encoder to start from.
        name: what it is called, such as its id on the Hub; else as its folder.
        corpus: folder of `lab prepare`.
        out: made if it is not there; holds `checkpoints` while training, and the classifier at its end.
        device: `auto`, `cpu`, `cuda` or `mps`.
        watcher: is told how it goes, by the first process alone where there are several.

    Returns:
        What `training.json` holds.

    Raises:
        NotThere: no encoder or no corpus.
        Unreadable: one of them is broken.
        Misused: no such device, or `out` holds another training.
        OutputUnwritable: the disk is full; the epochs that were finished are kept.
    """
    found = checkpoint.find(base)
    plan = training.plan(found, name, corpus, recipe, label_set, seed)
    parts: dict[Part, Sentences] = {part: data.sentences(corpus, part) for part in _PARTS}
    chosen = bert_torch.devices()[0] if device == "auto" else device
    bert_torch.require(chosen)
    with bert_torch.silent(), _writing(out):
        config, kind = _known(found)
        _claim(out, plan, watcher)
        make = _start(found, config, kind, label_set, seed, watcher)
        with torch.device("meta"):
            shape = kind(config)  # all that a tokenizer asks of it, without its weights
        sets = _examples(parts, found, shape, recipe, label_set)
        trainer = fitting.fit(make, sets, out, recipe, chosen, seed, watcher)
        logits, truth = _read(trainer, sets["validation"])
        heat = calibration.temperature(logits, truth)
        below = calibration.uncertain_below(logits, heat, parts["validation"].turns == 1)
        done = plan | _result(trainer, logits, truth, chosen)
        if trainer.is_world_process_zero():
            model: Any = trainer.model
            model.config.sweetchat = {
                "context": recipe.context,
                "max_length": recipe.max_length,
                "temperature": round(heat, 4),
                "uncertain_below": round(below, 4),
            }
            _save(model, found, done, out)
    return done


def _claim(out: Path, plan: dict[str, Any], watcher: Watcher) -> None:
    """Make the folder this training's own."""
    path = out / training.FILE
    out.mkdir(parents=True, exist_ok=True)
    if training.is_done(out, plan):
        raise Misused(
            say(f"이미 끝난 학습이에요: {out}", f"This training is done: {out}"),
            say("다시 하려면 폴더를 지워 주세요.", "Delete the folder to train anew."),
        )
    if not path.is_file():
        _write(path, plan)
    elif fitting.newest(out) is not None:
        watcher.say(say("지난번에 끝낸 에폭부터 이어서 해요.", "Going on after the last finished epoch."))


def _known(found: Checkpoint) -> tuple[Any, Any]:
    """What transformers makes of its `config.json`, and the class of such classifiers."""
    try:
        config = transformers.AutoConfig.from_pretrained(
            found.folder, trust_remote_code=False, local_files_only=True
        )
    except (ValueError, KeyError) as error:  # its words for a kind of model that it does not know
        raise _no_classifier(found) from error
    kind: Any = transformers.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING.get(type(config), None)
    if kind is None:
        raise _no_classifier(found)
    return config, kind


def _start(
    found: Checkpoint, config: Any, kind: Any, label_set: str, seed: int, watcher: Watcher
) -> Callable[[], Any]:
    """Makes the encoder with a head for our labels, each time the same: its own where that has them in our
    order, else a new one."""
    names = [e.label for e in EMOTIONS] if label_set == "58" else list(GROUPS)
    if config.num_labels != len(names) or not _same_labels(found, names):
        watcher.say(say("분류층은 새로 만들어요.", "The head is made anew."))
        drop: tuple[str, ...] = ("classifier.", "pre_classifier.", "score.")
    else:
        drop = ("\0",)
    config.id2label = dict(enumerate(names))
    config.label2id = {name: at for at, name in enumerate(names)}
    config.problem_type = "single_label_classification"

    def make() -> Any:
        transformers.set_seed(seed)
        state = {key: value for key, value in bert_torch.state_of(found).items() if not key.startswith(drop)}
        return kind.from_pretrained(None, config=config, state_dict=state, dtype=torch.float32)

    return make


def _examples(
    parts: dict[Part, Sentences], found: Checkpoint, model: Any, recipe: Recipe, label_set: str
) -> dict[str, Examples]:
    groups = label_set == "6"
    return {name: examples.of(part, found, model, recipe, groups=groups) for name, part in parts.items()}


def _no_classifier(found: Checkpoint) -> Unreadable:
    return Unreadable(
        say(
            f"분류에 쓸 수 없는 모델이에요: {found.architecture}", f"{found.architecture} has no classifier."
        ),
        say("BERT, RoBERTa, ELECTRA 같은 인코더를 주세요.", "Give an encoder: BERT, RoBERTa, ELECTRA …"),
    )


def _same_labels(found: Checkpoint, names: list[str]) -> bool:
    return [emotion.label for emotion in labels.read(found.config).emotions] == names


def _read(trainer: Trainer, part: examples.Examples) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Logits and labels of a part, with the best epoch's weights."""
    predicted = trainer.predict(part)
    return np.asarray(predicted.predictions, dtype=np.float32), np.asarray(predicted.label_ids)


def _result(trainer: Trainer, logits: Any, truth: Any, device: str) -> dict[str, Any]:
    history = trainer.state.log_history
    return {
        "accuracy": round(float((logits.argmax(axis=1) == truth).mean()), 6),
        "epochs": [
            {key: round(entry[key], 6) for key in ("epoch", "eval_accuracy", "eval_loss")}
            for entry in history
            if "eval_accuracy" in entry
        ],
        "device": device,
        "seconds": round(sum(entry.get("train_runtime", 0.0) for entry in history), 1),
        "versions": {
            "sweetchat": __version__,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
    }


def _save(model: Any, found: Checkpoint, done: dict[str, Any], out: Path) -> None:
    """The classifier and its story; where the disk is full, nothing of either."""
    # Beside the checkpoints, which go last: what they hold is not lost until all the rest is there.
    with TemporaryDirectory(prefix=".made-", dir=out) as name:
        fresh = Path(name)
        model.save_pretrained(fresh)
        for file in _TOKENIZER:
            if (found.folder / file).is_file():
                shutil.copyfile(found.folder / file, fresh / file)
        written = card.card(out.resolve().name, {}, done, card.LICENCES.get(done["base"]))
        (fresh / card.FILE).write_text(written, encoding="utf-8")
        for path in fresh.iterdir():
            path.replace(out / path.name)
    _write(out / training.FILE, done)
    shutil.rmtree(out / "checkpoints", ignore_errors=True)


def _write(path: Path, content: dict[str, Any]) -> None:
    prepared.write(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())


_FULL = ("No space left", "File too large", "file write failed", "inline_container")
"""How the libraries of the moment say that a file could not be written."""


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """A disk that is full, however it is said, told as ours."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, OSError) and not any(said in str(error) for said in _FULL):
            raise
        told = (why(error) if isinstance(error, OSError) else "") or say("꽉 찼어요", "it is full")
        raise OutputUnwritable(
            say(f"{out}에 쓸 수 없어요: {told}", f"{out} cannot be written: {told}"),
            say(
                "끝난 에폭은 남아 있어요. 자리를 만들고 같은 명령을 다시 해 주세요.",
                "Finished epochs are kept. Make room and run the same command again.",
            ),
        ) from error
