"""How many tokens sentences have, alone and with the conversation. Knows no emotions."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sweetchat_tui.classifiers import hub, hub_cache
from sweetchat_tui.classifiers.tokens import EARLIER
from sweetchat_tui.errors import NotThere
from sweetchat_tui.lang import say

_FILES = re.compile(
    r"config\.json|tokenizer[^/]*|special_tokens_map\.json|vocab\.\w+|merges\.txt|[^/]+\.model"
)
_AT_ONCE = 10_000
_ASK_S = 10.0


class TokenCounter:
    """Counts as a BERT is fed: `[CLS] message [SEP]`, each earlier message with a `[SEP]` before it."""

    def __init__(self, name: str) -> None:
        """
        Args:
            name: a folder with a tokenizer, or a model of the Hub, of which its small files are fetched.

        Raises:
            NotThere: there is no tokenizer, here or there.
            Unreachable, TryLater, KeyRefused: the Hub is needed, and cannot be asked or says no.
        """
        folder = _folder(name)
        # 1.5 s: transformers, which knows every kind of tokenizer.
        from transformers import AutoTokenizer

        try:
            self._tokenizer = AutoTokenizer.from_pretrained(
                folder, trust_remote_code=False, local_files_only=True
            )
        except (OSError, ValueError, KeyError) as error:
            raise NotThere(
                say(f"토크나이저가 없어요: {name}", f"There is no tokenizer: {name}"),
                say(
                    "토크나이저가 든 폴더나 Hub의 모델 이름(예: klue/bert-base)을 써요.",
                    "Give a folder with a tokenizer, or a model of the Hub such as klue/bert-base.",
                ),
            ) from error
        self._ends = self._tokenizer.num_special_tokens_to_add(pair=False)

    def count(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The tokens of each text alone, and with the earlier messages that a classifier reads, uncut.

        Args:
            contexts: for each text the person's earlier sentences, oldest first.
        """
        earlier = [context[-EARLIER:] for context in contexts]
        distinct = list(dict.fromkeys([*texts, *(one for each in earlier for one in each)]))
        length = dict(zip(distinct, self._lengths(distinct), strict=True))
        alone = np.array([length[text] + self._ends for text in texts])
        before = np.array([sum(length[one] + 1 for one in each) for each in earlier])
        return alone, alone + before

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        lengths: list[int] = []
        for at in range(0, len(texts), _AT_ONCE):
            encoded = self._tokenizer(
                texts[at : at + _AT_ONCE],
                add_special_tokens=False,
                return_attention_mask=False,
                verbose=False,
            )
            lengths += map(len, encoded["input_ids"])
        return lengths


def _folder(name: str) -> Path:
    """The folder that was named, or the one where the Hub's client keeps the model's files."""
    if Path(name).is_dir():
        return Path(name)
    kept = hub_cache.local(name) if name.count("/") == 1 else None
    if kept:
        return kept
    # 400 ms: the Hub's client.
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

    endpoint = hub.address()
    disable_progress_bars()  # half a megabyte
    try:
        with hub.told(name, endpoint):
            api = HfApi(endpoint=endpoint)
            # First a question that is not asked again and again where there is no network.
            about = api.model_info(name, timeout=_ASK_S)
            wanted = [file.rfilename for file in about.siblings or [] if _FILES.fullmatch(file.rfilename)]
            brought = [Path(api.hf_hub_download(name, file, revision=about.sha)) for file in wanted]
            return brought[0].parent if brought else Path(name)
    except HFValidationError:
        return Path(name)
