"""Keeps the developer's machine out of the tests, and runs the installed program as a process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import warm

from sweetchat_tui import lang


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: run only with SWEETCHAT_SLOW=1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes long, unless it is asked for; have what trains run first: or at the end one
    worker trains, and the other has nothing to do."""
    if os.environ.get("SWEETCHAT_SLOW") != "1":
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: run with SWEETCHAT_SLOW=1"))
    items.sort(key=lambda item: item.path.parent.name != "lab")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders, variables and language of this test alone, for it and the processes that it starts."""
    for name in list(os.environ):
        # A worker of pytest's says how large a terminal is; each test here has its own.
        if name.startswith(("SWEETCHAT_", "OPENAI_", "HF_")) or name in ("COLUMNS", "LINES"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    lang.use("ko")
    return home


_PATIENCE_S = 240
"""A guard against hanging, on a machine that may be busy."""

Sweetchat = Callable[..., "Done"]


class Done:
    """A finished run."""

    def __init__(self, process: subprocess.CompletedProcess[bytes]) -> None:
        self.code = process.returncode
        self.out = process.stdout.decode("utf-8")
        self.err = process.stderr.decode("utf-8")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What was printed, as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def sweetchat(own_home: Path) -> Sweetchat:
    """Run `sweetchat` with words, standard input and variables; without input it is empty."""

    def run(*words: str, stdin: bytes | str = b"", **variables: str) -> Done:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        environment = {**os.environ, **variables}
        if warm.can_be(environment):
            return Done(warm.run(words, data, environment, timeout=_PATIENCE_S))
        command = [sys.executable, "-m", "sweetchat_tui", *words]
        return Done(
            subprocess.run(
                command, input=data, capture_output=True, env=environment, timeout=_PATIENCE_S, check=False
            )
        )

    return run
