"""What must hold of the embedded classifier and its n-grams."""

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sweetchat_tui.classifiers import hashing
from sweetchat_tui.classifiers.lite import WEIGHTS, LiteClassifier
from sweetchat_tui.emotions import EMOTIONS
from sweetchat_tui.errors import NotThere, Unreadable

LITE = LiteClassifier.load()
ANY_TEXT = st.text(st.characters(), max_size=60) | st.text("가나다 안녕ㅋㅠ\n\ud800\x00aZ19🙂", max_size=60)

FELT = {
    "짜증나": {"짜증내는"},
    "슬퍼": {"슬픔"},
    "너무 좋아 ㅎㅎ": {"기쁨"},
    "불안해": {"불안"},
    "화나": {"분노"},
    "무서워": {"두려운"},
    "고마워": {"감사하는"},
    "우울해": {"우울한"},
    "행복해": {"기쁨", "편안한"},
    "너무 행복해": {"기쁨", "편안한"},
    "배신당했어": {"배신당한"},
    "외로워": {"외로운"},
    "억울해": {"억울한"},
    "부끄러워": {"부끄러운"},
    "과제가 너무 많아": {"스트레스 받는"},
    "오늘 너무 지쳤어": {"스트레스 받는"},
    "조용히 해주세요": {"짜증내는"},
    "면접에서 떨어졌어": {"좌절한", "낙담한"},
    "건강검진 결과가 정상이라 다행이야": {"안도"},
    "그때 그러지 말걸 너무 후회돼": {"후회되는"},
}
PLAIN = """안녕 / 밥 먹었니 / 김치볶음밥 먹어야지 / ㅇㅇ / ㅋㅋㅋ / 네 / 칼국수 먹을까 / 지금 몇 시예요?
수요일에 보자 / 양파 썰어야지 / 나 지금 버스 탔어 / 어제 본 영화 제목이 뭐였지 / 청소기 돌리는 중
이따 마트 갈까 / 지금 출발할게 / 도서관 몇 시까지 해? / 머리 말리고 있어 / 강남역으로 와
빨간 버스 타면 돼 / 오늘 뭐 입지
감자 삶아 놨어 / 택배 반품했어 / 저 내일 휴가예요 / 세탁기 다 돌아갔어"""


def test_the_same_text_has_the_same_slots_on_every_machine():
    words = hashing.words(["안녕 하세요", "ㅋㅋ"])
    assert words.places.tolist() == [
        [85680, 325614, 365653, 935821],
        [890552, 786576, 870769, 251009],
        [72202, 269074, 876016, 1048576],
        [519824, 478599, 1048576, 1048576],
        [258317, 113544, 659350, 751528],
        [250766, 949516, 710555, 1048576],
        [118781, 755795, 1048576, 1048576],
        [458973, 622462, 606107, 377001],
        [432155, 1029147, 155840, 1048576],
        [432155, 43476, 1048576, 1048576],
    ]
    assert words.seams.tolist() == [1048576, 793129, 1048576]
    assert words.ends.tolist() == [[754941, 181503], [737294, 905816]]


def test_digits_case_and_marks_between_words_do_not_count():
    left, right = hashing.words(["ABC 12시!"]), hashing.words(["...abc, 98시"])
    assert left.places.tolist() == right.places.tolist()
    assert left.seams.tolist() == right.seams.tolist()


