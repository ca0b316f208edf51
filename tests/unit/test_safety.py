"""What safety must hold: danger is found in all its spellings, idioms are left alone, help is right."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui import lang, safety
from sweetchat_tui.conversation import Danger
from sweetchat_tui.safety.folding import fold
from sweetchat_tui.safety.help import verified
from sweetchat_tui.safety.rules import level as level_by_rules
from sweetchat_tui.safety.rules import rules
from sweetchat_tui.safety.signs import LONGEST, from_text, signs

NONE, CONCERN, CRISIS = Danger.NONE, Danger.CONCERN, Danger.CRISIS

SHAPES: dict[str, Callable[[str], str]] = {
    "as written": lambda line: line,
    "without spaces": lambda line: line.replace(" ", ""),
    "a space between all": lambda line: " ".join(line.replace(" ", "")),
    "in pieces (NFD)": lambda line: unicodedata.normalize("NFD", line),
    "crying": lambda line: line + "ㅠㅠㅠ",
    "laughing it off": lambda line: line + " ㅋㅋㅋㅋ",
    "trailing off": lambda line: line + "...",
    "trailing off at each word": lambda line: "… ".join(line.split()),
    "crying out": lambda line: line + "!!! 😭",
    "full stops between": lambda line: ".".join(line.replace(" ", "")),
    "waves between": lambda line: "~".join(line.replace(" ", "")),
    "invisible signs between": lambda line: "\u200b".join(line),
    "full-width punctuation": lambda line: "，".join(line.split()) + "！",
    "crying at each word": lambda line: "ㅠㅠ ".join(line.split()),
    "the last letter held": lambda line: line + line[-1] * 4,
    "a word a line": lambda line: "\n".join(line.split()),
    "led in": lambda line: "아 진짜 " + line,
    "after a sentence": lambda line: "오늘 학교 갔다 왔어. " + line,
}


def lines(level: Danger) -> list[str]:
    return (Path(__file__).parent / "danger" / f"{level}.txt").read_text("utf-8").splitlines()


def misread(level: Danger, wrong: Callable[[Danger], bool]) -> tuple[float, list[str]]:
    texts = [shape(line) for line in lines(level) for shape in SHAPES.values()]
    missed = [text for text, found in zip(texts, safety.assess_all(texts), strict=True) if wrong(found)]
    return len(missed) / len(texts), missed


def test_at_most_one_crisis_in_fifty_is_missed_in_any_shape() -> None:
    share, missed = misread(CRISIS, lambda found: found is not CRISIS)
    assert share <= 0.02, missed


def test_a_crisis_as_written_is_never_read_as_harmless() -> None:
    assert [line for line in lines(CRISIS) if safety.assess(line) is NONE] == []


def test_at_most_one_concern_in_twenty_is_read_otherwise() -> None:
    share, missed = misread(CONCERN, lambda found: found is not CONCERN)
    assert share <= 0.05, missed


def test_at_most_one_harmless_line_in_fifty_is_taken_for_a_crisis() -> None:
    share, raised = misread(NONE, lambda found: found is CRISIS)
    assert share <= 0.02, raised


def test_at_most_one_harmless_line_in_twenty_is_raised_at_all() -> None:
    share, raised = misread(NONE, lambda found: found is not NONE)
    assert share <= 0.05, raised


def test_the_lists_are_long_enough_and_have_no_line_twice() -> None:
    found = {level: lines(level) for level in Danger}
    assert len(found[CRISIS]) >= 150
    assert len(found[CONCERN]) >= 60
    assert len(found[NONE]) >= 190
    every = [line for level in found.values() for line in level]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("배고파 죽겠는데 진짜 죽고 싶다", CRISIS),
        ("친구가 죽고 싶대. 사실 나도 죽고 싶어", CRISIS),
        ("친구가 죽고 싶대", CONCERN),
        ("친구 때문에 죽고 싶어", CRISIS),
        ("친구한테 죽고 싶다고 말했어", CRISIS),
        ("예전에 자해했었는데 요즘 또 하고 있어", CRISIS),
        ("죽고 싶지 않아", CONCERN),
        ("죽고 싶지 않은 날이 하루도 없어", CRISIS),
        ("", NONE),
        (" \n ", NONE),
        ("자\0살하고 싶어", CRISIS),
        ("\x1b[31m죽\x1b[0m고 싶어", CRISIS),
        ("\ud83d죽고 싶어", CRISIS),
    ],
)
def test_what_stands_around_decides(text: str, level: Danger) -> None:
    assert safety.assess(text) is level


def test_a_denial_right_after_a_crisis_stays_a_concern() -> None:
    assert safety.assess("아니야 농담이야", ["죽고 싶어"]) is CONCERN
    assert safety.assess("밥 먹을래", ["죽고 싶어", "아니야 농담이야"]) is CONCERN
    assert safety.assess("밥 먹을래", ["죽고 싶어", "아니야", "괜찮아"]) is NONE
    assert safety.assess("밥 먹을래", ["친구가 죽고 싶대"]) is NONE


def test_what_was_said_before_never_lowers_the_level() -> None:
    assert safety.assess("죽고 싶어", ["오늘 날씨 좋다"]) is CRISIS


texts = st.text() | st.text("죽고싶다자살해 \n.ㅋㅠㅈㅅ\0\x1b\u200b1a가나", max_size=30)


@given(st.lists(texts | st.sampled_from(lines(CRISIS) + lines(CONCERN) + lines(NONE)), max_size=8))
def test_many_at_once_are_read_as_each_alone(many: list[str]) -> None:
    assert safety.assess_all(many) == [safety.assess(text) for text in many]


@given(texts)
def test_folding_any_text_leaves_no_space_and_folds_no_further(text: str) -> None:
    folded = fold(text)
    assert not re.search(r"\s", folded)
    assert not re.search(r"[\u1100-\u11ff]", folded)


def test_a_very_long_text_is_read_to_its_end() -> None:
    assert safety.assess("오늘 뭐 먹지 " * 3000 + "죽고 싶어") is CRISIS
    assert safety.assess("자살 " * 20_000) is not NONE


def test_every_rule_has_a_reason_and_a_pattern_that_compiles() -> None:
    for rule in rules().every:
        assert rule.why
        re.compile(rule.pattern)
        assert "<" not in re.sub(r"\(\?<[!=]", "", rule.pattern), "a word that [words] does not have"
        assert all(re.fullmatch(r"[\w]+", stem) for stem in rule.stems)


@pytest.fixture(params=lang.LANGUAGES)
def spoken(request: pytest.FixtureRequest) -> Iterator[lang.Language]:
    before = lang.spoken()
    lang.use(request.param)
    yield request.param
    lang.use(before)


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_the_cards_name_the_lines_that_hold_today(spoken: lang.Language) -> None:
    for level in (CRISIS, CONCERN):
        shown = safety.card(level)
        assert shown.lines[0].number == "109"
        assert {"109", "마들랜", "1388", "112"} <= {line.number for line in shown.lines}
        said = safety.plain(shown)
        assert "119" in said
        assert "1393" not in said
        assert "AI" in said
    assert "109" in safety.pinned()


def test_no_number_can_be_cut_on_a_narrow_screen(spoken: lang.Language) -> None:
    for line in safety.help_lines():
        assert cells(str(line)) <= 40, str(line)
    assert cells(safety.pinned()) <= 40


def test_a_concern_is_spoken_to_more_lightly_than_a_crisis(spoken: lang.Language) -> None:
    crisis, concern = safety.card(CRISIS), safety.card(CONCERN)
    assert crisis.title != concern.title
    assert len(concern.sentences) <= len(crisis.sentences)
    assert safety.card(NONE) == concern


def test_the_card_speaks_politely() -> None:
    for level in (CRISIS, CONCERN):
        for sentence in (safety.card(level).title, *safety.card(level).sentences):
            assert sentence.endswith("요."), sentence


def test_the_help_lines_were_verified_within_a_year() -> None:
    assert datetime.now(UTC).date() - verified() < timedelta(days=366), "verify help_lines.toml again"


def kept_apart(name: str) -> list[str]:
    """Lines that no rule and no sign was made from."""
    rows = (Path(__file__).parent / "danger" / f"{name}.txt").read_text("utf-8").splitlines()
    return [row for row in rows if not row.startswith("#")]


def read_as(level: Danger, texts: list[str]) -> float:
    return sum(found is level for found in safety.assess_all(texts)) / len(texts)


def test_most_crises_told_in_words_of_others_are_found() -> None:
    # Floors, not goals: what was reached on lines of other hands, who knew neither rules nor material.
    blind, second = kept_apart("blind_crisis"), kept_apart("blind_second_crisis")
    third = kept_apart("blind_third_crisis")
    assert len(blind) >= 130
    assert len(second) >= 150
    assert len(third) >= 150
    for crises in (blind, second, third):
        assert read_as(NONE, crises) <= 0.14
        assert read_as(CRISIS, crises) >= 0.70
    assert read_as(NONE, kept_apart("blind_others")) <= 0.35
    assert read_as(NONE, kept_apart("blind_second_concern")) <= 0.45
    assert read_as(NONE, kept_apart("blind_third_concern")) <= 0.45


def test_what_only_sounds_like_danger_in_words_of_others_is_left_alone() -> None:
    for name in ("blind_none", "blind_second_none", "blind_third_none"):
        blind = kept_apart(name)
        assert len(blind) >= 220
        assert read_as(CRISIS, blind) <= 0.02
        assert read_as(NONE, blind) >= 0.93


@pytest.mark.parametrize(
    "text",
    [
        "나 이제 가볼게",
        "안녕 다음에 봐",
        "이만 줄일게",
        "일하러 가야 해 이따 봐",
        "금방 갔다 올게",
        "오늘 고마웠어 나 갈게",
        "저 이만 가보겠습니다",
        "나 이제 끊을게",
        "내일 일찍 일어나야 해서 이만",
        "나 학원 간다 안녕",
        "ㅂㅂ 내일 봐",
        "그럼 이만",
        "끌게 안녕",
        "이제 그만 얘기할래 졸려",
    ],
)
def test_a_goodbye_for_today_is_no_danger(text: str) -> None:
    # None of these is learnt from.
    assert safety.assess(text) is NONE


def test_veiled_lines_that_were_not_trained_on_are_found_as_often_as_is_known() -> None:
    # A floor too: these lines are veiled on purpose.
    assert len(kept_apart("held_out_crisis")) >= 80
    assert read_as(NONE, kept_apart("held_out_crisis")) <= 0.40


def test_harmless_twins_that_were_not_trained_on_are_left_alone() -> None:
    assert read_as(NONE, kept_apart("held_out_none")) >= 0.95


def test_signs_only_raise() -> None:
    severity = [NONE, CONCERN, CRISIS]
    for line in lines(CRISIS) + lines(CONCERN) + lines(NONE) + kept_apart("held_out_crisis"):
        assert severity.index(safety.assess(line)) >= severity.index(level_by_rules(fold(line)))


def test_signs_make_a_crisis_of_what_the_rules_read_as_a_concern() -> None:
    read = [(level_by_rules(fold(line)), safety.assess(line)) for line in kept_apart("blind_second_crisis")]
    assert (CONCERN, CRISIS) in read


def test_every_sign_can_stand_in_a_folded_message() -> None:
    known = signs()
    for sign in known.points:
        assert 1 <= len(sign.strip(".")) <= len(sign) <= LONGEST
        assert fold(sign.strip(".")) == sign.strip("."), sign
    assert all(points for points in known.points.values())
    assert max(0, known.glance) < known.concern < known.crisis


def test_longer_signs_are_made_ready_only_for_a_message_that_is_near_danger() -> None:
    text = (Path(safety.__file__).parent / "signs.txt").read_text("utf-8")
    known = from_text(text)
    for line in ("오늘 점심 뭐 먹지", "주말에 영화 볼래?", "ㅋㅋㅋ 웃겨", "행복해"):
        assert known.level(fold(line)) is NONE
    assert "points" not in vars(known)
    assert known.level(fold("유서 다 썼어 이제 갈게 미안해")) is CRISIS
    assert len(known.points) > len(known.short)


def test_a_message_is_not_worse_for_being_long() -> None:
    once = fold("나는 이제 괜찮아")
    assert signs().level(once * 200) is NONE


def test_signs_are_read_the_same_each_time_and_carry_their_date() -> None:
    assert [signs().level(fold(line)) for line in kept_apart("held_out_crisis")] == [
        signs().level(fold(line)) for line in kept_apart("held_out_crisis")
    ]
    assert date(2026, 11, 28) <= signs().made <= datetime.now(UTC).date()
