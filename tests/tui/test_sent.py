"""What is sent to a provider can be read in the app, word for word."""

from fakes import ToldGenerator
from tui_stage import Stage

from sweetchat_tui.tui.screens.sent import SentScreen


async def test_the_request_is_shown_as_it_goes_out(stage: Stage) -> None:
    async with stage.open() as stage:
        await stage.say("면접에서 [red]떨어졌어[/]")
        await stage.shows("그랬구나")
        await stage.pilot.press("ctrl+l")
        await stage.shows('"text": "면접에서 [red]떨어졌어[/]"', "좌절한")
        await stage.pilot.press("escape")
        await stage.until(lambda: not isinstance(stage.app.screen, SentScreen))


async def test_where_nothing_is_sent_it_says_so(stage: Stage) -> None:
    class Silent(ToldGenerator):
        def request(self, prompt: object) -> None:  # type: ignore[override]
            return None

    stage.generator = Silent()
    async with stage.open() as stage:
        await stage.pilot.press("ctrl+l")
        await stage.shows("아무것도 보내지 않아요")
