"""All that is kept of a person, in one folder; and no key."""

import json
import os
from pathlib import Path

import pytest

from sweetchat_tui import paths
from sweetchat_tui.conversation import Recap, Reply, Turn
from sweetchat_tui.emotions import EMOTIONS
from sweetchat_tui.journal import Journal

CONFIG = """
classifier = "lite"
[provider]
use = "mine"
[provider.mine]
base_url = "https://user:hidden-word@example.test/v1"
model = "m"
api_key_command = "echo hidden-word"
"""


@pytest.fixture
def file(own_home: Path) -> Path:
    paths._dirs.cache_clear()
    path = paths.journal_file()
    with Journal.open(path) as journal:
        replies = tuple(
            Reply(f"{n}번째 대답", None, "offline", "m", None, "friend", "stop") for n in range(2)
        )
        turn = Turn("오늘은 힘들었어", replies=replies, picked=EMOTIONS[3])
        journal.keep("c", turn)
        journal.rename("c", "내가 붙인 이름")
        journal.keep_recap("c", Recap("여기까지의 요약", turn.id))
        journal.keep("d", Turn("다른 이야기"))
    for target, text in (
        (paths.draft_file(), "쓰다 만 말"),
        (paths.config_file(), CONFIG),
        (paths.credentials_file(), json.dumps({"mine": {"host": "example.test", "key": "hidden-word"}})),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        target.chmod(0o600)
    return path


def test_everything_but_the_keys_is_in_one_folder_of_the_persons_alone(  # type: ignore[no-untyped-def]
    sweetchat, file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "all of it"
    before = os.umask(0)
    try:
        done = sweetchat("history", "export", "--everything", "-o", str(out), OPENAI_API_KEY="hidden-word")
    finally:
        os.umask(before)
    assert (done.code, done.out.strip()) == (0, str(out)), done.err
    assert out.stat().st_mode & 0o777 == 0o700
    texts = {path.name: path.read_text("utf-8") for path in out.iterdir()}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in out.iterdir())
    assert all(name in texts["README.txt"] for name in texts if name != "README.txt")
    assert "오늘은 힘들었어" in texts["conversations.md"] and "0번째 대답" in texts["conversations.md"]
    first, second = (json.loads(line) for line in texts["conversations.jsonl"].splitlines())
    assert (first["title"], first["recap"]["text"]) == ("내가 붙인 이름", "여기까지의 요약")
    assert [reply["text"] for reply in first["turns"][0]["replies"]] == ["0번째 대답", "1번째 대답"]
    assert second["turns"][0]["text"] == "다른 이야기"
    (picked,) = (json.loads(line) for line in texts["corrections.jsonl"].splitlines())
    assert picked["picked"] == EMOTIONS[3].label
    assert json.loads(texts["mood.json"])["messages"] == 2
    assert texts["draft.txt"] == "쓰다 만 말"
    settings = json.loads(texts["settings.json"])
    assert settings["settings"]["classifier"] == "lite"
    assert settings["profiles"]["mine"]["base_url"] == "https://example.test/v1"
    assert not any("hidden-word" in text for text in texts.values())


def test_what_is_there_is_not_written_over(sweetchat, file: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "there"
    out.mkdir()
    assert sweetchat("history", "export", "--everything", "-o", str(out)).code == 2
    assert sweetchat("history", "export", "--everything").code == 2
    assert sweetchat("history", "export", "--everything", "--all", "-o", str(out / "x")).code == 2
    (tmp_path / "file").write_text("")
    assert sweetchat("history", "export", "--everything", "-o", str(tmp_path / "file" / "x")).code == 74
    assert list(out.iterdir()) == []


def test_of_nothing_it_is_the_settings(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "all"
    done = sweetchat("history", "export", "--everything", "-o", str(out))
    assert done.code == 0, done.err
    assert len(list(out.iterdir())) == 7 and (out / "conversations.jsonl").read_text() == ""
