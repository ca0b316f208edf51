"""An answer: while it comes, text that is cheap to paint again and again; then Markdown."""

import re
from itertools import takewhile

from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget
from textual.widgets import Markdown
from textual.widgets.markdown import MarkdownFence

_BULLET = re.compile(r"^( *)[-*] ")
_SHARE = 6
"""An answer grows by a sixth of the screen, all of which is painted anew, twice, whenever it does."""


class Coming(Widget):
    """An answer on its way: only its last line is laid out anew, and only rows that changed are painted.

    Not Markdown nor `Static`, in which each word would cost as much as all those before it. Once it is as
    high as what can be seen of it, it grows no more, which would lay out the whole conversation each time:
    its first rows are folded away, until one scrolls up.
    """

    # By Textual's own, whatever grows is laid out once more when it has been.
    virtual_size = Reactive(Size(0, 0))

    def __init__(self) -> None:
        super().__init__(classes="coming")
        self._lines: list[str] = []
        self._firsts: list[int] = []
        """At which row each line begins."""
        self._rows: list[Content] = []
        self._painted: dict[int, Strip] = {}
        """Rows as they are painted, wherever they stand."""
        self._width = 0
        self._high = 0
        """Rows that there is room for."""
        self._folded = 0
        """Rows at the beginning that there is no room for."""

    def say(self, text: str, most: int | None = None) -> None:
        """Show the answer as far as it has come.

        Args:
            most: rows of it that can be seen while its end is followed; None has room for all of them.
        """
        before, self._lines = self._lines, text.split("\n")
        pairs = zip(before, self._lines, strict=False)
        self._lay_out(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)), most)
        self.display = True

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

    def _lay_out(self, same: int, most: int | None) -> None:
        """Lay out all but the first lines, which are as they were; growing by some rows, as that is dear."""
        width = self.content_size.width
        if width != self._width:
            self._width, same = width, 0
        first, old = self._wrap(same)
        if most is None or first < self._folded:
            self._folded = 0
        grow = max(1, self.app.size.height // _SHARE)
        high = -(-max(1, len(self._rows) - self._folded) // grow) * grow
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
            self._rows += _styled(line).wrap(self._width)
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
        row = y - self.gutter.top + self._folded
        if (strip := self._painted.get(row)) is None:
            (strip,) = super().render_lines(Region(0, y, self.outer_size.width, 1))
            if 0 <= row < len(self._rows):
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
        return selection.extract("\n".join(row.plain for row in self._rows)), "\n"


def _styled(line: str) -> Content:
    """A line with what Markdown would make of its bullet and its bold words."""
    parts = _BULLET.sub("\\1• ", line).split("**")
    return Content.assemble(*((part, "bold" if at % 2 else "") for at, part in enumerate(parts)))


class _Fence(MarkdownFence):
    """Code in colours only where its language is named: guessing it costs more than all else."""

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        return super().highlight(code, language, ansi, dark) if language else Content(code)


class Answer(Markdown):
    """What a friend says."""

    BLOCKS = Markdown.BLOCKS | {"fence": _Fence, "code_block": _Fence}
