"""Whether a provider can be reached and takes the key: its list of models, which costs nothing to ask for."""

import asyncio

from sweetchat_tui.config import Profile
from sweetchat_tui.generators import openai_errors, openai_failures
from sweetchat_tui.generators.openai_client import Provider, connect, failures

_PATIENCE_S = 10.0


async def models(profile: Profile, key: str | None) -> list[str] | None:
    """The ids of the models that a provider lists; None where it has no such list, but answers.

    Raises:
        SweetchatError: it cannot be reached, or refuses the key.
    """
    asked = Provider(profile.base_url, profile.model, (key or "").strip() or None, profile.name)
    patience_s = min(profile.timeout_s, _PATIENCE_S)
    client = await asyncio.to_thread(connect, asked, patience_s)
    try:
        async with asyncio.timeout(2 * patience_s):  # the client's own limit is on each read
            listed = await client.get("/models", cast_to=object)
    except failures() as error:
        failure = openai_failures.read(error, asked.key)
        if failure.status in (404, 405):
            return None
        raise openai_errors.explained(failure, asked, begun=False) from None
    finally:
        await client.close()
    match listed:
        case {"data": [*entries]}:
            return [str(entry["id"]) for entry in entries if isinstance(entry, dict) and "id" in entry]
    return None
