"""Words to the numbers that a BERT takes."""

import json

import pytest
from bert_stage import FIXTURE, REFERENCE, copied
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from sweetchat_tui.classifiers import checkpoint
from sweetchat_tui.classifiers.tokens import EARLIER, Encoder
from sweetchat_tui.errors import NotThere, Unreadable

WORDS = 1200
SENTENCES = REFERENCE["sentences"]


def _encoder(folder=FIXTURE) -> Encoder:
    return Encoder.open(checkpoint.find(folder), WORDS)


def _ids(encoder: Encoder, *texts: str) -> list[list[int]]:
    return [list(row.ids) for row in encoder.encode(texts)]


ENCODER = _encoder()
FIRST, END = _ids(ENCODER, "")[0]


def test_the_numbers_are_those_of_the_original_stack():
    assert _ids(ENCODER, *SENTENCES) == REFERENCE["input_ids"]


def test_what_a_tokenizer_still_knows_of_its_training_is_forgotten(tmp_path):
    folder = copied(tmp_path / "c")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_padding(length=64)
    tokenizer.enable_truncation(5)
    tokenizer.save(str(folder / "tokenizer.json"))
    assert _ids(_encoder(folder), *SENTENCES) == REFERENCE["input_ids"]


def test_a_tokenizer_made_from_its_words_keeps_hangul_whole(tmp_path):
    folder = copied(tmp_path / "c")
    (folder / "tokenizer.json").unlink()
    assert _ids(_encoder(folder), *SENTENCES) == REFERENCE["input_ids"]


def test_a_message_that_is_too_long_loses_its_end():
    (row,) = ENCODER.encode([SENTENCES[0] * 40])
    assert len(row.ids) == 128
    assert (row.ids[0], row.ids[-1]) == (FIRST, END)
    assert list(row.ids[1:8]) == REFERENCE["input_ids"][0][1:8]


def test_context_stands_before_the_message_oldest_first_with_its_own_type():
    one, two, own = _ids(ENCODER, *SENTENCES[:3])
    (row,) = ENCODER.encode([SENTENCES[2]], [SENTENCES[:2]])
    assert list(row.ids) == [*one, *two[1:], *own[1:]]
    assert row.message_from == len(one) + len(two) - 1


def test_context_that_is_too_long_loses_its_beginning_and_the_message_nothing():
    own = _ids(ENCODER, SENTENCES[0])[0][1:]
    (row,) = ENCODER.encode([SENTENCES[0]], [[SENTENCES[6]] * 3 + [SENTENCES[1]]])
    assert len(row.ids) == 128
    assert list(row.ids[row.message_from :]) == own
    last = _ids(ENCODER, SENTENCES[1])[0][1:]
    assert list(row.ids[row.message_from - len(last) : row.message_from]) == last


def test_only_the_newest_earlier_messages_are_read():
    texts = [SENTENCES[2]]
    many = [SENTENCES[1]] * 9 + [SENTENCES[2]] * EARLIER
    assert ENCODER.encode(texts, [many]) == ENCODER.encode(texts, [many[-EARLIER:]])


def test_no_context_is_the_message_alone():
    assert ENCODER.encode(SENTENCES, [[] for _ in SENTENCES]) == ENCODER.encode(SENTENCES)


@given(st.lists(st.text(), max_size=3), st.text())
def test_any_text_gives_a_row_that_fits(earlier, text):
    (row,) = ENCODER.encode([text.encode("utf-8", "replace").decode()], [earlier])
    assert 2 <= len(row.ids) <= 128
    assert row.ids[-1] == END
    assert 1 <= row.message_from <= len(row.ids)


def test_without_a_tokenizer_it_is_told_what_must_be_there(tmp_path):
    folder = copied(tmp_path / "c")
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").unlink()
    with pytest.raises(NotThere) as caught:
        _encoder(folder)
    assert "vocab.txt" in caught.value.hint


def test_more_words_than_the_model_knows_are_refused():
    with pytest.raises(Unreadable, match="1199"):
        Encoder.open(checkpoint.find(FIXTURE), 1199)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 10_000, b'{"version": "1.0"}'], ids=range(5))
def test_a_broken_tokenizer_is_refused(tmp_path, content):
    folder = copied(tmp_path / "c")
    (folder / "tokenizer.json").write_bytes(content)
    with pytest.raises(Unreadable, match=r"tokenizer\.json"):
        _encoder(folder)


@pytest.mark.parametrize("missing", ["[CLS]", "[SEP]", "[UNK]"])
def test_words_without_the_special_ones_are_refused(tmp_path, missing):
    folder = copied(tmp_path / "c")
    (folder / "tokenizer.json").unlink()
    path = folder / "vocab.txt"
    path.write_text(path.read_text(encoding="utf-8").replace(missing, "x"), encoding="utf-8")
    with pytest.raises(Unreadable):
        _encoder(folder)


@pytest.mark.parametrize("missing", ["[CLS]", "[UNK]"])
def test_a_tokenizer_without_the_special_ones_is_refused(tmp_path, missing):
    folder = copied(tmp_path / "c")
    path = folder / "tokenizer.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["model"]["vocab"]["x!"] = whole["model"]["vocab"].pop(missing)
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(Unreadable):
        _encoder(folder)


_ENDLESS = {"Regex": "(가+)+$"}


def _replaced(old: str, new: str) -> dict[str, object]:
    return {"type": "Replace", "pattern": {"String": old}, "content": new}


@pytest.mark.parametrize(
    ("part", "hostile"),
    [
        ("pre_tokenizer", {"type": "Split", "pattern": _ENDLESS, "behavior": "Isolated", "invert": False}),
        ("normalizer", {"type": "Replace", "pattern": _ENDLESS, "content": ""}),
        ("normalizer", {"type": "Sequence", "normalizers": [_replaced("가", "가가")] * 64}),
        ("model", {"max_input_chars_per_word": 10**9}),
    ],
    ids=["splitting for ever", "searching for ever", "doubling", "endless words"],
)
def test_a_tokenizer_that_could_run_for_ever_is_refused(tmp_path, part, hostile):
    folder = copied(tmp_path / "c")
    path = folder / "tokenizer.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole[part] = {**whole[part], **hostile} if part == "model" else hostile
    # A key may be spelt otherwise in JSON and mean the same.
    path.write_text(json.dumps(whole).replace('"Regex"', '"\\u0052egex"'), encoding="utf-8")
    with pytest.raises(Unreadable, match="토크나이저"):
        _encoder(folder)
