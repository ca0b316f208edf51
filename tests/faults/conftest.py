"""What each test took is written down for the table."""

import json
import os
from pathlib import Path

import pytest

FIGURES = os.environ.get("SWEETCHAT_FAULT_FIGURES")
"""A file to which what each test took is added; `table.py` sets it."""


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
