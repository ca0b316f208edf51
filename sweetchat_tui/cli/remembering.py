"""A setting written into the person's `config.toml`, without touching anything else that they wrote there."""

import json
import re
import shutil
import tomllib
from pathlib import Path

from sweetchat_tui.errors import Misconfigured
from sweetchat_tui.files import private
from sweetchat_tui.lang import say

_LINE = re.compile(r"^model\s*=.*$", re.MULTILINE)
_LEFT_OPEN = re.compile(r'^use\s*=\s*"auto"', re.MULTILINE)


def model(file: Path, name: str) -> None:
    """Make a model the one that answers.

    Raises:
        Misconfigured: the file is no TOML, or cannot be written; it stays as it was.
    """
    line = f"model = {json.dumps(name)}"
    try:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        before = tomllib.loads(text)
        table = re.search(r"^\s*\[", text, re.MULTILINE)
        top, rest = (text[: table.start()], text[table.start() :]) if table else (text, "")
        top, found = _LINE.subn(lambda _: line, top, count=1)
        changed = (top if found else f"{line}\n{top}") + rest
        if tomllib.loads(changed) != before | {"model": name}:
            raise _unwritable(file, line)
        _replace(file.resolve(), changed)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise _unwritable(file, line) from error


def server(file: Path, name: str, address: str, model: str) -> None:
    """Make a server of the person's the one that answers.

    Args:
        name: of its profile.
    Raises:
        Misconfigured: the file is no TOML, says already who answers, or cannot be written.
    """
    use = f"use = {json.dumps(name)}"
    lines = (
        f"[provider.{name}]\n"
        f"base_url = {json.dumps(address)}\nmodel = {json.dumps(model, ensure_ascii=False)}\n"
    )
    whole = f"[provider]\n{use}\n\n{lines}"
    try:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        before = tomllib.loads(text)
        there = before.get("provider", {})
        top, left_open = _LEFT_OPEN.subn(lambda _: use, text, count=1)
        changed = f"{top.rstrip()}\n\n{lines if left_open else whole}".lstrip()
        wanted = before | {"provider": there | tomllib.loads(whole)["provider"]}
        if name in there or there.get("use", "auto") != "auto" or tomllib.loads(changed) != wanted:
            raise _unwritable(file, whole)
        _replace(file.resolve(), changed)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise _unwritable(file, whole) from error


def _replace(file: Path, text: str) -> None:
    """Put a text in the place of a file's, with its mode; what was there stays beside it as `NAME.before`."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    with open(new, "x", encoding="utf-8", opener=private) as stream:
        stream.write(text)
    if file.exists():
        shutil.copymode(file, new)
        shutil.copy2(file, file.with_name(file.name + ".before"))
    new.replace(file)


def _unwritable(file: Path, line: str) -> Misconfigured:
    return Misconfigured(
        say(f"설정 파일을 고치지 못했어요: {file}", f"The configuration could not be changed: {file}"),
        say(f"이 줄을 맨 위에 넣어 주세요: {line}", f"Put this line at its top: {line}"),
    )
