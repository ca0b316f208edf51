"""What a person is told when a provider fails: a sentence, the next step, an exit code.

Knows nothing of the client that failed.
"""

from collections.abc import Sequence
from math import ceil
from urllib.parse import urlsplit

from sweetchat_tui.errors import KeyRefused, Misconfigured, SweetchatError, TooLong, TryLater, Unreachable
from sweetchat_tui.generators.openai_client import Provider
from sweetchat_tui.generators.openai_failures import Failure, Kind
from sweetchat_tui.lang import counted, say
from sweetchat_tui.text import with_particle

_SHUT_DOWN = {
    name: day
    for day, names in {
        "2026-09-28": "gpt-3.5-turbo-1106",
        "2026-10-23": "gpt-3.5-turbo gpt-3.5-turbo-0125 gpt-4 gpt-4-turbo gpt-4.1-nano o1 o3-mini o4-mini",
    }.items()
    for name in names.split()
}
"""Models that OpenAI has ended and old settings may still name, with the day they ended."""


def why_waiting(failure: Failure, host: str) -> str:
    """One sentence on why the request is sent again."""
    if failure.status == 429:
        return say("요청이 몰려서 잠깐 쉬었다가 다시 물어볼게요.", "Too many requests; waiting a little.")
    if failure.kind is Kind.SILENCE:
        return say(f"{host}의 답이 늦어서 다시 물어볼게요.", f"{host} is slow to answer; asking again.")
    if failure.kind is Kind.REFUSED:
        return say(f"{host}에 문제가 생겨서 다시 물어볼게요.", f"{host} has trouble; asking again.")
    return say(f"{host}에 연결이 안 돼서 다시 해 볼게요.", f"No connection to {host}; trying again.")


def explained(failure: Failure, provider: Provider, *, begun: bool) -> SweetchatError:
    """The failure as an error to show.

    Args:
        begun: True when the answer had begun to come.
    """
    host = provider.host
    match failure.kind:
        case Kind.REFUSED:
            return _about_the_account(failure, provider) or _about_the_request(failure, provider)
        case Kind.SILENCE:
            message = say(f"{with_particle(host, '이/가')} 한참 동안 조용해요.", f"{host} has gone quiet.")
            return TryLater(message, _again())
        case Kind.CORRUPT:
            message = say(f"{host}에서 온 답이 깨져 있어요.", f"The answer of {host} arrived broken.")
            return TryLater(message, _again())
        case _:
            return cut_off(host) if begun else _unreachable(failure.kind, host)


def cut_off(host: str) -> TryLater:
    """The answer ended before it was whole."""
    message = say("답이 끝나기 전에 연결이 끊겼어요.", f"{host} broke off before the answer was whole.")
    return TryLater(message, _again())


def empty(host: str, *, at_limit: bool) -> TryLater:
    """The answer had no words.

    Args:
        at_limit: True when it ended at a limit on its length, which hidden reasoning can use up.
    """
    message = say(f"{host}에서 빈 답이 왔어요.", f"{host} sent an empty answer.")
    if at_limit:
        return TryLater(
            message, say("설정에서 토큰 한도를 늘려 보세요.", "Raise the token limit in the settings.")
        )
    return TryLater(message, _again())


def no_chat_server(provider: Provider) -> Misconfigured:
    """Nothing at the address speaks the chat protocol."""
    url = provider.base_url.rstrip("/")
    message = say(f"이 주소에는 대화 서버가 없어요: {url}", f"There is no chat server at {url}.")
    if urlsplit(url).path.endswith("/v1"):
        return Misconfigured(
            message, say("설정의 base_url을 확인해 주세요.", "Check base_url in the settings.")
        )
    return Misconfigured(
        message,
        say(f"base_url은 보통 /v1로 끝나요: {url}/v1", f"base_url usually ends in /v1: {url}/v1"),
    )


def no_model(provider: Provider, offered: Sequence[str]) -> Misconfigured:
    """The model is not there: when it was ended, and what there is instead.

    Args:
        offered: names that the provider lists, best first; empty when it did not say.
    """
    model, host = provider.model, provider.host
    if ended := _SHUT_DOWN.get(model):
        ko, en = (
            f"{with_particle(model, '은/는')} {ended}에 서비스가 끝난 모델이에요.",
            f"shut down on {ended}",
        )
        message = say(ko, f"{model} was {en}.")
    else:
        named = with_particle(model, "이라는/라는")
        message = say(f"{host}에 {named} 모델이 없어요.", f"{host} has no model {model}.")
    hint = say("설정에서 model을 바꿔 주세요.", "Change model in the settings.")
    if offered:
        hint += say(" 쓸 수 있는 모델: ", " It offers: ") + ", ".join(offered)
    return Misconfigured(message, hint)


