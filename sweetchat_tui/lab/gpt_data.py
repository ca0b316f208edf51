"""The corpus's answers as examples for fine-tuning a chat model: JSON Lines of messages.

Each is what the companion would have sent, by its own code, and the corpus's answer in 반말. The person's
words are the corpus's: its terms do not allow passing them on (see `lab gpt-tune`).
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sweetchat_tui import safety
from sweetchat_tui.conversation import Danger, Prompt, Reply, Turn
from sweetchat_tui.emotions import EMOTIONS
from sweetchat_tui.errors import Misused, NotThere, Unreadable
from sweetchat_tui.generators import personas
from sweetchat_tui.lab import data
from sweetchat_tui.lab.banmal import banmal
from sweetchat_tui.lab.output import writing
from sweetchat_tui.lang import say

FEWEST = 10
"""Examples under which providers refuse a file."""
LONGEST = 65_536
"""Tokens of an example, at most, over which one is left out."""
_Dialogue = list[dict[str, Any]]
"""Its rows, in order."""
_ROLES = ("system", "user", "assistant")
_A_CHARACTER = 0.65
"""Tokens; 0.62 to 0.67 were counted in whole examples of this corpus, instruction and all. A message by
itself may have twice as many."""
_A_MESSAGE = 8
"""Tokens at most of what stands around a message."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """How many tokens a text has, as far as can be known without the provider's own tokenizer."""

    likely: int
    """By `_A_CHARACTER`."""
    most: int
    """One for each byte of UTF-8 and what frames a message: no byte-level tokenizer needs more."""

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.likely + other.likely, self.most + other.most)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one part."""

    path: Path
    examples: int
    tokens: Tokens
    rewritten: int
    """How many of their answers the rules changed; the others were 반말 already."""
    left_out: Counter[str]
    """How many answers were left out, by why: `polite`, `danger`, `missing`, `long`."""
    dangerous: int
    """Dialogues of someone in danger, left out whole; `danger` counts their answers."""


def make(corpus: Path, part: data.Part, out: Path, persona: str = "friend") -> Made:
    """Write the examples of a part to `out/PART.jsonl`.

    Raises:
        NotThere, Unreadable: no prepared corpus, or a part with fewer than FEWEST examples.
        Misused: the parts hold pieces of dialogues, as `--split original` makes them.
        OutputUnwritable: the disk is full; nothing half-written stays.
    """
    path = out / f"{part}.jsonl"
    whole = path.with_name(path.name + ".part")
    count, tokens, rewritten = 0, Tokens(0, 0), 0
    rows = data.table(corpus, part).to_pylist()
    _require_whole(rows)
    safe, dangerous = _parted(rows)
    left_out = Counter(danger=sum(row["speaker"] == "system" for said in dangerous for row in said))
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        try:
            with whole.open("w", encoding="utf-8") as stream:
                for answer, messages in _examples(safe, persona, left_out):
                    length = _tokens([message["content"] for message in messages])
                    if length.most > LONGEST:
                        left_out["long"] += 1
                        continue
                    stream.write(json.dumps({"messages": messages}, ensure_ascii=False) + "\n")
                    count, tokens = count + 1, tokens + length
                    rewritten += messages[-1]["content"] != answer
            if count >= FEWEST:
                whole.replace(path)
        finally:
            whole.unlink(missing_ok=True)
    if count < FEWEST:
        raise Unreadable(
            say(
                f"{part}에서 쓸 수 있는 예가 {count}개뿐이에요.", f"Only {count} examples are left in {part}."
            ),
            say(f"{FEWEST}개는 있어야 해요.", f"There must be {FEWEST}."),
        )
    return Made(path, count, tokens, rewritten, +left_out, len(dangerous))


def _require_whole(rows: Sequence[dict[str, Any]]) -> None:
    human = [row for row in rows if row["speaker"] == "human"]
    said = Counter(row["dialogue"] for row in human)
    if any(said[row["dialogue"]] < row["turn"] for row in human):
        raise Misused(
            say("대화가 조각나 있는 자료예요.", "These data hold dialogues in pieces."),
            say(
                "sweetchat lab prepare를 --split original 없이 다시 해 주세요.",
                "Run sweetchat lab prepare again, without --split original.",
            ),
        )


def check(path: Path) -> int:
    """Hold a file against the format; how many examples it has.

    Raises:
        NotThere: no file.
        Unreadable: a line is not an example; names the line.
    """
    if not path.is_file():
        raise NotThere(
            say(f"파일이 없어요: {path}", f"There is no file {path}."),
            say("만들기: sweetchat lab gpt-data", "To make it: sweetchat lab gpt-data"),
        )
    count = 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            # A sign of the order of bytes, as some editors write it, stands before the first line alone.
            if why := _wrong(line, "utf-8-sig" if number == 1 else "utf-8"):
                raise Unreadable(
                    say(
                        f"{path.name} {number}째 줄이 맞지 않아요: {why}",
                        f"{path.name}, line {number}: {why}",
                    )
                )
            count += 1
    if count < FEWEST:
        raise Unreadable(say(f"예가 {count}개뿐이에요.", f"There are only {count} examples."), f"≥ {FEWEST}")
    return count


def _wrong(line: bytes, encoding: str) -> str:
    """Why a line is no example; empty when it is one."""
    try:
        messages = json.loads(line.decode(encoding))["messages"]
        roles = [message["role"] for message in messages]
        contents = [message["content"] for message in messages]
    except UnicodeDecodeError:
        return say("UTF-8로 저장해야 해요", "it must be UTF-8")
    except (ValueError, KeyError, TypeError, RecursionError):
        return "messages"
    if not all(role in _ROLES for role in roles) or roles[-1:] != ["assistant"] or "user" not in roles:
        return "role"
    if not all(isinstance(content, str) and content.strip() for content in contents):
        return "content"
    return "" if _tokens(contents).most <= LONGEST else "length"


def _tokens(contents: Sequence[str]) -> Tokens:
    framed = _A_MESSAGE * len(contents)
    characters = sum(map(len, contents))
    size = sum(len(text.encode(errors="surrogatepass")) for text in contents)  # JSON may hold halves
    return Tokens(round(characters * _A_CHARACTER) + framed, size + framed)


def _parted(rows: Sequence[dict[str, Any]]) -> tuple[list[_Dialogue], list[_Dialogue]]:
    """The dialogues that a cheerful friend may learn from, and those in which anyone is in danger."""
    safe: list[_Dialogue] = []
    dangerous: list[_Dialogue] = []
    for _, rows_of_one in groupby(rows, lambda row: row["dialogue"]):
        said = list(rows_of_one)
        levels = safety.assess_all([row["text"] for row in said])
        (safe if set(levels) == {Danger.NONE} else dangerous).append(said)
    return safe, dangerous


def _examples(
    dialogues: Sequence[_Dialogue], persona: str, left_out: Counter[str]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An example for each answer that can be used, the earlier ones before it, and the answer as it was."""
    for said in dialogues:
        answers = {row["turn"]: row["text"] for row in said if row["speaker"] == "system"}
        earlier: tuple[Turn, ...] = ()
        for row in (row for row in said if row["speaker"] == "human"):
            emotion = EMOTIONS[row["label"]]
            answer = answers.get(row["turn"], "")
            plain = banmal(answer) if answer else None
            if plain is None:
                left_out["polite" if answer else "missing"] += 1
                earlier = (*earlier, Turn(row["text"]))
                continue
            asked: list[dict[str, Any]] = [
                *personas.messages(Prompt(row["text"], emotion, earlier, persona=persona))
            ]
            for message in asked:
                if message["role"] == "assistant":
                    message["weight"] = 0  # learnt in an example of its own
            yield answer, [*asked, {"role": "assistant", "content": plain}]
            reply = Reply(plain, emotion, "corpus", "corpus", None, persona)
            earlier = (*earlier, Turn(row["text"], picked=emotion, replies=(reply,)))
