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
from sweetchat_tui.conversation import Turn
from sweetchat_tui.emotions import find
from sweetchat_tui.generators.offline import OfflineFriend
from sweetchat_tui.journal import Journal
from sweetchat_tui.tui.app import SweetchatApp
from sweetchat_tui.tui.widgets.composer import Composer
from sweetchat_tui.tui.widgets.talk import Talk

MESSAGES = ("면접에서 떨어졌어", "진짜 열심히 준비했는데 다 소용없는 것 같아", "밥은 먹었어?")


LIVED = (
    ("면접 준비가 끝이 없어", "스트레스 받는"),
    ("동생이 선물을 줬어", "감사하는"),
    ("주말에 혼자 밥 먹었어", "외로운"),
    ("검사 결과가 괜찮대", "안도"),
    ("내일 발표라 잠이 안 와", "걱정스러운"),
    ("친구가 약속을 또 잊었어", "배신당한"),
    ("버스를 눈앞에서 놓쳤어", "짜증내는"),
    ("날이 좋아서 오래 걸었어", "편안한"),
    ("옛날 사진을 보다가 울었어", "눈물이 나는"),
    ("회의에서 말을 더듬었어", "부끄러운"),
    ("오늘은 일이 술술 풀렸어", "신이 난"),
)
"""What is said in some weeks that are made up, and what is felt in it."""


def lived(journal: Journal) -> None:
    """Live through four weeks, as the mood screen and the list show them."""
    now = datetime.now(UTC)
    for day in range(27):
        for number in range(1 + day % 3):
            text, label = LIVED[(day * 3 + number * 5 + day // 4) % len(LIVED)]
            at = now - timedelta(days=27 - day, minutes=97 * (2 - number) + 11 * day)
            journal.keep(f"{day}-{number}", Turn(text, picked=find(label), at=at))


async def talk(app: SweetchatApp, pilot: Pilot[None]) -> None:
    for message in MESSAGES:
        app.screen.query_one(Composer).text = message
        await pilot.press("enter")
        await pilot.pause(0.5)
        while app.screen.query_one(Talk).busy:
            await pilot.pause(0.1)
    await pilot.pause(1)  # the panel reads the answer


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
                while "F1" not in app.export_screenshot():  # the footer comes last
                    await pilot.pause(0.2)
                png(app.export_screenshot(title="SweetChat"), Path(__file__).with_name(f"{name}.png"))


if __name__ == "__main__":
    asyncio.run(main())
