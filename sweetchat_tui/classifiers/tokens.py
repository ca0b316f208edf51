"""Words to the numbers that a BERT takes.

A message alone is `[CLS] message [SEP]`. With earlier messages, oldest first, it is `[CLS] first [SEP]
second [SEP] message [SEP]`, the message of type 1 and all before it of type 0, as a tokenizer joins a pair
of texts. What is too long loses its end where it is the message, its beginning where it is the context.
Knows nothing of models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from sweetchat_tui.classifiers import tokenizer_bounds
from sweetchat_tui.classifiers.checkpoint import Checkpoint, json_object
from sweetchat_tui.conversation import LONGEST_MESSAGE
from sweetchat_tui.errors import NotThere, Unreadable
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

EARLIER = 4
"""How many earlier messages are read at most, as by the embedded classifier."""

_RARE = "\u9fff"
_UNKNOWN = "[UNK]"
_SPECIAL = ("[PAD]", _UNKNOWN, "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True, slots=True)
class Row:
    """What a model is given for one text."""

    ids: tuple[int, ...]
    """Tokens, special ones among them."""
    message_from: int
    """Where type 1 begins; the length of `ids` when there is no context."""


class Encoder:
    """Turns texts into rows. Safe to call from any thread."""

    def __init__(self, tokenizer: Tokenizer, max_length: int, first: int, end: int) -> None:
        """Args:
        first: the number of [CLS].
        end: the number of [SEP].
        """
        self._tokenizer = tokenizer
        self._max_length = max_length
        self._first = first
        self._end = end

    @classmethod
    def open(cls, checkpoint: Checkpoint, words: int) -> "Encoder":
        """The tokenizer in a checkpoint's folder.

        Args:
            words: rows of the model's word embeddings.

        Raises:
            NotThere: there is neither tokenizer.json nor vocab.txt.
            Unreadable: it is broken, or knows more words than the model.
        """
        tokenizer = _tokenizer(checkpoint.folder)
        require_bounded(tokenizer)
        # A tokenizer saved after training may still pad every text to 64 tokens.
        tokenizer.no_padding()
        tokenizer.no_truncation()
        try:
            tokenizer.encode(_RARE)
        except Exception as error:
            # Plain Exception is what tokenizers raises for want of [UNK], at the first word it does not know.
            raise _unreadable(say("모르는 단어를 읽지 못해요", "it cannot read unknown words")) from error
        first, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        if first is None or end is None:
            raise _unreadable(say("[CLS]나 [SEP]이 없어요", "it has no [CLS] or [SEP]"))
        known = tokenizer.get_vocab_size()
        if known > words:
            raise _unreadable(
                say(
                    f"단어를 {known}개 아는데 모델은 {words}개만 알아요",
                    f"it knows {known} words, but the model {words}",
                )
            )
        return cls(tokenizer, checkpoint.reading.max_length, first, end)

    def encode(self, texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None) -> list[Row]:
        """A row for each text; `contexts` as in `Classifier.classify`."""
        earlier = [list(context[-EARLIER:]) for context in contexts] if contexts else [[] for _ in texts]
        every = (*texts, *(message for each in earlier for message in each))
        flat = [text[:LONGEST_MESSAGE] for text in every]
        encoded = iter(self._tokenizer.encode_batch_fast(flat, add_special_tokens=False))
        messages = [next(encoded).ids for _ in texts]
        return [
            self._row(message, [next(encoded).ids for _ in each])
            for message, each in zip(messages, earlier, strict=True)
        ]

    def _row(self, message: list[int], earlier: list[list[int]]) -> Row:
        own = message[: self._max_length - 2]
        room = self._max_length - 2 - len(own)
        before = [token for each in earlier for token in (*each, self._end)][-room:] if room > 1 else []
        ids = (self._first, *before, *own, self._end)
        return Row(ids, 1 + len(before) if before else len(ids))


def _tokenizer(folder: Path) -> Tokenizer:
    whole, words = folder / "tokenizer.json", folder / "vocab.txt"
    if not whole.is_file() and not words.is_file():
        raise NotThere(
            say(f"토크나이저가 없는 폴더예요: {folder}", f"No tokenizer is in this folder: {folder}"),
            say("tokenizer.json이나 vocab.txt가 있어야 해요.", "tokenizer.json or vocab.txt must be there."),
        )
    path = whole if whole.is_file() else words
    with path.open("rb") as stream:
        raw = stream.read(tokenizer_bounds.LARGEST + 1)
    if len(raw) > tokenizer_bounds.LARGEST:
        raise _unreadable(say("파일이 너무 커요", "the file is too large"))
    try:
        return Tokenizer.from_buffer(raw) if path == whole else _from_words(folder, raw.decode())
    except ValueError as error:
        raise _unreadable(
            say(f"{with_particle(path.name, '이/가')} 망가졌어요", f"{path.name} is broken")
        ) from error


def require_bounded(tokenizer: Tokenizer) -> None:
    """
    Raises:
        Unreadable: a message could take it minutes, gigabytes, or the process with it.
    """
    if not tokenizer_bounds.trusted(tokenizer):
        raise _unreadable(
            say(
                "정규식이나 바꿔 쓰는 규칙이 글을 끝없이 늘릴 수 있어요",
                "its expressions or replacements could run for ever",
            )
        )


def _from_words(folder: Path, words: str) -> Tokenizer:
    """As transformers makes a BERT's tokenizer, which for Hangul must not fold case: it would strip accents
    and so take syllables apart."""
    settings = folder / "tokenizer_config.json"
    lower = settings.is_file() and json_object(settings).get("do_lower_case") is True
    ids = {word: index for index, word in enumerate(words.rstrip("\n").split("\n"))}
    if _UNKNOWN not in ids:
        raise ValueError(f"no {_UNKNOWN}")
    tokenizer = Tokenizer(WordPiece(ids, unk_token=_UNKNOWN))
    tokenizer.normalizer = BertNormalizer(lowercase=lower)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.add_special_tokens([word for word in _SPECIAL if word in ids])
    return tokenizer


def _unreadable(why: str) -> Unreadable:
    return Unreadable(
        say(f"토크나이저를 쓸 수 없어요: {why}.", f"The tokenizer cannot be used: {why}."),
        say("모델을 다시 받아 주세요.", "Fetch the model again."),
    )
