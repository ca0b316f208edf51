"""What only a real terminal shows: input methods, the cursor, what is left behind."""

import re
import unicodedata
from pathlib import Path

import pytest
from terminal import Terminal, journal_words

pytestmark = pytest.mark.usefixtures("own_home")

READY = "이 컴퓨터 안에서만"
ANSWERED = " · offline-1\n"


def test_the_first_conversation_from_start_to_tomorrow(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows("어서 와요", READY)
        app.type("면접에서 떨어졌어\r")
        app.shows("면접에서 떨어졌어", "당신의 감정", ANSWERED)
        app.type("\x1b2")
        app.shows("2/2")
        app.type("\x11")
        assert app.ended() == 0
    with Terminal("--provider", "offline") as app:
        app.shows("면접에서 떨어졌어", "2/2")
        app.type("\x11")
        assert app.ended() == 0
    assert journal_words(own_home) == ["면접에서 떨어졌어"]


def test_the_last_syllable_committed_together_with_enter_is_sent(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type("안녕하세", "요\r")
        app.shows("안녕하세요", ANSWERED, "오늘 어땠어?")
    assert journal_words(own_home) == ["안녕하세요"]


def test_a_long_commit_arrives_whole(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type("오늘은정말힘들었어요친구야", "\r")
        app.shows(ANSWERED)
    assert journal_words(own_home) == ["오늘은정말힘들었어요친구야"]


def test_the_terminal_is_not_asked_for_the_kitty_protocol() -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        assert b"\x1b[>25u" not in app.raw and b"\x1b[>1u" not in app.raw


def test_the_cursor_stands_in_the_composer_at_once_and_after_a_resize_and_a_message() -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)

        def in_composer(shown: str) -> bool:
            rows = shown.splitlines()
            at = next((y for y, row in enumerate(rows) if row.startswith("╰")), None)
            return at is not None and app.screen.cursor.y == at - 1 and app.screen.cursor.x >= 2

        app.until(in_composer)
        app.screen.resize(40, 100)
        app.child.setwinsize(40, 100)
        app.until(lambda shown: len(shown.splitlines()) == 40 and in_composer(shown))
        app.type("안녕\r")
        app.shows(ANSWERED)
        app.until(in_composer)


def test_alt_and_an_arrow_flip_the_answers_and_stop_nothing(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type("면접에서 떨어졌어\r")
        app.shows(ANSWERED)
        app.type("\x1b2")
        app.shows("2/2")
        app.type("쓰던 말", "\x1b[1;3D")
        app.shows("1/2", "쓰던 말")
        app.type("\x1b[1;3C", "더")
        app.shows("2/2", "쓰던 말더")
        app.type("\x11")
        assert app.ended() == 0


def test_a_paste_is_composed_and_never_sends(own_home: Path) -> None:
    pasted = unicodedata.normalize("NFD", "첫째 줄\n둘째 줄\n")
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type(f"\x1b[200~{pasted}\x1b[201~")
        app.shows("첫째 줄", "둘째 줄")
        app.type("\r")
        app.shows(ANSWERED)
    assert journal_words(own_home) == ["첫째 줄\n둘째 줄\n"]


def test_control_j_makes_a_line_and_does_not_send(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type("하나", "\n", "둘", "\r")
        app.shows(ANSWERED)
    assert journal_words(own_home) == ["하나\n둘"]


def test_enter_makes_a_line_for_those_who_want_it_so(own_home: Path) -> None:
    (own_home / "own.toml").write_text('enter = "newline"\n', encoding="utf-8")
    with Terminal("--config", str(own_home / "own.toml"), "chat", "--provider", "offline") as app:
        app.shows(READY, "Ctrl+J를 눌러요", "^j 보내기")
        app.type("하나", "\r", "둘", "\n")
        app.shows(ANSWERED)
    assert journal_words(own_home) == ["하나\n둘"]


def test_shift_and_enter_makes_a_line_where_the_terminal_tells_them_apart(own_home: Path) -> None:
    asked_for = {"SWEETCHAT_KITTY": "1", "TEXTUAL_DISABLE_KITTY_KEY": "0"}  # which this process has set
    with Terminal("--provider", "offline", **asked_for) as app:
        app.shows(READY)
        app.type("하나", "\x1b[13;2u", "둘", "\x1b[13u")
        app.shows(ANSWERED)
    assert journal_words(own_home) == ["하나\n둘"]


def test_a_draft_is_there_again_after_the_terminal_is_closed(own_home: Path) -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type("아직 다 쓰지 못한 말")
        app.shows("아직 다 쓰지 못한 말")
        app.until(lambda _: list(own_home.rglob("draft.txt")))
        app.child.kill(9)
    with Terminal("--provider", "offline") as app:
        app.shows(READY, "아직 다 쓰지 못한 말")


def test_a_private_conversation_leaves_nothing(own_home: Path) -> None:
    with Terminal("--private", "--provider", "offline") as app:
        app.shows(READY, "비공개")
        app.type("아무도 모르게\r")
        app.shows(ANSWERED)
        app.type("쓰다 만 말", "\x11")
        assert app.ended() == 0
    assert [p for p in own_home.rglob("*") if p.is_file()] == []


def test_the_terminal_is_left_as_it_was() -> None:
    with Terminal("--provider", "offline") as app:
        app.shows(READY)
        app.type("\x11")
        assert app.ended() == 0
        assert app.raw.rfind(b"\x1b[?1049l") > app.raw.rfind(b"\x1b[?1049h")
        assert app.raw.rfind(b"\x1b[?25h") > app.raw.rfind(b"\x1b[?25l")


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (140, 40)])
def test_what_matters_is_seen_at_any_size(size: tuple[int, int]) -> None:
    with Terminal("--provider", "offline", columns=size[0], rows=size[1]) as app:
        app.shows("어서 와요", READY, "오늘 어땠어?", "줄바꿈")
        app.type("남들이 다 나만 쳐다보는 것 같아서 너무 부끄러웠어\r")
        app.until(lambda shown: "당신의 감정" in shown and re.search(r" · offline-1\s*[│\n]", shown))
