"""How each screen looks, as a picture that someone has looked at.

A change of looks that is wanted: pytest tests/tui/test_looks.py --snapshot-update, then look at each
picture that changed (docs/picture.py draws them as PNG).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fakes import ToldGenerator, feeling
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import TextArea
from tui_stage import Stage

from sweetchat_tui.companion import Equipment
from sweetchat_tui.config import Config
from sweetchat_tui.conversation import Conversation, Reply, Turn
from sweetchat_tui.emotions import find
from sweetchat_tui.generators import Piece
from sweetchat_tui.tui.changes import Changes, FirstRun
from sweetchat_tui.tui.screens.mood import MoodScreen

LOOKS = [(80, 24, "dark"), (140, 40, "light"), (60, 20, "distinct")]
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
SAID = [
    ("면접에서 떨어졌어", "좌절한", "많이 애썼을 텐데 속상하겠다. 어떤 게 제일 마음에 남아?"),
    ("주말에 혼자 밥 먹었어", "외로운", "혼자 먹는 밥은 유난히 조용하지. 다음엔 나한테 얘기하면서 먹자."),
    ("검사 결과가 괜찮대!", "안도", "와, 정말 다행이다! 그동안 마음 졸였지?"),
    ("동생이 선물을 줬어", "감사하는", "동생이 네 생각을 많이 하나 보다. 무슨 선물이야?"),
    ("회의에서 말을 더듬었어", "당황", "당황했겠다. 그래도 끝까지 말한 거잖아."),
    ("내일 발표라 잠이 안 와", "걱정스러운", "떨리는 게 당연해. 지금 제일 걱정되는 장면이 뭐야?"),
]
MARKDOWN = (
    "그 마음 알 것 같아. **열심히 한 만큼** 아픈 거야.\n\n오늘은 이렇게 해 보자.\n\n"
    "- 따뜻한 거 한 잔 마시기 ☕\n- 잘한 일 하나만 적어 보기\n\n"
    "```\n오늘 잘한 일: 끝까지 버틴 것\n```\n"
)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cursors that do not blink, and the hours of Seoul wherever the test runs."""
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _: None)
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class Unfinished(ToldGenerator):
    """Stops in the middle of each answer, as one that is still being given."""

    async def stream(self, prompt: Any) -> Any:
        yield Piece(MARKDOWN[: MARKDOWN.index("\n- 잘한")])
        await asyncio.Event().wait()


def reply(text: str, label: str) -> Reply:
    return Reply(text, find(label), "openai", "gpt-6-luna", "api.openai.com", "friend", "stop")


def talk() -> Conversation:
    """Two turns: one answered twice, and one whose emotion the person picked."""
    first, second = SAID[:2]
    answers = (reply("다음에는 잘될 거야.", "실망한"), reply(MARKDOWN, "좌절한"))
    return Conversation(
        (
            Turn(first[0], feeling("좌절한", "실망한", "슬픔"), replies=answers, at=NOW, id="t1"),
            Turn(
                second[0],
                feeling("편안한", "느긋", "슬픔"),
                picked=find("외로운"),
                replies=(reply(second[2], "외로운"),),
                at=NOW,
                id="t2",
            ),
        ),
        "c",
    )


def lived(stage: Stage) -> None:
    """Four weeks, a conversation a day, some days with none."""
    for day in range(26):
        if day % 7 != 3:
            text, label, answer = SAID[day % len(SAID)]
            at = NOW - timedelta(days=26 - day)
            turn = Turn(text, feeling(label), replies=(reply(answer, label),), at=at, id=f"t{day}")
            stage.journal.keep(f"c{day}", turn)


async def answering(stage: Stage) -> None:
    stage.write("남들이 다 나만 쳐다보는 것 같아서 너무 부끄러웠어")
    await stage.pilot.press("enter")
    await stage.shows("따뜻한 거")
    stage.write("")
    await stage.pilot.press(*"그리고 오늘은")


async def danger(stage: Stage) -> None:
    await stage.say("죽고 싶어")
    await stage.shows("109", "\n 감정 told-1")
    await stage.until(lambda: not stage.app._conversation_screen.talk.busy)


