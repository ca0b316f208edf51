"""What the outputs of a checkpoint's head are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.classifiers import labels
from sweetchat_tui.emotions import EMOTIONS, find
from sweetchat_tui.errors import Misconfigured, Unreadable


def _config(*names: str) -> dict[str, object]:
    return {"id2label": {str(index): name for index, name in enumerate(names)}}


def test_numbered_labels_of_a_head_of_58_are_the_58():
    read = labels.read(_config(*(f"LABEL_{index}" for index in range(58))))
    assert read.emotions == EMOTIONS
    assert read.places == tuple(range(58))
    assert read.ours
    assert not read.several


def test_numbered_labels_of_another_head_stay_as_they_are():
    read = labels.read(_config(*(f"LABEL_{index}" for index in range(6))))
    assert [emotion.label for emotion in read.emotions] == [f"LABEL_{index}" for index in range(6)]
    assert all(emotion.group is None for emotion in read.emotions)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("가난한,불우한", "가난한, 불우한"),
        ("구역질나는", "구역질 나는"),
        ("스트레스_받는", "스트레스 받는"),
        ("고립된(당황한)", "고립된"),
        ("  신이   난 ", "신이 난"),
        ("느긋한", "느긋"),
        ("grief-stricken", "비통한"),
        ("Grief Stricken", "비통한"),
        ("Joy", "기쁨"),
        ("E18", "노여워하는"),
        ("e45", "가난한, 불우한"),
        ("E69", "자신하는"),
    ],
)
def test_a_name_is_matched_with_ours(name, label):
    first, other = labels.read(_config(name, "zzz")).emotions
    assert first == find(label)
    assert (other.label, other.group) == ("zzz", None)


@pytest.mark.parametrize("emotion", EMOTIONS, ids=lambda emotion: emotion.gloss)
def test_every_label_and_gloss_of_ours_is_matched(emotion):
    read = labels.read(_config(emotion.label, "zzz", emotion.gloss))
    assert read.emotions[0] is emotion
    assert read.places == (0, 1, 0)


def test_the_60_codes_are_the_58_and_two_of_them_share_an_emotion():
    codes = [f"E{tens}{ones}" for tens in range(1, 7) for ones in range(10)]
    read = labels.read(_config(*codes))
    assert set(read.emotions) == set(EMOTIONS)
    assert read.places[codes.index("E43")] == read.places[codes.index("E51")]
    assert read.places[codes.index("E34")] == read.places[codes.index("E59")]


def test_the_six_groups_are_matched_in_the_order_of_the_head():
    read = labels.read(_config("기쁨", "당황", "분노", "불안", "상처", "슬픔"))
    assert [emotion.label for emotion in read.emotions] == ["기쁨", "당황", "분노", "불안", "상처", "슬픔"]
    assert read.ours


def test_the_outputs_follow_the_numbers_and_not_the_order_of_the_file():
    config = {"id2label": {"10": "k", **{str(index): f"l{index}" for index in range(10)}}}
    assert [emotion.label for emotion in labels.read(config).emotions][-2:] == ["l9", "k"]


def test_a_person_may_rename_labels():
    read = labels.read(_config("LABEL_0", "LABEL_1"), {"LABEL_0": "기쁨", "LABEL_1": "심심"})
    assert read.emotions[0] == find("기쁨")
    assert read.emotions[1].label == "심심"


def test_renaming_a_label_that_is_not_there_is_told():
    with pytest.raises(Misconfigured, match="LABEL_9"):
        labels.read(_config("a", "b"), {"LABEL_9": "기쁨"})


def test_several_emotions_at_once_are_told_apart_from_one():
    assert labels.read({**_config("a", "b"), "problem_type": "multi_label_classification"}).several


@pytest.mark.parametrize(
    "config",
    [
        {"num_labels": 1},
        {"num_labels": 10**9},
        {"num_labels": "x"},
        {"id2label": {"0": "a", "2": "b"}},
        {"id2label": {"0": "a", "x": "b"}},
        {"id2label": ["a", "b"]},
        {"id2label": {"0": "", "1": "b"}},
        {"id2label": {"0": "a", "1": "b"}, "problem_type": "regression"},
    ],
    ids=str,
)
def test_what_is_no_set_of_labels_is_refused(config):
    with pytest.raises(Unreadable):
        labels.read(config)


@given(st.lists(st.text(min_size=1), min_size=2, max_size=9))
def test_any_names_give_one_place_for_each_output_or_are_refused(names):
    try:
        read = labels.read(_config(*names))
    except Unreadable:
        return
    assert len(read.places) == len(names)
    assert set(read.places) == set(range(len(read.emotions)))
    assert not any("\x1b" in emotion.label for emotion in read.emotions)
