"""The offline friend: never twice the same, calm in danger, honest about itself, never fooled by text."""

import asyncio
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sweetchat_tui import generators
from sweetchat_tui.conversation import LONGEST_MESSAGE, Prompt, Reply, Turn
from sweetchat_tui.emotions import EMOTIONS, GROUP_GLOSSES, Emotion, find
from sweetchat_tui.generators import Finished, Generator, Piece, Said, offline
from sweetchat_tui.generators.offline import OfflineFriend

CHEERFUL = re.compile(r"[!ㅋㅎ~♥]|축하|대박|신난|웃")


def stream(friend: OfflineFriend, prompt: Prompt) -> list[Said]:
    async def collect() -> list[Said]:
        return [said async for said in friend.stream(prompt)]

    return asyncio.run(collect())


def answer(prompt: Prompt, friend: OfflineFriend | None = None) -> str:
    said = stream(friend or OfflineFriend(pause_s=0), prompt)
    return "".join(piece.text for piece in said if isinstance(piece, Piece))


def core(prompt: Prompt, friend: OfflineFriend | None = None) -> str:
    return answer(prompt, friend).split("\n\n")[0]


def talk(prompt: Prompt, turns: int, *, fresh: bool) -> list[str]:
    """The replies of a conversation in which the person says the same thing again and again.

    Args:
        fresh: a new instance for each turn, which knows only what the prompt shows it.
    """
    friend = OfflineFriend(pause_s=0)
    for number in range(turns):
        text = answer(prompt, OfflineFriend(pause_s=0) if fresh else friend)
        reply = Reply(text, prompt.emotion, "offline", "offline-1", None, "friend", "stop")
        prompt = replace(
            prompt, earlier=(*prompt.earlier, Turn(prompt.text, replies=(reply,), id=f"t{number}"))
        )
    return [turn.replies[0].text for turn in prompt.earlier]


@pytest.fixture(params=EMOTIONS, ids=lambda emotion: emotion.gloss)
def emotion(request: pytest.FixtureRequest) -> Emotion:
    assert isinstance(request.param, Emotion)
    return request.param


def test_it_is_a_generator_on_this_machine() -> None:
    friend: Generator = OfflineFriend()
    assert (friend.provider, friend.model, friend.host) == ("offline", "offline-1", None)
    asyncio.run(friend.aclose())


def test_it_takes_its_time_only_where_someone_sees_it() -> None:
    async def looks(*, seen: bool) -> int:
        """How often another task has its turn while an answer comes."""
        talk = asyncio.create_task(collected(generators.load(None, None, seen=seen)))
        turns = 0
        while not talk.done():
            turns += 1
            await asyncio.sleep(0)
        return turns

    async def collected(friend: Generator) -> list[Said]:
        return [said async for said in friend.stream(Prompt("면접에서 떨어졌어", find("좌절한")))]

    unseen = asyncio.run(looks(seen=False))
    assert unseen < 100 < asyncio.run(looks(seen=True))


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("면접에서 떨어졌어", "좌절한", "면접"),
        ("여자 친구한테 미안해", "죄책감의", "여자 친구"),
        ("팀장님이 자꾸 나만 시켜", "억울한", "팀장님"),
        ("월급이 들어왔다", "만족스러운", "월급으로"),
    ],
)
def test_it_takes_up_a_word_that_was_said(text: str, label: str, expected: str) -> None:
    assert expected in core(Prompt(text, find(label)))


@pytest.mark.parametrize(
    "text",
    [
        "엄마가 돌아가셨어",
        "친구가 없어",
        "남자친구랑 헤어졌어",
        "강아지가 어제 죽었어",
        "아빠가 때렸어",
        "전 여자 친구랑 찍은 사진을 봤어",
        "친구 엄마가 나를 미워해",
        "돈가스가 별로였어",
        "회사 그만뒀어",
        "친구의 말이 아팠어",
    ],
)
def test_it_takes_up_no_word_where_that_could_be_cruel_or_wrong(text: str) -> None:
    assert offline._topic_asks(text, "bad") == []


@pytest.mark.parametrize("fresh", [True, False], ids=["from the prompt", "from memory"])
def test_thirty_turns_of_one_emotion_never_repeat_a_reply(emotion: Emotion, fresh: bool) -> None:
    said = [text.split("\n\n")[0] for text in talk(Prompt("그렇게 됐어", emotion), 30, fresh=fresh)]
    assert len(set(said)) == 30
    reactions = offline._read(GROUP_GLOSSES[emotion.group or ""])
    supply = [*reactions[emotion.label]["says"], *reactions["group"]["says"]]
    opening = [next(line for line in supply if text.startswith(line)) for text in said]
    assert len(set(opening[: len(supply)])) == len(supply)
    assert set(opening[:3]) <= set(reactions[emotion.label]["says"])


