"""The one place that names concrete parts: which classifier, which generator, which journal."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from sweetchat_tui import classifiers, keys, paths
from sweetchat_tui.classifiers import Classifier
from sweetchat_tui.config import LOOPBACK, OFFLINE, Config, Profile
from sweetchat_tui.errors import JournalUnwritable, KeyRefused, Misconfigured
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

if TYPE_CHECKING:
    from sweetchat_tui.companion import Companion
    from sweetchat_tui.conversation import Length, Manner
    from sweetchat_tui.journal import Journal


@dataclass(frozen=True, slots=True)
class Provider:
    """Who will answer."""

    profile: Profile | None
    """None is the embedded friend."""
    key: str | None
    notice: str
    """One sentence for the person when the choice was made for them; else empty."""


def choose_provider(config: Config) -> Provider:
    """Who answers under these settings.

    Raises:
        Misconfigured: no such profile.
        KeyRefused: the profile was chosen by name and its key is missing.
    """
    if config.provider == OFFLINE:
        return Provider(None, None, "")
    if config.provider == "auto":
        profile = config.profiles["openai"]
        key = keys.find(profile, os.environ, paths.credentials_file())
        if key is None:
            return Provider(
                None,
                None,
                say(
                    "키가 없어서 내장 친구(언어 모델이 아니에요)가 대답해요. 바꾸려면: sweetchat auth set",
                    "There is no key, so the embedded friend (not a language model) answers. "
                    "To change that: sweetchat auth set",
                ),
            )
        return Provider(_with_model(profile, config), key.value, "")
    profile = named_profile(config, config.provider)
    key = keys.find(profile, os.environ, paths.credentials_file())
    if key is None and profile.api_key_env:
        raise KeyRefused(
            say(f"{profile.name}의 키가 없어요.", f"There is no key for {profile.name}."),
            say(
                f"sweetchat auth set {profile.name} 또는 "
                f"환경 변수 {with_particle(profile.api_key_env, '으로/로')} 넣어 주세요.",
                f"Use sweetchat auth set {profile.name}, or the variable {profile.api_key_env}.",
            ),
        )
    return Provider(_with_model(profile, config), key.value if key else None, "")


def named_profile(config: Config, name: str) -> Profile:
    """The profile of this name.

    Raises:
        Misconfigured: there is none.
    """
    if name in config.profiles:
        return config.profiles[name]
    close = "".join(get_close_matches(name, config.profiles, n=1))
    raise Misconfigured(
        say(f"그런 프로필이 없어요: {name}", f"There is no provider {name}."),
        (say(f"혹시 {close}? ", f"Did you mean {close}? ") if close else "")
        + say("있는 것: ", "There are: ")
        + ", ".join(["auto", OFFLINE, *config.profiles]),
    )


def _with_model(profile: Profile, config: Config) -> Profile:
    """The profile with the model that the person asked for.

    Raises:
        Misconfigured: words would go unencrypted to another machine, and nobody has allowed it.
    """
    address = urlsplit(profile.base_url)
    if address.scheme == "http" and address.hostname not in LOOPBACK and not profile.allow_http:
        raise Misconfigured(
            say(
                f"{profile.host}에는 암호화하지 않고(http://) 보내게 돼요.",
                f"Words would go to {profile.host} unencrypted (http://).",
            ),
            say(
                "https:// 주소를 쓰거나, 괜찮다면 "
                f"[provider.{profile.name}]에 allow_http = true를 적어 주세요.",
                f"Use an https:// address, or allow it: allow_http = true in [provider.{profile.name}].",
            ),
        )
    return replace(profile, model=config.model) if config.model else profile


def classifier(
    config: Config, *, one_shot: bool = False, notify: Callable[[str], None] = lambda _: None
) -> Classifier:
    """The classifier under these settings.

    Args:
        one_shot: for a command that reads a text or two.
        notify: is told in one sentence of a choice that was made for the person.

    Raises:
        NotThere: it is not on this machine.
        Unreadable: it is broken.
        Misused: it cannot run as asked.
    """
    return classifiers.load(
        config.classifier,
        device=config.device,
        precision=config.precision,
        one_shot=one_shot,
        renamed=config.labels,
        notify=notify,
    )


def companion(
    config: Config,
    journal: "Journal",
    provider: Provider,
    *,
    one_shot: bool = False,
    recaps: bool = False,
    seen: bool = True,
    notify: Callable[[str], None] = lambda _: None,
) -> "Companion":
    """A companion whose models are loaded when they are first needed.

    Args:
        one_shot: as `classifier`.
        recaps: as `Companion`.
        seen: as `generators.load`.
        notify: as `classifier`; called from the thread that reads the first message.
    """
    # 50 ms: asyncio, the safety rules and the values of a turn.
    from sweetchat_tui import generators
    from sweetchat_tui.companion import Companion

    return Companion(
        journal,
        lambda: classifier(config, one_shot=one_shot, notify=notify),
        lambda: generators.load(provider.profile, provider.key, seen=seen),
        persona=config.persona,
        manner=cast("Manner", config.manner),
        length=cast("Length", config.length),
        budget=config.budget,
        recaps=recaps,
    )


def retire(config: Config, journal: "Journal") -> None:
    """Forget the conversations that are older than the person wants to keep; at the end of a session.

    What another program still reads is forgotten at the end of a later one.
    """
    if config.keep_days:
        old = journal.ended_before(datetime.now(UTC) - timedelta(days=config.keep_days))
        if old:
            with suppress(JournalUnwritable):
                journal.forget(old)


def journal(
    *, private: bool, to_read: bool = False, notify: Callable[[str], object] | None = None
) -> "Journal":
    """The person's journal; one that is gone when it is closed, for a private conversation.

    Args:
        to_read, notify: as `Journal.open`.

    Raises:
        Locked: it is encrypted, and the person has not its passphrase.
    """
    # 15 ms: sqlite3 and the values of a turn.
    from sweetchat_tui.cli import unlocking
    from sweetchat_tui.journal import Journal

    if private:
        return Journal.open(None, notify)
    file = paths.journal_file()
    return unlocking.unlocked(lambda given: Journal.open(file, notify, given, to_read=to_read))
