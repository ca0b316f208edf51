"""The 감성 대화 corpus as AI Hub hands it out: dialogues, each with one emotion.

Decides which dialogues are sound and says what it left out. Knows nothing of how files are laid out,
nor of training.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from sweetchat_tui.emotions import BY_CODE, EMOTIONS, GROUPS, Emotion, find
from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lab import corpus_files, corpus_json, corpus_sheet
from sweetchat_tui.lab.corpus_entry import Entry
from sweetchat_tui.lab.corpus_files import Skipped
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean, one_line

Reason = Literal[
    "no_emotion",
    "unknown_emotion",
    "no_sentence",
    "duplicate_dialogue",
    "missing_sentence",
    "unasked_answer",
    "duplicate_sentence",
]
REASONS: tuple[Reason, ...] = get_args(Reason)

EXAMPLES = 5
"""How many places of what is left out are told."""

# The two labels that lie in two groups may say in which: 고립된(당황한).
_REMARK = re.compile(r"\s*\((\w\w)한\)$")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One sentence of the person, and its answer."""

    number: int
    """Which sentence its column says that it is, from 1. One that is missing leaves a gap."""
    written: str
    """The sentence as it stands in the file, stray spaces and all."""
    sentence: str
    """The same, cleaned; never empty."""
    answer: str
    """What the system says to it; empty where it says nothing."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One dialogue of the corpus."""

    file: str
    """Name of its file, with the sheet where there are several."""
    row: int
    """Row of the sheet or place in the list, from 1."""
    exchanges: tuple[Exchange, ...]
    """In order; at least one."""
    emotion: int
    """Index into EMOTIONS."""
    group: int
    """Index into GROUPS, as the corpus groups it; the label's own where it does not say."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the person says, in order; at least one, none empty."""
        return tuple(exchange.sentence for exchange in self.exchanges)

    @property
    def answers(self) -> tuple[str, ...]:
        """What the system says, in order; none empty."""
        return tuple(exchange.answer for exchange in self.exchanges if exchange.answer)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not taken, for one reason."""

    reason: Reason
    count: int
    """Dialogues where the reason speaks of a whole one, else sentences or answers."""
    places: tuple[str, ...]
    """File and row of the first EXAMPLES of them."""
    names: tuple[str, ...]
    """The first EXAMPLES emotions that nobody knows; empty for other reasons."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was read."""

    dialogues: tuple[Dialogue, ...]
    """In the order of the sources, their files and rows; at least one."""
    left_out: tuple[LeftOut, ...]
    """Every reason that occurred."""
    read: dict[str, int]
    """How many dialogues each file has, sound or not."""
    skipped: tuple[Skipped, ...]
    """Files of the corpus's kinds that are not the corpus."""


def read(path: Path) -> list[Dialogue]:
    """The dialogues of one source; raises as `gather`."""
    return list(gather([path]).dialogues)


def gather(sources: Sequence[Path]) -> Corpus:
    """The dialogues of files, folders and zips, each dialogue once.

    Raises:
        NotThere: there is no such source, or nothing in it.
        Unreadable: a source is not the corpus, or no dialogue is left.
    """
    sieve = _Sieve()
    taken: list[Dialogue] = []
    counts: dict[str, int] = {}
    skipped: list[Skipped] = []
    for source in sources:
        for file in corpus_files.files(source):
            if isinstance(file, Skipped):
                skipped.append(file)
                continue
            entries = corpus_sheet.entries if file.is_sheet else corpus_json.entries
            try:
                found = list(entries(file.content, file.name))
            except Unreadable as error:
                if file.is_named:
                    raise
                skipped.append(Skipped(file.name, error.message))
                continue
            counts[file.name] = counts.get(file.name, 0) + len(found)
            taken += [dialogue for entry in found if (dialogue := sieve.passed(entry))]
    if not taken:
        raise _nothing(sources, sieve, skipped)
    return Corpus(tuple(taken), sieve.left_out(), counts, tuple(skipped))


