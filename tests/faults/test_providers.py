"""Providers that stall, flood, drip, cut, lie and redirect, and the program that asks them."""

from pathlib import Path

import pytest
from faults.stage import ANSWERED, HEAD, Talk, app, asked, peak_mb, provider, reply, talked, turns
from provider_stage import DONE, chunk, event, response

pytestmark = pytest.mark.slow


def test_a_provider_that_stalls(own_home: Path, figures: dict[str, float]) -> None:
    """Silence in the middle of an answer ends it after `timeout_s`; what came is printed and kept."""

    def stalls(talk: Talk) -> None:
        talk.send(HEAD)
        talk.say("여기까지", " 왔어")
        talk.hold()

    ended = asked(own_home, stalls, timeout_s=1)
    assert (ended.code, ended.out) == (75, "여기까지 왔어\n")
    kept = reply(own_home)
    assert kept and (kept.text, kept.finish) == ("여기까지 왔어", "cut")
    figures["mb"] = ended.peak_mb


@pytest.mark.parametrize("where", ["head", "stream"])
def test_a_provider_that_drips(own_home: Path, where: str, figures: dict[str, float]) -> None:
    """A byte now and then is silence when no line of it ends in `timeout_s`; what came is kept."""

    def drips(talk: Talk) -> None:
        slow = chunk("아주 느린 말" * 20)
        if where == "head":
            slow = HEAD + slow
        else:
            talk.send(HEAD)
            talk.say("여기까지")
        for byte in slow:
            if talk.gone.wait(0.2):
                return
            talk.send(bytes([byte]))

    ended = asked(own_home, drips, timeout_s=1)
    assert ended.code == 75
    assert ended.out == ("여기까지\n" if where == "stream" else "")
    figures["mb"] = ended.peak_mb


def test_a_provider_that_floods(own_home: Path, figures: dict[str, float]) -> None:
    """Megabytes of words in small chunks end at the longest answer, which is kept."""

    def floods(talk: Talk) -> None:
        talk.send(HEAD)
        many = chunk("넘치는 말이 끝없이 온다 ") * 250
        for _ in range(300):
            if talk.gone.is_set():
                return
            talk.send(many)
        talk.end()

    ended = asked(own_home, floods)
    kept = reply(own_home)
    assert ended.code == 0
    assert kept and kept.finish == "length" and ended.out.strip() == kept.text.strip()
    figures["mb"] = ended.peak_mb


def test_a_letter_at_a_time(own_home: Path, figures: dict[str, float]) -> None:
    """A hundred thousand chunks of a letter cost no more than as many letters, and are kept."""

    def spells(talk: Talk) -> None:
        talk.send(HEAD)
        for _ in range(110):
            if talk.gone.is_set():
                return
            talk.send(chunk("말") * 1000)

    ended = asked(own_home, spells, cpu_s=60)
    kept = reply(own_home)
    assert kept and kept.finish == "length" and kept.text == "말" * 100_000 == ended.out.strip()
    figures["mb"] = ended.peak_mb


def test_megabytes_in_one_chunk(own_home: Path, figures: dict[str, float]) -> None:
    """One chunk of 8 MB ends at the longest answer; what is kept is what was printed."""
    ended = asked(own_home, HEAD + chunk("말" * 2_700_000) + chunk("", "stop") + DONE)
    kept = reply(own_home)
    assert ended.code == 0
    assert kept and kept.finish == "length" and ended.out.strip() == kept.text
    figures["mb"] = ended.peak_mb


def test_more_than_any_answer_has(own_home: Path, figures: dict[str, float]) -> None:
    """A stream without words is given up at 64 MB, however fast it comes, and not asked for again."""
    asked_for = []

    def endless(talk: Talk) -> None:
        asked_for.append(talk.number)
        talk.send(HEAD)
        while not talk.gone.is_set():
            talk.send(b": " + b"x" * 65_000 + b"\n\n")

    ended = asked(own_home, endless)
    assert (ended.code, asked_for) == (75, [0])
    figures["mb"] = ended.peak_mb


