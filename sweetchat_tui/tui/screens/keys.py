"""The keys that do something where the person is, and what each does."""

import re
from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from sweetchat_tui.lang import say
from sweetchat_tui.tui.bindings import IN_HELP, spelled
from sweetchat_tui.tui.keymap import bindings

_COLUMN = 14
_HANGUL = re.compile("[ㄱ-ㅣ가-힣]")


class KeysScreen(ModalScreen[None]):
    """A card over the screen; any of the keys that open or close things closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,enter,q,ㅂ", "dismiss", say("닫기", "Close"), show=False, id="close_keys")
    ]

    def __init__(self, screen: Screen[object]) -> None:
        """
        Args:
            screen: the one whose keys are told.
        """
        super().__init__()
        self._lines = _told(screen.active_bindings.values())

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="keys"):
            yield Static(
                Content("\n".join(f"{self._keys(same):{_COLUMN}}  {what}" for what, same in self._lines))
            )

    def on_resize(self) -> None:
        self.call_after_refresh(self._tell_of_more)

    def _tell_of_more(self) -> None:
        card = self.query_one("#keys")
        close = say("Esc 닫기", "Esc: close")
        card.border_subtitle = say("PgDn 더 보기 · ", "PgDn: more · ") * bool(card.max_scroll_y) + close

    def _keys(self, same: Iterable[Binding]) -> str:
        """The first two keys that do it, as people call them; jamo and stand-ins are left out."""
        shown = (spelled(binding.key) for binding in same)
        named = (key for key in shown if "_" not in key and not _HANGUL.search(key))
        return " ".join(list(dict.fromkeys(named))[:2])


def _told(active: Iterable[ActiveBinding]) -> list[tuple[str, list[Binding]]]:
    """What can be done, nearest first, with what does it; what Textual brings along is left out."""
    found: dict[tuple[int, int, str], list[Binding]] = {}
    for node, binding, *_ in active:
        actions = [own.action for own in bindings([type(node)])]
        if binding.description and binding.action in actions:
            place = (-len(node.ancestors), actions.index(binding.action))
            what = IN_HELP.get(binding.action, binding.description)
            found.setdefault((*place, what), []).append(binding)
    nearest = sorted(found, key=lambda key: key[:2])
    return [(key[2], found[key]) for key in nearest]
