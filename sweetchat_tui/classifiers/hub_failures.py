"""What goes wrong between a Hub and the disk, as an error that a person can act on.

Knows the errors of `huggingface_hub` and of `httpx2`, the transport beneath it, which come through as
they are. Importing this imports neither.
"""

import errno
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sweetchat_tui.errors import KeyRefused, Misconfigured, NotThere, SweetchatError, TryLater, Unreachable
from sweetchat_tui.files import why
from sweetchat_tui.lang import say

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError


class CacheUnwritable(SweetchatError):
    """The cache cannot be written: the disk is full, or the folder is closed to us."""

    exit_code = 74
    name = "cache_unwritable"


class Stopped(Exception):
    """The person stopped it. What has arrived stays for the next time."""


class Changed(Exception):
    """The Hub's files are not the ones that were planned any more."""


def size(count: int) -> str:
    """Bytes as a person reads them: `443.0 MB`."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"


def disk_full(needed: int, free: int | None = None) -> CacheUnwritable:
    """There is no room on the disk.

    Args:
        needed: bytes still to be written.
        free: bytes that are free; None when the disk filled up while it was written.
    """
    there = "" if free is None else say(f", 남은 것은 {size(free)}", f" and {size(free)} are free")
    return CacheUnwritable(
        say(
            f"디스크에 자리가 모자라요: {size(needed)}가 더 필요해요{there}.",
            f"The disk has no room: {size(needed)} more are needed{there}.",
        ),
        say(
            "자리를 비우고 다시 하면 이어서 받아요. HF_HOME으로 다른 곳에 둘 수도 있어요.",
            "Make room and try again: it goes on where it stopped. HF_HOME puts it elsewhere.",
        ),
    )


def unwritable(error: OSError, needed: int) -> CacheUnwritable:
    """The disk refused a write of what was to be kept."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return disk_full(needed)
    where = error.filename or ""
    return CacheUnwritable(
        say(f"모델을 둘 곳에 쓸 수 없어요: {where}", f"Cannot write where models are kept: {where}"),
        say(
            f"{why(error)}. HF_HOME으로 다른 곳에 둘 수 있어요.",
            f"{why(error)}. HF_HOME names another place.",
        ),
    )


def offline() -> Unreachable:
    """The person forbade the network."""
    return Unreachable(
        say("HF_HUB_OFFLINE이 켜져 있어서 받지 않았어요.", "HF_HUB_OFFLINE is set, so nothing is fetched."),
        say("그 변수를 지우고 다시 해 주세요.", "Unset that variable and try again."),
    )


def not_a_hub(endpoint: str) -> Unreachable:
    """Something answers, such as the login page of a hotel, that is not a Hub."""
    host = urlsplit(endpoint).netloc or endpoint
    return Unreachable(
        say(f"Hub가 아닌 곳에서 답이 왔어요: {host}", f"What answers at {host} is not a Hub."),
        say(
            "로그인이 필요한 와이파이인지, HF_ENDPOINT가 맞는지 봐 주세요.",
            "Check the Wi-Fi's login page, or HF_ENDPOINT.",
        ),
    )


def cut(done: int, total: int) -> TryLater:
    """The connection broke again and again while a file came."""
    return TryLater(
        say(
            f"받다가 자꾸 끊겨요 ({size(total)} 가운데 {size(done)}까지 받았어요).",
            f"The download keeps being cut, after {size(done)} of {size(total)}.",
        ),
        say("다시 하면 이어서 받아요.", "Try again: it goes on where it stopped."),
    )


def missing(model_id: str, what: str) -> NotThere:
    """The model's repository lacks what a classifier needs."""
    return NotThere(
        say(
            f"{model_id}에 필요한 파일이 없어요: {what}", f"{model_id} lacks what a classifier needs: {what}"
        ),
        say("글을 분류하는 모델인지 봐 주세요.", "Is it a model that classifies text?"),
    )


def told(error: Exception, model_id: str, endpoint: str) -> SweetchatError | None:
    """The error of a request to the Hub, as one that a person can act on; None for a bug of ours.

    Args:
        error: what was raised while asking or fetching.
        model_id: what was asked for.
        endpoint: the Hub's address.
    """
    # Loaded already when a request failed.
    import httpx2
    from huggingface_hub import errors

    host = urlsplit(endpoint).netloc or endpoint
    match error:
        case errors.OfflineModeIsEnabled():
            return offline()
        case errors.HfHubHTTPError():
            return _refused(error, model_id, host)
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol():
            return Misconfigured(
                say(f"Hub의 주소가 맞지 않아요: {endpoint}", f"This is no address of a Hub: {endpoint}"),
                say("HF_ENDPOINT를 봐 주세요.", "Check HF_ENDPOINT."),
            )
        case httpx2.RequestError():
            return Unreachable(
                say(f"{host}에 닿지 못했어요.", f"Cannot reach {host}."),
                say(
                    "인터넷 연결을 봐 주세요. 그동안 내장 모델(lite)을 쓸 수 있어요.",
                    "Check your connection. The embedded classifier (lite) works without it.",
                ),
            )
    return None


def bad_token() -> KeyRefused:
    """A token that no Hub can have given."""
    return KeyRefused(
        say("HF_TOKEN이 토큰처럼 보이지 않아요.", "HF_TOKEN does not look like a token."),
        say("Hub의 설정 페이지에서 받은 토큰을 넣어 주세요.", "Use one from the Hub's settings page."),
    )


def _refused(error: "HfHubHTTPError", model_id: str, host: str) -> SweetchatError:
    """What the Hub itself answered."""
    from huggingface_hub import errors

    status = error.response.status_code
    if isinstance(error, errors.GatedRepoError):
        return KeyRefused(
            say(f"허락을 받아야 쓸 수 있는 모델이에요: {model_id}", f"{model_id} is gated."),
            say(
                "Hub의 모델 페이지에서 신청한 뒤, HF_TOKEN에 토큰을 넣어 주세요.",
                "Ask for access on its page on the Hub, then put your token in HF_TOKEN.",
            ),
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return NotThere(
            say(f"Hub에 그런 판이 없어요: {model_id}", f"There is no such revision on the Hub: {model_id}"),
            say("@ 뒤의 이름을 봐 주세요.", "Check what follows the @."),
        )
    if status == 404 or isinstance(error, errors.RepositoryNotFoundError | errors.DisabledRepoError):
        return NotThere(
            say(f"Hub에 그런 모델이 없어요: {model_id}", f"There is no such model on the Hub: {model_id}"),
            say(
                "이름을 봐 주세요. 비공개 모델이면 HF_TOKEN이 있어야 해요.",
                "Check the name. A private one needs HF_TOKEN.",
            ),
        )
    if status in (401, 403):
        return KeyRefused(
            say(f"Hub가 허락하지 않았어요({status}): {model_id}", f"The Hub refused ({status}): {model_id}"),
            say("HF_TOKEN의 토큰을 봐 주세요.", "Check the token in HF_TOKEN."),
        )
    return _busy(status, host)


def _busy(status: int, host: str) -> SweetchatError:
    if status == 429:
        return TryLater(
            say("Hub에 너무 자주 물었어요.", "The Hub says: too many requests."),
            say("조금 뒤에 다시 하면 이어서 받아요.", "Try again later: it goes on where it stopped."),
        )
    return Unreachable(
        say(f"{host}에서 대답하지 못해요({status}).", f"{host} cannot answer ({status})."),
        say("조금 뒤에 다시 해 주세요.", "Try again later."),
    )
