"""Where the friend's memory begins, and what it is told of the rest, as a person sees them."""

from tui_stage import Stage

from sweetchat_tui.config import Config
from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.tui.screens.recap import RecapScreen
from sweetchat_tui.tui.widgets.mark import SeenFrom
from sweetchat_tui.tui.widgets.turn import TurnView


def long() -> Conversation:
    return Conversation(tuple(Turn(f"({n})째 " + "가" * 2000, id=f"t{n}") for n in range(10)), "c")


def marked(stage: Stage) -> str:
    """The id of the turn that the mark stands above; empty when there is no mark."""
    children = list(stage.app.screen.query_one("#pane").children)
    at = next((i for i, child in enumerate(children) if isinstance(child, SeenFrom)), None)
    below = children[at + 1] if at is not None else None
    return below.turn.id if isinstance(below, TurnView) else ""


async def test_the_mark_stands_above_the_first_turn_that_is_sent_and_moves_on(stage: Stage) -> None:
    stage.generator.host = "told.example"
    async with stage.open(Config(), long()):
        await stage.until(lambda: marked(stage) == "t5")
        await stage.say("응")
        await stage.shows("told-model")
        first = stage.generator.prompts[0].earlier[0].id
        assert first == "t5"
        for _ in range(2):
            stage.write("나" * 1990)
            await stage.pilot.press("enter")
            await stage.until(lambda: not stage.app._conversation_screen.talk.busy)
        await stage.until(lambda: marked(stage) > "t5")
        assert len(stage.app.screen.query(SeenFrom)) == 1


async def test_a_friend_that_sends_nothing_has_no_mark(stage: Stage) -> None:
    async with stage.open(Config(), long()):
        await stage.pilot.pause()
        assert marked(stage) == ""


async def test_the_recap_is_made_read_changed_and_deleted(stage: Stage) -> None:
    stage.generator.host = "told.example"
    stage.generator.recaps = ["면접 이야기를 했다."]
    async with stage.open(Config(), long()):
        await stage.until(lambda: marked(stage))
        stage.app.screen.query_one(SeenFrom).focus()
        await stage.pilot.press("enter")
        await stage.shows("앞서 나눈 이야기")
        await stage.pilot.press("ctrl+r")
        await stage.shows("면접 이야기를 했다.")
        await stage.pilot.press("ctrl+home", *"또 ", "ctrl+s")
        await stage.until(lambda: not isinstance(stage.app.screen, RecapScreen))
        recap = stage.journal.recap("c")
        assert recap is not None and recap.edited and recap.text == "또 면접 이야기를 했다."
        stage.app._conversation_screen.action_recap()
        await stage.shows("또 면접")
        await stage.pilot.press("ctrl+d")
        await stage.until(lambda: not isinstance(stage.app.screen, RecapScreen))
        recap = stage.journal.recap("c")
        assert recap is not None and (recap.text, recap.edited) == ("", True)
