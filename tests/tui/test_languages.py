"""Every screen of the app, in each language and in no other."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sweetchat_tui.emotions import EMOTIONS, find

WALK = Path(__file__).parents[1] / "screens_walk.py"
SCREENS = 54
PLAIN_KO = re.compile(r"(?:\b[A-Za-z][a-z']+\b[ ,.]+){2,}[A-Za-z]+")
"""Three words of English in a row: no name, key or path has so many."""
OWN_NAMES = ("마들랜",)
"""What has no other name."""


def walked(language: str, tmp_path: Path) -> dict[str, str]:
    out = tmp_path / "screens.json"
    subprocess.run(
        [sys.executable, str(WALK), language, str(out)],
        check=True,
        env=os.environ | {"PYTHONPATH": f"{WALK.parent}"},
        timeout=400,
    )
    return json.loads(out.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def without_data(line: str) -> str:
    """A line of a screen without emotions that stand beside their gloss, and without proper names."""
    for emotion in EMOTIONS:
        if emotion.gloss in line:
            line = line.replace(emotion.label, "")
    for name in OWN_NAMES:
        line = line.replace(name, "")
    return line


@pytest.mark.timeout(600)
def test_every_screen_is_in_english_when_that_is_spoken(tmp_path: Path) -> None:
    shown = walked("en", tmp_path)
    assert len(shown) == SCREENS
    for name, screen in shown.items():
        for line in screen.splitlines():
            if name == "danger":
                line = line.replace("죽고 싶어", "")
            if line.strip(" │").startswith('"emotion":'):  # what is sent, word for word
                assert find(line.split('"')[3])
                continue
            assert not re.search("[ㄱ-ㆎ가-힣]", without_data(line)), f"{name}: {line}"


@pytest.mark.timeout(600)
def test_every_screen_is_in_korean_when_that_is_spoken(tmp_path: Path) -> None:
    shown = walked("ko", tmp_path)
    assert len(shown) == SCREENS
    for name, screen in shown.items():
        assert max(screen) >= "가", name
        for line in screen.splitlines():
            assert not PLAIN_KO.search(line.replace("told-model", "")), f"{name}: {line}"
