"""Where the lab writes: a disk that refuses is told in one way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sweetchat_tui.errors import OutputUnwritable
from sweetchat_tui.files import why
from sweetchat_tui.lang import say


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Around everything that writes into a folder.

    Raises:
        OutputUnwritable: the disk is full, or the like.
    """
    try:
        yield
    except OSError as error:
        raise OutputUnwritable(
            say(f"{folder}에 쓸 수 없어요: {why(error)}", f"{folder} cannot be written: {why(error)}"),
            say(
                "디스크의 자리와 권한을 봐 주세요.", "See whether the disk has room and you may write there."
            ),
        ) from error