def test_a_provider_that_lies_about_lengths(own_home: Path) -> None:
    """Whatever content-length says, what came is printed and kept, and the end is one sentence."""
    body = chunk("여기까지") + chunk(" 왔어", "stop") + DONE
    first = len(chunk("여기까지"))
    lies = {"길다": len(body) + 999, "짧다": first, "아니다": "ㄱ", "음수": -5, "거대": "9" * 400}

    def answer(length: object) -> bytes:
        return response(body, headers=f"content-length: {length}\r\n")

    heard = talked(own_home, {name: answer(lie) for name, lie in lies.items()})
    assert heard["길다"].reply and heard["길다"].reply.text == "여기까지 왔어"
    assert heard["짧다"].reply and heard["짧다"].reply.text == "여기까지" and "끊겼어요" in heard["짧다"].err
    for name in ("아니다", "음수", "거대"):
        assert heard[name].reply is None and "연결할 수 없어요" in heard[name].err


def test_a_provider_that_redirects(own_home: Path, tmp_path: Path) -> None:
    """Words and key go to no other host; the person is told where the provider points."""
    with provider(response(b""), tmp_path / "elsewhere") as other:
        where = f"location: {other.base_url}/chat/completions\r\n"
        ways = ("301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent")
        heard = talked(own_home, {way: response(b"", status=way, headers=where) for way in ways})
        assert other.heads == []
    for way in heard.values():
        assert way.reply is None and "다른 주소로 가라고 해요" in way.err and other.base_url in way.err


def test_a_provider_that_answers_html(own_home: Path) -> None:
    """A page instead of an answer is one sentence, and no tag of it reaches the terminal."""
    page = b"<!doctype html><html><body><h1>It works!</h1></body></html>"
    ways = ("200 OK", "404 Not Found", "502 Bad Gateway")
    heard = talked(own_home, {way: response(page, "text/html", way, "retry-after: 0\r\n") for way in ways})
    for way, told in heard.items():
        assert ("지금 답하지 못해요" if "502" in way else "대화 서버가 없어요") in told.err
        assert "<" not in told.err and told.reply is None


def test_a_flood_on_the_screen(own_home: Path, figures: dict[str, float]) -> None:
    """While 1 MB a second comes the person can type; the longest answer is shown to its end, and kept."""

    def floods(talk: Talk) -> None:
        talk.send(HEAD)
        some = "".join(f"{n}번째 말이 넘친다. " for n in range(40))
        while not talk.gone.wait(0.01):
            for _ in range(10):
                talk.send(chunk(some[:330]))

    with provider(floods, own_home), app() as screen:
        screen.shows("127.0.0.1")
        screen.type("면접에서 떨어졌어\r")
        screen.shows("넘친다")
        screen.type("그동안 쓰는 말")
        screen.shows("그동안 쓰는 말")
        screen.shows("길이 제한")
        figures["mb"] = peak_mb(screen.child.pid)
        screen.type("\x11")
        assert screen.ended() == 0
    kept = reply(own_home)
    assert kept and kept.finish == "length" and len(kept.text) > 90_000
    assert figures["mb"] < 400


def test_esc_in_a_flood(own_home: Path) -> None:
    """While 1 MB a second comes, Esc ends it within seconds; what was on the screen is kept."""
    hung_up: list[bool] = []

    def floods(talk: Talk) -> None:
        talk.send(HEAD)
        if talk.number:
            talk.say("이제 조용해")
            talk.end()
            return
        thought = event({"choices": [{"index": 0, "delta": {"reasoning_content": "x" * 1000}}]})
        while not talk.gone.wait(0.01):
            talk.send(thought * 10)
            talk.say("넘치는 말 ")
        hung_up.append(True)

    with provider(floods, own_home), app() as screen:
        screen.shows("127.0.0.1")
        screen.type("면접에서 떨어졌어\r")
        screen.shows("넘치는 말")
        screen.type("\x1b")
        screen.until(lambda shown: "m-1 · 멈춤" in shown, 10)
        screen.until(lambda _: hung_up, 5)
        screen.type("그만 말해\r")
        screen.shows("이제 조용해", ANSWERED)
    first, second = turns(own_home)
    assert first.reply and first.reply.finish == "cancelled" and "넘치는 말" in first.reply.text
    assert second.reply and second.reply.text == "이제 조용해"


def test_a_cut_on_the_screen(own_home: Path) -> None:
    """A cut answer stays on the screen with one sentence and the way on, and is there at the next start."""
    with provider(lambda talk: (talk.send(HEAD), talk.say("여기까지 왔어")), own_home):  # type: ignore[func-returns-value]
        with app() as screen:
            screen.shows("127.0.0.1")
            screen.type("면접에서 떨어졌어\r")
            screen.shows("여기까지 왔어", "끊겼어요", "Ctrl+R")
            screen.type("\x11")
            assert screen.ended() == 0
        with app() as screen:
            screen.shows("여기까지 왔어", "m-1", "중간에 끊김")
