"""The list of conversations and the search, as a person uses them."""

import re
from pathlib import Path

import pytest
from fakes import feeling
from terminal import Terminal
from textual.widgets import OptionList
from tui_stage import Stage

from sweetchat_tui.conversation import Reply, Turn
from sweetchat_tui.tui.hangul import holds, resembles
from sweetchat_tui.tui.screens.conversations import ConversationsScreen
from sweetchat_tui.tui.screens.search import meant
from sweetchat_tui.tui.widgets.turn import TurnView


@pytest.fixture
def told(stage: Stage) -> Stage:
    """Three conversations."""
    stage.journal.keep("a", Turn("면접에서 떨어졌어", feeling("좌절한")))
    stage.journal.keep("b", Turn("어제 고양이가 왔어", feeling("신이 난")))
    reply = Reply("그랬구나, 면접은 늘 떨려", None, "told", "m", None, "friend", "stop")
    stage.journal.keep("c", Turn("[b]저녁[/b]이 조용해", feeling("외로운"), replies=(reply,), id="quiet"))
    return stage


async def test_conversations_are_listed_newest_first_with_the_word_of_their_emotion(told: Stage) -> None:
    async with told.open(size=(60, 20)):
        await told.pilot.press("ctrl+o")
        await told.shows("[b]저녁[/b]이 조용해", "외로운", "신이 난", "좌절한", "1번")
        shown = told.screen()
        assert shown.index("저녁") < shown.index("고양이") < shown.index("면접")


async def test_a_title_is_found_by_syllables_and_by_first_consonants_and_opened(told: Stage) -> None:
    async with told.open():
        await told.pilot.press("ctrl+o", *"ㅁㅈ")
        await told.until(lambda: "고양이" not in told.screen())
        await told.shows("면접에서 떨어졌어")
        await told.pilot.press("backspace", "backspace", *"고양이")
        await told.until(lambda: "면접" not in told.screen())
        await told.pilot.press("enter")
        await told.shows("당신의 감정", "어제 고양이가 왔어")


async def test_what_is_deleted_can_be_taken_back_while_the_list_is_open(told: Stage) -> None:
    async with told.open():
        await told.pilot.press("ctrl+o", "down", "ctrl+d")
        await told.shows("지웠어요", "Ctrl+Z")
        assert [s.id for s in told.journal.conversations()] == ["c", "a"]
        await told.pilot.press("ctrl+d")
        await told.shows("외 1개")
        await told.pilot.press("ctrl+z", "ctrl+z")
        await told.until(lambda: "지웠어요" not in told.screen())
        assert [s.id for s in told.journal.conversations()] == ["c", "b", "a"]


async def test_the_undo_can_be_clicked(told: Stage) -> None:
    async with told.open():
        await told.pilot.press("ctrl+o", "ctrl+d")
        await told.shows("지웠어요")
        await told.pilot.click("#standing", offset=(3, 0))
        await told.until(lambda: len(told.journal.conversations()) == 3)


async def test_deleting_what_is_open_leaves_a_new_conversation(told: Stage) -> None:
    told.generator.answers = ["어서 와"]
    async with told.open(conversation=told.journal.conversation("c")):
        await told.pilot.press("ctrl+o", "ctrl+d", "escape")
        await told.shows("어서 와요")
        await told.say("안녕")
        await told.shows("told-model")
        assert "c" not in [s.id for s in told.journal.conversations()]


async def test_a_conversation_gets_a_name(told: Stage) -> None:
    async with told.open():
        await told.pilot.press("ctrl+o", "f2")
        await told.shows("뭐라고 부를까요")
        await told.pilot.press("end", *"!", "enter")
        await told.shows("[b]저녁[/b]이 조용해!")
        assert told.journal.conversations()[0].title == "[b]저녁[/b]이 조용해!"
        await told.pilot.press("f2")
        await told.shows("뭐라고 부를까요")
        await told.pilot.press(*"밤", "enter")
        await told.until(lambda: told.journal.conversations()[0].title == "밤")


async def test_no_place_offers_what_leads_away_from_the_conversation_alone(told: Stage) -> None:
    async with told.open(size=(80, 40)):
        await told.pilot.press("ctrl+o", "f1")
        await told.shows("이름", "내보내기", "도움 받을 곳")
        assert not {"찾기", "보내는 것 그대로 보기"} & set(re.split(r"\s{2,}|│", told.screen()))
        await told.pilot.press("escape", "ctrl+f")
        titles = [c.title for c in told.app.get_system_commands(told.app.screen)]
        assert "끝내기" in titles and "모든 대화에서 찾기" not in titles
        assert isinstance(told.app.screen, ConversationsScreen)


