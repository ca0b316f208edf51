"""What a person can set: flag > `SWEETCHAT_*` > config.toml > default, and who won.

Every setting is declared once, below, with its default, its choices and what it does in both
languages; the reader, `config.example.toml` and `sweetchat config show` all come from there.
Knows nothing of what the settings are for. Writes nothing.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from sweetchat_tui.errors import Misconfigured, NotThere
from sweetchat_tui.lang import LANGUAGES, say

OFFLINE = "offline"
"""The name under which the embedded friend is chosen as a provider."""


def _setting(default: Any, ko: str, en: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"ko": ko, "en": en, "choices": choices})


def _table(ko: str, en: str) -> Any:
    return field(default_factory=dict, metadata={"ko": ko, "en": en, "choices": ()})


@dataclass(frozen=True, slots=True)
class Profile:
    """One provider: an OpenAI-compatible chat endpoint, `[provider.NAME]`."""

    name: str
    base_url: str = _setting(
        "https://api.openai.com/v1",
        "OpenAI 호환 서버의 주소. 보통 /v1로 끝나요.",
        "Address of an OpenAI-compatible server; it usually ends in /v1.",
    )
    model: str = _setting("gpt-6-luna", "대화할 모델.", "The model that answers.")
    api_key_env: str = _setting(
        "",
        "키를 담은 환경 변수의 이름. 비우면 이 서버에는 환경 변수의 키를 보내지 않아요.",
        "Environment variable that holds the key; empty sends this server no key from the environment.",
    )
    api_key_command: str = _setting(
        "",
        "키를 출력하는 명령(예: pass show openai).",
        "Command that prints the key (e.g. pass show openai).",
    )
    timeout_s: float = _setting(
        60.0,
        "이만큼(초) 아무 소식이 없으면 기다리기를 그만둬요.",
        "Seconds of silence after which to stop waiting.",
    )
    parameters: Mapping[str, object] = _table(
        "적은 것만 그대로 요청에 실어요(예: { temperature = 0.8 }).",
        "Sent with each request exactly as written (e.g. { temperature = 0.8 }).",
    )

    @property
    def host(self) -> str:
        """Host, and port if any, that this profile's key and words go to."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2].casefold()


