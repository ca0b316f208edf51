"""Classifiers on torch: for GPUs, and for every architecture of sequence classification that
transformers knows. Also the reference on a CPU.

Weights come from safetensors, PyTorch's pickle (no code in it is run), or for a BERT from TensorFlow's
HDF5. No code of a checkpoint's own is ever run.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import checkpoint, labels, shape, tensors, tokenizer_bounds
from sweetchat_tui.classifiers.bert import Bert, arrays
from sweetchat_tui.classifiers.checkpoint import Checkpoint
from sweetchat_tui.classifiers.places import broken
from sweetchat_tui.classifiers.tokens import Encoder, Row, require_bounded
from sweetchat_tui.errors import Misused, SweetchatError, Unreadable
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

if TYPE_CHECKING:
    import torch

Device = Literal["cuda", "mps", "cpu"]
Precision = Literal["fp32", "bf16"]

BUDGETS: Mapping[Device, int] = {"cpu": 512, "cuda": 16_384, "mps": 4_096}
"""Tokens of a batch, padding among them, where each device is fastest."""

_MOST_AROUND = 4
"""Tokens that a tokenizer puts around a message."""


def devices() -> list[Device]:
    """Where torch can run on this machine, the best first; none where it is not installed."""
    if find_spec("torch") is None or find_spec("transformers") is None:
        return []
    # 1.6 s: torch.
    import torch

    there: dict[Device, bool] = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    return [device for device, here in there.items() if here]


class BertTorch(Bert):
    """A classifier whose network runs on torch. Safe to call from any thread."""

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        name: str,
        device: Device = "cpu",
        precision: Precision = "fp32",
        renamed: Mapping[str, str] | None = None,
    ) -> "BertTorch":
        """The classifier in this folder.

        Args:
            name: what the badge calls it.
            renamed: labels that the person calls otherwise; see `labels.read`.

        Raises:
            Misused: torch is not installed, or there is no such device.
            NotThere: a file of the checkpoint is missing.
            Unreadable: a file of it is broken, or transformers does not know its architecture.
        """
        require(device)
        found = checkpoint.find(folder)
        labels.read(found.config, renamed)  # four seconds sooner than the network could tell
        with silent():
            model = _model(found, precision).to(device)
            encoder = encoder_of(found, model)
        return cls(name, found, encoder, _Network(model, device), renamed, budget=BUDGETS[device])


def require(device: str) -> None:
    """Refuse a device that torch does not have here.

    Raises:
        Misused: there is no such device, or no torch; says what there is.
    """
    there = devices()
    if not there:
        raise Misused(
            say("torch가 설치되어 있지 않아요.", "torch is not installed."),
            "pip install 'sweetchat-tui[gpu]'",
        )
    if device not in there:
        raise Misused(
            say(
                f"이 컴퓨터의 torch로는 {with_particle(device, '을/를')} 쓸 수 없어요.",
                f"torch has no {device} on this machine.",
            ),
            say(f"쓸 수 있는 것: {', '.join(there)}", f"There is: {', '.join(there)}."),
        )


class _Network:
    """Rows to logits."""

    def __init__(self, model: Any, device: Device) -> None:
        self._model = model
        self._device = device

    def __call__(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        import torch

        given = inputs(rows, self._model.config)
        with torch.inference_mode():
            moved = {name: torch.from_numpy(values).to(self._device) for name, values in given.items()}
            logits: torch.Tensor = self._model(**moved).logits
            return np.asarray(logits.float().cpu().numpy())


def inputs(rows: Sequence[Row], config: Any) -> dict[str, NDArray[np.int64]]:
    """What a model of transformers' is called with, each int64 of shape (rows, longest).

    Args:
        config: the model's.
    """
    ids, there, types = arrays(rows, config.pad_token_id or 0)
    given = {"input_ids": ids, "attention_mask": there.astype(np.int64)}
    # DistilBERT takes no types, RoBERTa has but one.
    if (getattr(config, "type_vocab_size", None) or 0) > 1:
        given["token_type_ids"] = types
    return given


def _model(found: Checkpoint, precision: Precision) -> Any:
    """The model of a checkpoint, whole and finite."""
    # 3.9 s: torch, and of transformers what the architecture needs.
    import torch
    import transformers
    from huggingface_hub.errors import StrictDataclassError

    if found.architecture == "bert":
        shape.sizes(found)  # names what is wrong with it; transformers does not always
    try:
        config = transformers.AutoConfig.from_pretrained(
            found.folder, trust_remote_code=False, local_files_only=True
        )
        kind: Any = transformers.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING[type(config)]
    except (KeyError, ValueError, OSError, TypeError, AttributeError, StrictDataclassError) as e:
        raise _wrong_key(found, e) or _unknown(found) from e
    layers = getattr(config, "num_hidden_layers", 1)
    if not isinstance(layers, int) or layers > shape.MOST_LAYERS:
        raise shape.wrong({"num_hidden_layers": layers}, "num_hidden_layers")
    state = state_of(found)
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[precision]
    try:
        with torch.device("meta"):
            size = sum(parameter.numel() for parameter in kind(config).parameters())
        # What is missing is made up before it is told, so a size that no file holds is refused here.
        if 2 * size > found.weights.stat().st_size:
            raise broken(found.weights, say("config.json에 적힌 모델보다 작아요", "config.json says more"))
        model, report = kind.from_pretrained(
            None, config=config, state_dict=state, dtype=dtype, output_loading_info=True
        )
    except (LookupError, RuntimeError, ValueError, TypeError, ZeroDivisionError, AttributeError) as e:
        raise _wrong_key(found, e) or broken(
            found.weights, say("config.json의 모델과 맞지 않아요", "they do not fit config.json")
        ) from e
    if missing := sorted(report["missing_keys"]):
        raise broken(
            found.weights, say(f"{with_particle(missing[0], '이/가')} 없어요", f"{missing[0]} is missing")
        )
    for key, parameter in model.named_parameters():
        if not torch.isfinite(parameter.sum(dtype=torch.float32)):
            raise broken(
                found.weights,
                say(f"숫자가 아닌 값이 있어요({key})", f"it holds what is not a number ({key})"),
            )
    return model.eval()


def _wrong_key(found: Checkpoint, error: Exception) -> Unreadable | None:
    """The error of the key of `config.json` that transformers stumbled over, where it says which."""
    for key, value in found.config.items():
        if (isinstance(value, str) and error.args == (value,)) or f"field '{key}'" in str(error):
            return shape.wrong(found.config, key)
    return None


def _unknown(found: Checkpoint) -> SweetchatError:
    return Unreadable(
        say(
            f"transformers가 모르는 분류 모델이에요: {found.architecture[:40]}",
            f"transformers knows no such classifier: {found.architecture[:40]}",
        ),
        say(
            "스스로 코드를 가져오는 모델은 실행하지 않아요.",
            "A checkpoint that brings its own code is not run.",
        ),
    )


def state_of(found: Checkpoint) -> dict[str, "torch.Tensor"]:
    """The weights by the names that transformers has for them."""
    import torch

    if found.kind == "hdf5":
        return dict(_keras(found))
    if found.kind == "safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            weights: dict[str, Any] = load_file(found.weights)
        except (SafetensorError, OSError, ValueError) as e:
            raise broken(
                found.weights, say("safetensors 파일이 아니거나 잘렸어요", "it is no safetensors, or cut")
            ) from e
        return weights
    try:
        state = torch.load(found.weights, map_location="cpu", weights_only=True)
        return {str(name): value for name, value in state.items() if torch.is_tensor(value)}
    except (UnpicklingError, RuntimeError, EOFError, OSError, ValueError, KeyError, AttributeError) as e:
        raise broken(
            found.weights, say("안전한 PyTorch 파일이 아니에요", "it is not a safe PyTorch file")
        ) from e


def _keras(found: Checkpoint) -> Iterator[tuple[str, "torch.Tensor"]]:
    import torch

    stored = tensors.locate(found, shape.sizes(found))
    for name in stored.at:
        array = stored.read(name)
        array = array.T if shape.is_dense(name) else array
        yield name if name.startswith("classifier.") else f"bert.{name}", torch.from_numpy(array)


def encoder_of(found: Checkpoint, model: Any) -> Encoder:
    """A BERT's tokenizer is read as everywhere; of the others, transformers knows how."""
    words = model.get_input_embeddings().num_embeddings
    if found.architecture == "bert":
        most = min(found.reading.max_length, _positions(model))
        return Encoder.open(replace(found, reading=replace(found.reading, max_length=most)), words)
    import transformers

    try:
        tokenizer_bounds.require_small_files(found.folder)
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            found.folder, trust_remote_code=False, local_files_only=True
        )
        return _Wrapped(tokenizer, min(found.reading.max_length, _positions(model)), words)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError, RuntimeError) as e:
        raise Unreadable(
            say("토크나이저를 쓸 수 없어요.", "The tokenizer cannot be used."),
            say("모델을 저장한 폴더 전체가 필요해요.", "The whole folder of the saved model is needed."),
        ) from e


