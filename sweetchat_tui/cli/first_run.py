"""What the first run can choose, and that it comes once."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from sweetchat_tui import generators, keys, paths
from sweetchat_tui.cli import remembering
from sweetchat_tui.companion import Equipment
from sweetchat_tui.config import Config, Profile
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say
from sweetchat_tui.tui.changes import FirstRun

_LOCAL = "local"


def first_run(config: Config, file: Path, host: str | None) -> FirstRun | None:
    """What is told and can be chosen at the first run; None when it was before.

    Args:
        file: the person's configuration.
        host: where words go as things stand; None is the embedded friend, and nowhere.
    """
    told = paths.state_folder() / "welcomed"
    if told.exists():
        return None
    answers = host or say("내장 친구", "the embedded friend")
    return FirstRun(
        now=say(f"이대로: {answers}", f"As it is: {answers}"),
        host=host,
        open=config.provider == "auto",
        key=partial(_with_key, config),
        server=partial(_with_server, file),
        done=_remembering(told),
    )


def _remembering(told: Path) -> Callable[[], None]:
    def done() -> None:
        with suppress(OSError):
            told.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            told.touch(0o600)

    return done


def _with_key(config: Config, key: str) -> Equipment:
    profile = config.profiles["openai"]
    keys.store(profile, key, paths.credentials_file())
    return Equipment(lambda: generators.load(profile, key.strip()))


def _with_server(file: Path, address: str, model: str) -> Equipment:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Misused(
            say(f"서버의 주소가 아니에요: {address}", f"That is no address of a server: {address}"),
            "http://127.0.0.1:11434/v1",
        )
    remembering.server(file, _LOCAL, address, model)
    return Equipment(lambda: generators.load(Profile(_LOCAL, base_url=address, model=model), None))