OPENAI = Profile("openai", api_key_env="OPENAI_API_KEY")


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, resolved."""

    lang: str = _setting("ko", "화면의 언어.", "Language of the interface.", LANGUAGES)
    classifier: str = _setting(
        "auto",
        "감정을 읽는 모델: auto(받아 둔 BERT, 없으면 내장), lite(내장), bert, 폴더, Hub의 owner/name.",
        "What reads the emotions: auto (the BERT if it was fetched, else the embedded one), lite (embedded), "
        "bert, a folder, or owner/name of the Hub.",
    )
    device: str = _setting(
        "auto", "감정 모델을 돌릴 곳.", "Where the classifier runs.", ("auto", "cpu", "cuda", "mps")
    )
    precision: str = _setting(
        "auto", "감정 모델의 정밀도.", "Precision of the classifier.", ("auto", "fp32", "int8", "bf16")
    )
    provider: str = _setting(
        "auto",
        "누가 대답할지: auto(키가 있으면 openai, 없으면 offline), offline, 또는 아래 프로필 이름.",
        "Who answers: auto (openai if it has a key, else offline), offline, or the name of a profile below.",
    )
    model: str = _setting(
        "", "모델 이름. 비우면 프로필에 적힌 모델.", "Model name; empty means the profile's own."
    )
    persona: str = _setting(
        "friend",
        "말투: friend(친한 친구), classic(2023년 원작의 지시문 그대로).",
        "Manner: friend (a close friend), classic (the original system's instruction of 2023, as it was).",
        ("friend", "classic"),
    )
    window: int = _setting(
        12_000,
        "대답하는 모델에게 함께 보여 줄 지난 대화의 길이(글자 수).",
        "How much of the conversation so far the model is shown, in characters.",
    )
    enter: str = _setting(
        "send",
        "Enter 키가 하는 일: send(보내기), newline(줄바꿈; 보내기는 Ctrl+J).",
        "What Enter does: send, or newline (Ctrl+J then sends).",
        ("send", "newline"),
    )
    theme: str = _setting("dark", "화면 색.", "Colours of the screen.", ("dark", "light"))
    labels: Mapping[str, str] = _table(
        '감정 모델의 이름표를 다르게 부를 때(예: { LABEL_0 = "기쁨" }).',
        'What labels of the classifier are called instead (e.g. { LABEL_0 = "기쁨" }).',
    )
    profiles: Mapping[str, Profile] = field(default_factory=lambda: MappingProxyType({"openai": OPENAI}))
    origins: Mapping[str, str] = field(default_factory=dict)
    """For each setting that is not at its default, who set it: a flag, a variable or a file."""
    file: Path | None = None
    """The file that was read; None when there is none."""


SETTINGS: dict[str, Field[Any]] = {f.name: f for f in fields(Config) if "choices" in f.metadata}
PROFILE_KEYS: dict[str, Field[Any]] = {f.name: f for f in fields(Profile) if "choices" in f.metadata}


def read(file: Path, environ: Mapping[str, str], flags: Mapping[str, str | None], *, named: bool) -> Config:
    """The settings in force.

    Args:
        file: where `config.toml` would be; it need not exist unless `named`.
        environ: the environment.
        flags: settings that the command line names; None where it does not.
        named: the person named the file, so it must be there.

    Raises:
        NotThere: the named file is not there.
        Misconfigured: something in the file, the environment or a flag is not a setting.
    """
    table = _load(file, named=named)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    tables = table.pop("provider", {})
    if isinstance(tables, str):
        tables = {"use": tables}
    if not isinstance(tables, dict):
        raise _wrong(str(file), "provider", say("이름이나 [provider] 표", "a name or a [provider] table"))
    if "use" in tables:
        table["provider"] = tables.pop("use")
    for key, value in table.items():
        _known(key, SETTINGS, str(file))
        values[key], origins[key] = _checked(SETTINGS[key], value, str(file)), str(file)
    for key, setting in SETTINGS.items():
        variable = f"SWEETCHAT_{key.upper()}"
        if environ.get(variable):
            values[key], origins[key] = _parsed(setting, environ[variable], variable), variable
        flag = flags.get(key)
        if flag is not None:
            values[key], origins[key] = _parsed(setting, flag, f"--{key}"), f"--{key}"
    return Config(
        **values,
        profiles=MappingProxyType(_profiles(tables, file)),
        origins=MappingProxyType(origins),
        file=file if file.exists() else None,
    )


def _load(file: Path, *, named: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        if named:
            raise NotThere(
                say(f"설정 파일이 없어요: {file}", f"There is no configuration file: {file}")
            ) from None
        return {}
    except OSError as e:
        raise Misconfigured(
            say(f"설정 파일을 열 수 없어요: {file}", f"The configuration cannot be opened: {file}"),
            e.strerror or "",
        ) from None
    except UnicodeDecodeError:
        raise Misconfigured(
            say(f"설정 파일이 UTF-8이 아니에요: {file}", f"The configuration is not UTF-8: {file}")
        ) from None
    except tomllib.TOMLDecodeError as e:
        raise Misconfigured(
            say(f"설정 파일의 문법이 맞지 않아요: {file}", f"The configuration is not valid TOML: {file}"),
            str(e),
        ) from None


def _profiles(tables: dict[str, Any], file: Path) -> dict[str, Profile]:
    profiles = {"openai": OPENAI}
    for name, keys in tables.items():
        where = f"{file} [provider.{name}]"
        if name in (OFFLINE, "auto"):
            raise Misconfigured(
                say(f"{name}은(는) 정해진 이름이라 프로필로 쓸 수 없어요.", f"{name} is a reserved name."),
                where,
            )
        if not isinstance(keys, dict):
            raise _wrong(
                str(file), f"provider.{name}", say("표([provider.이름])", "a table ([provider.NAME])")
            )
        given: dict[str, Any] = {}
        for key, value in keys.items():
            _known(key, PROFILE_KEYS, where)
            given[key] = _checked(PROFILE_KEYS[key], value, where)
        base = profiles.get(name)
        for key in ("base_url", "model"):
            if base is None and key not in given:
                raise _wrong(where, key, f'{key} = "…"')
        if base is not None:
            given = {k: getattr(base, k) for k in PROFILE_KEYS} | given
        profiles[name] = _addressed(Profile(name, **given), where)
    return profiles


def _addressed(profile: Profile, where: str) -> Profile:
    url = urlsplit(profile.base_url)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise _wrong(where, "base_url", "http(s)://…/v1")
    return profile


def _known(key: str, settings: Mapping[str, object], where: str) -> None:
    if key in settings:
        return
    close = get_close_matches(key, settings, n=1)
    raise Misconfigured(
        say(f"모르는 설정이에요: {key} ({where})", f"There is no setting {key} ({where})."),
        say(f"혹시 {close[0]}?", f"Did you mean {close[0]}?")
        if close
        else say("쓸 수 있는 것: ", "There are: ") + ", ".join(settings),
    )


def _wrong(where: str, key: str, wanted: str) -> Misconfigured:
    return Misconfigured(
        say(f"설정 {key}의 값이 맞지 않아요 ({where}).", f"The value of {key} does not fit ({where})."),
        say(f"이렇게 적어 주세요: {wanted}", f"Write {wanted}."),
    )


_KINDS: dict[type, tuple[str, str]] = {
    str: ("따옴표 안의 글", "text in quotes"),
    int: ("0보다 큰 정수", "a whole number above 0"),
    float: ("0보다 큰 수", "a number above 0"),
    dict: ("{ 이름 = 값 }", "{ name = value }"),
}


def _kind(setting: Field[Any]) -> type:
    return dict if setting.default is MISSING else type(setting.default)


def _checked(setting: Field[Any], value: object, where: str) -> object:
    """A value of the setting's kind and among its choices, or `Misconfigured`."""
    kind = _kind(setting)
    if kind is float and type(value) is int:
        value = float(value)
    fits = type(value) is kind and not (kind in (int, float) and value <= 0)  # type: ignore[operator]
    choices = setting.metadata["choices"]
    if fits and (not choices or value in choices):
        return value
    raise _wrong(where, setting.name, " | ".join(choices) or say(*_KINDS[kind]))


