"""A mood in words and letters, the same wherever it is shown. Pure."""

from sweetchat_tui.emotions import GROUP_GLOSSES, GROUP_LETTERS, GROUPS, Emotion
from sweetchat_tui.journal.mood import Mood, Stretch
from sweetchat_tui.lang import counted, say, spoken

BAR = 20
"""Letters for all of a week."""


def weekdays() -> tuple[str, ...]:
    """Monday to Sunday, two columns wide each."""
    return tuple(say("월 화 수 목 금 토 일", "Mo Tu We Th Fr Sa Su").split())


def letter(group: str) -> str:
    """What stands for a group where colour is not enough; two columns wide, different for each."""
    return say(group[0], GROUP_LETTERS[group])


def group_name(group: str) -> str:
    """A group in the language in use."""
    return say(group, GROUP_GLOSSES[group])


def named(emotion: Emotion) -> str:
    """An emotion in the language in use."""
    return emotion.gloss if spoken() == "en" and emotion.gloss else emotion.label


def period(mood: Mood) -> str:
    """From when to when, and how much was said."""
    whole = mood.whole
    return say(
        f"{whole.since} ~ {whole.until} · 내가 한 말 {whole.messages}번",
        f"{whole.since} to {whole.until} · {counted(whole.messages, 'message')}",
    )


def nothing_said() -> str:
    """What stands for a time in which nothing was said."""
    return say("이 동안에는 나눈 이야기가 없어요.", "Nothing was said in this time.")


def unclear_and_empty() -> str:
    """What the signs of days without a group mean."""
    return say("~ 뚜렷하지 않음  . 말 없음", "~ unclear  . nothing said")


def sign(day: Stretch | None) -> str:
    """What stands for a day; two columns wide."""
    if day is None:
        return "  "
    if day.main is None:
        return "~ " if day.messages else ". "
    return letter(day.main)


def bar(week: Stretch, letters: int = BAR) -> dict[str, int]:
    """How many letters of a week's bar each group has; together always as many, and none without emotions."""
    clear = sum(week.counts) or 1
    ends = [round(letters * sum(week.counts[: n + 1]) / clear) for n in range(len(GROUPS))]
    return {group: end - start for group, start, end in zip(GROUPS, [0, *ends], ends, strict=False)}


def largest(week: Stretch) -> str:
    """The two largest groups of a week in numbers."""
    order = sorted(GROUPS, key=lambda group: -week.share(group))
    return " ".join(f"{group_name(g)} {week.share(g):.0%}" for g in order[:2] if week.share(g))


def often(mood: Mood) -> str:
    """The emotions felt most often; empty when none was clear."""
    return " · ".join(f"{named(emotion)} {count}" for emotion, count in mood.often)


def change(mood: Mood) -> str:
    """What changed most against the weeks before; empty when there is too little to say."""
    if (change := mood.change) is None:
        return ""
    moved = [g for g in sorted(GROUPS, key=lambda g: -abs(change[g])) if round(change[g] * 100)]
    listed = " · ".join(f"{group_name(g)} {change[g] * 100:+.0f}%" for g in moved[:3])
    return listed or say("없어요", "none")


def sentences(mood: Mood) -> list[str]:
    """What was felt often, what changed, and what the person picked instead of what was read."""
    told = []
    if mood.often:
        told.append(say("자주 느낀 감정  ", "felt most often  ") + often(mood))
    if changed := change(mood):
        told.append(
            say("지난 7일과 그 전 4주의 차이  ", "last 7 days against the 4 weeks before  ") + changed
        )
    if mood.picked:
        swaps = [f"{named(s.read)} → {named(s.picked)} {s.count}" for s in mood.swaps[:3]]
        picked = say(f"감정을 직접 고른 말  {mood.picked}번", f"emotions that you picked  {mood.picked}")
        told.append(" · ".join([picked, *swaps]))
    return told
