"""Painting no more than changed.

When a row changes, Textual has every row made of every widget that is on the screen, to throw most of them
away: a letter that is typed, or a word that comes, costs as much as a screen.
"""

from collections.abc import Iterable

from textual import screen
from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class Sparing(Compositor):
    """Textual's, which makes only the rows that are painted, of the widgets that are seen there."""

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        crop = self.size.region if crop is None else crop
        # A widget's rows are made whole: they are cut into pieces where others begin and end.
        rows = Region(0, crop.y, self.size.width, crop.height)
        for widget, (region, clip) in self.visible_widgets.items():
            clip = clip.intersection(rows)
            seen = region.intersection(clip)
            if seen and seen.overlaps(crop):
                yield region, clip, widget.render_lines(seen.translate(-region.offset))
                if seen.contains_region(crop):  # nothing behind it shows
                    return


def spare() -> None:
    """Have every screen that is made from now on painted so."""
    setattr(screen, "Compositor", Sparing)  # noqa: B010
