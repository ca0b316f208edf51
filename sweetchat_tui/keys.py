"""Where a provider's key comes from, and that it goes nowhere else.

First found wins: `SWEETCHAT_API_KEY`, the profile's own variable, the credentials file that
`sweetchat auth set` wrote (only while the profile still names the same host), the profile's command.
A key is never printed; what people see is where it came from.
"""

import json
import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sweetchat_tui.config import Profile
from sweetchat_tui.errors import KeyRefused, Misconfigured
from sweetchat_tui.files import read_bounded, why, write_private
from sweetchat_tui.lang import say

_COMMAND_TIMEOUT_S = 20
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Key:
    """A key and where it was found."""

    value: str = field(repr=False)
    origin: str
    """A variable's name, a file, or `api_key_command`."""


def find(profile: Profile, environ: Mapping[str, str], credentials: Path) -> Key | None:
    """The key for a profile; None when it has none.

    Raises:
        KeyRefused: the profile's command gave no key.
        Misconfigured: the credentials file cannot be read.
    """
    for variable in ("SWEETCHAT_API_KEY", profile.api_key_env):
        if variable and (value := environ.get(variable, "").strip()):
            return Key(value, variable)
    stored = _read(credentials).get(profile.name, {})
    if stored.get("host") == profile.host and stored.get("key"):
        return Key(stored["key"], str(credentials))
    if profile.api_key_command:
        return Key(_run(profile.api_key_command), "api_key_command")
    return None


def store(profile: Profile, value: str, credentials: Path) -> None:
    """Keep a key for a profile's host in the credentials file, readable by the person alone.

    Raises:
        KeyRefused: what was given cannot be a key.
        Misconfigured: the file cannot be read or written.
    """
    value = value.strip()
    if not value:
        raise KeyRefused(say("키가 비어 있어요.", "The key is empty."))
    if not value.isascii() or not value.isprintable():
        raise KeyRefused(
            say("키에 쓸 수 없는 글자가 있어요.", "That cannot be a key."),
            say(
                "한글 입력 상태가 아닌지 보고 다시 붙여 넣어 주세요.",
                "Paste it again; mind the keyboard's language.",
            ),
        )
    _write(credentials, _read(credentials) | {profile.name: {"host": profile.host, "key": value}})


def remove(profile: Profile, credentials: Path) -> bool:
    """Forget the stored key of a profile; whether there was one."""
    kept = _read(credentials)
    if profile.name not in kept:
        return False
    del kept[profile.name]
    _write(credentials, kept)
    return True


def _run(command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the person's own command, from their own configuration
            shlex.split(command), capture_output=True, text=True, timeout=_COMMAND_TIMEOUT_S, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        done = None
    if done is None or not done.stdout.strip():
        raise KeyRefused(
            say("api_key_command가 키를 내놓지 않았어요.", "api_key_command gave no key."),
            say("그 명령을 터미널에서 직접 돌려 보세요.", "Try the command in a terminal."),
        )
    return done.stdout.strip().splitlines()[0]


def _read(credentials: Path) -> dict[str, dict[str, str]]:
    try:
        open_to_others = os.name == "posix" and credentials.stat().st_mode & 0o077
        content = json.loads(read_bounded(credentials, _MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError):
        open_to_others, content = 0, None
    if open_to_others:
        raise Misconfigured(
            say(
                f"키를 담은 파일을 다른 사람도 읽을 수 있어요: {credentials}",
                f"Others can read the key file: {credentials}",
            ),
            f"chmod 600 {shlex.quote(str(credentials))}",
        )
    if not isinstance(content, dict) or not all(isinstance(entry, dict) for entry in content.values()):
        raise Misconfigured(
            say(
                f"키를 담은 파일을 읽을 수 없어요: {credentials}",
                f"The key file cannot be read: {credentials}",
            ),
            say(
                "지우고 sweetchat auth set으로 다시 넣어 주세요.",
                "Delete it and run sweetchat auth set again.",
            ),
        )
    return content


def _write(credentials: Path, content: Mapping[str, object]) -> None:
    try:
        write_private(credentials, json.dumps(content))
    except OSError as e:
        raise Misconfigured(
            say(f"키를 저장할 수 없어요: {credentials}", f"The key cannot be stored: {credentials}"),
            why(e),
        ) from None
