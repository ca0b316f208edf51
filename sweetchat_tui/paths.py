"""Where the program's folders are on this machine. Pure: looks, makes nothing."""

from functools import cache
from pathlib import Path

from platformdirs import PlatformDirs


@cache
def _dirs() -> PlatformDirs:
    return PlatformDirs("sweetchat", appauthor=False)


def config_file() -> Path:
    """The person's configuration, `config.toml`."""
    return _dirs().user_config_path / "config.toml"


def credentials_file() -> Path:
    """The keys that `sweetchat auth set` wrote, readable by the person alone."""
    return _dirs().user_config_path / "credentials.json"


def journal_file() -> Path:
    """The journal, an SQLite database."""
    return _dirs().user_data_path / "journal.db"


def state_folder() -> Path:
    """What the program remembers of itself, and nothing that cannot be lost."""
    return _dirs().user_state_path


def draft_file() -> Path:
    """What was typed and not yet sent when the app was last closed."""
    return state_folder() / "draft.txt"


def cache_folder() -> Path:
    """What can be made again and may be deleted at any time."""
    return _dirs().user_cache_path
