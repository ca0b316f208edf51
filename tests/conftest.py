"""Keeps the developer's machine out of the tests."""

import os
from pathlib import Path

import pytest

from sweetchat_tui import lang


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders, variables and language of this test alone, for it and the processes that it starts."""
    for name in list(os.environ):
        if name.startswith(("SWEETCHAT_", "OPENAI_", "HF_")):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    lang.use("ko")
    return home
