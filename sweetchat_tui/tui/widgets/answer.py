"""An answer: while it comes, text that is cheap to paint again and again; then Markdown."""

import re
from itertools import takewhile

from textual.content import Content
from textual.geometry import Region
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

    Not Markdown nor `Static`, in which each word would cost as much as all those before it.
    """

    def __init__(self) -> None:
        super().__init__(classes="coming")
        self._lines: list[str] = []
        self._firsts: list[int] = []
        """At which row each line begins."""
        self._rows: list[Content] = []
        self._width = 0

    def say(self, text: str) -> None:
        """Show the answer as far as it has come."""
        before, self._lines = self._lines, text.split("\n")
        pairs = zip(before, self._lines, strict=False)
        self._lay_out(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))
        self.display = True

    def on_resize(self) -> None:
        self._lay_out(len(self._lines))

    def _lay_out(self, same: int) -> None:
        """Lay out all but the first lines, which are as they were; growing by some rows, as that is dear."""
        width = self.content_size.width
        if width != self._width:
            self._width, same = width, 0
        first = self._firsts[same] if same < len(self._firsts) else len(self._rows)
        old = len(self._rows)
        del self._firsts[same:], self._rows[first:]
        for line in self._lines[same:] if width else []:
            self._firsts.append(len(self._rows))
            self._rows += _styled(line).wrap(width)
        grow = max(1, self.app.size.height // _SHARE)
        self.styles.height = -(-max(1, len(self._rows)) // grow) * grow + self.gutter.height
        if (changed := max(old, len(self._rows)) - first) > 0:
            self.refresh(Region(0, first, width, changed))

    def render_line(self, y: int) -> Strip:
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
