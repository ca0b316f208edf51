"""The panel beside the conversation."""

from fakes import ToldClassifier, feeling
from tui_stage import Stage

from sweetchat_tui.emotions import EMOTIONS, Feeling, Score


async def test_the_panel_tells_the_groups_the_course_and_whether_the_answer_met_it(stage: Stage) -> None:
    stage.classifier = ToldClassifier(feeling("좌절한"), feeling("분노"))
    async with stage.open(size=(140, 40)):
        await stage.say("떨어졌어")
        await stage.shows("읽은 감정 모두", "좌절한 41%", "대화의 흐름", "대답이 마음에 닿았어요: 분노")
        await stage.pilot.press("f2")
        await stage.until(lambda: "읽은 감정 모두" not in stage.screen())


async def test_the_panel_is_off_on_a_small_screen_until_it_is_asked_for(stage: Stage) -> None:
    async with stage.open(size=(80, 24)):
        assert "아직 읽은 말이 없어요." not in stage.screen()
        await stage.pilot.press("f2")
        await stage.shows("아직 읽은 말이 없어요.")


async def test_of_emotions_judged_each_by_itself_no_group_has_more_than_the_surest(stage: Stage) -> None:
    told = sorted(
        (Score(e, 0.9 if e.label == "슬픔" else 0.4) for e in EMOTIONS), key=lambda s: -s.confidence
    )
    stage.classifier = ToldClassifier(Feeling(tuple(told), "several-1", False))
    async with stage.open(size=(140, 90)):
        await stage.say("떨어졌어")
        await stage.shows("읽은 감정 모두", "슬픔 ######### 90%", "분노 #### 40%")
