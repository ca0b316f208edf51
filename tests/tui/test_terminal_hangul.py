"""Hangul, emoji and half characters in a real terminal: as they are typed, pasted, and as they arrive."""

import asyncio
import base64
import json
import time
import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from provider_stage import DONE, chunk, response
from terminal import Terminal, journal_words

from sweetchat_tui.conversation import Turn
from sweetchat_tui.journal import Journal

pytestmark = pytest.mark.usefixtures("own_home")

READY = "이 컴퓨터 안에서만"
ANSWERED = " · offline-1\n"


@asynccontextmanager
async def told(home: Path, pieces: Sequence[str], pause_s: float = 0.0) -> AsyncIterator[Path]:
    """A configuration whose provider streams these pieces, each as an event of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
        for part in (response(b""), *map(chunk, pieces), chunk("", "stop") + DONE):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        file = home / "told.toml"
        file.write_text(f'[provider.told]\nbase_url = "http://127.0.0.1:{port}/v1"\nmodel = "m-1"\n', "utf-8")
        yield file


def last_turn(home: Path) -> Turn:
    """The newest turn of the one journal below a folder."""
    (file,) = home.rglob("journal.db")
    with Journal.open(file) as journal:
        conversation = journal.latest()
        assert conversation is not None
        return conversation.turns[-1]


async def test_clusters_and_halves_that_arrive_in_pieces_are_whole_at_the_end(own_home: Path) -> None:
    pieces = [
        "가족 👨",
        "\u200d",
        "👩",
        "\u200d👧 ",
        "\ud83d",
        "\udc4d",
        "\ud83c",
        "\udffd ",
        "ᄒ",
        "ᅡ",
        "ᆫ",
        "글 ",
    ]
    pieces += ["\U0001f1f0", "\U0001f1f7 ", "\ud83d", " 끝"]
    async with told(own_home, pieces, pause_s=0.25) as config:

        def visit() -> None:
            with Terminal("--config", str(config), "chat", "--provider", "told") as app:
                app.shows("보내요")
                app.type("안녕\r")
                app.shows("가족", "끝", " · m-1\n")
                rows = app.look().splitlines()
                assert rows[-5].startswith("╭") and rows[-5].endswith("╮")
                assert rows[-4].startswith("│") and rows[-4].endswith("│")

        await asyncio.to_thread(visit)
    reply = last_turn(own_home).reply
    assert reply is not None
    assert reply.text == "가족 👨‍👩‍👧 👍🏽 한글 🇰🇷 \N{REPLACEMENT CHARACTER} 끝"


async def test_a_click_on_code_copies_it_and_nothing_else(own_home: Path) -> None:
    async with told(own_home, ["이렇게 해 봐.\n\n```\n첫째 줄 = 1\n둘째 줄 = 2\n```\n\n어때?"]) as config:

        def visit() -> None:
            over_ssh = {"SSH_CONNECTION": "1 2 3 4"}  # the terminal is asked, not the machine's tools
            with Terminal("--config", str(config), "chat", "--provider", "told", **over_ssh) as app:
                app.shows("보내요")
                app.type("코드 알려 줘\r")
                rows = app.shows("둘째 줄", " · m-1\n").splitlines()
                y = next(at for at, row in enumerate(rows) if "둘째 줄" in row) + 1
                app.type(f"\x1b[<0;8;{y}M", f"\x1b[<0;8;{y}m")
                app.shows("복사했어요(OSC 52)")
                coded = app.raw.split(b"\x1b]52;c;")[1].split(b"\x07")[0]
                assert base64.b64decode(coded).decode().strip() == "첫째 줄 = 1\n둘째 줄 = 2"

        await asyncio.to_thread(visit)


def test_a_long_commit_arrives_whole_under_the_keyboard_protocol_too(own_home: Path) -> None:
    said = "오늘은정말힘들었어요친구야"
    asked_for = {"SWEETCHAT_KITTY": "1", "TEXTUAL_DISABLE_KITTY_KEY": "0"}  # which this process has set
    with Terminal("--provider", "offline", **asked_for) as app:
        app.shows(READY)
        app.type(f"\x1b[0;;{':'.join(str(ord(c)) for c in said)}u", "\x1b[13u")
        app.shows(ANSWERED)
    assert journal_words(own_home) == [said]


def test_one_key_takes_back_a_whole_syllable_of_what_was_pasted_in_parts(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type(f"\x1b[200~{unicodedata.normalize('NFD', '오늘은 한글')}\x1b[201~", "\x7f", "\r")
        app.shows(ANSWERED)
    assert journal_words(own_home) == ["오늘은 한"]


def test_hangul_typed_in_parts_is_kept_whole(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type(*unicodedata.normalize("NFD", "각오했어"), "\r")
        app.shows(ANSWERED)
    assert journal_words(own_home) == ["각오했어"]


def test_the_cursor_stands_behind_the_last_syllable_wherever_one_writes() -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type("면접에서 떨어졌어\r")
        app.shows(ANSWERED)
        for come, box in (
            ("", "오늘은 참"),  # the composer
            ("\x1b4", "좌절"),  # any of the 58
            ("\x0f", "면접"),  # the conversations
            ("\x0f\x1bOQ", "새 이름"),  # the name of one
            ("\x06", "떨어"),  # search
        ):
            app.type(come)
            if come:
                app.until(lambda shown: ANSWERED not in shown or "어떤 감정에" in shown)
            time.sleep(0.3)
            app.type(box)
            app.shows(box)

            def behind(shown: str, box: str = box) -> bool:
                y, x = app.screen.cursor.y, app.screen.cursor.x
                before = "".join(app.screen.buffer[y][at].data for at in range(x))
                return before.endswith(box)

            app.until(behind)
            app.type("\x1b")
            time.sleep(0.3)
            if come.endswith("Q"):
                app.type("\x1b")
            app.shows(ANSWERED)


@pytest.mark.parametrize("typed", [b"\xed\xa0\xbd", "안".encode("cp949"), b"\xff\xfe"])
def test_bytes_that_are_no_utf8_do_not_end_the_app(own_home: Path, typed: bytes) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type(typed)
        time.sleep(0.3)
        app.type("안녕\r")
        app.shows(ANSWERED)
    (words,) = journal_words(own_home)
    assert words.endswith("안녕")
    json.dumps(words).encode()


@pytest.mark.parametrize(
    "locale", [{"LANG": "C", "LC_ALL": "C"}, {"LANG": "ko_KR.EUC-KR", "LC_ALL": "ko_KR.EUC-KR"}]
)
def test_another_locale_changes_no_letter(own_home: Path, locale: dict[str, str]) -> None:
    with Terminal("--provider", "offline", PYTHONUTF8="0", **locale) as app:
        app.shows(READY)
        app.type("안녕하세요\r")
        app.shows("안녕하세요", ANSWERED)
    assert journal_words(own_home) == ["안녕하세요"]


def test_line_by_line_arrows_move_in_the_line_and_print_nothing(own_home: Path) -> None:
    with Terminal("chat", "--plain", "--provider", "offline", LANG="C.UTF-8") as app:
        app.shows("나>")
        app.type("친구 싸웠어", *["\x1b[D"] * 4, "랑\r")
        app.shows("친구> ")
        app.until(lambda shown: shown.rstrip().endswith("나>"))
        app.type("\x04")
        assert app.ended() == 0
        assert b"^[[D" not in app.raw
    assert journal_words(own_home) == ["친구랑 싸웠어"]


def test_what_is_typed_right_after_enter_stays_to_be_sent_next(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type("안녕\r반가")
        app.shows(ANSWERED, "│ 반가")
        app.type("워\r")
        app.until(lambda shown: shown.count("offline-1\n") == 2)
    assert journal_words(own_home) == ["안녕", "반가워"]


def test_syllables_typed_where_a_message_has_the_focus_are_all_written_in_their_order(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type("안녕\r")
        app.shows(ANSWERED)
        app.type("\x1b[A")
        app.shows("고치기")
        app.type("그래서 말인데\r")
        app.until(lambda shown: shown.count(ANSWERED) == 2)
    assert journal_words(own_home) == ["안녕", "그래서 말인데"]
