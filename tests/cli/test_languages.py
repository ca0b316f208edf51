"""What goes wrong on the command line is told in the language in use and in no other."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sweetchat_tui.emotions import EMOTIONS

WALK = Path(__file__).parents[1] / "errors_walk.py"
FAILURES = 160
DATA_EN = re.compile(
    "|".join(
        [
            r'sweetchat ask "[^"]+"',  # what a person could write
            r"sweetchat history search \S+",
            "마들랜",  # an app of that name
            *(re.escape(e.label) for e in EMOTIONS),  # what was read, which scripts look for
        ]
    )
)
COMMANDS = re.compile(r"sweetchat(?: [\w/\[\]@.-]+)+|export \S+|'[^']*'|/\S+")
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z']+ ){2,}[A-Za-z]+")
THE_FRIEND = "I'm the small built-in friend"
"""It answers English in English."""


def walked(language: str, tmp_path: Path) -> dict[str, str]:
    out = tmp_path / "said.json"
    environment = os.environ | {"HF_ENDPOINT": "http://127.0.0.1:9", "NO_COLOR": "1"}
    subprocess.run(
        [sys.executable, "-X", "utf8", str(WALK), language, str(out)],
        check=True,
        env=environment,
        timeout=400,
    )
    said: dict[str, str] = json.loads(out.read_text(encoding="utf-8"))
    assert len(said) >= FAILURES
    unexpected = {name: text for name, text in said.items() if re.match("1$|None$", text.partition("\n")[0])}
    assert unexpected == {}
    assert sum(not text.startswith("0\n") for text in said.values()) > FAILURES * 0.8
    return said


@pytest.mark.timeout(500)
def test_every_failure_is_told_in_english_when_that_is_spoken(tmp_path: Path) -> None:
    for name, text in walked("en", tmp_path).items():
        for line in text.splitlines():
            assert not re.search("[ㄱ-ㆎ가-힣]", DATA_EN.sub("", line)), f"{name}: {line}"


@pytest.mark.timeout(500)
def test_every_failure_is_told_in_korean_when_that_is_spoken(tmp_path: Path) -> None:
    for name, text in walked("ko", tmp_path).items():
        if not text.startswith("0\n"):
            assert re.search("[가-힣]", text), f"{name}: {text}"
        for line in text.splitlines():
            if not line.startswith(THE_FRIEND):
                assert not ENGLISH.search(COMMANDS.sub("", line)), f"{name}: {line}"


def test_a_wrong_setting_is_told_in_the_language_that_stands_beside_it(  # type: ignore[no-untyped-def]
    sweetchat, own_home: Path
) -> None:
    file = own_home / "config" / "sweetchat" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('lang = "en"\npersnoa = "friend"\n')
    assert "There is no setting persnoa" in sweetchat("emotions").err
    assert "Unknown language: fr" in sweetchat("--lang", "fr", "emotions").err
