"""The words that the rules must know one by one, as `words.toml` lists them."""

import tomllib
from importlib.resources import files
from typing import Any

WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    files("sweetchat_tui.lab.banmal").joinpath("words.toml").read_text("utf-8")
)
