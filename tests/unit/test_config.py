import tomllib
from pathlib import Path

import pytest

from sweetchat_tui import config, lang
from sweetchat_tui.errors import Misconfigured, NotThere

ROOT = Path(__file__).parents[2]


def read(
    tmp_path: Path, text: str | bytes = "", environ: dict[str, str] | None = None, **flags: str | None
) -> config.Config:
    file = tmp_path / "config.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return config.read(file, environ or {}, flags, named=True)


def test_the_example_is_what_the_code_says_and_equals_the_defaults(tmp_path: Path) -> None:
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    assert example == config.example()
    read_back = read(tmp_path, example)
    for name in config.SETTINGS:
        assert getattr(read_back, name) == getattr(config.Config(), name)
    assert read_back.profiles == config.Config().profiles


def test_the_example_in_english_is_valid_too() -> None:
    lang.use("en")
    assert "First wins" in config.example()
    tomllib.loads(config.example())


def test_every_setting_and_profile_key_is_documented_in_both_languages() -> None:
    for setting in [*config.SETTINGS.values(), *config.PROFILE_KEYS.values()]:
        assert setting.metadata["ko"] and setting.metadata["en"]
        assert f"{setting.name} = " in config.example() or setting.name == "provider"


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    assert read(tmp_path).persona == "friend"
    assert read(tmp_path, 'persona = "classic"').persona == "classic"
    assert read(tmp_path, 'persona = "classic"', {"SWEETCHAT_PERSONA": "friend"}).persona == "friend"
    settings = read(tmp_path, "", {"SWEETCHAT_PERSONA": "friend"}, persona="classic")
    assert settings.persona == "classic"
    assert settings.origins["persona"] == "--persona"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('persnoa = "friend"', "혹시 persona?"),
        ('persona = "enemy"', "friend | classic"),
        ("budget = 'long'", "0보다 큰 정수"),
        ("budget = -1", "0보다 큰 정수"),
        ("budget = true", "0보다 큰 정수"),
        ("persona = 3", "friend | classic"),
        ("model = [1]", "따옴표 안의 글"),
        ("provider = 3", "[provider] 표"),
        ('[provider.mine]\nmodel = "m"', "base_url"),
        ('[provider.mine]\nbase_url = "http://127.0.0.1/v1"', "model"),
        ('[provider.mine]\nbase_url = "ftp://x"\nmodel = "m"', "http(s)://"),
        ('[provider.openai]\nbase_ulr = "x"', "혹시 base_url?"),
        ('[provider.offline]\nbase_url = "http://x"', "[provider.offline]"),
        ('[provider.mine]\nbase_url = "http://["\nmodel = "m"', "http(s)://"),
        ("[provider]\nmine = 3", "[provider.이름]"),
        ("this is not toml", "이름 = 값"),
    ],
)
def test_what_is_not_a_setting_is_refused_with_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        read(tmp_path, text)
    assert said in refused.value.hint


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('lang = "ko"\n\npersnoa = "friend"\nmodel = ""', 3),
        ('persona = "enemy"', 1),
        ('model = """\nmany\nlines\n"""\nbudget = "x"', 5),
        ('[provider.mine]\nbase_url = "http://127.0.0.1/v1"\n\n[keys]\n', 2),
        ('[provider.mine]\nbase_url = "http://127.0.0.1/v1"\nmodle = "m"\n', 3),
        ("# said twice\r\n[provider.openai]\r\nmodel = 3\r\n", 3),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(Misconfigured) as refused:
        read(tmp_path, text)
    assert f"config.toml:{line}" in refused.value.message + refused.value.hint


@pytest.mark.parametrize(
    ("text", "line", "ko"),
    [
        ('lang = "ko"\nlang = "en"', 2, "앞에 또 있어요"),
        ('lang = "ko"\n[provider]\n[provider]', 3, "앞에 또 있어요"),
        ("\nlang = ko", 2, "따옴표로 감싸"),
        ('lang = "ko\nmodel = ""', 1, "닫히지 않았"),
        ("lang", 1, "이름 = 값"),
        ('lang = "ko" model = ""', 1, "한 줄에 하나씩"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line_in_either_language(
    tmp_path: Path, text: str, line: int, ko: str
) -> None:
    with pytest.raises(Misconfigured) as refused:
        read(tmp_path, text)
    assert f"{line}번째 줄" in refused.value.message and ko in refused.value.hint
    lang.use("en")
    with pytest.raises(Misconfigured) as refused:
        read(tmp_path, text)
    assert refused.value.message.startswith(f"Line {line} of") and refused.value.hint.isascii()


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="UTF-8"):
        read(tmp_path, "persona = '친구'".encode("cp949"))


def test_a_named_file_must_be_there_and_the_usual_one_need_not(tmp_path: Path) -> None:
    with pytest.raises(NotThere):
        config.read(tmp_path / "none.toml", {}, {}, named=True)
    assert config.read(tmp_path / "none.toml", {}, {}, named=False).file is None


def test_a_provider_can_be_named_in_either_form(tmp_path: Path) -> None:
    assert read(tmp_path, 'provider = "offline"').provider == "offline"
    text = '[provider]\nuse = "mine"\n[provider.mine]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "m"'
    settings = read(tmp_path, text)
    assert settings.provider == "mine"
    assert settings.profiles["mine"].host == "127.0.0.1:1"
    assert settings.profiles["mine"].api_key_env == ""


def test_the_openai_profile_can_be_changed_in_part(tmp_path: Path) -> None:
    profile = read(tmp_path, '[provider.openai]\nmodel = "other"\nparameters = {temperature = 0.5}').profiles[
        "openai"
    ]
    assert (profile.model, profile.base_url) == ("other", "https://api.openai.com/v1")
    assert profile.parameters == {"temperature": 0.5}
