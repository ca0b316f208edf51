"""A made-up corpus in the shape of the real one, of any size, for tests and benches.

Every emotion has words of its own, which mean nothing in Korean. Most sentences carry some of
them, the rest only words that all share, so labels can be learnt, better with the earlier
sentences than without. The same count and seed give the same corpus; all corpora share their words.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from sweetchat_tui.emotions import BY_CODE, GROUPS
from sweetchat_tui.lab import data

HEADER = (
    *("연령", "성별", "상황키워드", "신체질환", "감정_대분류", "감정_소분류"),
    *(f"{name}{turn}" for turn in (1, 2, 3) for name in ("사람문장", "시스템문장")),
)
CODES = tuple(BY_CODE)
WHOLE = 144_723
"""Distinct sentences of the real corpus."""

_GROUPS = ("분노", "슬픔", "불안", "상처", "당황", "기쁨")
_ENDINGS = ("", "가", "를", "는", "도", "네")
_OWN, _SHARED = 6, 400


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One dialogue."""

    code: str
    """E10 to E69."""
    sentences: tuple[str, ...]
    """One to three."""
    answers: tuple[str, ...]
    """As many."""

    @property
    def group(self) -> str:
        """One of GROUPS, as the corpus groups it."""
        return _GROUPS[int(self.code[1]) - 1]

    @property
    def label(self) -> int:
        """Index into EMOTIONS."""
        return BY_CODE[self.code].index


def dialogues(count: int, seed: int = 0) -> list[MadeUp]:
    """So many dialogues; of 60 in a row each has another code. Some short sentences repeat."""
    random, words = Random(seed), _words()
    return [_dialogue(CODES[at % len(CODES)], random, words) for at in range(count)]


def whole(seed: int = 0, sentences: int = WHOLE) -> list[MadeUp]:
    """As many dialogues as it takes until exactly so many distinct sentences have been said."""
    random, words = Random(seed), _words()
    said: set[str] = set()
    made: list[MadeUp] = []
    while len(said) < sentences:
        one = _dialogue(CODES[len(made) % len(CODES)], random, words)
        room = sentences - len(said)
        if len(set(one.sentences) - said) > room:
            one = MadeUp(one.code, one.sentences[:room], one.answers[:room])
        said.update(one.sentences)
        made.append(one)
    return made


def rows(made: Sequence[MadeUp]) -> list[list[str | None]]:
    """The spreadsheet's rows under HEADER; a turn that was not said is None."""
    return [
        ["청년", "여성", "만든 상황", "해당없음", one.group, BY_CODE[one.code].label, *_turns(one)]
        for one in made
    ]


def as_xlsx(path: Path, made: Sequence[MadeUp]) -> Path:
    """The corpus as a spreadsheet."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in (list(HEADER), *rows(made)):
        sheet.append(row)
    book.save(path)
    return path


def as_json(path: Path, made: Sequence[MadeUp]) -> Path:
    """The corpus as JSON."""
    path.write_text(json.dumps([_entry(at, one) for at, one in enumerate(made)]), encoding="utf-8")
    return path


def as_prepared(folder: Path, made: Sequence[MadeUp]) -> Path:
    """The corpus as `lab prepare` leaves it, 8:1:1 by dialogue. From 180 dialogues on, all emotions are in
    train; from 600 on, in every part."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[data.Part, list[dict[str, Any]]] = {part: [] for part in data.PARTS}
    for at, one in enumerate(made):
        place = (at // len(CODES) + at % len(CODES)) % 10
        parts["train" if place < 8 else "validation" if place == 8 else "test"] += _utterances(at, one)
    for part, utterances in parts.items():
        pq.write_table(pa.Table.from_pylist(utterances, data.SCHEMA), data.path_of(folder, part))
    return folder


def _words() -> list[str]:
    """The shared words, then the own words of each code's emotion in the order of CODES."""
    random = Random("words")
    # No final, or ㄴ ㄹ ㅁ ㅇ, after the vowels ㅏ ㅓ ㅗ ㅜ ㅣ: what a Korean tokenizer knows.
    syllables = [
        chr(ord("가") + (first * 21 + vowel) * 28 + final)
        for first in (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 18)
        for vowel in (0, 4, 8, 13, 20)
        for final in (0, 4, 8, 16, 21)
    ]
    found: dict[str, None] = {}
    while len(found) < _SHARED + _OWN * len(CODES):
        found["".join(random.choice(syllables) for _ in range(random.choice((2, 3))))] = None
    return list(found)


def _dialogue(code: str, random: Random, words: list[str]) -> MadeUp:
    # Two codes of one label speak with the same words.
    first = next(at for at, other in enumerate(CODES) if BY_CODE[other] is BY_CODE[code])
    shared, own = words[:_SHARED], words[_SHARED + _OWN * first :][:_OWN]
    turns = random.choices((1, 2, 3), (1, 3, 6))[0]
    sentences = [_sentence(random, shared, own, told=turn == 0) for turn in range(turns)]
    answers = [f"{random.choice(own)} {random.choice(shared)} {random.choice(shared)}" for _ in sentences]
    return MadeUp(code, tuple(sentences), tuple(f"{answer} 그렇군요." for answer in answers))


def _sentence(random: Random, shared: list[str], own: list[str], *, told: bool) -> str:
    """Most first sentences tell the emotion, fewer later ones; one in thirty is a single word."""
    tells = random.random() < (0.9 if told else 0.6)
    if random.random() < 1 / 30:
        said = [random.choice(own if tells else shared)]
    else:
        said = random.choices(shared, k=random.randint(3, 9))
        if tells:
            said[:: len(said) // 2] = random.choices(own, k=len(said[:: len(said) // 2]))
    return " ".join(word + random.choice(_ENDINGS) for word in said)


def _turns(one: MadeUp) -> list[str | None]:
    said = [text for pair in zip(one.sentences, one.answers, strict=True) for text in pair]
    return [*said, *[None] * (6 - len(said))]


def _entry(at: int, one: MadeUp) -> dict[str, Any]:
    keys = [f"{speaker}0{turn}" for turn in (1, 2, 3) for speaker in ("HS", "SS")]
    profile = f"Pro_{at:05}"
    return {
        "profile": {
            "persona-id": profile,
            "persona": {"persona-id": "A02_G02_C01", "human": ["A02", "G02"], "computer": ["C01"]},
            "emotion": {"emotion-id": f"S06_D02_{one.code}", "type": one.code, "situation": ["S06", "D02"]},
        },
        "talk": {
            "id": {"profile-id": profile, "talk-id": f"{profile}_{at:05}"},
            "content": dict(zip(keys, (text or "" for text in _turns(one)), strict=True)),
        },
    }


def _utterances(at: int, one: MadeUp) -> list[dict[str, Any]]:
    return [
        {
            "dialogue": at,
            "turn": turn,
            "speaker": speaker,
            "text": text,
            "context": list(one.sentences[: turn - 1]),
            "label": one.label,
            "group": GROUPS.index(one.group),
        }
        for turn, pair in enumerate(zip(one.sentences, one.answers, strict=True), 1)
        for speaker, text in zip(("human", "system"), pair, strict=True)
    ]
