"""A conversation leaves the journal as a document that is whole, readable and harmless."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sweetchat_tui import lang
from sweetchat_tui.conversation import Conversation, Danger, Recap, Reply, Turn, Usage
from sweetchat_tui.emotions import EMOTIONS, Feeling, Score
from sweetchat_tui.journal.export import export
from sweetchat_tui.text import clean

REPLY = Reply(
    "속상했겠다",
    EMOTIONS[41],
    "openai",
    "gpt-6-luna",
    "api.openai.com",
    "friend",
    "stop",
    Usage(9, 4),
    id="r1",
)
TURN = Turn(
    "면접에서\n떨어졌어",
    Feeling((Score(EMOTIONS[41], 0.41), Score(EMOTIONS[30], 0.2)), "lite-1", uncertain=False),
    picked=EMOTIONS[30],
    replies=(REPLY, replace(REPLY, text="한 번 더 해보자", finish="cancelled", usage=None, id="r2")),
    shown=0,
    at=datetime(2026, 11, 22, 12, 0, 0, 5, UTC),
    id="t1",
)
TALK = Conversation((TURN, Turn("죽고 싶어", danger=Danger.CRISIS)), "c1")


def test_json_has_all_there_is() -> None:
    whole = json.loads(export(TALK, "json"))
    assert (whole["schema"], whole["conversation"], len(whole["turns"])) == (1, "c1", 2)
    turn = whole["turns"][0]
    assert turn["at"] == "2026-11-22T12:00:00.000005+00:00"
    assert (turn["turn"], turn["text"], turn["crisis"], turn["shown"]) == ("t1", TURN.text, "none", 0)
    assert turn["picked"] == {"emotion": "실망한", "index": 30, "group": "슬픔"}
    first = {"emotion": "좌절한", "index": 41, "group": "분노", "confidence": 0.41}
    second = {"emotion": "실망한", "index": 30, "group": "슬픔", "confidence": 0.2}
    assert turn["feeling"] == {**first, "uncertain": False, "top": [first, second], "classifier": "lite-1"}
    assert turn["replies"][0] == {
        "reply": "r1",
        "text": "속상했겠다",
        "emotion": {"emotion": "좌절한", "index": 41, "group": "분노"},
        "provider": "openai",
        "model": "gpt-6-luna",
        "host": "api.openai.com",
        "persona": "friend",
        "finish": "stop",
        "usage": {"input_tokens": 9, "output_tokens": 4},
    }
    assert (turn["replies"][1]["finish"], turn["replies"][1]["usage"]) == ("cancelled", None)
    second_turn = whole["turns"][1]
    assert (second_turn["crisis"], second_turn["feeling"], second_turn["shown"]) == ("crisis", None, None)


def test_a_reader_is_told_three_emotions_of_the_58_that_are_kept() -> None:
    every = tuple(Score(emotion, 1 / 58) for emotion in EMOTIONS)
    talk = Conversation((replace(TURN, feeling=Feeling(every, "lite-1", uncertain=False)),), "c1")
    assert len(json.loads(export(talk, "json"))["turns"][0]["feeling"]["top"]) == 58
    for kind in ("md", "txt"):
        assert export(talk, kind).count("%") == 3


def test_json_lines_are_the_turns_of_json() -> None:
    lines = [json.loads(line) for line in export(TALK, "jsonl").splitlines()]
    turns = json.loads(export(TALK, "json"))["turns"]
    assert lines == [{"schema": 1, "conversation": "c1"} | turn for turn in turns]


def test_markdown_shows_emotion_confidence_choice_and_variants() -> None:
    document = export(TALK, "md")
    assert document.startswith("# 면접에서 떨어졌어\n")
    assert "좌절한 41%, 실망한 20% → 고른 감정: 실망한" in document
    assert "**친구 1/2**" in document
    assert "gpt-6-luna, 멈춤" in document
    assert "> 한 번 더 해보자" in document


def test_plain_text_shows_the_variant_that_was_on_the_screen() -> None:
    document = export(TALK, "txt")
    assert "    면접에서\n    떨어졌어\n" in document
    assert "속상했겠다" in document
    assert "한 번 더" not in document


def test_no_message_can_pass_for_another_in_plain_text() -> None:
    forged = "응\n\n친구 (offline):\n가짜"
    document = export(Conversation((Turn(forged),)), "txt")
    assert [line for line in document.splitlines() if line.startswith("친구")] == []


def test_documents_speak_english_when_asked() -> None:
    lang.use("en")
    try:
        assert "disappointed 20%" in export(TALK, "md")
        assert "Friend (frustrated, openai gpt-6-luna)" in export(TALK, "txt")
    finally:
        lang.use("ko")


@pytest.mark.parametrize("kind", ["md", "json", "jsonl", "txt"])
def test_a_conversation_without_turns_is_a_document_too(kind: str) -> None:
    assert export(Conversation(), kind).count("\n") <= 6  # type: ignore[arg-type]


markup = st.sampled_from(
    [
        "![x](http://a.b/c.png)",
        "<img src=x>",
        "# 제목",
        "```\n",
        "- 하나",
        "1. 하나",
        "---",
        "===",
        "[a]: b",
        "http://a.b",
    ]
)


@given(st.lists(st.text() | markup, max_size=6).map("\n".join).map(clean))
def test_what_was_written_stays_plain_in_markdown(text: str) -> None:
    turn = Turn(text, replies=(replace(REPLY, text=text, model=text),))
    parser = MarkdownIt("gfm-like", {"linkify": False})
    tokens = parser.parse(export(Conversation((turn,)), "md"))
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2"]
    allowed = {"heading", "blockquote", "paragraph", "inline", "code_block"}
    assert {re.sub("_(open|close)$", "", token.type) for token in tokens} <= allowed
    inside = {child.type for token in tokens for child in token.children or ()}
    plain = {"text", "text_special", "softbreak", "hardbreak"}
    assert inside <= plain | {"strong_open", "strong_close", "em_open", "em_close"}


def test_json_has_the_recap() -> None:
    assert json.loads(export(TALK, "json"))["recap"] is None
    whole = json.loads(export(TALK, "json", Recap("면접을 봤다", "t1", edited=True)))
    assert whole["recap"] == {"text": "면접을 봤다", "until": "t1", "edited": True}
