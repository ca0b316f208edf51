"""A mood is drawn with every label readable, or it is said what is missing."""

import stat
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

pytest.importorskip("PIL")

from PIL import Image

from sweetchat_tui import lang
from sweetchat_tui.conversation import Turn
from sweetchat_tui.emotions import EMOTIONS, GROUP_COLOURS, Feeling, Score
from sweetchat_tui.errors import NotThere, OutputUnwritable
from sweetchat_tui.journal import Journal, Mood, picture

TODAY = date(2026, 11, 23)
SEOUL = timezone(timedelta(hours=9))


@pytest.fixture
def mood() -> Mood:
    with Journal.open(None) as journal:
        for n, emotion in enumerate(EMOTIONS):
            at = noon(n % 20)
            journal.keep("c", Turn("말", Feeling((Score(emotion, 0.5),), "lite-1", uncertain=False), at=at))
        return journal.mood(TODAY, 28, SEOUL)


def noon(ago: int) -> datetime:
    return datetime(2026, 11, 23, 12, tzinfo=SEOUL) - timedelta(days=ago)


def has_font() -> bool:
    try:
        picture._font(20)
    except NotThere:
        return False
    return True


@pytest.mark.skipif(not has_font(), reason="no font with Hangul on this machine")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_picture_has_the_colour_of_each_group_and_grows_with_the_weeks(
    mood: Mood, tmp_path: Path, language: lang.Language
) -> None:
    lang.use(language)
    file = tmp_path / "mood.png"
    picture.draw(mood, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with Image.open(file) as image:
        assert (image.format, image.width) == ("PNG", picture._WIDTH)
        found = image.convert("RGB").getcolors(1 << 24)
        seen = {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in found}
        height = image.height
    assert seen >= set(GROUP_COLOURS.values()) | {picture._INK, picture._EMPTY}
    with Journal.open(None) as journal:
        picture.draw(journal.mood(TODAY, 100, SEOUL), file)
    with Image.open(file) as image:
        assert image.height > height


@pytest.mark.skipif(not has_font(), reason="no font with Hangul on this machine")
def test_a_place_that_cannot_be_written_is_told(mood: Mood, tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable):
        picture.draw(mood, tmp_path / "none" / "mood.png")


def test_without_a_font_it_is_said_what_to_install(
    mood: Mood, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "_FOLDERS", (str(tmp_path),))
    picture._files.cache_clear()
    picture._font.cache_clear()
    (tmp_path / "malgun.ttf").write_bytes(b"no font")
    try:
        with pytest.raises(NotThere) as caught:
            picture.draw(mood, tmp_path / "mood.png")
    finally:
        picture._files.cache_clear()
    assert "fonts-nanum" in caught.value.hint
    assert not (tmp_path / "mood.png").exists()
