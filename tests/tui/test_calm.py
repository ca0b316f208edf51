"""Nothing on the screen jumps while an answer comes."""

from textual.screen import Screen
from tui_stage import Stage

from sweetchat_tui.conversation import Conversation, Reply, Turn
from sweetchat_tui.tui.widgets.pane import Pane
from sweetchat_tui.tui.widgets.turn import TurnView


def turns(count: int) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            f"메시지 {n}",
            replies=tuple(
                Reply(f"{n}의 {kind} 대답", None, "told", "m", None, "friend", "stop") for kind in kinds
            ),
        )
        for n, kinds in enumerate([("처음",)] * count)
    )


def places(screen: Screen[object]) -> list[object]:
    return [screen.query_one(name).region for name in ("#header", "#pane", "#composer", "#status")]


def read_lines(stage: Stage) -> list[str]:
    """What is read, without the bar at its right."""
    return [line[:-2] for line in stage.screen().splitlines()[1:12]]


async def test_the_composer_stays_while_an_answer_comes(stage: Stage) -> None:
    stage.generator.answers = ["긴 대답이 한 줄씩 이어져.\n\n" * 30 + "끝이야"]
    stage.generator.pause_s = 0.015  # it is painted twelve times a second
    async with stage.open():
        await stage.shows("told-1")
        before, seen = places(stage.app.screen), set[str]()

        def goes_on() -> bool:
            assert places(stage.app.screen) == before
            seen.add(stage.screen())
            return "끝이야" in stage.screen()

        await stage.say("안녕")
        await stage.until(goes_on)
        assert len(seen) > 5  # it was looked at while the text grew
        assert stage.app.screen.query_one(Pane).is_vertical_scroll_end


async def test_the_line_that_is_read_above_stays_while_an_answer_comes(stage: Stage) -> None:
    stage.generator.answers = ["긴 대답이 한 줄씩 이어져.\n\n" * 30 + "끝이야"]
    stage.generator.pause_s = 0.015  # it is painted twelve times a second
    async with stage.open(conversation=Conversation(turns(8))):
        pane = stage.app.screen.query_one(Pane)
        await stage.say("안녕")
        await stage.shows("긴 대답이")
        pane.scroll_to(y=3, animate=False, immediate=True)
        await stage.until(lambda: pane.scroll_y == 3 and "메시지 1" in stage.screen())
        before = read_lines(stage)
        until = pane.max_scroll_y + 20

        def goes_on() -> bool:
            assert read_lines(stage) == before
            return pane.max_scroll_y >= until

        await stage.until(goes_on)
        await stage.until(lambda: not stage.app.screen.query("TurnView.-live"))
        assert read_lines(stage) == before


async def test_a_turn_in_the_middle_is_answered_again_and_flipped_in_its_place(stage: Stage) -> None:
    stage.generator.answers = ["새로운 대답"]
    async with stage.open(conversation=Conversation(turns(5)), size=(80, 60)):
        await stage.pilot.press("up", "up", "up")
        view = stage.app.screen.focused
        assert isinstance(view, TurnView) and view.turn.text == "메시지 2"
        await stage.pilot.press("ctrl+r")
        await stage.shows("새로운 대답", "2/2")
        assert [v.turn.text for v in stage.app.screen.query(TurnView)] == [f"메시지 {n}" for n in range(5)]
        assert stage.app.screen.focused is view
        await stage.pilot.press("left_square_bracket")
        await stage.shows("2의 처음 대답", "1/2")
        await stage.pilot.press("alt+right")
        await stage.shows("새로운 대답", "2/2")
        kept = stage.journal.latest()
        assert kept is not None
        assert [turn.text for turn in kept.turns] == [f"메시지 {n}" for n in range(5)]
        assert [len(turn.replies) for turn in kept.turns] == [1, 1, 2, 1, 1]
        assert stage.generator.prompts[0].text == "메시지 2"
