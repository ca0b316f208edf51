"""Files that are the person's alone. Knows nothing of what is in them."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Put a text in a file that only the person can read, whole or not at all; missing folders are made 0700.

    Raises:
        OSError: it cannot be written; what was there before stands.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    # Born private: a file that is made first and narrowed afterwards can be opened in between.
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as f:
        f.write(text)
    fresh.replace(path)