async def test_a_conversation_is_exported_where_it_says(told: Stage, own_home: Path) -> None:
    async with told.open():
        await told.pilot.press("ctrl+o", "ctrl+s")
        await told.shows("내보냈어요")
    (file,) = own_home.glob("sweetchat-c*.md")
    assert "저녁" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0


async def test_the_list_is_read_as_far_as_one_goes(stage: Stage) -> None:
    for n in range(500):
        stage.journal.keep(f"c{n}", Turn(f"({n})째 대화"))
    async with stage.open():
        await stage.pilot.press("ctrl+o")
        await stage.shows("(499)째 대화")
        rows = stage.app.screen.query_one(OptionList)
        assert rows.option_count < 200
        await stage.pilot.press(*["pagedown"] * 60)
        await stage.shows("(0)째 대화")
        await stage.pilot.press(*"(7)")
        await stage.until(lambda: rows.option_count and "(7)째" in stage.screen().splitlines()[4])


async def test_one_syllable_is_found_and_gone_to_in_its_place(told: Stage) -> None:
    for n in range(60):
        told.journal.keep("c", Turn(f"({n})째 말"))
    async with told.open():
        await told.pilot.press("ctrl+f", "떨")
        await told.shows("면접에서 떨어졌어", "면접은 늘 떨려", "2개를 찾았어요", "친구", "좌절한")
        await told.pilot.press("enter")
        await told.shows("조용해", "(0)째 말")
        focused = told.app.screen.focused
        assert isinstance(focused, TurnView) and focused.turn.id == "quiet"


async def test_an_emotion_alone_and_with_words(told: Stage) -> None:
    async with told.open():
        await told.pilot.press("ctrl+f", *"#외로운")
        await told.shows("조용해", "1개를 찾았어요")
        await told.pilot.press("space", *"떨려")
        await told.shows("면접은 늘 떨려")
        await told.pilot.press("space", *"#없는감정")
        await told.shows("그런 감정은 없어요: 없는감정")


async def test_an_emotion_is_picked_from_the_list(told: Stage) -> None:
    async with told.open():
        await told.pilot.press("ctrl+f", "ctrl+t")
        await told.shows("어떤 감정에 더 가까워요?")
        await told.pilot.press(*"ㅈㅈㅎ", "enter")
        await told.shows("#좌절한", "면접에서 떨어졌어", "1개를 찾았어요")


async def test_both_are_in_the_palette(told: Stage) -> None:
    async with told.open():
        titles = [c.title for c in told.app.get_system_commands(told.app.screen)]
        assert "지난 대화 보기" in titles and "모든 대화에서 찾기" in titles


def test_what_is_typed_means_words_and_emotions() -> None:
    assert meant("  면접  날 ") == ("면접 날", (), "")
    text, emotions, unknown = meant("날 #외로운")
    assert (text, [e.label for e in emotions], unknown) == ("날", ["외로운"], "")
    assert {e.group for e in meant("#슬픔무리")[1]} == set()
    assert {e.group for e in meant("#anger")[1]} == {"분노"}
    assert [e.label for e in meant("#신이난")[1]] == ["신이 난"]
    assert [e.label for e in meant("#외")[1]] == ["외로운"]
    assert meant("#") == ("", (), "")


@pytest.mark.parametrize(
    ("wanted", "close", "loose"),
    [
        ("면접", True, True),
        ("ㅁㅈ", True, True),
        ("졌 면", True, False),
        ("면떨", False, True),
        ("고", False, False),
    ],
)
def test_titles_are_found_by_their_words_or_by_letters_in_order(
    wanted: str, close: bool, loose: bool
) -> None:
    assert holds("면접에서 떨어졌어", wanted) is close
    assert resembles("면접에서 떨어졌어", wanted) is loose


def test_in_a_real_terminal_a_syllable_committed_together_with_enter_is_searched(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows("어서 와요", "이 컴퓨터 안에서만")
        app.type("면접에서 떨어졌어\r")
        app.shows("당신의 감정", " · offline-1\n")
        app.type("\x0e")
        app.shows("어서 와요")
        app.type("\x06")
        app.shows("찾을 말, 또는 #감정")
        app.until(lambda _: app.screen.cursor.y == 2)
        app.type("떨어", "졌")
        app.shows("1개를 찾았어요", "나 · ")
        app.until(lambda _: (app.screen.cursor.x, app.screen.cursor.y) == (8, 2))
        app.type("어\r")
        app.shows("당신의 감정", "면접에서 떨어졌어", "오늘 어땠어?")
        app.type("\x0f", "ㅁㅈ\r")
        app.shows("당신의 감정", "오늘 어땠어?")
