"""A setting written into the person's `config.toml`, without touching anything else that they wrote there."""

import json
import re
import shutil
import tomllib
from pathlib import Path

from sweetchat_tui.errors import Misconfigured
from sweetchat_tui.files import private
from sweetchat_tui.lang import say

_MODEL = re.compile(r"^model\s*=.*$", re.MULTILINE)
_PROVIDER = re.compile(r"^(provider(?:\.use)?\s*=).*$", re.MULTILINE)
_TABLE = re.compile(r"^\[\s*provider\s*\].*$", re.MULTILINE)
_USE = re.compile(r"^(use\s*=).*$", re.MULTILINE)


def model(file: Path, name: str, provider: str | None = None) -> None:
    """Make a model the one that answers.

    Args:
        provider: profile that has the model, and is made the one that answers too; None leaves that as it is.

    Raises:
        Misconfigured: the file is no TOML, or cannot be written; it stays as it was.
    """
    line = f"model = {json.dumps(name)}"
    lines = line if provider is None else f"{line}\nprovider.use = {json.dumps(provider)}"
    try:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        before = tomllib.loads(text)
        top, rest = _parted(text)
        top, found = _MODEL.subn(lambda _: line, top, count=1)
        changed = (top if found else f"{line}\n{top}") + rest
        wanted = before | {"model": name}
        if provider is not None:
            changed = _answered_by(provider, changed)
            tables = before.get("provider", {})
            wanted["provider"] = tables | {"use": provider} if isinstance(tables, dict) else provider
        if tomllib.loads(changed) != wanted:
            raise _unwritable(file, lines)
        _replace(file.resolve(), changed)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise _unwritable(file, lines) from error


def _parted(text: str) -> tuple[str, str]:
    """What stands before the first table, and the rest."""
    table = re.search(r"^\s*\[", text, re.MULTILINE)
    return (text[: table.start()], text[table.start() :]) if table else (text, "")


def _answered_by(provider: str, text: str) -> str:
    """The text with the line that says who answers, wherever that has its place."""
    use = json.dumps(provider)
    top, rest = _parted(text)
    top, found = _PROVIDER.subn(lambda at: f"{at[1]} {use}", top, count=1)
    if found:
        return top + rest
    table = _TABLE.search(text)
    if table is None:
        return f"{text.rstrip()}\n\n[provider]\nuse = {use}\n"
    own, others = _parted(text[table.end() :])
    own, found = _USE.subn(lambda at: f"{at[1]} {use}", own, count=1)
    return text[: table.end()] + (own if found else f"\nuse = {use}{own}") + others


def server(file: Path, name: str, address: str, model: str) -> None:
    """Make a server of the person's the one that answers.

    Args:
        name: of its profile.
    Raises:
        Misconfigured: the file is no TOML, says already who answers, or cannot be written.
    """
    lines = (
        f"[provider.{name}]\n"
        f"base_url = {json.dumps(address)}\nmodel = {json.dumps(model, ensure_ascii=False)}\n"
    )
    whole = f"[provider]\nuse = {json.dumps(name)}\n\n{lines}"
    try:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        before = tomllib.loads(text)
        there = before.get("provider", {})
        changed = f"{_answered_by(name, text).rstrip()}\n\n{lines}".lstrip()
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
