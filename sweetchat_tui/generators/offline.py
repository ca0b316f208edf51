"""The offline friend: answers without a network or a language model, and says so.

Chooses among lines written by hand, kept in `offline_lines/`: a reaction that fits the emotion,
then a question back, which may take up a word of what was said. Knows nothing of how an emotion
was found or where a reply is kept. It never puts a person's own words into a reply: the only words
it takes up are those on its list of topics.
"""

import asyncio
import re
import tomllib
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from sweetchat_tui.conversation import LONGEST_MESSAGE, Forgotten, Prompt, Turn
from sweetchat_tui.emotions import GROUP_GLOSSES, Emotion
from sweetchat_tui.generators import Finished, Piece, Said
from sweetchat_tui.text import clean, one_line, with_particle

_REMEMBERED = 64
"""Replies that an instance remembers beyond what a prompt shows it."""

_SUBJECTS = "이랑|랑|하고|한테|에게|께|께서|때문에|이|가|은|는|과|와"
_BEFORE = r"(?<![^\s.,!?…~'\"(])"
_AFTER = r"(?=[\s.,!?…~ㅋㅎㅠㅜ)]|$)"


class OfflineFriend:
    """Generator of replies out of lines that ship with the program.

    The same prompts, given in the same order to instances with the same seed, get the same replies.

    Args:
        pause_s: seconds between two words, so that a reply is seen to grow.
        seed: another seed, another order of the lines.
    """

    provider = "offline"
    model = "offline-1"
    host: str | None = None

    def __init__(self, pause_s: float = 0.02, seed: str = "") -> None:
        self._pause_s = pause_s
        self._seed = seed
        self._said: deque[str] = deque(maxlen=_REMEMBERED)
        self._introduced = False

    async def warm(self) -> None:
        """Nothing takes long enough to be done ahead."""

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Said, None]:
        """Answer a prompt, a word at a time."""
        for word in re.findall(r"\S+\s*", self._reply(prompt)):
            yield Piece(word)
            await asyncio.sleep(self._pause_s)
        yield Finished("stop", None)

    async def recap(self, forgotten: Forgotten) -> None:
        """It could put nothing into other words."""

    def request(self, prompt: Prompt) -> None:
        """Nothing is sent."""

    async def aclose(self) -> None:
        """Nothing to let go of."""

    def _reply(self, prompt: Prompt) -> str:
        words = one_line(clean(prompt.text[:LONGEST_MESSAGE]))
        if re.search("[A-Za-z]", words) and not re.search("[가-힣ㄱ-ㅣ]", words):
            english: str = _read("plain")["english"]["calm" if prompt.calm else "plain"]
            return english
        history = [reply.text for turn in prompt.earlier for reply in turn.replies]
        history = [_core(text) for text in (*history, *self._said)]
        asked_who = _matches(_read("plain")["who"]["when"], words)
        if prompt.calm:
            core = _calm_reply(words, history, asked_who)
        elif asked_who:
            core = _least_said(_read("plain")["who"]["says"], history)
            self._introduced = True
        else:
            core = _friendly_reply(prompt, words, history, self._seed)
        self._said.append(core)
        return core if prompt.calm else core + self._note(prompt, words)

    def _note(self, prompt: Prompt, words: str) -> str:
        """What the friend is, said once, after the first reply of a conversation."""
        if self._introduced or prompt.earlier:
            return ""
        self._introduced = True
        notes: list[str] = _read("plain")["notes"]
        return "\n\n" + min(notes, key=lambda note: _shuffled(self._seed + words, note))


def _friendly_reply(prompt: Prompt, words: str, history: Sequence[str], seed: str) -> str:
    """A reaction and, three times in four, a question; no pair twice while there are others.

    Whoever wants to be heard or comforted is asked nothing; whoever wants advice is told that there is none
    here.
    """
    says, asks = _tiers(prompt.emotion, words, _mood(prompt.earlier))
    start = prompt.earlier[0].id if prompt.earlier else words
    lines = _ordered(says, history, seed + start)
    line = lines[0]
    if prompt.manner in ("listen", "comfort"):
        return next((line for line in lines if not line.endswith("?")), line)
    if prompt.manner == "advise" and asks:  # not where one thanks, or asks for the time
        return f"{line} {_least_said(_read('plain')['advice'], history)}"
    if line.endswith("?") or not asks or prompt.length == "short":
        return line
    questions = _ordered(asks, history, seed + start)
    if len(prompt.earlier) % 4 == 3:
        questions.insert(0, "")
    replies = [f"{line} {question}".rstrip() for question in questions]
    return next((reply for reply in replies if reply not in history), replies[0])


