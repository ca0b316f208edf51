"""What reads and who answers, changed while the app runs; and a classifier fetched behind it."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

from bert_stage import FIXTURE
from fakes import ToldClassifier, ToldGenerator
from hub_server import Hub
from terminal import Terminal
from tui_stage import Stage

from sweetchat_tui.classifiers import hub_cache
from sweetchat_tui.companion import Equipment
from sweetchat_tui.errors import NotThere, Unreachable


class _Better(ToldClassifier):
    name = "better-1"
    reads_context = False


async def command(stage: Stage, words: str) -> None:
    """Choose a command by its name, as from the palette."""
    commands = stage.app.get_system_commands(stage.app.screen)
    next(c for c in commands if words in c.title).callback()
    await stage.pilot.pause()


async def test_who_answers_changes_in_the_middle_and_each_answer_remembers(stage: Stage) -> None:
    other = ToldGenerator("다른 데서 왔어")
    other.model = "other-model"
    stage.generator.answers = ["첫 대답"]
    stage.changes = [("대답하는 곳: other", Equipment(generator=lambda: other))]
    async with stage.open():
        await stage.say("하나")
        await stage.shows("첫 대답", "told-model")
        await command(stage, "대답하는 곳: other")
        await stage.shows("대답 other-model")
        await stage.say("둘")
        await stage.shows("다른 데서 왔어", "좌절한 · other-model", "좌절한 · told-model")
        conversation = stage.journal.latest()
        assert conversation is not None
        models = [turn.reply.model for turn in conversation.turns if turn.reply]
        assert models == ["told-model", "other-model"]


async def test_what_cannot_be_loaded_changes_nothing(stage: Stage) -> None:
    def gone() -> ToldGenerator:
        raise NotThere("그런 서버가 없어요.")

    stage.changes = [("대답하는 곳: gone", Equipment(generator=gone))]
    stage.generator.answers = ["여전히 나야"]
    async with stage.open():
        await command(stage, "gone")
        await stage.shows("그런 서버가 없어요")
        await stage.say("하나")
        await stage.shows("여전히 나야")


async def test_nothing_changes_under_an_answer(stage: Stage) -> None:
    stage.generator.answers = ["아주 긴 대답이 이어지고 있어 " * 50]
    stage.generator.pause_s = 0.05
    stage.changes = [("말투: classic", Equipment(persona="classic"))]
    async with stage.open():
        await stage.say("하나")
        await stage.shows("아주 긴 대답")
        await command(stage, "말투")
        await stage.shows("대답이 끝난 뒤에 바꿔 주세요")


async def test_a_classifier_is_fetched_while_one_talks_and_then_reads(stage: Stage) -> None:
    go_on = Event()

    def fetch(tell: Callable[[str], None], stop: Event) -> Equipment:
        tell(" 41% · 182 MB / 443 MB")
        assert go_on.wait(10)
        return Equipment(classifier=_Better)

    stage.fetch = fetch
    stage.generator.answers = ["받는 중에도 들어"]
    async with stage.open():
        await command(stage, "BERT 감정 모델 받기")
        await stage.shows("41% · 182 MB / 443 MB")
        await stage.say("하나")
        await stage.shows("받는 중에도 들어")
        go_on.set()
        await stage.shows("better-1(문장만)")
        titles = [c.title for c in stage.app.get_system_commands(stage.app.screen)]
        assert not any("받기" in title for title in titles)


async def test_a_fetch_is_stopped_and_can_be_asked_for_again(stage: Stage) -> None:
    def fetch(tell: Callable[[str], None], stop: Event) -> Equipment:
        tell("받는 중")
        assert stop.wait(10)
        raise Unreachable("멈췄어요.", "다음에 이어서 받아요.")

    stage.fetch = fetch
    async with stage.open():
        await command(stage, "BERT 감정 모델 받기")
        await stage.shows("받는 중")
        await command(stage, "받기 멈추기")
        await stage.shows("멈췄어요. 다음에 이어서 받아요.")
        await stage.until(
            lambda: any("모델 받기" in c.title for c in stage.app.get_system_commands(stage.app.screen))
        )


async def test_leaving_stops_a_fetch(stage: Stage) -> None:
    stopped = Event()

    def fetch(tell: Callable[[str], None], stop: Event) -> Equipment:
        tell("받는 중")
        assert stop.wait(10)
        stopped.set()
        raise Unreachable("멈췄어요.")

    stage.fetch = fetch
    async with stage.open():
        await command(stage, "BERT 감정 모델 받기")
        await stage.shows("받는 중")
    assert stopped.wait(10)


def test_the_bert_is_offered_once_fetched_on_request_and_reads_from_then_on(own_home: Path) -> None:
    """In a real terminal, from a Hub on loopback."""
    files = {path.name: path.read_bytes() for path in FIXTURE.iterdir()}
    with Hub(hub_cache.DEFAULT_MODEL, files) as hub:
        with Terminal("--provider", "offline", columns=100, HF_ENDPOINT=hub.url) as app:
            app.shows("원작의 BERT 감정 모델(443 MB)")
            app.type("\x10")
            app.shows("무엇을 할까요?")
            app.type("BERT")
            app.shows("BERT 감정 모델 받기")
            app.type("\r")
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