def _about_the_account(failure: Failure, provider: Provider) -> SweetchatError | None:
    host = provider.host
    if failure.no_credit:
        message = say(
            f"{host} 계정에 남은 사용량이나 잔액이 없어요.", f"The account at {host} has no credit left."
        )
        hint = say("결제 설정을 확인하거나 다른 키를 넣어 주세요.", "Check its billing, or use another key.")
        return KeyRefused(message, hint)
    if failure.status in (401, 403):
        command = f"sweetchat auth set {provider.profile}".rstrip()
        hint = say(f"키를 넣어 주세요: {command}", f"Enter one with {command}.")
        if provider.key is None:
            return KeyRefused(
                say(f"{with_particle(host, '은/는')} 키가 있어야 해요.", f"{host} wants a key."), hint
            )
        ko = f"{with_particle(host, '이/가')} 키를 받아 주지 않아요: {_short(failure)}"
        return KeyRefused(say(ko, f"{host} refused the key: {_short(failure)}"), hint)
    if failure.status == 429:
        message = say(f"{host}에 요청이 너무 몰렸어요.", f"Too many requests to {host}.")
        return TryLater(message, _again(failure.wait_s))
    return None


def _about_the_request(failure: Failure, provider: Provider) -> SweetchatError:
    status, host, model = failure.status, provider.host, provider.model
    if failure.too_long:
        message = say(
            f"글이 너무 길어서 {model} 모델이 한 번에 읽지 못해요.", f"This is too long for {model}."
        )
        hint = say("줄여서 보내거나 새 대화를 시작해 주세요.", "Shorten it, or start a new conversation.")
        return TooLong(message, hint)
    if status is None or failure.passing:
        ko = f"{with_particle(host, '이/가')} 지금 답하지 못해요: {_short(failure)}"
        return TryLater(say(ko, f"{host} cannot answer now: {_short(failure)}"), _again(failure.wait_s))
    if status in (404, 405):
        return no_chat_server(provider)
    if status < 400:
        message = say(f"{with_particle(host, '이/가')} 다른 주소로 가라고 해요.", f"{host} points elsewhere.")
        ko, en = "믿는 곳이면 base_url을 바꿔 주세요", "If you trust it, change base_url"
        return Misconfigured(message, f"{say(ko, en)}: {failure.location[:200]}")
    ko = f"{with_particle(host, '이/가')} 요청을 거절했어요: {_short(failure)}"
    hint = say("설정의 model과 parameters를 확인해 주세요.", "Check model and parameters in the settings.")
    return Misconfigured(say(ko, f"{host} refused the request: {_short(failure)}"), hint)


def _unreachable(kind: Kind, host: str) -> Unreachable:
    if kind is Kind.TLS:
        message = say(f"{host}에 안전하게(TLS) 연결할 수 없어요.", f"No secure connection (TLS) to {host}.")
        ko = "base_url이 http인지 https인지, 컴퓨터의 시계와 인증서가 맞는지 확인해 주세요."
        return Unreachable(
            message, say(ko, "Check http or https in base_url, the clock and the certificates.")
        )
    if kind is Kind.NAME:
        message = say(f"{with_particle(host, '을/를')} 찾을 수 없어요.", f"{host} cannot be found.")
        ko = "인터넷 연결과 base_url의 철자를 확인해 주세요."
        return Unreachable(message, say(ko, "Check the network and the spelling of base_url."))
    message = say(f"{host}에 연결할 수 없어요.", f"Cannot connect to {host}.")
    ko = "서버가 켜져 있는지, 인터넷이 되는지 확인해 주세요."
    return Unreachable(message, say(ko, "Check the network, and that the server runs."))


def _short(failure: Failure) -> str:
    return failure.words if len(failure.words) <= 200 else failure.words[:199] + "…"


def _again(seconds: float | None = None) -> str:
    if seconds is None:
        return say("잠시 뒤에 다시 보내 주세요.", "Try again in a moment.")
    if seconds < 90:
        return say(f"{ceil(seconds)}초쯤 뒤에 다시 보내 주세요.", f"Try again in {ceil(seconds)} seconds.")
    minutes = ceil(seconds / 60)
    return say(f"{minutes}분쯤 뒤에 다시 보내 주세요.", f"Try again in {counted(minutes, 'minute')}.")
