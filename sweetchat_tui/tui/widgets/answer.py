"""An answer: while it comes, text that is cheap to paint again and again; then Markdown."""

import re

from textual.content import Content
from textual.widgets import Markdown, Static
from textual.widgets.markdown import MarkdownFence

_BULLET = re.compile(r"^( *)[-*] ", re.MULTILINE)
_ROWS = 3
"""Rows by which an answer grows."""


class Coming(Static):
    """An answer on its way. Not Markdown: each paint of it would lay out all of its blocks anew."""

    def __init__(self) -> None:
        super().__init__(classes="coming")

    def say(self, text: str) -> None:
        """Show the answer as far as it has come; growing by some rows at once, as that is dear."""
        parts = _BULLET.sub("\\1• ", text).split("**")
        content = Content.assemble(*((part, "bold" if at % 2 else "") for at, part in enumerate(parts)))
        self.display = True
        if width := self.content_size.width:
            rows = -(-content.get_height({}, width) // _ROWS) * _ROWS
            self.styles.min_height = rows + self.gutter.height
            self.update(content, layout=False)
        else:
            self.update(content)


class _Fence(MarkdownFence):
    """Code in colours only where its language is named: guessing it costs more than all else."""

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        return super().highlight(code, language, ansi, dark) if language else Content(code)


class Answer(Markdown):
    """What a friend says."""

    BLOCKS = Markdown.BLOCKS | {"fence": _Fence, "code_block": _Fence}
