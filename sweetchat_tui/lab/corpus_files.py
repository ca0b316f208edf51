"""The files of the corpus: one, a folder of them, or a zip as it was downloaded.

Nothing is unpacked to the disk. Knows nothing of what stands in the files.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from sweetchat_tui.errors import NotThere, Unreadable
from sweetchat_tui.lang import say

LARGEST = 256_000_000
"""Bytes of one file; the whole corpus as JSON has 60 million."""
LARGEST_ZIP = 1_000_000_000
"""Bytes of all that is read out of one zip, those within it among them."""

_KINDS = (".xlsx", ".json", ".zip")
_MOST = 10_000
_DEEPEST = 3
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOK = "[Content_Types].xml"
_UTF8 = 0x800


@dataclass(frozen=True, slots=True)
class File:
    """One file that may hold dialogues."""

    name: str
    """Its own name; within a folder or a zip, its path there."""
    content: bytes
    is_sheet: bool
    """True for a spreadsheet, False for what can only be JSON."""
    is_named: bool
    """The person named this very file; it was not found in a folder or a zip."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was found but is not the corpus."""

    name: str
    why: str
    """A sentence in the language in use."""


def files(source: Path) -> Iterator[File | Skipped]:
    """The files of a source, sorted by name.

    Raises:
        NotThere: there is no such file or folder, or nothing of the corpus's kinds is in it.
        Unreadable: it cannot be read, is locked or too large, or is no sound zip.
    """
    if not source.exists():
        raise NotThere(
            say(f"말뭉치 파일이 없어요: {source}", f"There is no corpus file: {source}"),
            say("xlsx, JSON, zip, 폴더를 쓸 수 있어요.", "It can be an xlsx, JSON, a zip or a folder."),
        )
    found = _in_folder(source) if source.is_dir() else _Source().opened(source.name, _read(source))
    some = False
    for file in found:
        some = True
        yield file
    if not some:
        raise NotThere(
            say(f"xlsx나 JSON 파일이 없어요: {source}", f"It holds no xlsx and no JSON: {source}"),
            say("AI Hub 감성 대화 말뭉치를 넣어 주세요.", "Give the corpus from AI Hub."),
        )


def _in_folder(folder: Path) -> Iterator[File | Skipped]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _wanted(name) and path.is_file():
            try:
                yield from _Source(named=False).opened(name, _read(path))
            except Unreadable as error:
                yield Skipped(name, error.message)


def _wanted(name: str) -> bool:
    """Of a kind that is read, and nothing that a system or a program leaves beside files."""
    parts = PurePosixPath(name).parts
    stray = any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts)
    return not stray and name.lower().endswith(_KINDS)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(
            say(f"파일을 읽을 수 없어요: {path}", f"This file cannot be read: {path}"), error.strerror or ""
        ) from error
    if len(content) > LARGEST:
        raise _too_large(path.name)
    return content


class _Source:
    """Opens one file, and keeps account of what comes out of it."""

    def __init__(self, *, named: bool = True) -> None:
        self._named = named
        self._left = LARGEST_ZIP

    def opened(self, name: str, content: bytes, depth: int = 0) -> Iterator[File]:
        """The file itself, or the files within where it is a zip.

        Args:
            depth: how many zips it is in.
        """
        if content.startswith(_OLE):
            raise Unreadable(
                say(
                    f"암호가 걸렸거나 옛 xls 파일이에요: {name}",
                    f"This is locked, or an old xls file: {name}",
                ),
                say("암호 없는 xlsx로 저장해서 넣어 주세요.", "Save it as an xlsx without a password."),
            )
        if not content.startswith(_ZIP):
            yield File(name, content, is_sheet=False, is_named=self._named and not depth)
            return
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                if _WORKBOOK in archive.namelist():
                    yield File(name, content, is_sheet=True, is_named=self._named and not depth)
                elif depth < _DEEPEST and len(archive.infolist()) <= _MOST:
                    yield from self._within(archive, f"{name}/" if depth or not self._named else "", depth)
                else:
                    raise _too_large(name)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
            raise Unreadable(
                say(f"망가졌거나 암호가 걸린 zip이에요: {name}", f"This zip is broken or locked: {name}"),
                say("다시 받거나 암호를 풀어 주세요.", "Download it again, or take the password off."),
            ) from error

    def _within(self, archive: zipfile.ZipFile, prefix: str, depth: int) -> Iterator[File]:
        members = [(_decoded(member), member) for member in archive.infolist() if not member.is_dir()]
        for name, _ in members:
            if _escapes(name):
                raise Unreadable(
                    say(
                        f"폴더 밖을 가리키는 이름이 든 zip이에요: {name}",
                        f"A name in the zip leaves it: {name}",
                    ),
                    say("AI Hub에서 다시 받아 주세요.", "Download it from AI Hub again."),
                )
        for name, member in sorted(members, key=lambda pair: pair[0]):
            if _wanted(name):
                if member.file_size > min(LARGEST, self._left):
                    raise _too_large(name)
                # zipfile gives no more than the size that it checked, whatever is packed.
                self._left -= member.file_size
                yield from self.opened(prefix + name, archive.read(member), depth + 1)


def _decoded(member: zipfile.ZipInfo) -> str:
    """The name as it was meant: Korean Windows writes cp949 and says nothing of it, macOS UTF-8."""
    if member.flag_bits & _UTF8:
        return member.filename
    written = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "cp949"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or parts[0].endswith(":")


def _too_large(name: str) -> Unreadable:
    return Unreadable(
        say(f"말뭉치치고는 너무 큰 파일이에요: {name}", f"This is too large to be the corpus: {name}"),
        say("AI Hub에서 받은 그대로 넣어 주세요.", "Give it as it came from AI Hub."),
    )
