"""What a person can set: flag > `SWEETCHAT_*` > config.toml > default, and who won.

    settings   what there is
    reading    what is in force
    faults     where a file that is wrong is wrong
    example    a file that tells of it; `config.example.toml` is one

Knows nothing of what the settings are for. Writes nothing.
"""

from sweetchat_tui.config.example import example
from sweetchat_tui.config.reading import MOST_BYTES, check, read, unopenable
from sweetchat_tui.config.settings import LOOPBACK, OFFLINE, OPENAI, PROFILE_KEYS, SETTINGS, Config, Profile

__all__ = [
    "LOOPBACK",
    "MOST_BYTES",
    "OFFLINE",
    "OPENAI",
    "PROFILE_KEYS",
    "SETTINGS",
    "Config",
    "Profile",
    "check",
    "example",
    "read",
    "unopenable",
]
