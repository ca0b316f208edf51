"""Words on their way: queued, changed after they were sent, taken back, cleared, kept."""

from textual.events import Paste
from textual.widgets import Markdown
from tui_stage import Stage

from sweetchat_tui import paths
from sweetchat_tui.errors import TryLater
from sweetchat_tui.generators import Piece
from sweetchat_tui.tui.screens.conversation import ConversationScreen
from sweetchat_tui.tui.widgets.composer import Composer
from sweetchat_tui.tui.widgets.plain import Plain
from sweetchat_tui.tui.widgets.turn import TurnView

LONG = " ".join(["하나", *["말"] * 300])


def words(stage: Stage) -> list[str]:
    conversation = stage.journal.latest()
    return [turn.text for turn in conversation.turns] if conversation else []


async def test_words_sent_while_an_answer_is_given_wait_in_order(stage: Stage) -> None:
    stage.generator.answers = [LONG, "둘째 대답", "셋째 대답"]
    stage.generator.pause_s = 0.02
    async with stage.open(size=(80, 40)):
        await stage.say("길게")
        await stage.shows("하나")
        await stage.say("다음")
        await stage.say("그다음")
        await stage.shows(": 다음", ": 그다음")
        assert stage.composer == "" and words(stage) == ["길게"]
        assert paths.draft_file().read_text(encoding="utf-8") == "다음\n그다음"
        await stage.pilot.press("escape")
        await stage.shows("둘째 대답", "셋째 대답")
        assert words(stage) == ["길게", "다음", "그다음"]
        assert "기다리는 말" not in stage.screen()


async def test_words_that_wait_can_each_be_taken_back(stage: Stage) -> None:
    stage.generator.answers = [LONG]
    stage.generator.pause_s = 0.02
    async with stage.open():
        await stage.say("길게")
        await stage.shows("하나")
        for text in ("가", "나", "다"):
            await stage.say(text)
        await stage.shows(": 다")
        await stage.pilot.click("#waiting > Static")
        await stage.until(lambda: stage.composer == "가")
        await stage.pilot.press("ctrl+t")
        assert stage.composer == "다\n가"
        assert ": 나" in stage.screen()
        stage.write("")
        await stage.pilot.press("ctrl+t", "escape")
        assert words(stage) == ["길게"]


async def test_after_a_failure_what_waits_goes_back_to_the_composer(stage: Stage) -> None:
    stage.generator.answers = [[TryLater("대답이 끊겼어요.", "잠시 뒤에 다시 해 보세요.")]]
    stage.generator.pause_s = 0.5
    async with stage.open():
        await stage.say("말")
        await stage.say("다음")
        await stage.shows("대답이 끊겼어요.")
        await stage.until(lambda: stage.composer == "다음")
        assert words(stage) == ["말"]


async def test_a_message_is_taken_back_while_it_is_answered_and_when_it_was(stage: Stage) -> None:
    stage.generator.answers = ["첫 대답", LONG]
    async with stage.open():
        await stage.say("첫말")
        await stage.shows("좌절한 · told-model")
        stage.generator.pause_s = 0.02
        await stage.say("잘못 보낸 말")
        await stage.shows("하나")
        await stage.pilot.press("ㅎ", "ctrl+t")
        await stage.until(lambda: stage.composer == "잘못 보낸 말\nㅎ")
        assert words(stage) == ["첫말"]
        assert "하나" not in stage.screen()
        await stage.pilot.press("ctrl+t")
        await stage.shows("어서 와요")
        assert stage.composer == "첫말\n잘못 보낸 말\nㅎ"
        assert words(stage) == []


async def test_a_sent_message_is_changed_in_place_and_answered_again(stage: Stage) -> None:
    stage.generator.answers = ["첫 대답", "둘째 대답", "고친 대답"]
    async with stage.open(size=(80, 40)):
        await stage.say("떨어졌어")
        await stage.shows("첫 대답")
        await stage.until(lambda: "told-model" in stage.screen())
        await stage.say("슬퍼")
        await stage.shows("둘째 대답")
        await stage.until(lambda: stage.screen().count("· told-model") == 2)
        await stage.pilot.press("up", "up")
        stage.write("쓰던 말")
        await stage.pilot.press("ㄷ")
        await stage.shows("보낸 말 고치는 중")
        assert stage.composer == "떨어졌어"
        await stage.pilot.press("!", "enter")
        await stage.shows("떨어졌어!", "고친 대답")
        assert "첫 대답" not in stage.screen()
        assert words(stage) == ["떨어졌어!", "슬퍼"]
        assert stage.composer == "쓰던 말"
        assert stage.generator.prompts[-1].earlier == ()
        conversation = stage.journal.latest()
        assert conversation is not None and [len(turn.replies) for turn in conversation.turns] == [1, 1]