@given(st.lists(ANY_TEXT, min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_text_has_probabilities(texts):
    chances, uncertain = LITE.probabilities(texts)
    assert chances.shape == (len(texts), 58)
    assert chances.dtype == np.float32
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)
    assert (chances >= 0).all()
    assert uncertain.shape == (len(texts),)


@given(st.lists(st.tuples(ANY_TEXT, st.lists(ANY_TEXT, max_size=6)), min_size=1, max_size=6), st.randoms())
@settings(max_examples=60, deadline=None)
def test_a_text_is_read_alike_alone_and_among_others(pairs, random):
    filler = [("오늘은 회의가 있어", ["어제는 쉬었어"])] * 70
    batch = [*pairs, *filler]
    random.shuffle(batch)
    together = LITE.probabilities([text for text, _ in batch], [context for _, context in batch])
    for text, context in pairs:
        at = batch.index((text, context))
        alone = LITE.probabilities([text], [context])
        assert (alone[0][0] == together[0][at]).all()
        assert alone[1][0] == together[1][at]


def test_the_first_of_top_is_the_likeliest_and_all_58_can_be_asked_for():
    texts = ["너무 화가 나", "고마워"]
    chances, _ = LITE.probabilities(texts)
    every = LITE.read(texts, top=58)
    assert (np.sort(every.order, axis=1) == np.arange(58)).all()
    assert (np.diff(every.confidence, axis=1) <= 0).all()
    three = LITE.classify(texts)
    assert [score.emotion.index for score in three[0].top] == every.order[0, :3].tolist()
    assert three[0].top[0].confidence == pytest.approx(float(chances[0].max()))
    assert three[1].classifier == LITE.name


def test_nothing_to_read_gives_nothing():
    assert LITE.classify([]) == []
    assert LITE.probabilities([])[0].shape == (0, 58)


def test_earlier_messages_change_the_answer_and_only_the_last_few_are_read():
    text = "이제 어떻게 하지"
    alone, _ = LITE.probabilities([text])
    angry, _ = LITE.probabilities([text], [["친구가 나를 배신했어 배신감이 너무 커"]])
    assert not np.array_equal(alone, angry)
    betrayed = next(e.index for e in EMOTIONS if e.label == "배신당한")
    assert angry[0, betrayed] > alone[0, betrayed]
    long = [f"{n}번째 말이야 너무 슬퍼" for n in "가나다라마바사"]
    whole, _ = LITE.probabilities([text], [long])
    assert np.array_equal(whole, LITE.probabilities([text], [long[-4:]])[0])


@pytest.mark.parametrize(
    ("before", "text", "joyful"),
    [
        (["정말 고마워"], "남자친구랑 헤어져서 너무 슬퍼", False),
        (["시험에 붙어서 너무 기뻐", "엄마도 정말 좋아하셔"], "할머니가 돌아가셨어. 너무 슬퍼", False),
        (["너무 우울하고 눈물만 나"], "나 드디어 합격했어! 너무 기뻐", True),
        (["상사 때문에 화가 나서 미치겠어"], "아까 그 일은 잘 풀렸어. 정말 다행이야", True),
    ],
)
def test_what_was_said_before_the_mood_turned_does_not_count(before, text, joyful):
    (feeling,) = LITE.classify([text], [before])
    assert (str(feeling.emotion.group) == "기쁨") is joyful
    # Nor for what is said after it.
    assert LITE.classify(["그렇게 됐어"], [[*before, text]]) == LITE.classify(["그렇게 됐어"], [[text]])


def test_what_was_said_in_the_same_mood_counts():
    text, before = "남자친구랑 헤어져서 너무 슬퍼", ["요즘 자꾸 외로워서 눈물이 나"]
    assert not np.array_equal(LITE.probabilities([text])[0], LITE.probabilities([text], [before])[0])


@pytest.mark.parametrize("text", FELT)
def test_short_lines_of_feeling_are_felt(text):
    feeling = LITE.classify([text])[0]
    assert feeling.emotion.label in FELT[text]
    assert not feeling.uncertain


def test_most_plain_lines_are_uncertain():
    lines = [line for row in PLAIN.splitlines() for line in row.split(" / ")]
    assert LITE.read(lines).uncertain.mean() >= 0.85
    assert LITE.read(["안녕", "밥 먹었니", "김치볶음밥 먹어야지"]).uncertain.all()


@pytest.mark.parametrize("text", ["", "   ", "...?!", "12345", "asdf qwer", "🙂🙂", "\ud800", "\x00\x1b"])
def test_what_says_nothing_is_uncertain(text):
    assert LITE.classify([text])[0].uncertain


def test_a_megabyte_is_read_by_its_beginning():
    long = "너무 화가 나서 참을 수가 없어 " * 60_000
    assert LITE.classify([long]) == LITE.classify([long[:600]])
    unbroken = "가" * 1_000_000
    assert LITE.classify([unbroken] * 3)[0].top


def test_threads_read_alike():
    texts = ["너무 화가 나", "오늘 뭐 먹지", "고마워"] * 40
    fresh = LiteClassifier.load()
    found = []
    threads = [threading.Thread(target=lambda: found.append(fresh.read(texts))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(np.array_equal(one.confidence, found[0].confidence) for one in found)


def test_the_weights_are_small_and_hold_no_text():
    raw = WEIGHTS.read_bytes()
    assert len(raw) <= 6_000_000
    slots = len(raw[512:]) // 64
    # What is not a slot number or a whole number between -127 and 127 would have no place.
    assert (np.frombuffer(raw, dtype=np.int8, offset=512 + 4 * slots) >= -127).all()


def test_saving_what_was_loaded_gives_the_same_bytes(tmp_path: Path):
    LITE.save(tmp_path / "copy.bin")
    assert (tmp_path / "copy.bin").read_bytes() == WEIGHTS.read_bytes()


def test_a_missing_and_a_wrong_file_are_told_apart(tmp_path: Path):
    with pytest.raises(NotThere):
        LiteClassifier.load(tmp_path / "none.bin")
    for content in (b"", b"x" * 5000, WEIGHTS.read_bytes()[:-1]):
        (tmp_path / "wrong.bin").write_bytes(content)
        with pytest.raises(Unreadable):
            LiteClassifier.load(tmp_path / "wrong.bin")
