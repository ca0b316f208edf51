"""How it has been: the emotions of days and weeks, counted.

What a person picked counts instead of what was read; what was read without a clear emotion is counted
apart. Days are those of a time zone. Counts and nothing more: knows no goals, and nothing of how a
mood is shown.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sweetchat_tui.emotions import GROUPS, Emotion
from sweetchat_tui.journal import rows

RECENT_DAYS, BEFORE_DAYS = 7, 28
"""What is held against what: the last days, and those before them."""
_ENOUGH = 5  # messages with an emotion, below which a share is chance

_SAID = "SELECT at, emotion, feeling IS NOT NULL FROM turns WHERE at >= ? AND at < ? ORDER BY number"
_PICKED = """
SELECT picked, feeling FROM turns
 WHERE at >= ? AND at < ? AND picked IS NOT NULL AND feeling IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of days, and the emotions of what the person said in it."""

    since: date
    """Its first day."""
    until: date
    """Its last day."""
    messages: int
    """What the person said."""
    counts: tuple[int, ...]
    """How many of them had an emotion of each of GROUPS, in that order."""
    unclear: int
    """How many were read and had no clear emotion."""
    main: str | None
    """The group of most, of equals the one felt last; None when no emotion was clear."""
    valence: float | None
    """Mean of the emotions' valences, -1 to 1; None when no emotion was clear."""

    def share(self, group: str) -> float:
        """The part of the clear emotions that was of a group, 0 to 1; 0 when none was clear."""
        clear = sum(self.counts)
        return self.counts[GROUPS.index(group)] / clear if clear else 0.0


@dataclass(frozen=True, slots=True)
class Swap:
    """What the person picked instead of what was read."""

    read: Emotion
    picked: Emotion
    count: int
    """How often."""


@dataclass(frozen=True, slots=True)
class Mood:
    """How a run of days has been."""

    whole: Stretch
    days: tuple[Stretch, ...]
    """Each day, oldest first, also those on which nothing was said."""
    weeks: tuple[Stretch, ...]
    """Monday to Sunday, oldest first; the first and the last may be shorter."""
    often: tuple[tuple[Emotion, int], ...]
    """The emotions felt most often, five at most, and how often."""
    recent: Stretch
    """The last seven days."""
    before: Stretch
    """The four weeks before them, also when they lie outside the run."""
    picked: int
    """How often the person picked an emotion for what had been read."""
    unsure: int
    """How many of these picks were for words that were read without a clear emotion."""
    swaps: tuple[Swap, ...]
    """What else they picked than had clearly been read, most frequent first."""

    @property
    def change(self) -> dict[str, float] | None:
        """By how much each group's share differs between `before` and `recent`, -1 to 1.

        None when either has so few emotions that it would be chance.
        """
        if min(sum(self.recent.counts), sum(self.before.counts)) < _ENOUGH:
            return None
        return {group: self.recent.share(group) - self.before.share(group) for group in GROUPS}


@dataclass(frozen=True, slots=True)
class _Said:
    day: date
    emotion: Emotion | None
    read: bool


def mood(db: sqlite3.Connection, until: date, days: int, zone: tzinfo | None = None) -> Mood:
    """How some days have been.

    Args:
        until: the last of them.
        days: how many, at least 1.
        zone: whose days; None is this machine's zone.
    """
    since = until - timedelta(days=days - 1)
    recent = until - timedelta(days=RECENT_DAYS - 1)
    before = recent - timedelta(days=BEFORE_DAYS)
    by_day: defaultdict[date, list[_Said]] = defaultdict(list)
    for at, emotion, read in db.execute(_SAID, _moments(min(since, before), until, zone)):
        day = datetime.fromisoformat(at).astimezone(zone).date()
        by_day[day].append(_Said(day, rows.emotion_from(emotion), bool(read)))

    def stretch(first: date, last: date) -> Stretch:
        return _counted(first, last, [said for day in _each(first, last) for said in by_day.get(day, ())])

    within = (said for day in _each(since, until) for said in by_day.get(day, ()))
    felt = Counter(said.emotion for said in within if said.emotion)
    picked, unsure, swaps = _picks(db, _moments(since, until, zone))
    return Mood(
        whole=stretch(since, until),
        days=tuple(stretch(day, day) for day in _each(since, until)),
        weeks=tuple(
            stretch(max(monday, since), min(monday + timedelta(days=6), until))
            for monday in _each(since - timedelta(days=since.weekday()), until, 7)
        ),
        often=tuple(felt.most_common(5)),
        recent=stretch(recent, until),
        before=stretch(before, recent - timedelta(days=1)),
        picked=picked,
        unsure=unsure,
        swaps=swaps,
    )


def _each(first: date, last: date, step: int = 1) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range(0, (last - first).days + 1, step))


def _moments(first: date, last: date, zone: tzinfo | None) -> tuple[str, str]:
    """When the first day begins and when the last one ends, as columns."""
    return (
        rows.time_column(datetime.combine(first, time(), zone)),
        rows.time_column(datetime.combine(last + timedelta(days=1), time(), zone)),
    )


def _counted(since: date, until: date, said: Sequence[_Said]) -> Stretch:
    felt = [one.emotion for one in said if one.emotion and one.emotion.group]
    counts = Counter(emotion.group for emotion in felt)
    last = {emotion.group: place for place, emotion in enumerate(felt)}
    valences = [emotion.valence for emotion in felt if emotion.valence is not None]
    return Stretch(
        since=since,
        until=until,
        messages=len(said),
        counts=tuple(counts[group] for group in GROUPS),
        unclear=sum(one.read and one.emotion is None for one in said),
        main=max(counts, key=lambda group: (counts[group], last[group]), default=None),
        valence=sum(valences) / len(valences) if valences else None,
    )


def _picks(db: sqlite3.Connection, moments: tuple[str, str]) -> tuple[int, int, tuple[Swap, ...]]:
    """How often something was picked, how often for unclear words, and what instead of what."""
    picked = unsure = 0
    swaps: Counter[tuple[Emotion, Emotion]] = Counter()
    for chosen, feeling in db.execute(_PICKED, moments):
        emotion, read = rows.emotion_from(chosen), rows.feeling_from(feeling)
        if emotion is None or read is None:
            continue
        picked += 1
        if read.uncertain:
            unsure += 1
        elif emotion != read.emotion:
            swaps[read.emotion, emotion] += 1
    return picked, unsure, tuple(Swap(read, chosen, count) for (read, chosen), count in swaps.most_common())
