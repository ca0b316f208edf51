import os
import stat
from pathlib import Path

import pytest

from sweetchat_tui import keys
from sweetchat_tui.config import OPENAI, Profile
from sweetchat_tui.errors import KeyRefused, Misconfigured

LOCAL = Profile("local", "http://127.0.0.1:1/v1", "m")


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    return tmp_path / "conf" / "credentials.json"


def test_the_first_source_wins(credentials: Path) -> None:
    keys.store(OPENAI, "stored", credentials)
    everything = {"SWEETCHAT_API_KEY": "ours", "OPENAI_API_KEY": "theirs"}
    assert keys.find(OPENAI, everything, credentials) == keys.Key("ours", "SWEETCHAT_API_KEY")
    assert keys.find(OPENAI, {"OPENAI_API_KEY": "theirs"}, credentials) == keys.Key(
        "theirs", "OPENAI_API_KEY"
    )
    assert keys.find(OPENAI, {"OPENAI_API_KEY": " "}, credentials) == keys.Key("stored", str(credentials))


def test_the_variable_of_one_provider_is_not_for_another(credentials: Path) -> None:
    assert keys.find(LOCAL, {"OPENAI_API_KEY": "theirs"}, credentials) is None


def test_a_stored_key_stays_with_its_host(credentials: Path) -> None:
    keys.store(OPENAI, "stored", credentials)
    moved = Profile("openai", "https://elsewhere.example/v1", "m")
    assert keys.find(moved, {}, credentials) is None
    assert keys.find(OPENAI, {}, credentials) is not None


def test_the_file_is_private_whatever_the_umask(credentials: Path) -> None:
    before = os.umask(0)
    try:
        keys.store(OPENAI, "stored", credentials)
        keys.store(LOCAL, "other", credentials)
    finally:
        os.umask(before)
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    assert stat.S_IMODE(credentials.parent.stat().st_mode) == 0o700
    assert [p.name for p in credentials.parent.iterdir()] == ["credentials.json"]


def test_a_removed_key_is_gone_and_others_stay(credentials: Path) -> None:
    keys.store(OPENAI, "stored", credentials)
    keys.store(LOCAL, "other", credentials)
    assert keys.remove(OPENAI, credentials)
    assert not keys.remove(OPENAI, credentials)
    assert "stored" not in credentials.read_text()
    assert keys.find(LOCAL, {}, credentials) is not None


@pytest.mark.parametrize("value", ["", "  ", "ㅏㅔㅑ-키", "a\x00b", "sk-\nx"])
def test_what_cannot_be_a_key_is_not_stored(credentials: Path, value: str) -> None:
    with pytest.raises(KeyRefused):
        keys.store(OPENAI, value, credentials)
    assert not credentials.exists()


def test_a_command_can_give_the_key(credentials: Path) -> None:
    profile = Profile("mine", "http://127.0.0.1:1/v1", "m", api_key_command="echo from-command")
    assert keys.find(profile, {}, credentials) == keys.Key("from-command", "api_key_command")


@pytest.mark.parametrize("command", ["false", "no-such-command-here", "true", "'unclosed"])
def test_a_command_that_gives_none_is_told(credentials: Path, command: str) -> None:
    profile = Profile("mine", "http://127.0.0.1:1/v1", "m", api_key_command=command)
    with pytest.raises(KeyRefused):
        keys.find(profile, {}, credentials)


@pytest.mark.parametrize("content", ["not json", "[]", '{"openai": "bare"}'])
def test_a_broken_credentials_file_is_told_and_kept(credentials: Path, content: str) -> None:
    credentials.parent.mkdir()
    credentials.write_text(content)
    with pytest.raises(Misconfigured):
        keys.find(OPENAI, {}, credentials)
    assert credentials.read_text() == content


def test_a_key_does_not_show_itself() -> None:
    assert "secret" not in repr(keys.Key("secret", "somewhere"))
