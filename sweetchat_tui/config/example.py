"""A configuration file that says everything that can be set, made from the settings themselves."""

import json
from dataclasses import Field
from typing import Any

from sweetchat_tui.config.settings import OPENAI, PROFILE_KEYS, SETTINGS, Config
from sweetchat_tui.lang import say


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
        say(
            '# 이 컴퓨터의 서버와 대화하려면 이렇게 적고 use = "local"로 바꾸세요.',
            '# For a server of this computer, write this and make it use = "local".',
        ),
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
