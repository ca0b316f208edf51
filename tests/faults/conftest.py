"""Tests that take long are run when they are asked for; what each took is written down for the table."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

FIGURES = os.environ.get("SWEETCHAT_FAULT_FIGURES")
"""A file to which what each test took is added; `table.py` sets it."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: run only with SWEETCHAT_SLOW=1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("SWEETCHAT_SLOW") != "1":
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: run with SWEETCHAT_SLOW=1"))


@pytest.fixture(autouse=True)
def figures(request: pytest.FixtureRequest, own_home: Path) -> Iterator[dict[str, float]]:
    """What a test wants to have in the table: `mb`, the most memory that the program took."""
    found: dict[str, float] = {}
    started = time.monotonic()
    yield found
    if FIGURES:
        row = {"test": request.node.nodeid, "seconds": time.monotonic() - started, **found}
        with Path(FIGURES).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