async def listed(stage: Stage) -> None:
    await stage.pilot.press("ctrl+o")
    await stage.shows("내일 발표라")


async def deleted(stage: Stage) -> None:
    await listed(stage)
    await stage.pilot.press("ctrl+d")
    await stage.shows("되돌려요")


async def searched(stage: Stage) -> None:
    await stage.pilot.press("ctrl+f", *"면접 #좌절한")
    await stage.shows("개를 찾았어요")


async def mood(stage: Stage) -> None:
    stage.app.push_screen(MoodScreen(stage.journal, date(2026, 11, 20)))
    await stage.shows("그동안의 마음")


async def side(stage: Stage) -> None:
    if "읽은 감정" not in stage.screen():
        await stage.pilot.press("f2")
    await stage.shows("대화의 흐름", "대답은 다른")


async def helped(stage: Stage) -> None:
    await stage.pilot.press("f1")
    await stage.shows("보내기")


async def welcomed(stage: Stage) -> None:
    await stage.shows("사람도, 의사나 상담사도 아니에요")
    await stage.pilot.press("down", "down", "enter")
    await stage.shows("127.0.0.1")


async def remodelled(stage: Stage) -> None:
    await stage.command("모델 바꾸기")
    await stage.shows("어떤 모델이")


async def picking(stage: Stage) -> None:
    await stage.pilot.press("cent_sign")
    await stage.shows("어떤 감정에")


async def nothing(stage: Stage) -> None:
    await stage.shows("어서 와요")


async def rested(stage: Stage) -> None:
    """Wait until nothing moves: the panel has read the answer, and the screen stays as it is."""
    seen = [""]
    for _ in range(100):
        await stage.pilot.pause(0.05)
        await stage.until(lambda: not [w for w in stage.app.workers if w.group == "side"])
        seen.append(stage.screen())
        if len(set(seen[-4:])) == 1:
            return
    raise AssertionError(seen[-1])


SCENES: dict[str, tuple[Callable[[Stage], Awaitable[None]], bool]] = {
    "start": (nothing, False),
    "answering": (answering, True),
    "danger": (danger, False),
    "list": (deleted, False),
    "search": (searched, False),
    "mood": (mood, False),
    "side": (side, True),
    "help": (helped, False),
    "welcome": (welcomed, False),
    "model": (remodelled, True),
    "emotions": (picking, True),
}
"""What is done to come to each, and whether there was a talk before."""


@pytest.mark.parametrize(("columns", "rows", "theme"), LOOKS)
@pytest.mark.parametrize("scene", SCENES)
def test_it_looks_as_it_was_seen_to(
    snap_compare: Any, stage: Stage, scene: str, columns: int, rows: int, theme: str
) -> None:
    come, talked = SCENES[scene]
    lived(stage)
    stage.generator = Unfinished() if scene == "answering" else stage.generator
    stage.generator.host = "api.openai.com"
    first = FirstRun(
        "이대로: 내장 친구", None, True, lambda _: Equipment(), lambda *_: Equipment(), lambda: None
    )
    stage.changes = Changes(model=lambda *_: Equipment(), first=first if scene == "welcome" else None)
    conversation = talk() if talked else None
    for turn in conversation.turns if conversation else ():
        stage.journal.keep("c", turn)
    stage.app = stage.make(Config(theme=theme), conversation, private=False)

    async def before(pilot: Pilot[None]) -> None:
        stage.pilot = pilot
        await stage.shows("told-1")
        await rested(stage)  # what lies below a card is drawn as it was laid out last
        await come(stage)
        await rested(stage)
        # Looking at a card outside of Textual's own painting draws nothing below it, and that is kept.
        for widget in stage.app.screen.walk_children(Widget, with_self=True):
            widget.refresh()
            if widget.show_vertical_scrollbar:  # which is no child
                widget.vertical_scrollbar.refresh()
        await stage.until(painted)

    def painted() -> bool:
        screen = stage.app.screen
        return not screen._dirty_widgets and not any(
            widget._repaint_required for widget in screen.walk_children(Widget, with_self=True)
        )

    assert snap_compare(stage.app, terminal_size=(columns, rows), run_before=before)
