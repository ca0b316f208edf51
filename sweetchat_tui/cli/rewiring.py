"""What the app can change while it runs: who answers, in which manner, and what reads the emotions."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from sweetchat_tui import generators, paths
from sweetchat_tui.classifiers import Classifier, hub_cache
from sweetchat_tui.cli import progress, wiring
from sweetchat_tui.companion import Equipment
from sweetchat_tui.config import OFFLINE, SETTINGS, Config
from sweetchat_tui.lang import say
from sweetchat_tui.tui.changes import Changes, Fetch, FirstRun

if TYPE_CHECKING:
    from sweetchat_tui.generators import Generator


def changes(
    config: Config,
    notify: Callable[[str], None],
    *,
    private: bool,
    first: FirstRun | None = None,
) -> Changes:
    """Every change that can be asked for.

    Args:
        notify: is told in one sentence of a choice that was made for the person.
        private: nothing is left behind, so nothing is offered that is offered once.
        first: as `Changes`.
    """
    fetch = _fetch(config, notify)
    return Changes(
        offered=lambda: _offered(config, notify),
        model=lambda provider, model: Equipment(partial(_generator, config, provider, model)),
        fetch=fetch,
        offer=_offer() if fetch is not None and not private else "",
        first=first,
    )


def _offered(config: Config, notify: Callable[[str], None]) -> list[tuple[str, Equipment]]:
    here = (f"{model.id}@{model.revision}" for model in hub_cache.installed())
    return [
        *(
            (say(f"대답하는 곳: {name}", f"Answers: {name}"), Equipment(partial(_generator, config, name)))
            for name in (*config.profiles, OFFLINE)
        ),
        *(
            (say(f"말투: {persona}", f"Manner: {persona}"), Equipment(persona=persona))
            for persona in SETTINGS["persona"].metadata["choices"]
        ),
        *(
            (
                say(f"감정 모델: {name[:60]}", f"Classifier: {name[:60]}"),
                Equipment(classifier=partial(_classifier, config, name, notify)),
            )
            for name in ("lite", *here)
        ),
    ]


def _offer() -> str:
    """What is said, once on a machine, of the classifier that could be fetched; empty from then on."""
    told = paths.state_folder() / "bert-offered"
    if told.exists():
        return ""
    with suppress(OSError):
        told.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        told.touch(0o600)
    return say(
        "더 큰 감정 모델(원작의 BERT, 443 MB)도 있어요. Ctrl+P에서 받을 수 있어요.",
        "There is a larger classifier too, the original BERT (443 MB): Ctrl+P fetches it.",
    )


def _fetch(config: Config, notify: Callable[[str], None]) -> Fetch | None:
    """What brings the BERT of the Hub here; None when it is here, or another classifier was chosen."""
    if config.classifier != "auto" or hub_cache.local(hub_cache.DEFAULT_MODEL) is not None:
        return None

    def bring(tell: Callable[[str], None], stop: Event) -> Equipment | None:
        # 350 ms: numpy, onnxruntime and the Hub's client.
        from sweetchat_tui.classifiers import fetching, hub

        coming = say("감정 모델 받는 중", "Fetching the classifier")
        try:
            fetching.fetch(
                hub_cache.DEFAULT_MODEL,
                lambda p: tell(f"{coming} {progress.told(p)}"),
                tell,
                stop,
            )
        except hub.Stopped:
            return None
        return Equipment(classifier=lambda: wiring.classifier(config, notify=notify))

    return bring


def _generator(config: Config, name: str, model: str = "") -> "Generator":
    provider = wiring.choose_provider(replace(config, provider=name, model=model))
    return generators.load(provider.profile, provider.key)


def _classifier(config: Config, name: str, notify: Callable[[str], None]) -> Classifier:
    chosen = replace(config, classifier=name, device="auto", precision="auto")
    return wiring.classifier(chosen, notify=notify)
