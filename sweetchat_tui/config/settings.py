"""Every setting, declared once: its default, its choices, and what it does in both languages.

Values only. Knows nothing of files, nor of what the settings are for.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from sweetchat_tui.lang import LANGUAGES

OFFLINE = "offline"
"""The name under which the embedded friend is chosen as a provider."""


def _setting(default: Any, ko: str, en: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"ko": ko, "en": en, "choices": choices})


def _table(ko: str, en: str) -> Any:
    return field(default_factory=dict, metadata={"ko": ko, "en": en, "choices": ()})


@dataclass(frozen=True, slots=True)
class Profile:
    """One provider: an OpenAI-compatible chat endpoint, `[provider.NAME]`."""

    name: str
    base_url: str = _setting(
        "https://api.openai.com/v1",
        "OpenAI 호환 서버의 주소. 보통 /v1로 끝나요.",
        "Address of an OpenAI-compatible server; it usually ends in /v1.",
    )
    model: str = _setting("gpt-6-luna", "대화할 모델.", "The model that answers.")
    api_key_env: str = _setting(
        "",
        "키를 담은 환경 변수의 이름. 비우면 이 서버에는 환경 변수의 키를 보내지 않아요.",
        "Environment variable that holds the key; empty sends this server no key from the environment.",
    )
    api_key_command: str = _setting(
        "",
        "키를 출력하는 명령(예: pass show openai).",
        "Command that prints the key (e.g. pass show openai).",
    )
    timeout_s: float = _setting(
        60.0,
        "이만큼(초) 아무 소식이 없으면 기다리기를 그만둬요.",
        "Seconds of silence after which to stop waiting.",
    )
    allow_http: bool = _setting(
        False,
        "이 컴퓨터 밖의 http:// 주소로, 암호화하지 않고 보내도 되는지.",
        "Whether words may go unencrypted to an http:// address that is not this machine.",
    )
    parameters: Mapping[str, object] = _table(
        "적은 것만 그대로 요청에 실어요(예: { temperature = 0.8 }).",
        "Sent with each request exactly as written (e.g. { temperature = 0.8 }).",
    )

    @property
    def host(self) -> str:
        """Host, and port if any, that this profile's key and words go to."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2].casefold()


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Host names of this machine."""

OPENAI = Profile("openai", api_key_env="OPENAI_API_KEY")


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, resolved."""

    lang: str = _setting("ko", "화면의 언어.", "Language of the interface.", LANGUAGES)
    classifier: str = _setting(
        "auto",
        "감정을 읽는 모델: auto(받아 둔 BERT, 없으면 내장), lite(내장), bert, 폴더, Hub의 owner/name.",
        "What reads the emotions: auto (the BERT if it was fetched, else the embedded one), lite (embedded), "
        "bert, a folder, or owner/name of the Hub.",
    )
    device: str = _setting(
        "auto", "감정 모델을 돌릴 곳.", "Where the classifier runs.", ("auto", "cpu", "cuda", "mps")
    )
    precision: str = _setting(
        "auto", "감정 모델의 정밀도.", "Precision of the classifier.", ("auto", "fp32", "int8", "bf16")
    )
    provider: str = _setting(
        "auto",
        "누가 대답할지: auto(키가 있으면 openai, 없으면 offline), offline, 또는 아래 프로필 이름.",
        "Who answers: auto (openai if it has a key, else offline), offline, or the name of a profile below.",
    )
    model: str = _setting(
        "", "모델 이름. 비우면 프로필에 적힌 모델.", "Model name; empty means the profile's own."
    )
    persona: str = _setting(
        "friend",
        "말투: friend(친한 친구), classic(2023년 원작의 지시문 그대로).",
        "Manner: friend (a close friend), classic (the original system's instruction of 2023, as it was).",
        ("friend", "classic"),
    )
    manner: str = _setting(
        "auto",
        "바라는 대답: auto(친구에게 맡김), listen(그냥 들어 주기), comfort(위로), advise(조언).",
        "What you want of answers: auto (up to the friend), listen, comfort, advise.",
        ("auto", "listen", "comfort", "advise"),
    )
    length: str = _setting(
        "auto",
        "대답의 길이: auto(짧게, 친구에게 맡김), short(한마디), long(길게).",
        "How long answers are: auto (up to the friend), short, long.",
        ("auto", "short", "long"),
    )
    budget: int = _setting(
        12_000,
        "대답하는 모델에게 한 번에 보내는 양(토큰). 한 글자를 1토큰으로 넉넉히 세요.",
        "How much the model is sent at once, in tokens; a character counts as one, which is rather too many.",
    )
    keep_days: int = _setting(
        0,
        "이만큼(날) 지난 대화는 옆에 있는 백업까지 잊어요. 0이면 언제까지나 둬요.",
        "Conversations older than this many days are forgotten, backups beside the journal too; 0 keeps all.",
    )
    enter: str = _setting(
        "send",
        "Enter 키가 하는 일: send(보내기), newline(줄바꿈; 보내기는 Ctrl+J).",
        "What Enter does: send, or newline (Ctrl+J then sends).",
        ("send", "newline"),
    )
    theme: str = _setting(
        "dark",
        "화면 색: dark, light, distinct(색을 다르게 보는 눈에도 구별되는 색).",
        "Colours of the screen: dark, light, distinct (for eyes that do not tell all colours apart).",
        ("dark", "light", "distinct"),
    )
    ascii: bool = _setting(
        False,
        "테두리와 기호를 ASCII로 그려요(기호의 폭이 어긋나는 터미널에서).",
        "Draws borders and signs in ASCII, for terminals that take some of them for two columns wide.",
    )
    keys: Mapping[str, object] = _table(
        '다른 키를 쓸 때(예: { search = "ctrl+g", turn_edit = "r" }). 이름은 README에 있어요.',
        'Other keys (e.g. { search = "ctrl+g", turn_edit = "r" }); the README has their names.',
    )
    labels: Mapping[str, str] = _table(
        '감정 모델의 이름표를 다르게 부를 때(예: { LABEL_0 = "기쁨" }).',
        'What labels of the classifier are called instead (e.g. { LABEL_0 = "기쁨" }).',
    )
    profiles: Mapping[str, Profile] = field(default_factory=lambda: MappingProxyType({"openai": OPENAI}))
    origins: Mapping[str, str] = field(default_factory=dict)
    """For each setting that is not at its default, who set it: a flag, a variable or a file."""
    file: Path | None = None
    """The file that was read; None when there is none."""


SETTINGS: dict[str, Field[Any]] = {f.name: f for f in fields(Config) if "choices" in f.metadata}
PROFILE_KEYS: dict[str, Field[Any]] = {f.name: f for f in fields(Profile) if "choices" in f.metadata}
