"""Where words that were searched for stand in a turn on the screen."""

from dataclasses import dataclass, replace
from itertools import count

from textual.geometry import Region
from textual.widget import Widget

from sweetchat_tui.conversation import Turn


@dataclass(frozen=True, slots=True)
class Match:
    """Words that were found in a turn."""

    reply: str | None
    """The id of the answer in which they stand; None when the person said them."""
    words: str

    def shown_in(self, turn: Turn) -> Turn:
        """The turn with the variant of the answer in which the words stand."""
        known = (at for at, reply in enumerate(turn.replies) if reply.id == self.reply)
        return replace(turn, shown=next(known, turn.shown))

    def row(self, view: Widget) -> int:
        """The row of the turn's view in which the words begin; the first when they are not on it (yet)."""
        signs, rows = "", list[int]()
        for part in view.query(".words" if self.reply is None else ".plain, .reply"):
            for leaf in part.walk_children(Widget, with_self=True) if part.display else ():
                if leaf.display and not leaf.children:
                    top = leaf.region.y - view.region.y
                    strips = leaf.render_lines(Region(0, 0, *leaf.outer_size))
                    for y, strip in zip(count(top), strips, strict=False):
                        letters = _letters(strip.text)
                        signs += letters
                        rows += [y] * len(letters)
        at = signs.find(_letters(self.words))
        return rows[at] if 0 <= at < len(rows) else 0


def _letters(text: str) -> str:
    """A text without what may stand in it otherwise on the screen: white space, and the signs of Markdown."""
    return "".join(filter(str.isalnum, text))
