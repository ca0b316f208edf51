"""Generators: a conversation to a reply, streamed.

Importing this package imports no client; `load` imports the one that is asked for.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Protocol

from sweetchat_tui.config import Profile
from sweetchat_tui.conversation import Finish, Forgotten, Prompt, Usage


@dataclass(frozen=True, slots=True)
class Piece:
    """Some more of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The provider asked for patience; the generator tries again by itself."""

    seconds: float
    """How long until the next try."""
    reason: str
    """One sentence for the person, in the language in use."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The reply is whole; nothing comes after this."""

    finish: Finish
    usage: Usage | None


Said = Piece | Waiting | Finished


class Generator(Protocol):
    """Answers as a friend. One reply at a time."""

    @property
    def provider(self) -> str:
        """Name of its profile, such as `openai` or `offline`."""
        ...

    @property
    def model(self) -> str: ...

    @property
    def host(self) -> str | None:
        """Where words are sent; None when they stay on this machine."""
        ...

    async def warm(self) -> None:
        """Do now what the first prompt would wait for.

        Raises:
            SweetchatError: it can be told already that no prompt will be answered.
        """
        ...

    def stream(self, prompt: Prompt) -> AsyncGenerator[Said, None]:
        """Answer a prompt: pieces and waits, then exactly one `Finished`.

        Raises:
            SweetchatError: the reply could not be had or broke off; pieces already given stand.
        """
        ...

    async def recap(self, forgotten: Forgotten) -> str | None:
        """A short record of what was said, for later prompts; None when none can be had.

        Raises:
            SweetchatError: it could not be had this time.
        """
        ...

    def request(self, prompt: Prompt) -> Mapping[str, object] | None:
        """What would be sent for a prompt, word for word; None when nothing leaves this machine."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


def load(profile: Profile | None, key: str | None, *, seen: bool = True) -> Generator:
    """The generator for a profile; the embedded friend when there is none.

    Args:
        key: the profile's key; None for a server that asks for none.
        seen: someone sees the answers grow, so the embedded friend takes its time.
    """
    if profile is None:
        from sweetchat_tui.generators.offline import OfflineFriend

        return OfflineFriend() if seen else OfflineFriend(pause_s=0)
    from sweetchat_tui.generators.openai_chat import OpenAIChat

    return OpenAIChat(
        profile.name, profile.base_url, profile.model, key, profile.parameters, timeout_s=profile.timeout_s
    )