def _tiers(emotion: Emotion | None, words: str, mood: str | None) -> tuple[list[list[str]], list[list[str]]]:
    """The reactions and the questions that fit, those that fit best in the first list."""
    if answers := _small_talk("to_friend", words):
        return [answers], []
    joyful = emotion is not None and emotion.group == "기쁨"
    mourning = joyful and _matches([_read("joy")["never"]], words)
    if emotion is None or emotion.group is None or mourning:
        if answers := _small_talk("talk", words):
            return [answers], []
        statement = _read("plain")["statement"]
        if mood is not None:
            after = statement[mood]
            return [after["says"], statement["says"]], [after["asks"], statement["asks"]]
        return [statement["says"]], [_topic_asks(words, "plain"), statement["asks"]]
    inward = _read("turned_inward")
    if not joyful and _matches(inward["when"], words):
        return [inward["says"]], [inward["asks"]]
    voices = _read(GROUP_GLOSSES[emotion.group])
    own = voices.get(emotion.label, voices["group"])
    topic = _topic_asks(words, "good" if joyful else "bad")
    return [own["says"], voices["group"]["says"]], [topic, own["asks"], voices["group"]["asks"]]


def _small_talk(name: str, words: str) -> list[str]:
    """The answers of a file to what is often said; none when this is nothing of the kind."""
    talks: list[dict[str, Any]] = _read(name)["talk"]
    return next((talk["says"] for talk in talks if _matches([talk["when"]], words)), [])


def _mood(earlier: Sequence[Turn]) -> str | None:
    """After what kind of message this one comes; None when the last few were of no clear emotion."""
    groups = [turn.emotion.group for turn in earlier[-3:] if turn.emotion and turn.emotion.group]
    return ("after_joy" if groups[-1] == "기쁨" else "after_hard") if groups else None


def _calm_reply(words: str, history: Sequence[str], asked_who: bool) -> str:
    """Serious words in the order in which they were written, whatever emotion was picked."""
    calm = _read("calm")
    another = calm["another"]
    said = another if _matches(another["when"], words) and not re.search(another["unless"], words) else calm
    hear = calm["who"] if asked_who else said["hear"]
    parts = [_least_said(part, history) for part in (hear, said["help"], said["ask"])]
    return " ".join(parts)


def _topic_asks(words: str, mood: str) -> list[str]:
    """Questions that take up the one everyday topic of a message; none when there is any doubt."""
    data = _read("topics")
    topics: list[dict[str, Any]] = data["topic"]
    if re.search(data["never"], words) or len(set(_any_topic().findall(words))) != 1:
        return []
    for topic in topics:
        found = _topic_pattern(tuple(topic["words"]), "after_particle_only" in topic).search(words)
        if found and not ("unless" in topic and re.search(topic["unless"], words)):
            return [_fill(ask, found[1]) for ask in topic.get(mood, ())]
    return []


def _one_of(words: Iterable[str]) -> str:
    return _BEFORE + "(" + "|".join(sorted(words, key=len, reverse=True)) + ")"


@cache
def _any_topic() -> re.Pattern[str]:
    return re.compile(_one_of(word for topic in _read("topics")["topic"] for word in topic["words"]))


@cache
def _topic_pattern(words: tuple[str, ...], after_particle_only: bool) -> re.Pattern[str]:
    particle = _SUBJECTS if after_particle_only else f"{_SUBJECTS}|을|를|도|에|에서|"
    return re.compile(rf"{_one_of(words)}\s?(?:{particle}){_AFTER}")


def _fill(line: str, word: str) -> str:
    """A line of ours with the word in place of `{}`, `{은/는}`, `{에서}` and the like."""

    def put(marker: re.Match[str]) -> str:
        particle = marker[1]
        return with_particle(word, particle) if "/" in particle else word + particle

    return re.sub(r"\{([^{}]*)\}", put, line)


def _matches(patterns: Iterable[str], words: str) -> bool:
    return any(re.search(pattern, words, re.IGNORECASE) for pattern in patterns)


def _ordered(tiers: Sequence[Sequence[str]], history: Sequence[str], seed: str) -> list[str]:
    """All lines: the unsaid first, tier by tier in shuffled order, then those said longest ago."""
    ranked = [
        (_last_said(line, history), tier, _shuffled(seed, line), line)
        for tier, lines in enumerate(tiers)
        for line in lines
    ]
    return [line for *_, line in sorted(ranked)]


def _least_said(lines: Sequence[str], history: Sequence[str]) -> str:
    """The first line not said yet, else the one said longest ago."""
    return min(lines, key=lambda line: _last_said(line, history))


def _last_said(line: str, history: Sequence[str]) -> int:
    """Place of the newest reply that holds this line; -1 when none does."""
    return max((at for at, text in enumerate(history) if line in text), default=-1)


def _shuffled(seed: str, line: str) -> bytes:
    """A key to sort by, as good as random and the same on every machine."""
    return blake2b(f"{seed}\0{line}".encode(), digest_size=8).digest()


def _core(text: str) -> str:
    """A reply without the note on what the friend is."""
    return text.split("\n\n", 1)[0]


@cache
def _read(name: str) -> dict[str, Any]:
    """One file of lines, read when it is first needed."""
    lines = files("sweetchat_tui.generators") / "offline_lines" / f"{name}.toml"
    return tomllib.loads(lines.read_text("utf-8"))
