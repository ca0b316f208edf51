"""What reads and what answers: rows about the classifier and the provider."""

import os
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from types import MappingProxyType

from sweetchat_tui import classifiers, generators, keys, paths
from sweetchat_tui.classifiers import agreement
from sweetchat_tui.cli import wiring
from sweetchat_tui.cli.doctor.rows import Row, broken
from sweetchat_tui.config import OFFLINE, Config, Profile
from sweetchat_tui.errors import KeyRefused, NotThere, SweetchatError, Unreadable
from sweetchat_tui.lang import say


def classifier(config: Config) -> Row:
    """What reads the emotions; whether it is there and ready."""
    title = say("감정 모델", "classifier")
    try:
        if config.classifier not in ("lite", "auto"):
            return _checkpoint(config, title, config.classifier)
        if config.classifier == "auto":
            with suppress(NotThere):
                return _checkpoint(config, title, "bert")
        return _embedded(config, title)
    except SweetchatError as error:
        found = broken("classifier", title, error, classifier=config.classifier)
    if config.classifier != "auto":
        return found
    told = say("내장 모델로 읽어요", "the embedded one reads")
    return replace(found, state="look", exit_code=0, told=f"{told}: {found.told}")


def _embedded(config: Config, title: str) -> Row:
    embedded = classifiers.load("lite", device=config.device, precision=config.precision)
    embedded.classify(["안녕"])
    told = say(f"내장 모델({embedded.name})로 읽어요", f"the embedded one ({embedded.name})")
    return Row("classifier", title, told, facts={"classifier": embedded.name})


def _checkpoint(config: Config, title: str, name: str) -> Row:
    # 20 ms beside numpy: what lies in a checkpoint's folder.
    from sweetchat_tui.classifiers import readiness

    folder, shown = classifiers.located(name)
    found = readiness.look(folder)
    facts: dict[str, object] = {
        "classifier": shown,
        "folder": str(folder),
        "architecture": found.architecture,
        "prepared": list(found.prepared),
        "int8_agreement": found.int8 and found.int8.equal_first_share,
    }
    if not found.alone:
        if find_spec("torch") is None:
            raise Unreadable(
                say(f"{shown}: torch가 있어야 읽을 수 있어요.", f"{shown} needs torch."),
                "pip install 'sweetchat-tui[gpu]'",
            )
        return Row("classifier", title, say(f"{shown}, torch로 읽어요", f"{shown}, by torch"), facts=facts)
    if not found.prepared:
        told = say(f"{shown}, 아직 준비하지 않았어요", f"{shown}, not prepared yet")
        hint = say(
            "처음 읽을 때 준비해요. 미리 하려면: sweetchat models convert",
            "It is prepared when it first reads; to do so now: sweetchat models convert",
        )
        return Row("classifier", title, told, "look", hint, facts)
    told = say(
        f"{shown}, 준비됐어요({', '.join(found.prepared)})",
        f"{shown}, prepared ({', '.join(found.prepared)})",
    )
    if found.int8 is None:
        told += say(
            " · int8은 재 보지 않았어요(sweetchat models verify)",
            " · int8 not measured (sweetchat models verify)",
        )
    else:
        quick = found.int8.equal_first_share >= agreement.ENOUGH and config.precision == "auto"
        told += say(
            f" · int8은 {found.int8.equal_first_share:.1%} 같아요",
            f" · int8 equal in {found.int8.equal_first_share:.1%}",
        ) + (say(", 그것으로 읽어요", ", in use") if quick else "")
    return Row("classifier", title, told, facts=facts)


def provider(config: Config, *, online: bool) -> Row:
    """Who answers, and where the key is from; the key itself is nowhere in it.

    Args:
        online: ask the provider, and run the command that prints a key.
    """
    title = say("대답", "answers")
    friend = say("내장 친구(언어 모델이 아니에요)", "the embedded friend (not a language model)")
    if config.provider == OFFLINE:
        return Row("provider", title, friend, facts={"provider": OFFLINE})
    try:
        profile = wiring.named_profile(config, "openai" if config.provider == "auto" else config.provider)
        # The command may ask for a passphrase, so it is not run unasked.
        quiet = profile if online else replace(profile, api_key_command="")
        key = keys.find(quiet, os.environ, paths.credentials_file())
        if key is None and not profile.api_key_command:
            if config.provider == "auto":
                hint = say(
                    "진짜 모델과 이야기하려면: sweetchat auth set", "For a language model: sweetchat auth set"
                )
                told = say(f"키가 없어서 {friend}", f"no key, so {friend}")
                return Row("provider", title, told, "look", hint, {"provider": OFFLINE, "key": None})
            if profile.api_key_env:
                raise KeyRefused(
                    say(f"{profile.name}의 키가 없어요.", f"There is no key for {profile.name}."),
                    f"sweetchat auth set {profile.name}",
                )
        return _asked(config, profile, key, title, online=online)
    except SweetchatError as error:
        return broken("provider", title, error, provider=config.provider)


def _asked(config: Config, profile: Profile, key: keys.Key | None, title: str, *, online: bool) -> Row:
    # Refuses what every command would: an address without encryption, a parameter that is the program's.
    known = replace(profile, api_key_command="", api_key_env="")
    checked = wiring.choose_provider(
        replace(config, provider=profile.name, profiles=MappingProxyType({profile.name: known}))
    ).profile
    assert checked is not None
    generators.load(checked, key.value if key else None)
    origin = key.origin if key else "api_key_command" if profile.api_key_command else None
    facts: dict[str, object] = {
        "provider": profile.name,
        "host": profile.host,
        "model": checked.model,
        "key": origin,
        "reached": None,
    }
    told = f"{profile.name} → {profile.host} · {checked.model} · "
    told += say(f"키: {origin}", f"key: {origin}") if origin else say("키 없이", "no key")
    if not online:
        return Row("provider", title, told, facts=facts)
    # 700 ms: asyncio and openai.
    import asyncio

    from sweetchat_tui.generators import openai_listing

    offered = asyncio.run(openai_listing.models(checked, key.value if key else None))
    facts["reached"] = True
    told += say(" · 닿았어요", " · reached")
    if offered is not None and checked.model not in offered:
        hint = say(
            f"목록에 {checked.model} 모델이 없어요. 있는 것: ",
            f"Its list has no {checked.model}. There are: ",
        ) + ", ".join(offered[:8])
        return Row("provider", title, told, "look", hint, facts)
    return Row("provider", title, told, facts=facts)
