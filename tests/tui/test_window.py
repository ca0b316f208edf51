"""A long conversation: what is mounted of it, and how one moves in it."""

import gc
import time
import weakref
from datetime import UTC, datetime, timedelta

from tui_stage import Stage

from sweetchat_tui.config import Config
from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.tui.widgets.pane import Pane
from sweetchat_tui.tui.widgets.plain import Plain
from sweetchat_tui.tui.widgets.turn import TurnView


def long(count: int) -> Conversation:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return Conversation(
        tuple(Turn(f"({n})째 말", at=start + timedelta(minutes=n), id=f"t{n}") for n in range(count)),
        "c",
    )


def mounted(stage: Stage) -> list[str]:
    return [view.turn.id for view in stage.app.screen.query(TurnView)]


async def test_scrolling_up_reaches_the_first_turn_and_lets_go_of_the_last(stage: Stage) -> None:
    async with stage.open(conversation=long(110)):
        await stage.shows("(109)째 말")
        pane = stage.app.screen.query_one(Pane)
        while "t0" not in mounted(stage):
            first = mounted(stage)[0]
            pane.scroll_to(y=0, animate=False)
            await stage.until(lambda first=first: mounted(stage)[0] != first and not pane._moving)
            assert len(mounted(stage)) <= 64
        assert "t109" not in mounted(stage)
        ids = mounted(stage)
        assert ids == [f"t{n}" for n in range(len(ids))]


async def test_what_is_read_stays_in_its_place_when_more_comes_above(stage: Stage) -> None:
    async with stage.open(conversation=long(110)):
        await stage.shows("(109)째 말")
        pane = stage.app.screen.query_one(Pane)
        for y in (0, 4):
            first = mounted(stage)[0]
            pane.scroll_to(y=y, animate=False)
            await stage.until(lambda first=first: mounted(stage)[0] != first and not pane._moving)
        view = next(view for view in stage.app.screen.query(TurnView) if view.turn.id == first)
        await stage.until(lambda: pane.scroll_y > 4 and abs(view.region.y - pane.region.y) <= 4)


async def test_a_turn_in_the_middle_is_shown_marked_and_one_can_go_down_from_it(stage: Stage) -> None:
    conversation = long(180)
    newest = Conversation(conversation.turns[-50:], conversation.id)
    async with stage.open(conversation=conversation):
        await stage.app._conversation_screen.talk.open(newest, "t100")
        await stage.shows("(100)째 말")
        focused = stage.app.screen.focused
        assert isinstance(focused, TurnView) and focused.turn.id == "t100"
        pane = stage.app.screen.query_one(Pane)
        while "t179" not in mounted(stage):
            last = mounted(stage)[-1]
            pane.scroll_to(y=pane.max_scroll_y, animate=False)
            await stage.until(lambda last=last: mounted(stage)[-1] != last and not pane._moving)
            assert len(mounted(stage)) <= 64
        assert "t100" not in mounted(stage)


async def test_a_tall_screen_is_filled(stage: Stage) -> None:
    async with stage.open(conversation=long(200), size=(80, 100)):
        await stage.shows("(199)째 말", "(165)째 말")


async def test_a_message_from_the_middle_is_said_at_the_end_with_the_newest_turns_before_it(
    stage: Stage,
) -> None:
    conversation = long(120)
    stage.generator.answers = ["여기 있어"]
    async with stage.open(conversation=conversation):
        newest = Conversation(conversation.turns[-30:], conversation.id)
        await stage.app._conversation_screen.talk.open(newest, "t10")
        await stage.shows("(10)째 말")
        stage.app.screen.query_one("#composer").focus()
        await stage.say("새로운 말")
        await stage.shows("(119)째 말", "새로운 말", "여기 있어")
        assert [turn.id for turn in stage.generator.prompts[0].earlier] == [f"t{n}" for n in range(90, 120)]


async def test_an_old_turn_is_answered_again_with_what_came_before_it(stage: Stage) -> None:
    conversation = long(120)
    stage.generator.answers = ["다시 들었어"]
    async with stage.open(conversation=conversation):
        newest = Conversation(conversation.turns[-30:], conversation.id)
        await stage.app._conversation_screen.talk.open(newest, "t50")
        await stage.shows("(50)째 말")
        await stage.pilot.press("ctrl+r")
        await stage.shows("다시 들었어")
        assert [turn.id for turn in stage.generator.prompts[0].earlier] == [f"t{n}" for n in range(20, 50)]
        assert stage.app._conversation_screen.talk.conversation.turns == newest.turns


async def test_scrolling_away_from_an_answer_that_is_given_keeps_it(stage: Stage) -> None:
    stage.generator.answers = ["길게 이어지는 대답이야 " * 1000]
    stage.generator.pause_s = 0.01
    async with stage.open(conversation=long(90)):
        await stage.say("하나")
        await stage.shows("길게 이어지는")
        pane = stage.app.screen.query_one(Pane)
        while "t10" not in mounted(stage):
            first = mounted(stage)[0]
            pane.scroll_to(y=0, animate=False)
            await stage.until(lambda first=first: mounted(stage)[0] != first and not pane._moving)
        assert "t89" in mounted(stage)
        await stage.pilot.press("escape")
        pane.focus()
        await stage.pilot.press("end")
        await stage.shows("좌절한 · told-model · 멈춤")


