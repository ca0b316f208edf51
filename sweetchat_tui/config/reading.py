"""The settings in force, read from the command line, the environment and a file, and held to their kinds."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from sweetchat_tui.config import faults
from sweetchat_tui.config.settings import OFFLINE, OPENAI, PROFILE_KEYS, SETTINGS, Config, Profile
from sweetchat_tui.errors import Misconfigured, NotThere
from sweetchat_tui.files import read_bounded, why
from sweetchat_tui.lang import say
from sweetchat_tui.text import inert, with_particle

MOST_BYTES = 1 << 20
"""Of a file of settings."""


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
    written = check(_load(file, named=named), file)
    values: dict[str, Any] = {key: getattr(written, key) for key in written.origins}
    origins = dict(written.origins)
    for key, setting in SETTINGS.items():
        variable = f"SWEETCHAT_{key.upper()}"
        if environ.get(variable):
            values[key], origins[key] = _parsed(setting, environ[variable], variable), variable
        flag = flags.get(key)
        if flag is not None:
            values[key], origins[key] = _parsed(setting, flag, f"--{key}"), f"--{key}"
    return Config(
        **values,
        profiles=written.profiles,
        origins=MappingProxyType(origins),
        file=file if file.exists() else None,
    )


def check(data: bytes, file: Path, further: Callable[[Config, str], object] = lambda *_: None) -> Config:
    """The settings that a file sets by itself.

    Args:
        data: what is in it.
        file: where it is, or would be.
        further: what else must hold of them, told by a `Misconfigured`; is given them and where they stand.

    Raises:
        Misconfigured: something in it is not a setting; names the line where there is one.
    """

    def checked(table: dict[str, Any], where: str) -> Config:
        written = _written(table, str(file), where)
        further(written, where)
        return written

    try:
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError:
        raise Misconfigured(
            say(f"설정 파일이 UTF-8이 아니에요: {file}", f"The configuration is not UTF-8: {file}")
        ) from None
    except (ValueError, RecursionError) as e:
        raise faults.no_toml(e, text, file) from None
    try:
        return checked(table, str(file))
    except Misconfigured as fault:
        line = faults.line_of(text, fault, lambda some: checked(some, str(file)))
        if line is None:
            raise
    return checked(tomllib.loads(text), f"{file}:{line}")


def _written(table: dict[str, Any], file: str, where: str) -> Config:
    values: dict[str, Any] = {}
    tables = table.pop("provider", {})
    if isinstance(tables, str):
        tables = {"use": tables}
    if not isinstance(tables, dict):
        raise _wrong(where, "provider", say("이름이나 [provider] 표", "a name or a [provider] table"))
    if "use" in tables:
        table["provider"] = tables.pop("use")
    for key, value in table.items():
        _known(key, SETTINGS, where)
        values[key] = _checked(SETTINGS[key], value, where)
    return Config(
        **values,
        profiles=MappingProxyType(_profiles(tables, where)),
        origins=MappingProxyType(dict.fromkeys(values, file)),
    )


def _load(file: Path, *, named: bool) -> bytes:
    try:
        return read_bounded(file, MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        if named:
            raise NotThere(
                say(f"설정 파일이 없어요: {file}", f"There is no configuration file: {file}")
            ) from None
        return b""
    except OSError as e:
        raise unopenable(file, e) from None


def unopenable(file: Path, error: OSError) -> Misconfigured:
    """What is said of a file that is there and cannot be read."""
    return Misconfigured(
        say(f"설정 파일을 열 수 없어요: {file}", f"The configuration cannot be opened: {file}"), why(error)
    )


def _profiles(tables: dict[str, Any], file: str) -> dict[str, Profile]:
    profiles = {"openai": OPENAI}
    for name, keys in tables.items():
        where = f"{file} [provider.{name}]"
        if name in (OFFLINE, "auto"):
            raise Misconfigured(
                say(
                    f"{with_particle(name, '은/는')} 정해진 이름이라 프로필로 쓸 수 없어요.",
                    f"{name} is a reserved name.",
                ),
                where,
            )
        if not isinstance(keys, dict):
            raise _wrong(file, f"provider.{name}", say("표([provider.이름])", "a table ([provider.NAME])"))
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
    try:
        url = urlsplit(profile.base_url)
        known = url.scheme in ("http", "https") and bool(url.hostname)
    except ValueError:  # a bracket that is not closed
        known = False
    if not known:
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
    bool: ("true 또는 false", "true or false"),
    dict: ("{ 이름 = 값 }", "{ name = value }"),
}


def _kind(setting: Field[Any]) -> type:
    return dict if setting.default is MISSING else type(setting.default)


def _checked(setting: Field[Any], value: object, where: str) -> object:
    """A value of the setting's kind and among its choices, or `Misconfigured`."""
    kind = _kind(setting)
    if kind is float and type(value) is int:
        value = float(value)
    least = 0 if setting.default == 0 else 1e-9  # where 0 is no number of things but means none or all
    if isinstance(value, str) and value != inert(value):
        raise _wrong(where, setting.name, say("보이는 글자로만", "only characters that can be seen"))
    fits = type(value) is kind and not (kind in (int, float) and value < least)  # type: ignore[operator]
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
