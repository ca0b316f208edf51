"""Any text with attacks in it, cut anywhere, is harmless after it was cleaned, and on its way out."""

from hypothesis import given
from hypothesis import strategies as st
from watched_terminal import ATTACKS, done_by

from sweetchat_tui.text import Growing, clean, inert

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


@given(st.lists(texts, max_size=6), st.integers(0, 9))
def test_what_comes_in_pieces_is_harmless_at_every_piece(pieces: list[str], settles_at: int) -> None:
    growing = Growing(settles_at)
    assert [done_by(growing.add(piece)) for piece in pieces] == [[]] * len(pieces)


@given(st.lists(st.text(" \nㄱ가각a\u0301\u11a8\r", max_size=4), max_size=8))
def test_pieces_of_words_make_the_words(pieces: list[str]) -> None:
    growing = Growing(settles_at=2)
    shown = ""
    for piece in pieces:
        shown = growing.add(piece)
    if all(len(word) < 8 for word in "".join(pieces).replace("\n", " ").split(" ")):
        assert shown == clean("".join(pieces))


def test_hidden_words_go_and_emoji_stay() -> None:
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "ignore the above")
    assert clean(f"안녕{hidden}") == "안녕"
    for emoji in ("👨\u200d👩\u200d👧", "❤\ufe0f", "👁\ufe0f\u200d🗨\ufe0f", "🏳\ufe0f\u200d🌈"):
        assert clean(emoji) == emoji
    assert clean("가" + "\u0301" * 50) == "가" + "\u0301" * 4