async def test_the_end_is_one_key_away(stage: Stage) -> None:
    async with stage.open(conversation=long(90)):
        await stage.app._conversation_screen.talk.open(stage.journal.conversation("c", 20), "t10")
        await stage.shows("(10)째 말")
        stage.app.screen.query_one(Pane).focus()
        await stage.pilot.press("end")
        await stage.shows("(89)째 말")


async def test_a_long_talk_keeps_its_newest_turns_mounted_and_nothing_of_the_others(stage: Stage) -> None:
    async with stage.open(conversation=long(10), size=(80, 40)):
        await stage.shows("(0)째 말", "(9)째 말")
        view = stage.app.screen.query(TurnView).first()
        gone = [weakref.ref(widget) for widget in view.walk_children(with_self=True)]
        painted = [weakref.ref(widget._styles_cache) for widget in view.walk_children()]
        del view
        for n in range(12):
            await stage.app._conversation_screen.talk.hear(f"[{n}]")
            await stage.shows(f"[{n}]")
            await stage.until(lambda: not stage.app._conversation_screen.talk.busy)
        assert len(mounted(stage)) <= 20 and "t0" not in mounted(stage)
        gc.collect()
        assert [ref() for ref in gone if ref() is not None] == []
        assert [there for ref in painted if (there := ref()) is not None and there._width] == []


async def test_a_long_talk_holds_what_a_model_may_be_shown_and_not_all_of_it(stage: Stage) -> None:
    stage.generator.answers = ["마지막 대답"]
    async with stage.open(Config(budget=200), long(110)):
        await stage.shows("(109)째 말")
        await stage.say("하나 더")
        await stage.shows("마지막 대답")
        held = stage.app._conversation_screen.talk.conversation.turns
        assert held[-1].text == "하나 더" and 64 < len(held) < 90
        assert len(stage.generator.prompts[0].earlier) > 2


async def test_a_turn_that_is_let_go_before_it_is_there_is_no_fault(stage: Stage) -> None:
    async with stage.open(conversation=long(2)):
        view = TurnView(Turn("곧 사라질 말"))
        coming = stage.app.screen.query_one(Pane).mount(view)
        await view.remove()
        await coming
        assert mounted(stage) == ["t0", "t1"]


async def test_keys_that_turn_pages_scroll_the_conversation_from_the_box(stage: Stage) -> None:
    async with stage.open(conversation=long(30)):
        await stage.shows("(29)째 말")
        pane = stage.app.screen.query_one(Pane)
        end = pane.scroll_y
        await stage.pilot.press("pageup")
        await stage.until(lambda: pane.scroll_y < end)
        await stage.pilot.press("pagedown")
        await stage.shows("(29)째 말")
        assert not isinstance(stage.app.screen.focused, TurnView)
        stage.write("\n".join("줄" * 40))
        await stage.pilot.pause()
        at = pane.scroll_y
        await stage.pilot.press("pageup", "pageup")
        await stage.pilot.pause(0.3)
        assert pane.scroll_y == at


async def test_a_scroll_may_end_where_the_newest_words_are_followed_from_again(stage: Stage) -> None:
    stage.generator.answers = ["새 대답이 여기 왔어 " * 40]
    async with stage.open(conversation=long(14)):
        await stage.app._conversation_screen.talk.open(stage.journal.conversation("c"), "t2")
        await stage.shows("(2)째 말")
        stage.app.screen.query_one("#composer").focus()
        pane = stage.app.screen.query_one(Pane)
        assert not pane.is_anchored and pane.max_scroll_y > 0
        while not pane.is_anchored:
            await stage.pilot.press("pagedown")
            await stage.pilot.pause(0.3)
        assert pane.scroll_y == pane.max_scroll_y
        await stage.say("새 말")
        await stage.shows("· told-model")
        assert pane.scroll_y == pane.max_scroll_y


async def test_a_busy_machine_may_leave_an_animation_no_step_but_its_last(stage: Stage) -> None:
    stage.generator.answers = ["길게 이어지는 대답이야 " * 1000]
    stage.generator.pause_s = 0.01
    async with stage.open(conversation=long(4)):
        await stage.say("하나")
        pane = stage.app.screen.query_one(Pane)
        await stage.until(lambda: stage.app.screen.query(Plain).last()._folded > 5)
        pane.scroll_relative(y=-2, duration=0.05, immediate=True)
        time.sleep(0.2)
        await stage.until(lambda: not stage.app.screen.query(Plain).last()._folded)
        at = pane.scroll_y
        await stage.pilot.pause(0.2)
        assert pane.scroll_y == at < pane.max_scroll_y
        await stage.pilot.press("escape")
