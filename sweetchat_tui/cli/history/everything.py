"""`sweetchat history export --everything`: all that is kept of a person, in one folder, and no key."""

import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sweetchat_tui import config, paths
from sweetchat_tui.cli import mood as mood_command
from sweetchat_tui.cli import showing
from sweetchat_tui.cli.history import exporting
from sweetchat_tui.config import Config, Profile
from sweetchat_tui.errors import Misused, OutputUnwritable
from sweetchat_tui.files import private, why
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    from sweetchat_tui.journal import Journal

_LONGEST_MOOD = 3660


def export(folder: Path, settings: Config) -> None:
    """Write it all into a new folder that only the person can read; whole, or not at all.

    Raises:
        Misused: there is something in its place.
        OutputUnwritable: the disk refuses.
    """
    # 10 ms: sqlite3.
    from sweetchat_tui.cli import wiring

    if folder.exists():
        raise Misused(say(f"이미 있어요: {folder}", f"It is there already: {folder}"))
    half = folder.with_name(f"{folder.name}.half")
    with wiring.journal(private=False, to_read=True) as journal:
        try:
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(mode=0o700)
            for name, pieces in _files(journal, settings):
                with open(half / name, "x", encoding="utf-8", opener=private) as file:
                    file.writelines(pieces)
            half.rename(folder)
        except OSError as e:
            raise OutputUnwritable(
                say(f"폴더를 쓸 수 없어요: {folder}", f"The folder cannot be written: {folder}"),
                why(e),
            ) from None
        finally:
            shutil.rmtree(half, ignore_errors=True)


def _files(journal: "Journal", settings: Config) -> Iterator[tuple[str, Iterable[str]]]:
    from sweetchat_tui.journal.export import export_all
    from sweetchat_tui.tui.draft import Draft

    yield "README.txt", [_readme()]
    listed = journal.conversations(-1)[::-1]
    yield (
        "conversations.md",
        export_all(((journal.conversation(found.id), journal.recap(found.id)) for found in listed), "md"),
    )
    yield "conversations.jsonl", (_line(journal, found.id, found.title) for found in listed)
    yield "corrections.jsonl", exporting.corrections_of(journal, "jsonl")
    first = min((found.started.astimezone().date() for found in listed), default=date.today())
    days = min((date.today() - first).days + 1, _LONGEST_MOOD)
    yield "mood.json", [showing.dumps(mood_command.document(journal.mood(date.today(), days))) + "\n"]
    yield "draft.txt", [Draft(paths.draft_file(), journal).load()]
    yield "settings.json", [showing.dumps(_settings(settings)) + "\n"]


def _line(journal: "Journal", id_: str, title: str) -> str:
    from sweetchat_tui.journal.export import export

    whole = json.loads(export(journal.conversation(id_), "json", journal.recap(id_)))
    return showing.dumps({"schema": whole.pop("schema"), "title": title} | whole) + "\n"


def _settings(settings: Config) -> dict[str, object]:
    return {
        "schema": 1,
        "settings": {name: getattr(settings, name) for name in config.SETTINGS},
        "origins": dict(settings.origins),
        "profiles": {name: _profile(profile) for name, profile in settings.profiles.items()},
    }


def _profile(profile: Profile) -> dict[str, Any]:
    """What is set of a profile, without what may hold a secret."""
    values = {key: getattr(profile, key) for key in config.PROFILE_KEYS}
    address = urlsplit(profile.base_url)._replace(netloc=profile.host).geturl()
    return values | {"base_url": address, "api_key_command": "…" if profile.api_key_command else ""}


def _readme() -> str:
    return say(
        "SweetChat이 이 컴퓨터에 저장한 모든 것이에요. 암호로 잠겨 있지 않으니 잘 간직해 주세요.\n\n"
        "conversations.md      모든 대화, 읽기 좋게\n"
        "conversations.jsonl   모든 대화, 한 줄에 하나(이름, 요약, 감정, 다시 받은 대답까지)\n"
        "corrections.jsonl     감정을 직접 고른 말\n"
        "mood.json             날마다의 마음\n"
        "draft.txt             쓰다 만 말\n"
        "settings.json         설정(키는 없어요)\n",
        "All that SweetChat keeps on this machine. It is not encrypted: take good care of it.\n\n"
        "conversations.md      every conversation, to be read\n"
        "conversations.jsonl   every conversation, one a line (titles, recaps, emotions, every answer)\n"
        "corrections.jsonl     messages whose emotion you picked\n"
        "mood.json             how each day has been\n"
        "draft.txt             what was typed and not sent\n"
        "settings.json         the settings, without keys\n",
    )
