"""Small talk with the offline friend: what is said to it, and what is said where no emotion is clear."""

import pytest

from sweetchat_tui.emotions import Emotion, find
from sweetchat_tui.generators import offline


def names_of(emotion: Emotion | None, text: str) -> list[str]:
    """The small talk for which a message is taken."""
    says = offline._tiers(emotion, text, None)[0][0]
    talks = [*offline._read("to_friend")["talk"], *offline._read("talk")["talk"]]
    return [talk["name"] for talk in talks if talk["says"] == says]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("안녕", "인사"),
        ("운동화가 나을까?", "고민"),
        ("아파트 보고 왔어", None),
        ("로그인 아이디 까먹었다", None),
        ("배고파 죽겠다", "배고픔"),
        ("오늘 너무 힘들어", "무거운 말"),
        ("🥲", "말 없는 글"),
    ],
)
def test_small_talk_is_read_as_a_person_would(text: str, wanted: str | None) -> None:
    assert names_of(None, text) == ([wanted] if wanted else [])


@pytest.mark.parametrize("label", ["슬픔", "기쁨", "죄책감의", "감사하는"])
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("고마워", "고맙다는 말"),
        ("고마워 좀 나아졌어", "고맙다는 말"),
        ("너한테 얘기하니까 고맙다", "고맙다는 말"),
        ("미안 자꾸 힘든 얘기만 해서", "미안하다는 말"),
        ("이제 자야겠다 잘 자", "자러 간다는 말"),
        ("농담 하나 해 줘", "농담"),
        ("응원해 줘", "응원해 달라는 말"),
        ("위로해 줘", "위로해 달라는 말"),
        ("왜 자꾸 물어봐?", "나무람"),
        ("같은 말 하지 마", "나무람"),
        ("넌 어떻게 생각해?", "친구의 생각을 물음"),
        ("너는 헤어져 본 적 있어?", "친구 이야기를 물음"),
        ("너 몇 살이야?", "친구 이야기를 물음"),
        ("너는 뭐 좋아해", "친구 이야기를 물음"),
        ("뭐해?", "뭐 해"),
        ("밥 먹었어?", "너는?"),
    ],
)
def test_what_is_said_to_the_friend_is_answered_so_whatever_was_read(
    text: str, wanted: str, label: str
) -> None:
    assert names_of(find(label), text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "엄마한테 너무 고마워",
        "감사하게도 합격했어",
        "동생한테 미안해 죽겠어",
        "농담인 줄 알았는데 진심이래",
        "걔가 자꾸 물어봐",
        "팀장이 같은 말만 해",
        "넌 내가 한심하지?",
        "너 나 미워하지?",
        "애들이 나한테 바보래",
        "너 때문에 화났어",
        "위로해 주는 사람이 없어",
    ],
)
def test_what_is_said_of_others_is_not_taken_for_it(text: str) -> None:
    assert names_of(find("슬픔"), text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("엄마가 우셨어", "눈물"),
        ("장례식에서 펑펑 울었어", "무거운 말"),
        ("ㅋㅋㅋ 넌 못 먹는구나", "너는?"),
        ("밥도 못 먹겠어", "무거운 말"),
        ("다음 주부터 출근인데 좀 떨려", "떨림"),
        ("그래도 잘할 수 있겠지?", "잘될까"),
        ("내가 뭘 잘못한 걸까?", "내 탓일까"),
        ("하아", "한숨"),
        ("그래도 행복했겠지?", "그랬겠지"),
        ("밥은 먹었어 걱정 마", "음식"),
        ("오늘 시험 망쳤어", "무거운 말"),
        ("우리 강아지가 무지개다리를 건넜어", "무거운 말"),
        ("ㅋㅋ 알겠어", "그래"),
        ("오늘 생일이야!", "생일"),
        ("오늘 엄마 생일이야", None),
    ],
)
def test_what_moves_a_person_is_met_where_no_emotion_is_clear(text: str, wanted: str | None) -> None:
    assert names_of(None, text) == ([wanted] if wanted else [])
