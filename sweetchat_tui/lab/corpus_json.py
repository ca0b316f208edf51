"""The corpus as JSON. Knows its keys, and nothing of where it lies or what its emotions mean."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lab.corpus_entry import Entry, Said
from sweetchat_tui.lang import say

_HUMAN = re.compile(r"HS(\d+)")
_CODE = re.compile(r"E\d\d")


def entries(content: bytes, name: str) -> Iterator[Entry]:
    """The dialogues of a JSON file.

    Args:
        name: what the file is called, for errors and entries.

    Raises:
        Unreadable: it is not JSON, or not a list of dialogues.
    """
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _no_json(content, name) from error
    talks = [_at(one, "talk", "content") for one in found] if isinstance(found, list) else []
    if not any(isinstance(talk, dict) for talk in talks):
        raise Unreadable(
            say(f"말뭉치의 JSON이 아니에요: {name}", f"This is not the corpus's JSON: {name}"),
            say(
                "profile과 talk이 든 객체의 목록이어야 해요.",
                "It must be a list of objects with profile and talk.",
            ),
        )
    for row, (one, talk) in enumerate(zip(found, talks, strict=True), 1):
        emotion = _at(one, "profile", "emotion")
        exchanges = _exchanges(talk) if isinstance(talk, dict) else ()
        yield Entry(name, row, _code(emotion) if isinstance(emotion, dict) else "", "", exchanges)


def _no_json(content: bytes, name: str) -> Unreadable:
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"[", b"{")):
        return Unreadable(
            say(f"망가진 JSON이에요: {name}", f"This JSON is broken: {name}"),
            say("AI Hub에서 다시 받아 주세요. UTF-8이어야 해요.", "Download it again. It must be UTF-8."),
        )
    return Unreadable(
        say(f"xlsx도 zip도 JSON도 아니에요: {name}", f"This is no xlsx, no zip and no JSON: {name}"),
        say("AI Hub 감성 대화 말뭉치를 넣어 주세요.", "Give the corpus from AI Hub."),
    )


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _code(emotion: Mapping[str, Any]) -> str:
    """`E18` of `{"emotion-id": "S06_D02_E18", "type": "E18"}`; either key will do."""
    written = _text(emotion.get("type")).strip()
    if written:
        return written
    codes = _CODE.findall(_text(emotion.get("emotion-id")))
    return codes[-1] if codes else ""


def _exchanges(talk: Mapping[str, Any]) -> tuple[Said, ...]:
    numbers = sorted((int(found[1]), found[1]) for key in talk if (found := _HUMAN.fullmatch(key)))
    return tuple(
        Said(number, _text(talk[f"HS{written}"]), _text(talk.get(f"SS{written}")))
        for number, written in numbers
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
