"""A turn in the app: felt, answered, picked anew, flipped, stopped, broken."""

from fakes import ToldClassifier, feeling
from tui_stage import Stage

from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.errors import JournalUnwritable, TryLater
from sweetchat_tui.generators import Piece
from sweetchat_tui.journal import Journal


async def test_a_message_is_felt_and_answered(stage: Stage) -> None:
    stage.generator.answers = ["아이고 속상했겠다"]
    async with stage.open():
        await stage.shows("어서 와요")
        await stage.say("면접에서 떨어졌어")
        await stage.shows(
            "면접에서 떨어졌어",
            "당신의 감정",
            "1 좌절한 41%",
            "2 실망한 12%",
            "아이고 속상했겠다",
            "좌절한 · told-model",
        )
        assert "어서 와요" not in stage.screen()
        assert stage.composer == ""


async def test_another_emotion_is_answered_in_place_and_variants_flip(stage: Stage) -> None:
    stage.generator.answers = ["첫 대답", "둘째 대답"]
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("첫 대답")
        await stage.pilot.press("alt+2")
        await stage.shows("둘째 대답", "실망한 · told-model", "2/2")
        assert "첫 대답" not in stage.screen()
        assert stage.screen().count("떨어졌어") == 1
        await stage.pilot.press("alt+left")
        await stage.shows("첫 대답", "1/2")
        conversation = stage.journal.latest()
        assert conversation is not None
        (turn,) = conversation.turns
        assert (len(turn.replies), turn.shown) == (2, 0)


async def test_an_emotion_that_was_answered_is_shown_and_not_asked_again(stage: Stage) -> None:
    stage.generator.answers = ["첫 대답", "둘째 대답"]
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("첫 대답")
        await stage.pilot.press("alt+2")
        await stage.shows("둘째 대답", "2/2")
        await stage.pilot.press("alt+1")
        await stage.shows("첫 대답", "1/2")
        assert len(stage.generator.prompts) == 2


async def test_digits_pick_where_a_message_has_the_focus(stage: Stage) -> None:
    stage.generator.answers = ["첫 대답", "셋째 감정 대답"]
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
        await stage.pilot.press("up", "3")
        await stage.shows("셋째 감정 대답", "슬픔 · told-model")
        await stage.pilot.press("left_square_bracket")
        await stage.shows("첫 대답", "1/2")
        await stage.pilot.press("escape")
        await stage.pilot.press("3")
        assert stage.composer == "3"


async def test_no_chip_is_broken_where_the_screen_is_narrow(stage: Stage) -> None:
    for columns in (60, 52, 44, 36):
        async with stage.open(size=(columns, 20)):
            await stage.say("떨어졌어")
            await stage.shows("1 좌절한 41%", "2 실망한 12%", "3 슬픔 9%", "4 찾기")


async def test_a_chip_can_be_clicked(stage: Stage) -> None:
    stage.generator.answers = ["첫 대답", "둘째 대답"]
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
        lines = stage.screen().splitlines()
        row = next(y for y, line in enumerate(lines) if "실망한 12%" in line)
        from rich.cells import cell_len

        column = cell_len(lines[row][: lines[row].index("실망한")])
        await stage.pilot.click(offset=(column + 1, row))
        await stage.shows("둘째 대답", "실망한 · told-model")


async def test_any_emotion_is_found_by_its_first_consonants(stage: Stage) -> None:
    stage.generator.answers = ["첫 대답", "많이 외로웠구나"]
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
        await stage.pilot.press("alt+4")
        await stage.shows("어떤 감정에 더 가까워요?", "Esc 닫기")
        place = stage.app.screen.query_one("#picker").region
        await stage.pilot.press("ㅇ", "ㄹ", "ㅇ")
        await stage.shows("외로운 · lonely")
        assert stage.app.screen.query_one("#picker").region == place
        await stage.pilot.press("enter")
        await stage.shows("많이 외로웠구나", "외로운 · told-model")
        conversation = stage.journal.latest()
        assert conversation is not None and conversation.turns[0].picked is not None
        assert conversation.turns[0].picked.label == "외로운"


async def test_no_clear_emotion_is_said_and_a_guess_can_be_confirmed(stage: Stage) -> None:
    stage.classifier = ToldClassifier(feeling("안도", "편안한", uncertain=True))
    stage.generator.answers = ["응 안녕", "다행이다"]
    async with stage.open():
        await stage.say("안녕")
        await stage.shows("뚜렷하지 않음", "감정 없이 · told-model")
        await stage.pilot.press("alt+1")
        await stage.shows("다행이다", "안도 · told-model")


