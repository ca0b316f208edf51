"""What a provider could try beyond the words of an answer."""

from pathlib import Path

import pytest
from faults.stage import HEAD, Talk, asked, talked
from provider_stage import DONE, KEY, chunk, event

BEFORE = b"HTTP/1.1 100 Continue\r\n\r\n"


def early(talk: Talk) -> None:
    """Answers that are none, without end."""
    while not talk.gone.is_set():
        talk.send(BEFORE * 1000)


def strange(*chunks: object) -> bytes:
    return HEAD + b"".join(event(one) for one in chunks) + chunk("왔어", "stop") + DONE


WILES = {
    "머리": HEAD[:-2] + b"x: " + b"y" * 9_000_000 + b"\r\n\r\n",
    "머리 여럿": HEAD[:-2] + b"x: y\r\n" * 500_000 + b"\r\n",
    "모양": strange(
        {"choices": {"0": 1}}, {"choices": [None]}, [], "x", None, 1, {"choices": [{"delta": []}]}
    ),
    "쓰임": strange({"usage": []}, {"usage": {"prompt_tokens": True, "completion_tokens": -1}}),
    "열쇠": strange({"error": None}, {"id": KEY, "model": KEY, "key": KEY}),
    "사건": HEAD + b"event: error\r\ndata: x\r\n\r\n" + chunk("왔어", "stop") + DONE,
    "되풀이": HEAD + b"retry: 1\nid: \x00\n: \xff\n\n" + chunk("왔어", "stop") + DONE,
}


@pytest.mark.timeout(400)
def test_wiles_end_in_an_answer_or_one_sentence(own_home: Path) -> None:
    heard = talked(own_home, WILES)
    for said, told in heard.items():
        assert told.reply or told.err.count("sweetchat: ") == 1, said
    for said in ("모양", "쓰임"):
        assert (reply := heard[said].reply) and reply.text == "왔어", said
    assert not [path for path in own_home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_answers_that_are_none_come_without_end(own_home: Path) -> None:
    ended = asked(own_home, early, cpu_s=60, timeout_s=1)
    assert ended.code == 75
