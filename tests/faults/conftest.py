"""Tests that take long are run when they are asked for; what each took is written down for the table."""

import json
import os
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


_FOUND: dict[str, dict[str, float]] = {}


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> dict[str, float]:
    """What a test wants to have in the table: `mb`, the most memory that the program took."""
    return _FOUND.setdefault(request.node.nodeid, {})


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if FIGURES and "tests/faults" in report.nodeid and (report.when == "call" or report.skipped):
        row = {"test": report.nodeid, "outcome": report.outcome, "seconds": report.duration}
        with Path(FIGURES).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row | _FOUND.get(report.nodeid, {})) + "\n")