async def test_escape_stops_the_answer_and_keeps_what_was_said(stage: Stage) -> None:
    stage.generator.answers = [" ".join(["하나", *["말"] * 300])]
    stage.generator.pause_s = 0.02
    async with stage.open():
        await stage.say("길게 말해 줘")
        await stage.shows("하나")
        await stage.pilot.press("escape")
        await stage.shows("멈춤")
        conversation = stage.journal.latest()
        assert conversation is not None and conversation.turns[0].reply is not None
        assert conversation.turns[0].reply.finish == "cancelled"
        stage.generator.pause_s = 0
        stage.generator.answers = ["이어서"]
        await stage.say("그래")
        await stage.shows("이어서")


async def test_picking_while_answering_stops_the_one_and_gives_the_other(stage: Stage) -> None:
    stage.generator.answers = [" ".join(["하나", *["말"] * 300]), "다른 대답"]
    stage.generator.pause_s = 0.02
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("하나")
        stage.generator.pause_s = 0
        await stage.pilot.press("alt+2")
        await stage.shows("다른 대답", "2/2")


async def test_a_failure_stands_in_place_with_what_to_do_and_can_be_tried_again(stage: Stage) -> None:
    stage.generator.answers = [
        [Piece("여기까지 "), TryLater("대답이 끊겼어요.", "잠시 뒤에 다시 해 보세요.")],
        "이제 됐다",
    ]
    async with stage.open():
        await stage.say("말")
        await stage.shows("여기까지", "대답이 끊겼어요.", "→ 잠시 뒤에 다시 해 보세요.", "Ctrl+R")
        await stage.pilot.press("ctrl+r")
        await stage.shows("이제 됐다")
        assert "끊겼어요" not in stage.screen()


async def test_words_that_could_not_be_kept_go_back_to_the_composer(stage: Stage) -> None:
    class Full(Journal):
        def keep(self, conversation_id: str, turn: Turn) -> None:
            raise JournalUnwritable("기록할 수 없어요.", "디스크를 비워 주세요.")

    stage.journal = Full.open(None)
    async with stage.open():
        await stage.say("잃으면 안 되는 말")
        await stage.shows("기록할 수 없어요.", "디스크를 비워 주세요.")
        assert stage.composer == "잃으면 안 되는 말"
    stage.journal.close()


async def test_help_is_shown_for_someone_in_danger_and_stays_pinned(stage: Stage) -> None:
    stage.generator.answers = ["나 여기 있어", "나 여기 있어"]
    async with stage.open(size=(80, 40)):
        await stage.say("죽고 싶어")
        await stage.shows("109", "나 여기 있어")
        assert stage.app.screen.query_one("#pinned").display
        await stage.pilot.press("alt+2")
        await stage.until(lambda: len(stage.generator.prompts) == 2)
        assert all(prompt.calm for prompt in stage.generator.prompts)


async def test_what_people_and_models_write_is_never_markup(stage: Stage) -> None:
    stage.generator.answers = ["[bold]굵게[/bold] [@click=app.quit]끝[/]"]
    async with stage.open():
        stage.write("[red]빨강[/red] [@click=app.quit()]눌러[/]")
        await stage.pilot.press("enter")
        await stage.shows("[red]빨강[/red]", "[@click=app.quit()]눌러[/]", "[bold]굵게[/bold]")


async def test_a_conversation_is_resumed_and_can_be_answered_again(stage: Stage) -> None:
    stage.generator.answers = ["첫 대답", "둘째 대답"]
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
    async with stage.open(conversation=stage.journal.latest()):
        await stage.shows("떨어졌어", "첫 대답", "1 좌절한 41%")
        await stage.pilot.press("alt+3")
        await stage.shows("둘째 대답", "2/2")


async def test_a_new_conversation_starts_empty_and_the_old_one_stays(stage: Stage) -> None:
    async with stage.open():
        await stage.say("떨어졌어")
        await stage.shows("좌절한 · told-model")
        await stage.pilot.press("ctrl+n")
        await stage.shows("어서 와요")
        await stage.say("안녕")
        await stage.until(lambda: len(stage.journal.conversations()) == 2)


async def test_a_long_conversation_opens_at_its_end(stage: Stage) -> None:
    conversation = Conversation(tuple(Turn(f"{n}번째 말") for n in range(300)))
    async with stage.open(conversation=conversation):
        await stage.shows("299번째 말")
        assert len(stage.app.screen.query("TurnView")) < 60


async def test_the_keys_are_told_in_the_language_of_the_screen(stage: Stage) -> None:
    async with stage.open():
        await stage.pilot.press("f1")
        await stage.shows("58가지에서 찾기")
        await stage.pilot.press("escape")
        await stage.until(lambda: "58가지에서 찾기" not in stage.screen())
        await stage.pilot.press("ctrl+c")
        await stage.shows("한 번 더 누르면 끝나요")
