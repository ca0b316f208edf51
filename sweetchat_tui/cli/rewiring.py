"""What the app can change while it runs: who answers, in which manner, and what reads the emotions."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from sweetchat_tui import generators, paths
from sweetchat_tui.classifiers import Classifier, hub_cache
from sweetchat_tui.cli import showing, wiring
from sweetchat_tui.companion import Equipment
from sweetchat_tui.config import OFFLINE, SETTINGS, Config
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    from sweetchat_tui.generators import Generator
    from sweetchat_tui.tui.app import Fetch


def changes(config: Config) -> list[tuple[str, Equipment]]:
    """Every change that can be asked for, by what the command palette calls it."""
    offered = [
        (
            say(f"대답하는 곳: {name}", f"Answers: {name}"),
            Equipment(generator=lambda name=name: _generator(config, name)),  # type: ignore[misc]
        )
        for name in (*config.profiles, OFFLINE)
    ]
    offered += [
        (say(f"말투: {persona}", f"Manner: {persona}"), Equipment(persona=persona))
        for persona in SETTINGS["persona"].metadata["choices"]
    ]
    here = (f"{model.id}@{model.revision}" for model in hub_cache.installed())
    offered += [
        (
            say(f"감정 모델: {name[:60]}", f"Classifier: {name[:60]}"),
            Equipment(classifier=lambda name=name: _classifier(config, name)),  # type: ignore[misc]
        )
        for name in ("lite", *here)
    ]
    return offered


def offer(*, private: bool) -> str:
    """What is said, once on a machine, of the classifier that could be fetched; empty from then on."""
    told = paths.state_folder() / "bert-offered"
    if private or told.exists():
        return ""
    with suppress(OSError):
        told.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        told.touch(0o600)
    return say(
        "원작의 BERT 감정 모델(443 MB)도 쓸 수 있어요. Ctrl+P에서 받아요.",
        "The original BERT classifier (443 MB) can be fetched too: Ctrl+P.",
    )


def fetch(config: Config, notify: Callable[[str], None]) -> "Fetch | None":
    """What brings the BERT of the Hub here; None when it is here, or another classifier was chosen."""
    if config.classifier != "auto" or hub_cache.local(hub_cache.DEFAULT_MODEL) is not None:
        return None

    def bring(tell: Callable[[str], None], stop: Event) -> Equipment:
        # 350 ms: numpy, onnxruntime and the Hub's client.
        from sweetchat_tui.classifiers import fetching

        fetching.fetch(
            hub_cache.DEFAULT_MODEL,
            lambda p: tell(showing.progress_line(p)),
            tell,
            stop,
        )
        return Equipment(classifier=lambda: wiring.classifier(config, notify=notify))

    return bring


def _generator(config: Config, name: str) -> "Generator":
    provider = wiring.choose_provider(replace(config, provider=name, model=""))
    return generators.load(provider.profile, provider.key)


def _classifier(config: Config, name: str) -> Classifier:
    return wiring.classifier(replace(config, classifier=name, device="auto", precision="auto"))
