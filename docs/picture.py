"""Turns Textual's pictures into PNG: python docs/picture.py FOLDER FILE.svg…

Needs rsvg-convert and the font D2Coding.
"""

import html
import re
import subprocess
import sys
from pathlib import Path

from rich.cells import cell_len

CELL = 12.2  # pixels that a cell is wide in Textual's picture, which is half an em of D2Coding at 24.4 px


def png(svg: str, path: Path) -> None:
    """Draw a picture of Textual's; it measures Hangul by letters and not by cells, which is mended here."""

    def measured(match: re.Match[str]) -> str:
        text, indent = html.unescape(match[2]), 0
        while text.startswith(("\u00a0", " ")):  # which librsvg drops
            text, indent = text[1:], indent + 1
        tag = re.sub(r'textLength="[\d.]+"', f'textLength="{cell_len(text) * CELL:.1f}"', match[1])
        moved = re.sub(r' x="([\d.]+)"', lambda x: f' x="{float(x[1]) + indent * CELL:.1f}"', tag)
        return moved + html.escape(text, quote=False)

    svg = re.sub(r"(<text[^>]*>)([^<]*)", measured, svg)
    svg = svg.replace("Fira Code", "D2Coding").replace("font-size: 20px", "font-size: 24.4px")
    subprocess.run(["rsvg-convert", "-o", path], input=svg.encode(), check=True)


if __name__ == "__main__":
    for file in map(Path, sys.argv[2:]):
        png(file.read_text("utf-8"), Path(sys.argv[1], file.stem + ".png"))