class _Sieve:
    """Lets sound dialogues pass, and remembers the others."""

    def __init__(self) -> None:
        self._count: dict[Reason, int] = defaultdict(int)
        self._places: dict[Reason, list[str]] = defaultdict(list)
        self._unknown: dict[str, None] = {}
        self._seen: set[tuple[object, ...]] = set()

    def passed(self, entry: Entry) -> Dialogue | None:
        """The dialogue, or None when it is left out."""
        exchanges = tuple(self._exchanges(entry))
        if not exchanges:
            self._leave("no_sentence", entry)
            return None
        name = one_line(clean(entry.emotion))
        if not name:
            self._leave("no_emotion", entry)
            return None
        emotion = _emotion(name)
        if emotion is None:
            self._unknown[name[:20]] = None
            self._leave("unknown_emotion", entry)
            return None
        dialogue = Dialogue(
            entry.file, entry.row, exchanges, emotion.index, _group(entry.group, name, emotion)
        )
        key = (dialogue.emotion, dialogue.group, *dialogue.sentences)
        if key in self._seen:
            self._leave("duplicate_dialogue", entry)
            return None
        self._seen.add(key)
        return dialogue

    def left_out(self) -> tuple[LeftOut, ...]:
        """What did not pass, in the order of REASONS."""
        return tuple(
            LeftOut(
                reason,
                self._count[reason],
                tuple(self._places[reason]),
                tuple(self._unknown)[:EXAMPLES] if reason == "unknown_emotion" else (),
            )
            for reason in REASONS
            if self._count[reason]
        )

    def _exchanges(self, entry: Entry) -> Iterator[Exchange]:
        for said in entry.exchanges:
            sentence, answer = one_line(clean(said.human)), one_line(clean(said.system))
            if sentence:
                yield Exchange(said.number, said.human, sentence, answer)
            else:
                self._leave("unasked_answer" if answer else "missing_sentence", entry)

    def _leave(self, reason: Reason, entry: Entry) -> None:
        self._count[reason] += 1
        place = f"{entry.file}:{entry.row}"
        places = self._places[reason]
        if len(places) < EXAMPLES and place not in places:
            places.append(place)


def _emotion(name: str) -> Emotion | None:
    return BY_CODE.get(name) or find(_REMARK.sub("", name))


def _group(written: str, name: str, emotion: Emotion) -> int:
    """The first of these that is a group: what the column says, the code, a remark, the label's own."""
    remark = _REMARK.search(name)
    # The first emotion of a group's ten codes is called as the group is: E10 is 분노.
    code = BY_CODE[f"{name[:2]}0"].label if name in BY_CODE else ""
    for group in (one_line(written), code, remark[1] if remark else ""):
        if group in GROUPS:
            return GROUPS.index(group)
    return GROUPS.index(str(emotion.group))


def _nothing(sources: Sequence[Path], sieve: _Sieve, skipped: Sequence[Skipped]) -> Unreadable:
    named = ", ".join(source.name for source in sources)
    unknown = [one for one in sieve.left_out() if one.reason == "unknown_emotion"]
    if unknown:
        return Unreadable(
            say(
                f"아는 감정이 하나도 없어요: {named} ({', '.join(unknown[0].names)} …)",
                f"Not one emotion is known: {named} ({', '.join(unknown[0].names)} …)",
            ),
            say(
                f"감정_소분류는 감정 {len(EMOTIONS)}가지의 이름이나 E10–E69 코드여야 해요.",
                f"감정_소분류 must be one of the {len(EMOTIONS)} labels or a code from E10 to E69.",
            ),
        )
    return Unreadable(
        say(f"말뭉치에 쓸 대화가 없어요: {named}", f"The corpus has no dialogue to use: {named}"),
        " ".join(one.why for one in skipped[:EXAMPLES])
        or say("AI Hub에서 받은 그대로 넣어 주세요.", "Give it as it came from AI Hub."),
    )
