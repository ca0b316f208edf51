"""The person's files: settings, journal, the modes of folders, room on the disk. Looks, makes nothing."""

import os
import shlex
import shutil
import stat
from pathlib import Path

from sweetchat_tui import config, paths
from sweetchat_tui.classifiers.hub_failures import size
from sweetchat_tui.cli import editing
from sweetchat_tui.cli.doctor.rows import Row, broken
from sweetchat_tui.config import Config
from sweetchat_tui.errors import JournalUnwritable, SweetchatError
from sweetchat_tui.files import read_bounded
from sweetchat_tui.journal import health
from sweetchat_tui.journal.passphrase import encrypted
from sweetchat_tui.lang import counted, say

_LITTLE = 100_000_000
_NOTHING = 1_000_000
"""Bytes: a conversation of a year is about ten million."""


def settings(file: Path, in_force: Config | SweetchatError) -> Row:
    """The settings, and whether every key in them works.

    Args:
        in_force: what is set, or why nothing is.
    """
    title = say("설정", "settings")
    there = _there(file)
    facts: dict[str, object] = {"file": str(file), "there": there}
    if isinstance(in_force, SweetchatError):
        return broken("settings", title, in_force, **facts)
    facts["origins"] = dict(in_force.origins)
    try:
        if there:
            config.check(read_bounded(file, config.MOST_BYTES), file, editing.keys_work)
        else:
            editing.keys_work(in_force, in_force.origins.get("keys", ""))
    except SweetchatError as error:
        return broken("settings", title, error, **facts)
    told = str(file) if there else say("기본값으로 써요(설정 파일 없음)", "the defaults; there is no file")
    others = sorted({by for by in in_force.origins.values() if by != str(file)})
    if others:
        told += say(f" · 여기서도: {', '.join(others)}", f" · also by {', '.join(others)}")
    return Row("settings", title, told, facts=facts)


def journal() -> Row:
    """Whether the journal can be read, and how large it is."""
    file, title = paths.journal_file(), say("대화 기록", "journal")
    locked = encrypted(file)
    facts: dict[str, object] = {"file": str(file), "encrypted": locked}
    if locked:
        told = say("암호로 잠겨 있어요(괜찮은지는 history check)", "encrypted; history check looks inside")
        return Row("journal", title, f"{told} · {file}", facts=facts)
    try:
        found = health.look(file)
    except SweetchatError as error:
        return broken("journal", title, error, **facts)
    if found is None:
        return Row("journal", title, say("아직 없어요", "none yet"), facts=facts)
    facts |= {
        "bytes": found.bytes,
        "conversations": found.conversations,
        "messages": found.messages,
        "in_use": found.open_elsewhere,
    }
    told = say(
        f"괜찮아요. 대화 {found.conversations:,}개, 말 {found.messages:,}개, {size(found.bytes)}",
        f"sound: {counted(found.conversations, 'conversation')}, {counted(found.messages, 'message')}, "
        f"{size(found.bytes)}",
    )
    return Row("journal", title, f"{told} · {file}", facts=facts)


def folders() -> Row:
    """Whether what is private is so, and can be written."""
    title = say("폴더", "folders")
    private = [paths.config_file().parent, paths.journal_file().parent, paths.state_folder()]
    files = [paths.config_file(), paths.credentials_file(), paths.journal_file(), paths.draft_file()]
    modes = {str(path): f"{mode:o}" for path in [*private, *files] if (mode := _mode(path)) is not None}
    closed = [folder for folder in private if not _writable(folder)]
    if closed:
        error = JournalUnwritable(
            say(f"쓸 수 없는 폴더예요: {closed[0]}", f"This folder cannot be written: {closed[0]}"),
            say("폴더의 주인과 권한을 봐 주세요.", "Look at its owner and permissions."),
        )
        return broken("folders", title, error, modes=modes)
    open_to_others = [path for path in modes if int(modes[path], 8) & 0o077]
    if os.name == "posix" and open_to_others:
        folder = Path(open_to_others[0]).is_dir()
        return Row(
            "folders",
            title,
            say(
                f"다른 사람도 들여다볼 수 있어요: {open_to_others[0]}",
                f"Others can look into {open_to_others[0]}",
            ),
            "look",
            f"chmod {700 if folder else 600} {shlex.quote(open_to_others[0])}",
            {"modes": modes},
        )
    told = say("나만 읽을 수 있어요", "readable by you alone") if modes else say("아직 없어요", "none yet")
    return Row("folders", title, told, facts={"modes": modes})


def disk() -> Row:
    """Room where the journal is."""
    title, at = say("디스크", "disk"), _nearest(paths.journal_file().parent)
    free = shutil.disk_usage(at).free
    facts = {"free_bytes": free}
    if free < _NOTHING:
        error = JournalUnwritable(
            say("디스크가 가득 찼어요.", "The disk is full."),
            say(
                "자리를 비워 주세요. 그때까지는: sweetchat --private",
                "Make room; until then: sweetchat --private",
            ),
        )
        return broken("disk", title, error, **facts)
    room = f"{free / 1e9:,.1f} GB" if free >= 1e9 else size(free)
    told = say(f"{room} 남았어요", f"{room} free")
    if free < _LITTLE:
        return Row("disk", title, told, "look", say("곧 가득 차겠어요.", "It will soon be full."), facts)
    return Row("disk", title, told, facts=facts)


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def _writable(folder: Path) -> bool:
    at = _nearest(folder)
    return at.is_dir() and os.access(at, os.W_OK | os.X_OK)


def _there(path: Path) -> bool:
    return os.access(path, os.F_OK)  # pathlib raises for what stands in a folder that is closed to us


def _nearest(folder: Path) -> Path:
    """The folder, or the first above it that is there."""
    return next(at for at in (folder, *folder.parents) if _there(at))