def _parsed(setting: Field[Any], text: str, where: str) -> object:
    if _kind(setting) is int:
        try:
            return _checked(setting, int(text), where)
        except ValueError:
            raise _wrong(where, setting.name, say(*_KINDS[int])) from None
    return _checked(setting, text, where)


def example() -> str:
    """A configuration file that says every setting with its default and what it is for."""
    lines = [
        say(
            "# SweetChat의 설정이에요. 적지 않은 것은 여기 적힌 기본값을 써요.",
            "# The settings of SweetChat. What is not written has the default that stands here.",
        ),
        say(
            "# 우선순위: 명령줄 옵션 > 환경 변수 SWEETCHAT_이름 > 이 파일 > 기본값",
            "# First wins: command line > environment SWEETCHAT_NAME > this file > default",
        ),
        "",
    ]
    for name, setting in SETTINGS.items():
        if name != "provider":
            lines += [*_described(setting), f"{name} = {_toml(getattr(Config(), name))}", ""]
    lines += [
        "[provider]",
        *_described(SETTINGS["provider"]),
        f"use = {_toml(SETTINGS['provider'].default)}",
        "",
    ]
    lines += ["[provider.openai]"]
    for name, setting in PROFILE_KEYS.items():
        lines += [*_described(setting), f"{name} = {_toml(getattr(OPENAI, name))}"]
    lines += [
        "",
        '# 이 컴퓨터의 서버와 대화하려면 이렇게 적고 use = "local"로 바꾸세요.',
        "# [provider.local]",
        '# base_url = "http://127.0.0.1:11434/v1"',
        '# model = "exaone3.5"',
    ]
    return "\n".join(lines) + "\n"


def _described(setting: Field[Any]) -> list[str]:
    choices = setting.metadata["choices"]
    return [
        f"# {say(setting.metadata['ko'], setting.metadata['en'])}"
        + (f" ({' | '.join(choices)})" if choices else "")
    ]


def _toml(value: object) -> str:
    # A JSON string or number is a TOML one; an empty inline table is written alike in both.
    return json.dumps(value, ensure_ascii=False)
