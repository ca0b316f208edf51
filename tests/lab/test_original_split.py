"""What must hold of the split that the original made, to the row."""

from collections.abc import Sequence

import numpy as np
import pytest

from sweetchat_tui.emotions import BY_CODE, EMOTIONS, GROUPS, find
from sweetchat_tui.lab import original_split
from sweetchat_tui.lab.corpus import Dialogue, Exchange

# What the original's published notebook prints: the sentences of each label, and those in its test report.
SENTENCES = """
2698 1720 3461 5083 2677 2463 1819 2529 2488 2756 2794 1561 2369 2430 2785 2355 1791 2281 2561 2424
2513 2680 2491 2667 2633 2715 2706 2703 1651 1722 2436 2358 2461 1749 2775 2442 2301 2461 2792 1561
2412 2471 2490 2520 2942 2513 2571 2452 2596 1634 2573 2359 4985 2483 2405 2539 1564 2352
"""
IN_TEST = """
528 352 646 979 534 500 383 536 459 548 552 298 491 461 599 490 350 427 562 466 485 502 477 551 511 565
555 563 343 365 478 496 505 366 574 483 480 539 577 305 438 508 492 504 555 485 503 457 512 315 481 458
1005 506 513 525 329 478
"""


def dialogue(group: str, label: str, *sentences: str, numbers: Sequence[int] = (1, 2, 3)) -> Dialogue:
    emotion = find(label)
    assert emotion
    exchanges = zip(numbers, sentences, strict=False)
    said = tuple(Exchange(number, text, " ".join(text.split()), "") for number, text in exchanges)
    return Dialogue("made", 1, said, emotion.index, GROUPS.index(group))


def written(dialogues: Sequence[Dialogue], rows: np.ndarray) -> str:
    return "".join(dialogues[at].exchanges[place].written for at, place in rows)


def test_the_table_goes_by_group_emotion_and_turn_and_then_draws_each_label_together():
    dialogues = [
        dialogue("불안", "혼란스러운", "m", "n"),
        dialogue("분노", "분노", "h", "k", "l"),
        dialogue("기쁨", "흥분", "b", "d"),
        dialogue("당황", "혼란스러운", "f", "g"),
        dialogue("기쁨", "흥분", "c", "e"),
        dialogue("분노", "분노", "i"),
        dialogue("기쁨", "기쁨", "a"),
        dialogue("분노", "분노", "j", numbers=[2]),
    ]
    rows, duplicates = original_split.table(dialogues)
    assert written(dialogues, rows) == "abcdefgmnhikjl"
    assert duplicates.shape == (0, 2)


def test_the_first_in_the_table_stays_and_a_stray_space_makes_another():
    dialogues = [
        dialogue("슬픔", "슬픔", "x", "y"),
        dialogue("기쁨", "기쁨", "z", "x", "x "),
        dialogue("슬픔", "슬픔", "y", "w"),
    ]
    rows, duplicates = original_split.table(dialogues)
    assert written(dialogues, rows) == "zxx yw"
    assert duplicates.tolist() == [[0, 0], [0, 1]]


def test_the_originals_counts_give_the_originals_parts_and_the_counts_of_its_test_report():
    counts = [int(count) for count in SENTENCES.split()]
    codes: dict[int, list[str]] = {}
    for code, emotion in BY_CODE.items():
        codes.setdefault(emotion.index, []).append(code)
    in_order = ("분노", "슬픔", "불안", "상처", "당황", "기쁨")
    dialogues = [
        dialogue(in_order[int(codes[label][number % len(codes[label])][1]) - 1], EMOTIONS[label].label, text)
        for label, count in enumerate(counts)
        for number in range(count)
        for text in [f"{label}/{number}"]
    ]
    shuffled = [dialogues[at] for at in np.random.default_rng(0).permutation(len(dialogues))]
    rows, _ = original_split.table(shuffled)
    assert len(rows) == original_split.SENTENCES == sum(counts)
    train, validation, test = original_split.parts(len(rows))
    assert (len(train), len(validation), len(test)) == (86_833, 28_945, 28_945)
    labels = np.array([shuffled[at].emotion for at, _ in rows])
    assert np.bincount(labels[test]).tolist() == [int(count) for count in IN_TEST.split()]


@pytest.mark.parametrize("rows", [3, 4, 5, 100])
def test_every_row_is_in_one_part_and_no_part_is_empty(rows: int):
    parts = original_split.parts(rows)
    assert sorted(np.concatenate(parts).tolist()) == list(range(rows))
    assert all(len(part) for part in parts)
