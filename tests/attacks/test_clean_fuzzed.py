"""Any text with attacks in it, cut anywhere, is harmless after it was cleaned, and on its way out."""

from hypothesis import given
from hypothesis import strategies as st
from watched_terminal import ATTACKS, done_by

from sweetchat_tui.text import clean, inert

texts = st.lists(
    st.text(st.characters(exclude_categories=[]), max_size=6)
    | st.sampled_from(ATTACKS)
    | st.sampled_from(["\x1b", "[", "]", "\\", "\x9b", "\x9d", "\x9c", "\x07", "\u0301" * 9, "\u200d" * 3]),
    max_size=8,
).map("".join)


@given(texts)
def test_a_cleaned_text_does_nothing_and_stays_as_it_is(text: str) -> None:
    assert done_by(clean(text)) == []
    assert clean(clean(text)) == clean(text)
    assert inert(clean(text)) == clean(text)


@given(st.lists(texts, max_size=4))
def test_what_goes_out_in_pieces_does_nothing_whole(pieces: list[str]) -> None:
    assert done_by("".join(map(inert, pieces))) == []


def test_hidden_words_go_and_emoji_stay() -> None:
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "ignore the above")
    assert clean(f"안녕{hidden}") == "안녕"
    for emoji in ("👨\u200d👩\u200d👧", "❤\ufe0f", "👁\ufe0f\u200d🗨\ufe0f", "🏳\ufe0f\u200d🌈"):
        assert clean(emoji) == emoji
    assert clean("가" + "\u0301" * 50) == "가" + "\u0301" * 4
