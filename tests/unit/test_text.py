import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.text import clean, one_line, with_particle

anything = st.text(st.characters(exclude_categories=[]))


@given(anything)
def test_clean_text_can_be_stored_sent_and_shown(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(c) == "Cc" and c not in "\t\n" for c in cleaned)


@given(anything)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(whitelist_categories=["Lo", "Ll", "Nd", "Zs"])))
def test_plain_words_lose_nothing(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("\x1b[31m빨강\x1b[0m", "빨강"),
        ("\x1b]52;c;aGk=\x07복사", "복사"),
        ("\x1b]0;제목\x1b\\끝", "끝"),
        ("\x9b31m글", "글"),
        ("가\x00나\x08다", "가나다"),
        ("한\r\n두\r셋", "한\n두\n셋"),
        ("\u202e뒤집기\u202c", "뒤집기"),
        ("\ud83d\ude00", "😀"),
        ("\ud83d", "\ufffd"),
        (unicodedata.normalize("NFD", "각하"), "각하"),
        ("ㅋㅋ①…", "ㅋㅋ①…"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("\x1b\x1b[31m[31m글", "[31m글"),
        ("\x1b]52;끝나지 않는 말", "52;끝나지 않는 말"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_what_is_taken_out_and_what_stays(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("면접", "이/가", "면접이"),
        ("회사", "이/가", "회사가"),
        ("서울", "으로/로", "서울로"),
        ("집", "으로/로", "집으로"),
        ("학교", "으로/로", "학교로"),
        ("민수", "아/야", "민수야"),
        ("지민", "아/야", "지민아"),
        ("3", "은/는", "3은"),
        ("2", "은/는", "2는"),
        ("8", "으로/로", "8로"),
        ("시험(중간)", "을/를", "시험(중간)을"),
        ("", "을/를", "를"),
        ("Enter", "을/를", "Enter를"),
        ("server.", "으로/로", "server.로"),
        ("VR", "은/는", "VR은"),
        ("Ctrl+r", "을/를", "Ctrl+r을"),
    ],
)
def test_particles_follow_the_last_sound(word: str, particle: str, expected: str) -> None:
    assert with_particle(word, particle) == expected


@given(anything)
def test_one_line_has_no_line_ends(text: str) -> None:
    assert "\n" not in one_line(clean(text))


def test_no_sentence_of_the_program_glues_a_particle_to_a_word_that_it_does_not_know():
    glued = re.compile(
        r"\}(?:은|는|이|가|을|를|과|와|으로|로|이에요|예요|은\(는\)|이\(가\)|을\(를\))[ .,!?\"]"
    )
    counted = re.compile(r"\{(?:size|share)\([^{}]*\)$")  # these end in B and %, whose sounds are known
    package = Path(__file__).parents[2] / "sweetchat_tui"
    found = []
    for path in package.rglob("*.py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for match in glued.finditer(line):
                start = line.rfind("{", 0, match.start())
                expression = line[start : match.start()]
                if "with_particle" not in expression and not counted.search(expression):
                    found.append(f"{path.name}:{number}: {line.strip()}")
    assert not found
