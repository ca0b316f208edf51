from collections.abc import Iterator

import pytest
from tui_stage import Stage

from sweetchat_tui.journal import Journal


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Journal.open(None) as journal:
        yield Stage(journal)
