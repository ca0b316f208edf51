"""Makes the README's pictures of the app: python docs/screenshot.py (needs rsvg-convert and D2Coding).

The app runs for real, with the embedded classifier and the offline friend, on a journal in memory.
"""

import asyncio
import html
import re
import subprocess
from pathlib import Path

from rich.cells import cell_len

from sweetchat_tui import classifiers
from sweetchat_tui.companion import Companion
from sweetchat_tui.config import Config
from sweetchat_tui.generators.offline import OfflineFriend
from sweetchat_tui.journal import Journal
from sweetchat_tui.tui.app import SweetchatApp
from sweetchat_tui.tui.widgets.composer import Composer

MESSAGES = ("면접에서 떨어졌어", "진짜 열심히 준비했는데 다 소용없는 것 같아", "밥은 먹었어?")
CELL = 12.2  # pixels that a cell is wide in Textual's picture, which is half an em of D2Coding at 24.4 px


def png(svg: str, path: Path) -> None:
    """Draw a picture of Textual's; it measures Hangul by letters and not by cells, which is mended here."""

    def measured(match: re.Match[str]) -> str:
        cells = cell_len(html.unescape(match[2]))
        return re.sub(r'textLength="[\d.]+"', f'textLength="{cells * CELL:.1f}"', match[1]) + match[2]

    svg = re.sub(r"(<text[^>]*>)([^<]*)", measured, svg)
    svg = svg.replace("Fira Code", "D2Coding").replace("font-size: 20px", "font-size: 24.4px")
    subprocess.run(["rsvg-convert", "-o", path], input=svg.encode(), check=True)


async def main() -> None:
    with Journal.open(None) as journal:
        companion = Companion(journal, lambda: classifiers.load("lite"), lambda: OfflineFriend(pause_s=0))
        app = SweetchatApp(Config(), companion, journal, None, private=True)
        async with app.run_test(size=(88, 31)) as pilot:
            await pilot.pause(0.5)
            for message in MESSAGES:
                app.screen.query_one(Composer).text = message
                await pilot.press("enter")
                await pilot.pause(1)
            png(app.export_screenshot(title="SweetChat"), Path(__file__).with_name("chat.png"))


asyncio.run(main())
