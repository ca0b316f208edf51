"""A terminal emulator that reports what it was made to do, and the attacks that are known."""

import re
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pyte

ATTACKS: list[str] = [
    attack["text"]
    for attack in tomllib.loads(
        Path(__file__).with_name("attacks").joinpath("known.toml").read_text("utf-8")
    )["attack"]
]

_HARMLESS = {"draw", "linefeed", "tab", "debug"}
_STRINGS = re.compile("\x1b[]PX^_]|[\x90\x98\x9d\x9e\x9f]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\U000e0000-\U000e007f]")


class _Recorder:
    """In the place of pyte's screen: remembers what the terminal was told to do."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None if name in _HARMLESS else self.done.append(name)


def done_by(printed: str) -> list[str]:
    """What a plain command's output would have made a terminal do, beside showing letters."""
    recorder = _Recorder()
    stream = pyte.Stream()
    stream.attach(recorder)  # type: ignore[arg-type]
    recorder.done.clear()
    plain = printed.replace("\r\n", "\n")
    stream.feed(plain)
    done = recorder.done
    done += ["string" for _ in _STRINGS.finditer(plain)] + ["turned" for _ in _TURNING.finditer(plain)]
    return done + [repr(c) for c in plain if unicodedata.category(c) == "Cc" and c not in "\n\t"]


def done_by_app(raw: bytes) -> list[str]:
    """What of an attack is in all that the app wrote, which itself draws and shapes the pointer."""
    printed = raw.decode("utf-8", "replace")
    done = [f"string {kind}" for kind in re.findall("\x1b\\](\\d*)", printed) if kind != "22"]
    done += re.findall("\x1b[PX^_]|PWN\x07|\x07PWN|\x1b\\[21t|\x1bc|\x1b\\(0", printed)
    return done + [repr(c) for c in printed if "\x80" <= c <= "\x9f" or c in "\x08\x0e" or _TURNING.match(c)]