def test_thirty_plain_turns_never_repeat_a_reply() -> None:
    assert len(set(talk(Prompt("전세 계약을 하고 왔어", None), 30, fresh=True))) == 30


@pytest.mark.parametrize("text", ["안녕", "ㅋㅋㅋ", "밥 먹었어?", "", "고마워", "이제 자야지"])
def test_small_talk_is_never_answered_twice_alike_in_a_row(text: str) -> None:
    said = talk(Prompt(text, None), 12, fresh=True)
    assert all(one != two for one, two in pairwise(said))


def test_asking_again_gives_another_reply_for_the_same_and_for_another_emotion() -> None:
    friend = OfflineFriend(pause_s=0)
    sad = Prompt("오늘은 좀 그래", find("슬픔"))
    said = [core(p, friend) for p in (sad, sad, sad, replace(sad, emotion=find("분노")))]
    assert len(set(said)) == 4


def test_same_prompt_and_seed_same_reply_another_seed_another_order() -> None:
    prompt = Prompt("오늘은 좀 그래", find("슬픔"))
    assert answer(prompt) == answer(prompt)
    assert len({core(prompt, OfflineFriend(0, seed=str(seed))) for seed in range(8)}) > 1


@pytest.mark.parametrize("label", ["기쁨", "신이 난", "분노", "슬픔"])
def test_calm_is_serious_and_speaks_of_safety_and_help_whatever_the_emotion(label: str) -> None:
    said = talk(Prompt("죽고 싶어", find(label), calm=True), 30, fresh=True)
    for text in said:
        assert not CHEERFUL.search(text)
        assert "109" in text
        assert text.endswith("?")
        assert re.search("안전|살아|무사|다치지", text)
    assert len(set(said)) == 30
    assert said == talk(Prompt("죽고 싶어", None, calm=True), 30, fresh=True)
    assert "죽고 싶다는 생각이 드는 거야?" in said[0]


@pytest.mark.parametrize(
    "text",
    ["너 사람이야?", "혹시 AI야?", "누구야?", "넌 누구니", "근데 너 진짜 사람 맞아?", "너 이름이 뭐야?"],
)
def test_asked_what_it_is_it_says_so_and_how_to_connect_a_model(text: str) -> None:
    for feeling in (None, find("기쁨")):
        said = answer(Prompt(text, feeling))
        assert "모델" in said
        assert "사람" in said
        assert "`sweetchat auth set`" in said
    calm = answer(Prompt(text, None, calm=True))
    assert "사람" in calm
    assert "109" in calm


@pytest.mark.parametrize(
    "text", ["그 사람이야", "저 사람 누구야?", "나도 사람이야", "너 뭐 해?", "내가 사람이야?"]
)
def test_other_talk_of_people_is_not_taken_for_that_question(text: str) -> None:
    assert "sweetchat auth set" not in answer(Prompt(text, None))


def test_the_first_reply_alone_says_that_there_is_no_language_model() -> None:
    first, *later = talk(Prompt("그렇게 됐어", find("슬픔")), 10, fresh=True)
    assert "언어 모델" in first
    assert not any("언어 모델" in text for text in later)


@pytest.mark.parametrize("text", ["할머니가 돌아가셨어", "고양이가 어제 죽었어", "장례식에 다녀왔어"])
def test_a_death_is_never_celebrated(text: str) -> None:
    for emotion in EMOTIONS:
        if emotion.group == "기쁨":
            assert not CHEERFUL.search(core(Prompt(text, emotion)))


def test_hatred_of_oneself_is_never_agreed_with() -> None:
    inward = offline._read("turned_inward")["says"]
    for label in ("혐오스러운", "한심한", "분노", "악의적인"):
        for text in ("내가 너무 싫어", "나 진짜 한심해", "내 자신이 미워"):
            assert any(answer(Prompt(text, find(label))).startswith(line) for line in inward)
    assert not any(
        answer(Prompt("내가 싫어하는 사람이 왔어", find("혐오스러운"))).startswith(x) for x in inward
    )


