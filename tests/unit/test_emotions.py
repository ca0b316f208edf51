from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.emotions import EMOTIONS, GROUP_GLOSSES, GROUPS, find, nearest


def test_there_are_58_in_the_order_of_the_checkpoint() -> None:
    assert len(EMOTIONS) == 58
    assert [e.index for e in EMOTIONS] == list(range(58))
    known = {0: "가난한, 불우한", 13: "당황", 21: "분노", 37: "외로운", 41: "좌절한", 57: "희생된"}
    assert {i: EMOTIONS[i].label for i in known} == known


def test_every_emotion_stands_in_one_of_six_groups() -> None:
    # 60 codes, ten a group; two of 당황 are filed in the larger homes of their labels.
    counts = Counter(e.group for e in EMOTIONS)
    assert counts == {"기쁨": 10, "당황": 8, "분노": 10, "불안": 10, "상처": 10, "슬픔": 10}
    assert set(GROUPS) == set(counts) == set(GROUP_GLOSSES)


def test_labels_and_glosses_are_unique() -> None:
    assert len({e.label for e in EMOTIONS}) == len({e.gloss for e in EMOTIONS}) == 58


def test_valence_is_positive_for_joy_alone() -> None:
    for e in EMOTIONS:
        assert e.valence is not None and -1 <= e.valence <= 1
        assert (e.valence > 0) == (e.group == "기쁨")


@pytest.mark.parametrize("name", ["외로운", " 외로운 ", "lonely", "LONELY", "37"])
def test_an_emotion_is_found_by_label_gloss_and_index(name: str) -> None:
    assert find(name) is EMOTIONS[37]


def test_white_space_within_a_label_does_not_count() -> None:
    assert find("스트레스받는") is EMOTIONS[26]
    assert find("불우한") is EMOTIONS[0]


def test_the_nearest_to_a_misspelling() -> None:
    assert nearest("외로워운") is EMOTIONS[37]
    assert nearest("xyzzy!") is None


@given(st.text())
def test_any_name_is_found_or_not(name: str) -> None:
    assert find(name) is None or find(name) in EMOTIONS