async def test_escape_leaves_a_change_and_brings_the_draft_back(stage: Stage) -> None:
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
        await stage.pilot.press("up")
        stage.write("쓰던 말")
        await stage.pilot.press("e", "!", "escape")
        assert stage.composer == "쓰던 말"
        assert "고치는 중" not in stage.screen()
        assert words(stage) == ["떨어졌어"]


async def test_ctrl_c_clears_then_quits_and_the_draft_is_never_lost(stage: Stage) -> None:
    async with stage.open():
        stage.write("쓰던 말")
        await stage.pilot.press("ctrl+c")
        await stage.shows("지웠어요")
        assert stage.composer == ""
        await stage.pilot.press("ctrl+z")
        assert stage.composer == "쓰던 말"
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: not stage.app.is_running)
    assert paths.draft_file().read_text(encoding="utf-8") == "쓰던 말"


async def test_an_answer_that_ends_with_a_fence_stands_whole(stage: Stage) -> None:
    stage.generator.answers = ["먼저 봐\n\n```\nprint(1)\n```\n\n끝이야"]
    async with stage.open(size=(80, 40)):
        await stage.say("코드")
        await stage.shows("먼저 봐", "print(1)", "끝이야", "told-model")
        markdown = stage.app.screen.query_one(Markdown)
        assert markdown.source.strip() == "먼저 봐\n\n```\nprint(1)\n```\n\n끝이야"


async def test_what_is_read_above_stays_where_it_is_while_an_answer_comes(stage: Stage) -> None:
    stage.generator.answers = ["\n\n".join(f"{n}째 줄" for n in range(20)), LONG * 3]
    async with stage.open():
        await stage.say("첫말")
        await stage.shows("told-model")
        stage.generator.pause_s = 0.01
        await stage.say("둘째")
        await stage.shows("하나")
        await stage.pilot.press("shift+tab")
        pane = stage.app.screen.query_one("#pane")
        pane.scroll_to(y=4, animate=False)
        await stage.shows("3째 줄")

        def read() -> list[tuple[int, str]]:
            lines = enumerate(stage.screen().splitlines())
            return [(row, line[:-2]) for row, line in lines if "째 줄" in line]  # without the scrollbar

        before = read()
        coming = stage.app.screen.query(Plain).last()
        height = coming.size.height
        await stage.until(lambda: coming.size.height > height + 4)
        assert read() == before


async def test_scrolling_up_while_an_answer_comes_moves_it_by_as_much_and_reaches_its_start(
    stage: Stage,
) -> None:
    async with stage.open():
        stage.generator.answers = [[Piece(f"{n}번째 줄\n") for n in range(200)]]
        stage.generator.pause_s = 0.01
        await stage.say("길게")
        await stage.shows("70번째")
        pane = stage.app.screen.query_one("#pane")

        def read() -> dict[str, int]:
            return {
                line[:16].strip(): row
                for row, line in enumerate(stage.screen().splitlines())
                if "번째" in line
            }

        before = read()
        pane.scroll_relative(y=-3, animate=False)
        await stage.until(lambda: read() != before)
        moved = read()
        kept = before.keys() & moved.keys()
        assert len(kept) >= len(before) - 3
        assert {line: row + 3 for line, row in before.items() if line in kept} == {k: moved[k] for k in kept}
        await stage.pilot.pause(0.3)
        assert moved.items() <= read().items()  # more may have come below
        await stage.pilot.press("shift+tab", "home")
        await stage.shows("길게", "0번째 줄", "1번째 줄")


async def test_what_is_set_aside_while_a_message_is_changed_is_in_the_draft(stage: Stage) -> None:
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
        stage.write("쓰던 말")
        stage.app.screen.query_one(Composer).change(stage.journal.latest().turns[0])  # type: ignore[union-attr]
        assert stage.app.screen.query_one(Composer).draft == "쓰던 말"


async def test_the_first_message_of_a_conversation_is_no_fault(stage: Stage) -> None:
    async with stage.open() as stage:
        stood = stage.screen().splitlines()[-2]
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
        assert stage.screen().splitlines()[-2] == stood  # news would stand there for seconds


async def test_words_typed_or_pasted_where_a_message_has_the_focus_are_written(stage: Stage) -> None:
    stage.generator.answers = ["첫 대답", "둘째 대답"]
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("첫 대답")
        await stage.pilot.press("up", "2")
        await stage.shows("둘째 대답")
        await stage.pilot.press(*(" " if c == " " else c for c in "그래서 e2"))
        await stage.until(lambda: stage.composer == "그래서 e2")
        await stage.pilot.press("home")
        stage.app.screen.query(TurnView).last().focus()
        await stage.pilot.pause()
        stage.app.post_message(Paste("말인데 "))
        await stage.until(lambda: stage.composer == "말인데 그래서 e2")
        await stage.pilot.press("ctrl+f", "떨", "escape")
        await stage.until(lambda: isinstance(stage.app.screen, ConversationScreen))
        assert stage.composer == "말인데 그래서 e2"