@pytest.mark.parametrize(("label", "mood"), [("슬픔", "after_hard"), ("기쁨", "after_joy")])
def test_a_plain_message_is_answered_in_the_mood_of_what_came_before(label: str, mood: str) -> None:
    before = Turn("그렇게 됐어", picked=find(label))
    statement = offline._read("plain")["statement"]
    said = core(Prompt("다른 사람이 생겼대", None, earlier=(before,)))
    assert any(said.startswith(line) for line in statement[mood]["says"])
    plain = Turn("그렇구나")
    later = core(Prompt("다른 사람이 생겼대", None, earlier=(before, plain, plain, plain)))
    assert any(later.startswith(line) for line in statement["says"])


def test_a_short_answer_asks_nothing_back() -> None:
    said = core(Prompt("오늘 하루가 참 길었어", find("슬픔"), length="short"))
    assert not said.endswith("?")


def test_english_gets_one_english_sentence_and_help_in_danger() -> None:
    assert "only know Korean" in answer(Prompt("are you human?", find("기쁨")))
    assert "109" in answer(Prompt("I want to die", None, calm=True))


@pytest.mark.parametrize(
    "text",
    ["친구가 자살하겠대", "동생이 자살하겠다고 해", "친구가 자해를 해", "우리 엄마가 죽고 싶다고 했어 ㅠㅠ"],
)
def test_danger_of_another_is_not_taken_for_ones_own(text: str) -> None:
    for said in talk(Prompt(text, None, calm=True), 8, fresh=True):
        assert "네가 살아 있" not in said and "109" in said
        assert not re.search(r"죽고 싶다는 생각이 드는|위험한 게 가까이|지금 혼자 있어, 아니면", said)


@pytest.mark.parametrize(
    "text", ["죽고 싶어", "엄마가 나보고 죽으래", "엄마가 보고 싶어서 죽고 싶어", "남친이 헤어지재 죽고 싶다"]
)
def test_ones_own_danger_is_not_taken_for_anothers(text: str) -> None:
    assert "네가" in answer(Prompt(text, None, calm=True))


def test_an_emotion_of_another_label_set_is_answered_plainly() -> None:
    assert answer(Prompt("그렇게 됐어", Emotion(0, "joy", "joy", None, None)))


@given(
    st.text()
    | st.text(alphabet=st.sampled_from("{}%s0이/가 면접친구엄마너사람야?ㅋㅠ\x00\x1b\ud800\u202e🥲")),
    st.none() | st.sampled_from(EMOTIONS),
    st.booleans(),
)
@example("{0} %s {이/가} {__class__}", None, False)
@example("면접{이/가} 떨어졌어", find("좌절한"), False)
def test_any_text_is_answered_with_our_words_alone(text: str, emotion: Emotion | None, calm: bool) -> None:
    said = stream(OfflineFriend(pause_s=0), Prompt(text, emotion, calm=calm))
    assert said[-1] == Finished("stop", None)
    pieces = [piece.text for piece in said[:-1] if isinstance(piece, Piece)]
    assert len(pieces) == len(said) - 1 > 1
    whole = "".join(pieces)
    assert whole.strip() == whole
    assert not re.search(r"[{}%\x00-\x09\x0b-\x1f\ud800-\udfff]", whole)


@pytest.mark.parametrize(
    "text",
    ["면접에서 떨어졌어 " * 100_000, "야" * 1_000_000, "ㅋ" * 1_000_000, "너 " * 500_000, "{" * 1_000_000],
)
def test_a_megabyte_is_answered(text: str) -> None:
    for feeling in (None, find("슬픔")):
        assert answer(Prompt(text, feeling)) == answer(Prompt(text[:LONGEST_MESSAGE], feeling))


def test_the_stream_is_the_whole_reply_word_by_word() -> None:
    friend, prompt = OfflineFriend(pause_s=0), Prompt("면접에서 떨어졌어", find("좌절한"))
    pieces = [said.text for said in stream(friend, prompt) if isinstance(said, Piece)]
    assert "".join(pieces) == OfflineFriend(pause_s=0)._reply(prompt)
    assert all(re.fullmatch(r"\S+\s*", piece) for piece in pieces)


def test_whoever_wants_to_be_heard_is_asked_nothing_and_advice_is_not_made_up(emotion: Emotion) -> None:
    for manner in ("listen", "comfort"):
        said = talk(Prompt("오늘 하루가 참 길었어", emotion, manner=manner), 12, fresh=True)  # type: ignore[arg-type]
        assert not any("?" in text.split("\n\n")[0] for text in said)
        assert len(set(said[:4])) == 4
    advice = core(Prompt("어떻게 하면 좋을까", emotion, manner="advise"))
    assert "조언" in advice
    assert "조언" not in core(Prompt("고마워", emotion, manner="advise"))
    calm = Prompt("죽고 싶어", emotion, calm=True)
    assert core(replace(calm, manner="advise")) == core(calm)
