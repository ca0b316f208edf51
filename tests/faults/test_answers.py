"""Answers, errors and numbers that are no such thing, and the program that reads them."""

import zlib
from pathlib import Path

import pytest
from faults.stage import HEAD, Talk, asked, reply, talked
from provider_stage import DONE, chunk, problem, response

pytestmark = pytest.mark.slow


def test_utf8_broken_between_chunks(own_home: Path) -> None:
    """Bytes of a letter that come apart make the letter; a letter that never comes whole makes no trace."""
    body = 'data: {"choices": [{"delta": {"content": "한글 🎂"}, "finish_reason": "stop"}]}\n\n'.encode()

    def apart(talk: Talk) -> None:
        talk.send(HEAD)
        for at in range(len(body)):
            talk.send(body[at : at + 1])
        talk.send(DONE)

    ended = asked(own_home, apart)
    assert (ended.code, ended.out) == (0, "한글 🎂\n")


def test_utf8_that_is_none(own_home: Path) -> None:
    """A chunk that is no UTF-8 ends in one sentence or a sign in its place; what came before is kept."""
    bad = b'data: {"choices": [{"delta": {"content": "\xed\x95"}}]}\n\n'
    ended = asked(own_home, HEAD + chunk("여기까지") + bad + chunk("", "stop") + DONE)
    assert ended.code in (0, 75)
    kept = reply(own_home)
    assert kept and ended.out.startswith("여기까지") and kept.text.startswith("여기까지")


def test_a_gzip_bomb(own_home: Path, figures: dict[str, float]) -> None:
    """What is packed, unasked, is not unpacked."""
    packer = zlib.compressobj(1, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush()
    answer = response(bomb, headers="content-encoding: gzip\r\n")
    ended = asked(own_home, answer)
    assert ended.code in (69, 75)
    figures["mb"] = ended.peak_mb


def test_packed_by_another_spelling(own_home: Path) -> None:
    """Whatever case its name has, what is not packed is read, and what is packed is not."""
    ways = ("Identity", "IDENTITY", "GZIP", "identity, gzip", "br")
    body = chunk("왔어", "stop") + DONE
    heard = talked(own_home, {way: response(body, headers=f"Content-Encoding: {way}\r\n") for way in ways})
    assert [way for way, told in heard.items() if told.reply] == ["Identity", "IDENTITY"]


@pytest.mark.parametrize("status", ["400 Bad Request", "302 Found", "304 Not Modified"])
def test_an_error_of_100_megabytes(own_home: Path, figures: dict[str, float], status: str) -> None:
    """Of an error, and of a redirect, no more than 1 MB is read."""
    sent = 0

    def shouts(talk: Talk) -> None:
        nonlocal sent
        where = "location: http://127.0.0.1:9/" if "302" in status else "x: y"
        head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{where}\r\nconnection: close\r\n\r\n"
        talk.send(head.encode() + b'{"error": {"message": "')
        for _ in range(1600):
            if talk.gone.is_set():
                return
            talk.send(b"x" * 65_536)
            sent += 65_536

    ended = asked(own_home, shouts)
    assert ended.code in (69, 75, 78)
    assert sent < 3 * 12_000_000, "more was taken than the buffers of three connections hold"
    figures["mb"] = ended.peak_mb


def test_json_that_swells(own_home: Path, figures: dict[str, float]) -> None:
    """What is twenty times as large in memory as on the wire is given up at 20 MB, and what came is kept."""

    def swells(talk: Talk) -> None:
        talk.send(HEAD)
        talk.say("여기까지")
        talk.send(b'data: {"a": [[]')
        for _ in range(600):
            if talk.gone.is_set():
                return
            talk.send(b",[]" * 30_000 + b"\ndata: ")
        talk.send(b"]}\n\n")

    ended = asked(own_home, swells)
    kept = reply(own_home)
    assert (ended.code, ended.out) == (75, "여기까지\n") and kept and kept.text == "여기까지"
    figures["mb"] = ended.peak_mb


def test_a_list_of_models_that_swells(own_home: Path, figures: dict[str, float]) -> None:
    """Of a list of models, asked for because one is gone, no more than 4 MB is read."""

    def swells(talk: Talk) -> None:
        if talk.head.startswith("POST"):
            talk.send(problem("404 Not Found", {"message": "no model m-1", "code": "model_not_found"}))
            return
        talk.send(HEAD.replace(b"text/event-stream", b"application/json") + b'{"data": [[]')
        for _ in range(600):
            if talk.gone.is_set():
                return
            talk.send(b",[]" * 30_000 + b"\n\n")
        talk.send(b"]}")

    ended = asked(own_home, swells)
    assert ended.code == 78 and "m-1" in ended.err
    figures["mb"] = ended.peak_mb


def test_an_absurd_wait(own_home: Path) -> None:
    """A Retry-After that means nothing, or years, is told or tried again at once, never waited for."""
    waits = [
        *("1e400", "-5", "nan", "99999999999999999999", "0x10", "내일", "9" * 5000),
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2027 00:00:00 +999999999999",
    ]
    slow = [problem("429 Too Many", {"message": "slow"}, f"retry-after: {wait}\r\n") for wait in waits]
    heard = talked(own_home, {f"기다림 {n}": answer for n, answer in enumerate(slow)})
    assert all("너무 몰렸어요" in told.err for told in heard.values())


def test_numbers_that_are_none(own_home: Path) -> None:
    """Whatever is told of tokens, the words are printed and kept."""
    numbers = ["NaN", "Infinity", "-1e999", "1" + "0" * 40, "1.5", "true", "9" * 5000, '"' + "9" * 5000 + '"']

    def answer(number: str) -> bytes:
        usage = f'data: {{"choices": [], "usage": {{"prompt_tokens": {number}, "completion_tokens": 5}}}}\n\n'
        return HEAD + chunk("왔어") + chunk("", "stop") + usage.encode() + DONE

    heard = talked(own_home, {f"수 {n}": answer(number) for n, number in enumerate(numbers)})
    for told in heard.values():
        assert told.reply and (told.reply.text, told.reply.finish) == ("왔어", "stop")
        assert "sweetchat:" not in told.err


@pytest.mark.parametrize("what", ["stream", "error"])
def test_json_100_000_deep(own_home: Path, what: str, figures: dict[str, float]) -> None:
    """JSON too deep to read ends in one sentence; what came before is kept."""
    deep = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    if what == "stream":
        ended = asked(own_home, HEAD + chunk("왔어") + b"data: " + deep + b"\n\n" + DONE)
        kept = reply(own_home)
        assert (ended.code, ended.out) == (75, "왔어\n") and kept and kept.text == "왔어"
    else:
        ended = asked(own_home, response(deep, "application/json", "400 Bad"))
        assert ended.code in (75, 78)
    figures["mb"] = ended.peak_mb
