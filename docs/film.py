"""Turns a recording of a terminal (asciinema v2) into a GIF: python docs/film.py FILE.cast FILE.gif

Needs Pillow, pyte and the font D2Coding, whose Hangul is exactly two cells wide.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyte
from PIL import Image, ImageColor, ImageDraw, ImageFont
from pyte.screens import Char

SIZE_PX = 18
WIDTH_PX, HEIGHT_PX = 9, 20
"""A cell: half an em wide, and a little higher than one."""
FRAME_S = 0.1
LAST_S = 3.0
COLOURS = 256
GROUND, INK = "#14121c", "#e8e4f2"
LINES = {"─": "lr", "│": "ud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu"}
"""To which edges of its cell each goes from the middle; a font's own would leave gaps."""
LOWER = " ▁▂▃▄▅▆▇█"

Rows = list[list[Char]]


def frames(cast: Path) -> Iterator[tuple[Rows, float]]:
    """What stands on the screen whenever it changed, and for how many seconds."""
    head, *events = (json.loads(line) for line in cast.read_text("utf-8").splitlines())
    screen = pyte.Screen(head["width"], head["height"])
    stream = pyte.Stream(screen)
    shown, since, due = None, 0.0, FRAME_S
    for at, _, text in events:
        while at >= due:
            rows = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
            if rows != shown:
                if shown is not None:
                    yield shown, due - since
                shown, since = rows, due
            due += FRAME_S
        stream.feed(text)
    if shown is not None:
        yield shown, LAST_S


@cache
def font(*, bold: bool) -> ImageFont.FreeTypeFont:
    """The regular or the bold letters of D2Coding, wherever they are on this machine."""
    wanted = "D2Coding:bold" if bold else "D2Coding"
    found = subprocess.run(
        ["fc-match", "-f", "%{file}\n%{index}", wanted], capture_output=True, text=True, check=True
    )
    file, index = found.stdout.split("\n")
    return ImageFont.truetype(file, SIZE_PX, index=int(index))


def colour(name: str, default: str) -> str:
    """A colour of pyte's as one of Pillow's."""
    return default if name == "default" else f"#{name}" if len(name) == 6 else name


def colours(cell: Char) -> tuple[str, str]:
    """The colour of a letter and the one behind it."""
    fore, back = colour(cell.fg, INK), colour(cell.bg, GROUND)
    return (back, fore) if cell.reverse else (fore, back)


def shades(pairs: Counter[tuple[str, str]]) -> list[int]:
    """A palette of all grounds, and of what lies between each and its letters; the usual ones first."""
    tones = dict.fromkeys(ImageColor.getrgb(back) for (_, back), _ in pairs.most_common())
    for (fore, back), _ in pairs.most_common():
        ends = zip(ImageColor.getrgb(back), ImageColor.getrgb(fore), strict=True)
        steps = [[round(b + (f - b) * n / 4) for n in (4, 2, 3, 1)] for b, f in ends]
        tones |= dict.fromkeys(zip(*steps, strict=True))
    return [part for tone in list(tones)[:COLOURS] for part in tone]


def draw(paper: ImageDraw.ImageDraw, x: int, y: int, cell: Char, columns: int) -> None:
    """Draw one cell, or the two of a wide letter."""
    fore, back = colours(cell)
    left, top = x * WIDTH_PX, y * HEIGHT_PX
    right, bottom = left + columns * WIDTH_PX - 1, top + HEIGHT_PX - 1
    across, down = left + WIDTH_PX // 2, top + HEIGHT_PX // 2
    paper.rectangle((left, top, right, bottom), back)
    if edges := LINES.get(cell.data):
        ends = {"l": (left, down), "r": (right, down), "u": (across, top), "d": (across, bottom)}
        for edge in edges:
            paper.line([(across, down), ends[edge]], fore)
    elif cell.data in LOWER:
        if filled := LOWER.index(cell.data) * HEIGHT_PX // 8:
            paper.rectangle((left, bottom + 1 - filled, right, bottom), fore)
    elif cell.data.strip("\u00a0 "):
        paper.text((left, top + HEIGHT_PX * 4 // 5), cell.data, fore, font(bold=cell.bold), anchor="ls")
    if cell.underscore:
        paper.line([(left, bottom - 1), (right, bottom - 1)], fore)


def film(cast: Path, gif: Path) -> None:
    """Draw each frame on the one before it, and keep them as an animation that goes round."""
    image, before, pictures, times_ms = None, None, [], []
    pairs: Counter[tuple[str, str]] = Counter()
    for rows, seconds in frames(cast):
        if image is None:
            image = Image.new("RGB", (len(rows[0]) * WIDTH_PX, len(rows) * HEIGHT_PX), GROUND)
        paper = ImageDraw.Draw(image)
        for y, row in enumerate(rows):
            if before is not None and before[y] == row:
                continue
            for x, cell in enumerate(row):
                if cell.data:  # the right half of a wide letter has none
                    wide = x + 1 < len(row) and not row[x + 1].data
                    fore, back = colours(cell)
                    draw(paper, x, y, cell, 2 if wide else 1)
                    pairs[fore, back] += 1
        before = rows
        pictures.append(image.copy())
        times_ms.append(round(seconds * 1000))
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades(pairs))
    indexed = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    indexed[0].save(gif, save_all=True, append_images=indexed[1:], duration=times_ms, loop=0, optimize=False)


if __name__ == "__main__":
    film(Path(sys.argv[1]), Path(sys.argv[2]))
