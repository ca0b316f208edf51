"""A mood counts what was felt, on the days on which it was felt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.conversation import Turn
from sweetchat_tui.emotions import EMOTIONS, GROUPS, Emotion, Feeling, Score, find
from sweetchat_tui.journal import Journal

SEOUL = timezone(timedelta(hours=9))
TODAY = date(2026, 11, 23)  # a Monday
JOY, SAD, LONELY, ANGRY = (find(name) or EMOTIONS[0] for name in ("기쁨", "슬픔", "외로운", "분노"))


def felt(emotion: Emotion, *, uncertain: bool = False) -> Feeling:
    return Feeling((Score(emotion, 0.5),), "lite-1", uncertain)


def said(emotion: Emotion | None, days_ago: float = 0, picked: Emotion | None = None) -> Turn:
    """At noon in Seoul."""
    at = datetime(2026, 11, 23, 12, tzinfo=SEOUL) - timedelta(days=days_ago)
    return Turn("말", felt(emotion) if emotion else None, picked, at=at)


@pytest.fixture
def journal() -> Iterator[Journal]:
    with Journal.open(None) as journal:
        yield journal


def test_an_empty_journal_has_a_mood_of_empty_days(journal: Journal) -> None:
    mood = journal.mood(TODAY, 28, SEOUL)
    assert [day.since for day in mood.days] == [TODAY - timedelta(days=n) for n in range(27, -1, -1)]
    assert all((day.messages, day.main, day.valence) == (0, None, None) for day in mood.days)
    assert (mood.often, mood.change, mood.picked, mood.swaps) == ((), None, 0, ())
    assert mood.whole.share("기쁨") == 0


def test_a_day_has_the_group_of_most_of_its_words_of_equals_the_last(journal: Journal) -> None:
    for emotion, days_ago in ((SAD, 1), (SAD, 1), (JOY, 1), (JOY, 0), (SAD, 0)):
        journal.keep("c", said(emotion, days_ago))
    yesterday, today = journal.mood(TODAY, 2, SEOUL).days
    assert (yesterday.main, yesterday.counts, yesterday.messages) == ("슬픔", (1, 0, 0, 0, 0, 2), 3)
    assert today.main == "슬픔"
    assert today.valence == pytest.approx(((JOY.valence or 0) + (SAD.valence or 0)) / 2)


def test_a_day_begins_at_midnight_where_the_person_is(journal: Journal) -> None:
    journal.keep("c", Turn("늦은 밤", felt(SAD), at=datetime(2026, 11, 22, 15, 0, tzinfo=UTC)))
    journal.keep("c", Turn("그보다 조금 전", felt(JOY), at=datetime(2026, 11, 22, 14, 59, tzinfo=UTC)))
    assert [day.main for day in journal.mood(TODAY, 2, SEOUL).days] == ["기쁨", "슬픔"]
    assert [day.main for day in journal.mood(TODAY, 2, UTC).days] == ["기쁨", None]


def test_what_was_picked_counts_and_what_was_unclear_is_apart(journal: Journal) -> None:
    journal.keep("c", said(SAD, picked=LONELY))
    journal.keep("c", said(SAD, picked=LONELY))
    journal.keep("c", said(SAD, picked=SAD))
    journal.keep("c", replace(said(None), feeling=felt(JOY, uncertain=True)))
    journal.keep("c", replace(said(None, picked=ANGRY), feeling=felt(JOY, uncertain=True)))
    journal.keep("c", said(None))
    mood = journal.mood(TODAY, 1, SEOUL)
    assert mood.often == ((LONELY, 2), (SAD, 1), (ANGRY, 1))
    assert (mood.whole.messages, sum(mood.whole.counts), mood.whole.unclear) == (6, 4, 1)
    assert (mood.picked, mood.unsure) == (4, 1)
    assert [(swap.read, swap.picked, swap.count) for swap in mood.swaps] == [(SAD, LONELY, 2)]


def test_weeks_begin_on_monday_and_end_with_the_days(journal: Journal) -> None:
    weeks = journal.mood(TODAY, 10, SEOUL).weeks
    assert [(week.since.day, week.until.day) for week in weeks] == [(14, 15), (16, 22), (23, 23)]


def test_the_last_seven_days_are_held_against_the_four_weeks_before(journal: Journal) -> None:
    for n in range(6):
        journal.keep("c", said(JOY if n < 3 else SAD, days_ago=6))
        journal.keep("c", said(SAD, days_ago=7))
        journal.keep("c", said(JOY, days_ago=36))
    mood = journal.mood(TODAY, 1, SEOUL)
    assert mood.change is not None
    assert {group: change for group, change in mood.change.items() if change} == {"기쁨": 0.5, "슬픔": -0.5}


def test_a_few_words_are_not_held_against_anything(journal: Journal) -> None:
    for n in range(20):
        journal.keep("c", said(SAD, days_ago=10))
        if n < 4:
            journal.keep("c", said(JOY))
    assert journal.mood(TODAY, 28, SEOUL).change is None


def test_an_emotion_of_other_labels_is_counted_by_name_alone(journal: Journal) -> None:
    other = Emotion(3, "neutral", "neutral", None, None)
    journal.keep("c", said(other))
    mood = journal.mood(TODAY, 7, SEOUL)
    assert mood.often == ((other, 1),)
    assert (mood.whole.messages, sum(mood.whole.counts), mood.whole.valence) == (1, 0, None)


@given(st.lists(st.tuples(st.sampled_from(EMOTIONS), st.floats(-3, 60)), max_size=20), st.integers(1, 60))
def test_days_and_weeks_add_up_to_the_whole(felts: list[tuple[Emotion, float]], days: int) -> None:
    with Journal.open(None) as journal:
        for emotion, days_ago in felts:
            journal.keep("c", said(emotion, days_ago))
        mood = journal.mood(TODAY, days, SEOUL)
    for parts in (mood.days, mood.weeks):
        assert sum(part.messages for part in parts) == mood.whole.messages
        summed = tuple(map(sum, zip(*(part.counts for part in parts), strict=True)))
        assert summed == mood.whole.counts
        assert [p.since for p in parts[1:]] == [p.until + timedelta(days=1) for p in parts[:-1]]
    shares = sum(mood.whole.share(group) for group in GROUPS)
    assert shares == pytest.approx(1 if mood.whole.messages else 0)
    noon = [(datetime(2026, 11, 23, 12, tzinfo=SEOUL) - timedelta(days=ago)).date() for _, ago in felts]
    assert mood.whole.messages == sum(TODAY - timedelta(days=days - 1) <= day <= TODAY for day in noon)
