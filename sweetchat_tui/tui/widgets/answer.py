"""An answer in which there is more of Markdown than `Plain` shows."""

from markdown_it import MarkdownIt
from textual.content import Content
from textual.widgets import Markdown
from textual.widgets.markdown import MarkdownFence


class _Fence(MarkdownFence):
    """Code in colours only where its language is named: guessing it costs more than all else."""

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        return super().highlight(code, language, ansi, dark) if language else Content(code)


class Answer(Markdown):
    """What a friend says."""

    BLOCKS = Markdown.BLOCKS | {"fence": _Fence, "code_block": _Fence}

    def __init__(self) -> None:
        super().__init__(classes="reply", open_links=False, parser_factory=_markdown)


def _markdown() -> MarkdownIt:
    """Markdown in which links, pictures and HTML stand as they were written: none hides where it goes."""
    return MarkdownIt("gfm-like", {"html": False, "linkify": False}).disable(
        ["link", "image", "autolink", "reference", "html_inline", "html_block", "linkify"]
    )
