"""Records a short visit to the app, as a .cast and as a GIF: python docs/recording.py

The installed program runs in a pseudo-terminal with the embedded classifier, on a made-up journal. Who
answers is a provider on loopback that says what is written here. Needs the project's `dev` and `png`
extras, and what docs/film.py needs.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from film import film
from llmock.pytest_plugin import LLMock
from llmock.testing import LLMockServer
from screenshot import lived

from sweetchat_tui.journal import Journal

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from terminal import Terminal

COLUMNS, ROWS = 92, 26
PORT = 11434  # Ollama's, as a person would have it
LONGEST_WAIT_S = 1.6
BURST_S = 0.05  # bytes that come closer to one another are one frame
ANSWERS = (
    "헐, 진짜 속상하겠다. 그렇게 오래 준비했는데...\n\n"
    "오늘은 **아무것도 안 해도** 돼. 어떤 질문이 제일 마음에 남아?",
    "기대가 컸던 만큼 실망도 크지. 그래도 네가 쏟은 시간은 어디 안 가.\n\n"
    "- 따뜻한 거 한 잔 마시고\n- 오늘은 일찍 자자",
    "응, 나 여기 있어. 맛있는 거 먹으면서 천천히 얘기해 줘!",
)


class Recorded(Terminal):
    """A terminal that remembers when each byte came."""

    def __init__(self, *words: str, **variables: str) -> None:
        self.events: list[tuple[float, bytes]] = []
        self._start = time.monotonic()
        super().__init__(*words, columns=COLUMNS, rows=ROWS, **variables)

    def look(self) -> str:
        before = len(self.raw)
        shown = super().look()
        if self.raw[before:]:
            self.events.append((time.monotonic() - self._start, self.raw[before:]))
        return shown

    def rest(self, seconds: float) -> None:
        """Let the one who watches look."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()

    def write(self, text: str) -> None:
        """Type as a person does, syllable by syllable."""
        for letter in text:
            self.type(letter)
            self.rest(0.11)
        self.rest(0.4)


def visit(app: Recorded) -> None:
    """What is shown: a feeling, another one, what was read, the days before."""
    app.shows("보내요")
    app.rest(1)
    app.write("면접에서 떨어졌어")
    app.type("\r")
    app.shows("제일 마음에 남아?", "exaone")
    app.rest(1.5)
    app.type("\x1b2")
    app.shows("2/2", "일찍 자자")
    app.rest(2)
    app.write("얘기 들어 줘서 고마워")
    app.type("\r")
    app.shows("천천히 얘기해 줘!")
    app.rest(1.5)
    app.type("\x1bOQ")
    app.shows("대화의 흐름", "읽은 감정")
    app.rest(2.5)
    app.type("\x1bOQ")
    app.rest(0.5)
    app.type("\x1bOR")
    app.shows("그동안의 마음")
    app.rest(2.5)
    app.type("\x1b")
    app.rest(0.7)
    app.type("\x0f")
    app.shows("지난 대화")
    app.rest(0.8)
    app.write("ㅁㅈ")
    app.rest(1.5)
    app.type("\x1b")
    app.shows("천천히 얘기해 줘!")
    app.rest(1.5)


def quickened(events: list[tuple[float, bytes]]) -> Iterator[tuple[float, bytes]]:
    """The same without the waits that are no fun to watch, starting when something is there."""
    now = 0.0
    for (before, _), (at, data) in pairwise([events[0], *events]):
        if at - before > BURST_S:
            now += min(at - before, LONGEST_WAIT_S)
        yield now, data


def cast(events: list[tuple[float, bytes]], file: Path) -> None:
    """Write what came as asciinema has it."""
    lines = [json.dumps({"version": 2, "width": COLUMNS, "height": ROWS, "title": "SweetChat"})]
    rest = b""
    for at, data in quickened(events):
        whole = rest + data
        text = whole.decode("utf-8", "ignore")  # what is cut off at the end comes with the next
        rest = whole[len(text.encode()) :]
        lines.append(json.dumps([round(at, 3), "o", text], ensure_ascii=False))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory() as home, LLMockServer(port=PORT) as server:
        provider = LLMock(server).pace(70)
        for answer in ANSWERS:
            provider.reply(answer)
        config = Path(home, "config.toml")
        config.write_text(
            f'[provider.home]\nbase_url = "{server.base_url("openai")}"\nmodel = "exaone3.5"\n',
            encoding="utf-8",
        )
        with Journal.open(Path(home, "sweetchat", "journal.db")) as journal:
            lived(journal)
        folders = {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        words = ("--config", str(config), "chat", "--new", "--provider", "home")
        with Recorded(*words, HOME=home, **folders) as app:
            visit(app)
        cast(app.events, here / "recording.cast")
    film(here / "recording.cast", here / "recording.gif")


if __name__ == "__main__":
    main()
