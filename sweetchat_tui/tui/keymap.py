"""Keys as a person wants them: held to what a terminal can tell and to what is on one screen together."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import TextArea

from sweetchat_tui.errors import Misconfigured
from sweetchat_tui.lang import say
from sweetchat_tui.tui.hangul import JAMO
from sweetchat_tui.tui.widgets.composer import ALT_DIGITS

# Without a keyboard protocol Ctrl+H, I and M are Backspace, Tab and Enter; Alt+B and F are arrows, and
# Alt+Enter is Enter. Ctrl+C, J and Q mean the same everywhere.
_TOLD_APART = re.compile(
    r"(shift\+)?f([1-9]|1[0-2])|ctrl\+[abd-gk-lnopr-z]|alt\+[ac-eg-z1-4]"
    r"|(ctrl|alt)\+(left|right|up|down|home|end|pageup|pagedown)|pageup|pagedown"
)
_WHERE_NOTHING_IS_TYPED = re.compile(r"[^\s,가-힣]|left|right|up|down|home|end|delete")


def _keys(keys: object) -> list[str]:
    return [key.strip().lower() for key in str(keys).split(",")]


_OF_WRITING = {
    key for binding in TextArea.BINDINGS if isinstance(binding, Binding) for key in _keys(binding.key)
}


def bindings(nodes: Iterable[type[DOMNode]]) -> Iterator[Binding]:
    """The app's own bindings of some widgets and screens, those that they inherit too."""
    for node in nodes:
        for kind in node.__mro__:
            if kind.__module__.startswith("sweetchat_tui"):
                for binding in kind.__dict__.get("BINDINGS", ()):
                    if isinstance(binding, Binding):
                        yield binding


def keymap(
    wanted: Mapping[str, object], where: str, together: Sequence[Sequence[type[DOMNode]]]
) -> dict[str, str]:
    """The keys of each binding that is to have others, by its id, with their Hangul and Alt names.

    Args:
        wanted: keys by the id of a binding, as the configuration has them.
        where: who says so.
        together: widgets and screens whose keys are in force at the same time.

    Raises:
        Misconfigured: there is no such binding, or the key cannot work, or does something else there.
    """
    known = {b.id: b for nodes in together for b in bindings(nodes) if b.id is not None}
    chosen = {}
    for name, keys in wanted.items():
        if name not in known:
            raise _unknown(name, known, where)
        chosen[name] = ",".join(_all_names(name, key, known[name], where) for key in _keys(keys))
    for nodes in together:
        _refuse_two_on_one_key(list(bindings(nodes)), chosen, where)
    return chosen


def _all_names(name: str, key: str, binding: Binding, where: str) -> str:
    """A key by all the names under which it may arrive."""
    bare = any(len(default) == 1 for default in _keys(binding.key))
    works = _TOLD_APART.fullmatch(key) and (binding.priority or bare or key not in _OF_WRITING)
    if not works and not (bare and _WHERE_NOTHING_IS_TYPED.fullmatch(key)):
        raise Misconfigured(
            say(
                f"{name}에 {key or '빈 키'} 키는 쓸 수 없어요 ({where}).",
                f"The key {key or '(empty)'} cannot work for {name} ({where}).",
            ),
            say("이런 키를 써 주세요: f9, ctrl+g, alt+x", "Use one like f9, ctrl+g or alt+x."),
        )
    alias = next((alias for alias, digit in ALT_DIGITS.items() if key == f"alt+{digit}"), JAMO.get(key))
    return f"{key},{alias}" if alias else key


def _unknown(name: str, known: Iterable[str], where: str) -> Misconfigured:
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    return Misconfigured(
        say(f"키를 바꿀 수 없는 이름이에요: {name} ({where})", f"There is no key named {name} ({where})."),
        say(f"혹시 {close[0]}?", f"Did you mean {close[0]}?")
        if close
        else say("쓸 수 있는 것: ", "There are: ") + ", ".join(names),
    )


def _refuse_two_on_one_key(some: Sequence[Binding], chosen: Mapping[str, str], where: str) -> None:
    taken: dict[str, Binding] = {}
    for binding in sorted(some, key=lambda b: b.id in chosen):
        for key in _keys(chosen.get(binding.id or "", binding.key)):
            other = taken.setdefault(key, binding)
            if binding.id in chosen and other.action != binding.action:
                names = f"{other.id or other.description}, {binding.id}"
                raise Misconfigured(
                    say(
                        f"{key} 키가 두 가지 일을 해요: {names} ({where})",
                        f"{key} is for two: {names} ({where}).",
                    ),
                    say("다른 키를 써 주세요.", "Use another key for one of them."),
                )
