"""Every screen of the app, in each language and in no other."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sweetchat_tui.emotions import EMOTIONS, find
from sweetchat_tui.lang import LANGUAGES

WALK = Path(__file__).parents[1] / "screens_walk.py"
SCREENS = 55
PLAIN_KO = re.compile(r"(?:\b[A-Za-z][a-z']+\b[ ,.]+){2,}[A-Za-z]+")
"""Three words of English in a row: no name, key or path has so many."""
OWN_NAMES = ("마들랜",)
"""What has no other name."""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What stands on each screen, by language; both are walked at once, for each mostly waits."""
    folder = tmp_path_factory.mktemp("walks")
    walks = {}
    for language in LANGUAGES:
        command = [sys.executable, str(WALK), language, str(folder / language)]
        home = {f"XDG_{kind}_HOME": str(folder) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        walks[language] = subprocess.Popen(command, env=os.environ | home | {"PYTHONPATH": f"{WALK.parent}"})
    assert [walk.wait(timeout=400) for walk in walks.values()] == [0] * len(walks)
    return {language: json.loads((folder / language).read_text("utf-8")) for language in walks}


def without_data(line: str) -> str:
    """A line of a screen without emotions that stand beside their gloss, and without proper names."""
    for emotion in EMOTIONS:
        if emotion.gloss in line:
            line = line.replace(emotion.label, "")
    for name in OWN_NAMES:
        line = line.replace(name, "")
    return line


@pytest.mark.timeout(600)
def test_every_screen_is_in_english_when_that_is_spoken(walked: dict[str, dict[str, str]]) -> None:
    shown = walked["en"]
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
def test_every_screen_is_in_korean_when_that_is_spoken(walked: dict[str, dict[str, str]]) -> None:
    shown = walked["ko"]
    assert len(shown) == SCREENS
    for name, screen in shown.items():
        assert max(screen) >= "가", name
        for line in screen.splitlines():
            assert not PLAIN_KO.search(line.replace("told-model", "")), f"{name}: {line}"
