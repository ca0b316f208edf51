"""Makes the README's pictures of the app: python docs/screenshot.py (needs rsvg-convert and D2Coding).

The app runs for real, with the embedded classifier and the offline friend, on a journal in memory.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from picture import png
from textual.pilot import Pilot

from sweetchat_tui import classifiers
from sweetchat_tui.companion import Companion
from sweetchat_tui.config import Config
from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.emotions import find
from sweetchat_tui.generators.offline import OfflineFriend
from sweetchat_tui.journal import Journal
from sweetchat_tui.tui.app import SweetchatApp
from sweetchat_tui.tui.widgets.composer import Composer

MESSAGES = ("면접에서 떨어졌어", "진짜 열심히 준비했는데 다 소용없는 것 같아", "밥은 먹었어?")


def lived(journal: Journal) -> Conversation:
    """A journal of some weeks, made up, as the mood screen and the list show it."""
    labels = ["좌절한", "외로운", "안도", "감사하는", "스트레스 받는", "편안한", "걱정스러운", "기쁨"]
    said = ["면접 준비가 끝이 없어", "주말에 혼자 밥 먹었어", "검사 결과가 괜찮대", "동생이 선물을 줬어"]
    now = datetime.now(UTC)
    for day in range(26):
        conversation = Conversation()
        emotion = find(labels[(day * 5 + day // 3) % len(labels)])
        assert emotion is not None
        turn = Turn(said[day % len(said)], picked=emotion, at=now - timedelta(days=26 - day))
        journal.keep(conversation.id, turn)
    return conversation


async def talk(app: SweetchatApp, pilot: Pilot[None]) -> None:
    for message in MESSAGES:
        app.screen.query_one(Composer).text = message
        await pilot.press("enter")
        await pilot.pause(1.2)


async def main() -> None:
    for name, size, keys, theme in (
        ("chat", (118, 31), (), "dark"),
        ("talks", (88, 24), ("ctrl+o",), "dark"),
        ("mood", (88, 31), ("f3",), "dark"),
        ("light", (80, 24), (), "light"),
    ):
        with Journal.open(None) as journal:
            lived(journal)
            companion = Companion(journal, lambda: classifiers.load("lite"), lambda: OfflineFriend(pause_s=0))
            app = SweetchatApp(Config(theme=theme), companion, journal, None, private=False)
            async with app.run_test(size=size) as pilot:
                await pilot.pause(0.5)
                await talk(app, pilot)
                for key in keys:
                    await pilot.press(key)
                await pilot.pause(0.5)
                png(app.export_screenshot(title="SweetChat"), Path(__file__).with_name(f"{name}.png"))


if __name__ == "__main__":
    asyncio.run(main())
