"""`chat --plain`: a conversation line by line, in a pipe and at a terminal."""

import json
import os
import sys

import pexpect
import pytest
from terminal import Terminal

pytestmark = pytest.mark.usefixtures("own_home")


def test_lines_are_answered_in_turn_and_kept(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("chat", "--plain", stdin="면접에서 떨어졌어\n\n이제 어떡하지\n")
    assert done.code == 0
    assert done.err.count("%") >= 6 and "언어 모델이 아니에요" in done.err
    (row,) = sweetchat("history", "list", "--json").rows
    assert row["turns"] == 2


def test_a_chip_answers_again_in_place(sweetchat) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("chat", "--plain", stdin="면접에서 떨어졌어\n/2\n/감정 외로운\n/다시\n").code == 0
    (row,) = sweetchat("history", "list", "--json").rows
    assert row["turns"] == 1
    (turn,) = json.loads(sweetchat("history", "show", row["conversation"], "--json").out)["turns"]
    assert turn["picked"]["emotion"] == "외로운"
    asked = [reply["emotion"]["emotion"] for reply in turn["replies"]]
    assert len(asked) == 4 and asked[2:] == ["외로운", "외로운"]


def test_it_goes_on_with_the_last_conversation(sweetchat) -> None:  # type: ignore[no-untyped-def]
    sweetchat("chat", "--plain", stdin="면접에서 떨어졌어\n")
    again = sweetchat("chat", "--plain", stdin="그래도 괜찮겠지\n/새\n새로운 이야기야\n")
    assert "면접에서 떨어졌어" in again.err
    assert [row["turns"] for row in sweetchat("history", "list", "--json").rows] == [1, 2]


def test_what_is_no_command_is_said_and_sent_to_nobody(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("chat", "--plain", stdin="/없는거\n/감정 배고픔\n/2\n/도움\n")
    assert (done.code, done.out) == (0, "")
    assert "없는 명령이에요: /없는거" in done.err and "아직 나눈 말이 없어요" in done.err
    assert sweetchat("history", "list", "--json").rows == []


@pytest.mark.parametrize("leaving", ["/끝", "/q", "/ㅂ"])
def test_a_word_leaves_in_either_keyboard(sweetchat, leaving: str) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("chat", "--plain", stdin=f"{leaving}\n면접에서 떨어졌어\n").code == 0
    assert sweetchat("history", "list", "--json").rows == []


def test_nothing_private_is_stored(sweetchat) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("chat", "--plain", "--private", stdin="비밀이야\n").out
    assert sweetchat("history", "list", "--json").rows == []


def test_help_for_someone_in_danger_comes_before_the_answer(sweetchat) -> None:  # type: ignore[no-untyped-def]
    assert "109" in sweetchat("chat", "--plain", stdin="죽고 싶어\n").err


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"TERM": "xterm-256color"}])
def test_at_a_terminal_it_asks_and_answers_and_draws_nothing(variables: dict[str, str]) -> None:
    words = ["-m", "sweetchat_tui", "chat"] + (["--plain"] if variables["TERM"] != "dumb" else [])
    talk = pexpect.spawn(sys.executable, words, env=os.environ | variables, encoding="utf-8", timeout=100)  # type: ignore[arg-type]
    talk.expect("나> ")
    talk.sendline("친구랑 싸웠어")
    talk.expect("%")
    talk.expect("친구> ")
    talk.expect("나> ")
    before = talk.before
    talk.sendcontrol("d")
    talk.expect(pexpect.EOF)
    talk.close()
    assert talk.exitstatus == 0
    assert "\x1b[2J" not in before and "\x1b[?1049h" not in before


def test_leaving_by_ctrl_d_ends_the_line() -> None:
    with Terminal("chat", "--plain", "--provider", "offline") as terminal:
        terminal.shows("나>")
        terminal.type("\x04")
        assert terminal.ended() == 0
        assert terminal.raw.decode().rstrip(" ").endswith("\n")
