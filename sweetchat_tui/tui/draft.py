"""What was typed and not yet sent, kept over a restart."""

import os
from pathlib import Path


def load(file: Path) -> str:
    """The draft; empty when there is none."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def save(file: Path, text: str) -> bool:
    """Keep a draft, readable by the person alone, or forget it when it is empty; whether it worked."""
    fresh = file.with_suffix(".new")
    try:
        if not text:
            file.unlink(missing_ok=True)
            return True
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as f:
            f.write(text)
        fresh.replace(file)
    except OSError:
        return False
    return True
