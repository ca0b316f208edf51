"""What must hold of finding the corpus in folders and zips, sound and unsound."""

import io
import random
import zipfile
from pathlib import Path

import corpus_stage
import pytest

from sweetchat_tui.errors import NotThere, SweetchatError, Unreadable
from sweetchat_tui.lab import corpus, corpus_files, corpus_sheet

MADE = corpus_stage.dialogues(60)
TRAINING, VALIDATION = "감성대화말뭉치(최종데이터)_Training", "감성대화말뭉치(최종데이터)_Validation"


class Nameless(zipfile.ZipInfo):
    """A member whose name comes without a word of its encoding, as Korean Windows and macOS write it."""

    encoding = "cp949"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.filename.encode(self.encoding), 0


def packed(members: dict[str, bytes], encoding: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = Nameless(name) if encoding else zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            if isinstance(member, Nameless):
                member.encoding = encoding
            archive.writestr(member, content)
    return buffer.getvalue()


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> bytes:
    return corpus_stage.as_xlsx(tmp_path / "made.xlsx", MADE[:30]).read_bytes()


@pytest.fixture
def listed(tmp_path: Path) -> bytes:
    return corpus_stage.as_json(tmp_path / "made.json", MADE[30:]).read_bytes()


def sentences(found: corpus.Corpus) -> list[tuple[str, ...]]:
    return [dialogue.sentences for dialogue in found.dialogues]


WHOLE = [one.sentences for one in MADE]


@pytest.mark.parametrize("encoding", ["", "cp949", "utf-8"])
def test_a_zip_as_downloaded_is_read_with_the_zips_in_it(
    tmp_path: Path, sheet: bytes, listed: bytes, encoding: str
):
    inner = packed({f"{VALIDATION}.json": listed, "설명서.pdf": b"%PDF"}, encoding)
    whole = packed({f"018.감성대화/{TRAINING}.xlsx": sheet, "018.감성대화/검증.ZIP": inner}, encoding)
    found = corpus.gather([put(tmp_path / "018.zip", whole)])
    assert sentences(found) == WHOLE
    assert found.read == {
        f"018.감성대화/{TRAINING}.xlsx": 30,
        f"018.감성대화/검증.ZIP/{VALIDATION}.json": 30,
    }


def test_a_folder_is_read_by_name_and_what_is_not_the_corpus_is_passed_over_and_said(
    tmp_path: Path, sheet: bytes, listed: bytes
):
    folder = tmp_path / "corpus"
    put(folder / "b" / f"{VALIDATION}.json", listed)
    put(folder / "a.xlsx", sheet)
    put(folder / "broken.zip", packed({"a.xlsx": sheet})[:-40])
    put(folder / "other.json", b'{"name": "package"}')
    for stray in ("~$a.xlsx", ".hidden.json", "__MACOSX/a.xlsx", "README.md"):
        put(folder / stray, b"stray")
    found = corpus.gather([folder])
    assert sentences(found) == WHOLE
    assert {one.name for one in found.skipped} == {"broken.zip", "other.json"}
    assert all(one.name in one.why for one in found.skipped)


def test_several_sources_keep_their_order(tmp_path: Path, sheet: bytes, listed: bytes):
    one, other = put(tmp_path / "z.xlsx", sheet), put(tmp_path / "a.json", listed)
    assert sentences(corpus.gather([one, other])) == WHOLE


def test_the_kind_is_told_by_the_content_not_by_the_name(tmp_path: Path, sheet: bytes, listed: bytes):
    assert sentences(corpus.gather([put(tmp_path / "a.download", sheet)])) == WHOLE[:30]
    assert sentences(corpus.gather([put(tmp_path / "b", listed)])) == WHOLE[30:]


def test_where_there_is_no_corpus_it_is_said(tmp_path: Path, listed: bytes):
    (tmp_path / "empty").mkdir()
    for source in (tmp_path / "empty", put(tmp_path / "a.zip", packed({"a.txt": b"1"})), tmp_path / "none"):
        with pytest.raises(NotThere, match=source.name):
            corpus.gather([source])
    with pytest.raises(Unreadable) as caught:
        corpus.gather([put(tmp_path / "other.zip", packed({"other.json": b"{}"}))])
    assert "other.json" in caught.value.hint


@pytest.mark.parametrize(
    "name", ["../made.json", "a/../../made.json", "/made.json", "..\\made.json", "C:\\made.json"]
)
def test_a_name_that_leaves_its_zip_is_refused(tmp_path: Path, listed: bytes, name: str):
    with pytest.raises(Unreadable, match="밖을"):
        corpus.gather([put(tmp_path / "a.zip", packed({"made.json": listed, name: listed}))])
    assert not (tmp_path.parent / "made.json").exists()


def test_a_file_or_zip_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, sheet: bytes, listed: bytes, monkeypatch: pytest.MonkeyPatch
):
    plain = put(tmp_path / "a.json", listed)
    archive = put(tmp_path / "a.zip", packed({"a.json": listed}))
    twice = put(tmp_path / "b.zip", packed({"a.json": listed, "b.zip": packed({"b.json": listed})}))
    monkeypatch.setattr(corpus_files, "LARGEST_ZIP", len(listed) + len(listed) // 2)
    assert corpus.gather([archive])
    with pytest.raises(Unreadable, match="너무 큰"):
        corpus.gather([twice])
    monkeypatch.setattr(corpus_files, "LARGEST", len(listed) - 1)
    for source in (plain, archive):
        with pytest.raises(Unreadable, match="너무 큰"):
            corpus.gather([source])
    monkeypatch.setattr(corpus_sheet, "LARGEST", 1_000)
    with pytest.raises(Unreadable, match="너무 큰"):
        corpus.gather([put(tmp_path / "a.xlsx", sheet)])


def test_a_zip_that_lies_of_its_size_gives_no_more_than_it_said(tmp_path: Path):
    bomb = packed({"a.json": b"[" + b" " * 5_000_000})
    size = (5_000_001).to_bytes(4, "little")
    assert bomb.count(size) == 2
    source = put(tmp_path / "a.zip", bomb.replace(size, (100).to_bytes(4, "little")))
    with pytest.raises(Unreadable, match="zip"):
        corpus.gather([source])


def test_zips_within_zips_end(tmp_path: Path, listed: bytes):
    nested = packed({"a.json": listed})
    for _ in range(3):
        nested = packed({"a.zip": nested})
    with pytest.raises(Unreadable, match="너무 큰"):
        corpus.gather([put(tmp_path / "a.zip", nested)])


def test_a_locked_file_is_called_locked(tmp_path: Path, listed: bytes):
    locked = bytearray(packed({"a.json": listed}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(signature) + flags] |= 1
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for source in (put(tmp_path / "a.zip", bytes(locked)), put(tmp_path / "a.xlsx", old)):
        with pytest.raises(Unreadable, match="암호"):
            corpus.gather([source])


def test_whatever_breaks_in_a_file_it_is_read_or_refused(tmp_path: Path, sheet: bytes, listed: bytes):
    chance = random.Random(1)
    loose = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet)) as parts, zipfile.ZipFile(loose, "w") as stored:
        for part in parts.namelist():
            stored.writestr(part, parts.read(part))
    for whole in (sheet, loose.getvalue(), packed({"a.json": listed}), listed):
        for _ in range(60):
            broken = bytearray(whole[: chance.choice((len(whole), chance.randrange(len(whole))))])
            for _ in range(chance.randrange(20)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                corpus.gather([put(tmp_path / "broken", bytes(broken))])
            except SweetchatError as error:
                assert error.exit_code in (65, 66)
