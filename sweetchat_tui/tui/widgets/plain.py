"""An answer with nothing of Markdown but bullets and bold words, and any that is still on its way."""

import re
from bisect import bisect
from itertools import takewhile

from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget

_BULLET = re.compile(r"( *)[-*] ")
_BOLD = re.compile(r"\*\*[^\s*](?:[^*]*[^\s*])?\*\*")
_MEANS_MORE = re.compile(r"[*_`\\&\t]|~~|  ")
_BEGINS_MORE = re.compile(r"$|[\s#>=|:~]|[-+](\s|$)|---|\d+[.)](\s|$)")
_SHARE = 6
"""An answer on its way grows by a sixth of the screen, all of which is laid out and painted when it does."""
_EMPTY = -1
"""All rows without words, which look alike."""


def is_plain(text: str) -> bool:
    """Whether Markdown would show a text as `Plain` does: paragraphs of one line each, and lists of such."""
    listed = False
    for block in text.split("\n\n"):
        lines = block.split("\n")
        was_listed, listed = listed, {line[:2] for line in lines} in ({"- "}, {"* "})
        if was_listed if listed else len(lines) > 1:
            return False
        if not all(_is_words(line[2:] if listed else line) for line in lines):
            return False
    return True


def _is_words(line: str) -> bool:
    return not _BEGINS_MORE.match(line) and not _MEANS_MORE.search(_BOLD.sub("말", line))


class Plain(Widget):
    """Text of which only the last line is laid out anew as it grows, and only rows that changed are painted.

    Not Markdown nor `Static`, in which each word would cost as much as all those before it, and each
    paragraph some widgets. On its way, once it is as high as what can be seen of it, it grows no more, which
    would lay out the whole conversation each time: its first rows are folded away, until one scrolls up.
    """

    auto_links = False  # there are none
    # By Textual's own, whatever grows is laid out once more when it has been.
    virtual_size = Reactive(Size(0, 0))

    def __init__(self) -> None:
        super().__init__(classes="plain")
        self._lines: list[str] = []
        self._firsts: list[int] = []
        """At which row each line begins."""
        self._rows: list[Content] = []
        self._painted: dict[int, Strip] = {}
        """Rows as they are painted, wherever they stand, and `_EMPTY`."""
        self._width = 0
        self._step = 1
        """Rows by which it grows."""
        self._high = 0
        """Rows that there is room for."""
        self._folded = 0
        """Rows at the beginning that there is no room for."""

    def say(self, text: str, most: int | None = None) -> None:
        """Show an answer as far as it has come.

        Args:
            most: rows of it that can be seen while its end is followed; None has room for all of them.
        """
        self._step = max(1, self.app.size.height // _SHARE)
        self._show(text, most)

    def stand(self, text: str) -> None:
        """Show a whole answer."""
        self._step = 1
        self._show(text, None)

    def unfold(self) -> int:
        """Have room for all rows; how many come to stand above those that were seen."""
        more, self._folded = self._folded, 0
        if more:
            self._take_room(self._high + more)
        return more

    def on_resize(self) -> None:
        if self.content_size.width != self._width:
            self._lay_out(0, None)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painted.clear()

    def selection_updated(self, selection: Selection | None) -> None:
        self._painted.clear()
        super().selection_updated(selection)

    def _show(self, text: str, most: int | None) -> None:
        before, self._lines = self._lines, text.split("\n")
        pairs = zip(before, self._lines, strict=False)
        self._lay_out(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)), most)
        self.display = bool(text)

    def _lay_out(self, same: int, most: int | None) -> None:
        """Lay out all but the first lines, which are as they were."""
        width = self.content_size.width
        if width != self._width:
            self._width, same = width, 0
        first, old = self._wrap(same)
        if most is None or first < self._folded:
            self._folded = 0
        high = -(-max(1, len(self._rows) - self._folded) // self._step) * self._step
        if most is not None and high > self._high >= most:
            self._folded += high - self._high
            self.refresh(Region(0, 0, width, self._high))
        else:
            self._take_room(high)
        if (changed := max(old, len(self._rows)) - first) > 0:
            self.refresh(Region(0, first - self._folded, width, changed))

    def _wrap(self, same: int) -> tuple[int, int]:
        """Break lines into rows; the first row that is another than before, and how many there were."""
        first = self._firsts[same] if same < len(self._firsts) else len(self._rows)
        old, self._rows[first:] = self._rows[first:], []
        del self._firsts[same:]
        for line in self._lines[same:] if self._width else []:
            self._firsts.append(len(self._rows))
            self._rows += _wrapped(line, self._width)
        end = first + len(old)
        pairs = zip(old, self._rows[first:], strict=False)
        first += sum(1 for _ in takewhile(lambda pair: pair[0].is_same(pair[1]), pairs))
        for row in range(first, end):
            self._painted.pop(row, None)
        return first, end

    def _take_room(self, high: int) -> None:
        self._high = high
        self.styles.height = high + self.gutter.height

    def render_lines(self, crop: Region) -> list[Strip]:
        return [self._line(y).crop(crop.x, crop.right) for y in crop.line_range]

    def _line(self, y: int) -> Strip:
        row, width = y - self.gutter.top, self.outer_size.width
        row = row + self._folded if 0 <= row < len(self._rows) - self._folded else _EMPTY
        strip = self._painted.get(row)
        if strip is None or strip.cell_length != width:
            (strip,) = super().render_lines(Region(0, y, width, 1))
            self._painted[row] = strip
        return strip

    def render_line(self, y: int) -> Strip:
        y += self._folded
        if y >= len(self._rows):
            return Strip.blank(self._width, self.visual_style.rich_style)
        row = self._rows[y]
        if (selection := self.text_selection) and (span := selection.get_span(y)) is not None:
            look = Style.from_styles(self.screen.get_component_styles("screen--selection"))
            row = row.stylize(look, span[0], len(row) if span[1] == -1 else span[1])
        strips = Visual.to_strips(self, row, self._width, 1, self.visual_style, apply_selection=False)
        return strips[0].apply_offsets(0, y)

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        """What is selected, in which the rows of one line are one line again."""
        chosen = ""
        for y, row in enumerate(self._rows):
            if (span := selection.get_span(y)) is not None:
                words = row.plain[span[0] : None if span[1] == -1 else span[1]]
                chosen += (self._joint(y) if chosen else "") + words.strip()
        return chosen, "\n"

    def _joint(self, y: int) -> str:
        """What stands in the text between a row and the one above."""
        at = bisect(self._firsts, y) - 1
        if self._firsts[at] == y:
            return "\n"
        above, below = (self._rows[row].plain.split() for row in (y - 1, y))
        spaced = above and below and f"{above[-1]} {below[0]}" in self._lines[at].replace("**", "")
        return " " if spaced else ""


def _wrapped(line: str, width: int) -> list[Content]:
    """A line in rows, with what Markdown would make of its bullet and its bold words."""
    bullet = _BULLET.match(line)
    parts = line[bullet.end() if bullet else 0 :].split("**")
    words = Content.assemble(*((part, "bold" if at % 2 else "") for at, part in enumerate(parts)))
    if bullet is None:
        return words.wrap(width)
    mark, rest = Content.styled(f"{bullet[1]}• ", "$text-primary"), Content(f"{bullet[1]}  ")
    rows = words.wrap(max(1, width - len(mark)))
    return [Content.assemble(rest if at else mark, row) for at, row in enumerate(rows)]
