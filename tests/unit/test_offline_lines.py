"""What the offline friend can say: enough of it, always in 반말, and well formed."""

import re
import unicodedata
from collections.abc import Iterator

import pytest

from sweetchat_tui.emotions import EMOTIONS, GROUP_GLOSSES, Emotion
from sweetchat_tui.generators import offline

# Decomposed, so that 합니다 and 아니다 differ by the ㅂ before 니다.
POLITE = re.compile(unicodedata.normalize("NFD", "(?:요|죠|시오|\N{HANGUL JONGSEONG PIEUP}(?:니다|니까))$"))


def strings(
    value: object, *, but: frozenset[str] = frozenset({"when", "unless", "never", "words", "name"})
) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in but:
                yield from strings(part)


def spoken_lines() -> list[str]:
    names = [*GROUP_GLOSSES.values(), "plain", "talk", "to_friend", "calm", "turned_inward", "topics"]
    return [line for name in names for line in strings(offline._read(name)) if re.search("[가-힣]", line)]


def is_polite(sentence: str) -> bool:
    return bool(POLITE.search(unicodedata.normalize("NFD", sentence)))


def sentences(line: str) -> list[str]:
    return [part.strip(" .!?…~ㅋㅎ\"'`") for part in re.split(r"(?<=[.!?])\s|\n", line)]


@pytest.fixture(params=EMOTIONS, ids=lambda emotion: emotion.gloss)
def emotion(request: pytest.FixtureRequest) -> Emotion:
    assert isinstance(request.param, Emotion)
    return request.param


def test_each_emotion_has_at_least_three_ways_of_its_own(emotion: Emotion) -> None:
    assert emotion.group is not None
    voices = offline._read(GROUP_GLOSSES[emotion.group])
    own = voices[emotion.label]
    assert len(set(own["says"])) >= 3
    assert len(set(own["asks"])) >= 3
    assert not set(own["says"]) & set(voices["group"]["says"])


@pytest.mark.parametrize("gloss", GROUP_GLOSSES.values())
def test_each_group_has_at_least_eight_ways_and_no_stranger(gloss: str) -> None:
    voices = {name: voice for name, voice in offline._read(gloss).items() if name != "never"}
    assert len(set(voices["group"]["says"])) >= 8
    assert len(set(voices["group"]["asks"])) >= 8
    labels = {emotion.label for emotion in EMOTIONS if GROUP_GLOSSES[emotion.group or ""] == gloss}
    assert set(voices) == labels | {"group"}


def test_no_reaction_is_shared_by_two_emotions() -> None:
    says = [line for e in EMOTIONS for line in offline._read(GROUP_GLOSSES[e.group or ""])[e.label]["says"]]
    assert len(says) == len(set(says))


def test_plain_talk_has_at_least_twenty_ways() -> None:
    says = {line for topic in offline._read("talk")["talk"] for line in topic["says"]}
    assert len(says | set(offline._read("plain")["statement"]["says"])) >= 20
    for name in ("talk", "to_friend"):
        assert all(len(set(topic["says"])) >= 3 for topic in offline._read(name)["talk"])


def test_every_line_is_banmal() -> None:
    polite = [line for line in spoken_lines() for part in sentences(line) if is_polite(part)]
    assert polite == []


@pytest.mark.parametrize("line", ["밥 먹었어요?", "그렇습니다.", "괜찮죠!", "어디 가세요?"])
def test_the_banmal_check_knows_polite_speech(line: str) -> None:
    assert any(is_polite(part) for part in sentences(line))


def test_reactions_do_not_ask_and_questions_do() -> None:
    for gloss in GROUP_GLOSSES.values():
        for name, voice in offline._read(gloss).items():
            if name == "never":
                continue
            assert not any(line.endswith("?") for line in voice["says"])
            assert all(line.endswith("?") for line in voice["asks"])


def test_lines_are_one_or_two_sentences_without_lists_or_line_breaks() -> None:
    for gloss in GROUP_GLOSSES.values():
        for line in strings(offline._read(gloss)):
            assert "\n" not in line
            assert len(sentences(line)) <= 2


def test_only_glad_lines_laugh() -> None:
    for gloss in GROUP_GLOSSES.values():
        if gloss != "joy":
            assert not any("ㅋ" in line or "!" in line for line in strings(offline._read(gloss)))


def test_every_topic_takes_the_right_particle_in_every_question() -> None:
    for topic in offline._read("topics")["topic"]:
        for word in topic["words"]:
            last = (ord(word[-1]) - ord("가")) % 28
            for line in strings(topic):
                expected = line.replace("{}", word).replace("{에서}", f"{word}에서")
                for closed, opened in re.findall(r"\{(\S+?)/(\S+?)\}", line):
                    fits = closed if last and not (last == 8 and closed == "으로") else opened
                    expected = expected.replace(f"{{{closed}/{opened}}}", word + fits)
                assert word in expected
                assert not re.search(r"[{}/]", expected)
                assert offline._fill(line, word) == expected