def _positions(model: Any) -> int:
    """Tokens that the model has places for; RoBERTa and its kin keep the first places for padding."""
    return min(
        (
            places.num_embeddings - (0 if places.padding_idx is None else places.padding_idx + 1)
            for name, places in model.named_modules()
            if name.endswith(".position_embeddings")
        ),
        default=checkpoint.TRAINED_LENGTH,
    )


class _Wrapped(Encoder):
    """Puts around a text what its own tokenizer puts there: `<s>` and `</s>`, or nothing at all."""

    def __init__(self, tokenizer: Any, max_length: int, words: int) -> None:
        bare = tokenizer.backend_tokenizer
        require_bounded(bare)
        bare.no_padding()
        bare.no_truncation()
        super().__init__(bare, min(max_length, tokenizer.model_max_length), 0, 0)
        inner, outer = bare.encode("가", add_special_tokens=False).ids, bare.encode("가").ids
        around = len(outer) - len(inner)
        if not 0 <= around <= _MOST_AROUND or self._max_length < 2 * _MOST_AROUND:
            raise ValueError("no room for a message")
        at = next((at for at in range(around + 1) if outer[at : at + len(inner)] == inner), 0)
        self._before, self._after = outer[:at], outer[at + len(inner) :]
        if max(tokenizer.get_vocab().values()) >= words:
            raise ValueError("more words than the model knows")

    def _row(self, message: list[int], earlier: list[list[int]]) -> Row:
        most = self._max_length - len(self._before) - len(self._after)
        own = message[:most]
        room = most - len(own)
        between = self._after[:1]
        before = [token for each in earlier for token in (*each, *between)][-room:] if room > 1 else []
        ids = (*self._before, *before, *own, *self._after)
        return Row(ids, len(self._before) + len(before) if before else len(ids))


@contextmanager
def silent() -> Iterator[None]:
    """Without the reports and bars that transformers prints."""
    # 0.9 s: transformers.
    from transformers import logging as its_own

    logging: Any = its_own
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
