"""What reads and who answers, changed while the app runs; and a classifier fetched behind it."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from bert_stage import FIXTURE
from fakes import ToldClassifier, ToldGenerator
from hub_server import Hub, is_partial
from terminal import Terminal
from tui_stage import Stage

from sweetchat_tui.classifiers import hub_cache
from sweetchat_tui.companion import Equipment
from sweetchat_tui.errors import NotThere, Unreachable
from sweetchat_tui.tui.changes import Changes
from sweetchat_tui.tui.widgets import status


class _Better(ToldClassifier):
    name = "better-1"
    reads_context = False


async def test_who_answers_changes_in_the_middle_and_each_answer_remembers(stage: Stage) -> None:
    other = ToldGenerator("다른 데서 왔어")
    other.model = "other-model"
    stage.generator.answers = ["첫 대답"]
    stage.changes = Changes(lambda: [("대답하는 곳: other", Equipment(lambda: other))])
    async with stage.open():
        await stage.say("하나")
        await stage.shows("첫 대답", "told-model")
        await stage.command("대답하는 곳: other")
        await stage.shows("대답하는 곳: other · 다음 말부터")
        await stage.say("둘")
        await stage.shows("다른 데서 왔어", "좌절한 · other-model", "좌절한 · told-model")
        conversation = stage.journal.latest()
        assert conversation is not None
        models = [turn.reply.model for turn in conversation.turns if turn.reply]
        assert models == ["told-model", "other-model"]


async def test_what_cannot_be_loaded_changes_nothing(stage: Stage) -> None:
    def gone() -> ToldGenerator:
        raise NotThere("그런 서버가 없어요.")

    stage.changes = Changes(lambda: [("대답하는 곳: gone", Equipment(gone))])
    stage.generator.answers = ["여전히 나야"]
    async with stage.open():
        await stage.command("gone")
        await stage.shows("그런 서버가 없어요")
        await stage.say("하나")
        await stage.shows("여전히 나야")


async def test_a_change_waits_for_the_end_of_the_answer_that_is_being_given(stage: Stage) -> None:
    other = ToldGenerator("다른 데서 왔어")
    other.model = "other-model"
    stage.generator.answers = ["아주 긴 대답이 이어지고 있어 " * 8]
    stage.generator.pause_s = 0.03
    stage.changes = Changes(lambda: [("말투: classic", Equipment(lambda: other, persona="classic"))])
    async with stage.open():
        await stage.say("하나")
        await stage.shows("아주 긴 대답")
        await stage.command("말투")
        await stage.shows("대답이 끝나면 바꿀게요")
        await stage.shows("말투: classic · 다음 말부터")
        await stage.say("둘")
        await stage.shows("다른 데서 왔어", "좌절한 · other-model")
        conversation = stage.journal.latest()
        assert conversation is not None
        replies = [turn.reply for turn in conversation.turns if turn.reply]
        assert [(r.model, r.persona, r.finish) for r in replies] == [
            ("told-model", "friend", "stop"),
            ("other-model", "classic", "stop"),
        ]


async def test_another_model_of_the_provider_is_named(stage: Stage) -> None:
    stage.generator.host = "example.test"
    other = ToldGenerator("나는 다른 모델")
    other.host = "example.test"

    def model(provider: str, model: str) -> Equipment:
        assert provider == "told"
        other.model = model
        return Equipment(lambda: other)

    stage.changes = Changes(model=model)
    async with stage.open():
        await stage.command("대답하는 모델 바꾸기")
        await stage.shows("told의 어떤 모델", "told-model")
        await stage.pilot.press("ctrl+u", *"told-2", "enter")
        await stage.shows("다음 말부터 told-2가 대답해요.")
        await stage.say("하나")
        await stage.shows("나는 다른 모델", "좌절한 · told-2")


async def test_a_friend_who_lives_here_has_no_models_to_choose_from(stage: Stage) -> None:
    stage.changes = Changes(model=lambda _, __: Equipment())
    async with stage.open():
        assert not any("모델 바꾸기" in c.title for c in stage.app.get_system_commands(stage.app.screen))


async def test_a_classifier_is_fetched_while_one_talks_and_then_reads(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "_NEWS_S", 0.5)
    go_on = Event()

    def fetch(tell: Callable[[str], None], stop: Event) -> Equipment | None:
        tell(" 41% · 182 MB / 443 MB")
        assert go_on.wait(10)
        return Equipment(classifier=_Better)

    stage.changes = Changes(fetch=fetch)
    stage.generator.answers = ["받는 중에도 들어"]
    async with stage.open():
        await stage.command("(BERT) 받기")
        await stage.shows("41% · 182 MB / 443 MB")
        await stage.say("하나")
        await stage.shows("받는 중에도 들어")
        go_on.set()
        await stage.shows("better-1(문장만)")
        titles = [c.title for c in stage.app.get_system_commands(stage.app.screen)]
        assert not any("받기" in title for title in titles)


async def test_a_fetch_is_stopped_and_can_be_asked_for_again(stage: Stage) -> None:
    asked = 0

    def fetch(tell: Callable[[str], None], stop: Event) -> Equipment | None:
        nonlocal asked
        asked += 1
        tell("받는 중")
        assert stop.wait(10)
        return None

    stage.changes = Changes(fetch=fetch)
    async with stage.open():
        await stage.command("(BERT) 받기")
        await stage.shows("받는 중")
        await stage.command("받기 멈추기")
        await stage.shows("받기를 멈췄어요. 다음에 이어서 받아요.")
        await stage.command("(BERT) 받기")
        await stage.until(lambda: asked == 2)


async def test_a_fetch_that_fails_says_why_and_can_be_asked_for_again(stage: Stage) -> None:
    def fetch(tell: Callable[[str], None], stop: Event) -> Equipment | None:
        raise Unreachable("인터넷에 연결되어 있지 않아요.", "연결한 뒤에 다시 해 주세요.")

    stage.changes = Changes(fetch=fetch)
    async with stage.open():
        await stage.command("(BERT) 받기")
        await stage.shows("인터넷에 연결되어 있지 않아요. 연결한 뒤에 다시 해 주세요.")
        await stage.command("(BERT) 받기")


async def test_a_fault_in_a_fetch_is_not_hidden(stage: Stage) -> None:
    def fetch(tell: Callable[[str], None], stop: Event) -> Equipment | None:
        raise ZeroDivisionError

    stage.changes = Changes(fetch=fetch)
    with pytest.raises(ZeroDivisionError):
        async with stage.open():
            await stage.command("(BERT) 받기")
            await stage.pilot.pause(1)


async def test_the_offer_stands_where_nothing_was_said_yet(stage: Stage) -> None:
    stage.changes = Changes(offer="더 큰 감정 모델도 있어요.")
    async with stage.open():
        await stage.shows("어서 와요", "더 큰 감정 모델도 있어요.")
        await stage.say("하나")
        await stage.until(lambda: "더 큰 감정 모델" not in stage.screen())


async def test_leaving_stops_a_fetch(stage: Stage) -> None:
    stopped = Event()

    def fetch(tell: Callable[[str], None], stop: Event) -> Equipment | None:
        tell("받는 중")
        assert stop.wait(10)
        stopped.set()
        return None

    stage.changes = Changes(fetch=fetch)
    async with stage.open():
        await stage.command("(BERT) 받기")
        await stage.shows("받는 중")
    assert stopped.wait(10)


def test_the_bert_is_offered_once_fetched_on_request_and_reads_from_then_on(own_home: Path) -> None:
    """In a real terminal, from a Hub on loopback."""
    files = {path.name: path.read_bytes() for path in FIXTURE.iterdir()}
    with Hub(hub_cache.DEFAULT_MODEL, files) as hub:
        with Terminal("--provider", "offline", columns=100, HF_ENDPOINT=hub.url) as app:
            app.shows("더 큰 감정 모델(원작의 BERT, 443 MB)도 있어요.")
            fetch_bert(app)
            app.shows("이제 새로 받은 감정 모델이 읽어요.")
            app.shows("감정 my-fine-tuned-bert@", "(문장만)")
            app.type("기분이 좋아\r")
            app.shows("당신의 감정", " · offline-1")
            app.type("\x11")
            assert app.ended() == 0
        asked = len(hub.asked)
        with Terminal("--provider", "offline", columns=100, HF_ENDPOINT=hub.url) as app:
            shown = app.shows("감정 my-fine-tuned-bert@")
            assert "443 MB" not in shown
        assert len(hub.asked) == asked


def test_a_fetch_that_was_left_goes_on_from_there_the_next_time(own_home: Path) -> None:
    files = {path.name: path.read_bytes() for path in FIXTURE.iterdir()}
    with Hub(hub_cache.DEFAULT_MODEL, files, hold_after=100_000) as hub:
        with Terminal("--provider", "offline", HF_ENDPOINT=hub.url) as app:
            fetch_bert(app)
            app.until(lambda _: is_partial(own_home, 100_000))
            app.type("\x11")
            assert app.ended() == 0
        hub.resume.set()
        with Terminal("--provider", "offline", columns=100, HF_ENDPOINT=hub.url) as app:
            fetch_bert(app)
            app.shows("감정 my-fine-tuned-bert@")
        assert {asked.range for asked in hub.asked if asked.range} == {"bytes=100000-"}


def fetch_bert(app: Terminal) -> None:
    """Ask for it in the palette."""
    app.shows("이 컴퓨터 안에서만")
    app.type("\x10")
    app.shows("무엇을 할까요?")
    app.type("BERT")
    app.shows("더 큰 감정 모델(BERT) 받기 (443 MB)")
    app.type("\r")


async def test_the_model_is_named_whole_where_there_is_little_room(stage: Stage) -> None:
    stage.generator.model, stage.generator.host = "gpt-4o-mini", "api.openai.com"
    async with stage.open(size=(60, 20)):
        await stage.shows("감정 told-1 · 대답 gpt-4o-mini", "api.openai.com으로 보내요")
        await stage.pilot.resize_terminal(80, 24)
        await stage.shows("감정 told-1(대화째) · 대답 gpt-4o-mini")
