"""Fine-tuning at a provider: files sent and deleted, a job started, watched, cancelled. Knows no screen."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweetchat_tui.errors import NotThere
from sweetchat_tui.generators import openai_client, openai_errors, openai_failures
from sweetchat_tui.generators.openai_client import Provider
from sweetchat_tui.lang import say

_TIMEOUT_S = 120.0
_TAKE_BACK_S = 10.0
"""For deleting what was sent in vain, while a person waits for the end."""
_ENDED = frozenset({"succeeded", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Job:
    """A training at the provider, as it stands."""

    id: str
    status: str
    """The provider's word: `queued`, `running`, `succeeded`, `failed`, `cancelled` …"""
    model: str | None
    """Name of the tuned model; None until there is one."""
    trained_tokens: int | None
    why: str
    """What went wrong; empty when nothing did."""
    files: tuple[str, ...]
    """Ids of the files that were sent for it, which the provider keeps until they are deleted."""

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in _ENDED


class Tuning:
    """A provider, as far as fine-tuning goes."""

    def __init__(self, client: Any, provider: Provider, listing: str) -> None:
        """
        Args:
            listing: the command that tells which jobs there are.
        """
        self._client = client
        self._provider = provider
        self._listing = listing

    async def start(
        self, train: Path, validation: Path | None, model: str, stay: Callable[[Sequence[str]], object]
    ) -> Job:
        """Send the files and start a job; one that is refused or interrupted leaves no file at the provider.

        Args:
            stay: is told the ids of files that could not be deleted.

        Raises:
            SweetchatError: as of a chat request.
        """
        files: dict[str, str] = {}
        with self._told():
            try:
                for name, path in (("training_file", train), ("validation_file", validation)):
                    if path is not None:
                        sent = await self._client.files.create(file=path, purpose="fine-tune")
                        files[name] = sent.id
                return _job(await self._client.fine_tuning.jobs.create(model=model, **files))
            except BaseException:  # Ctrl+C too
                await self._take_back(files.values(), stay)
                raise

    async def _take_back(self, files: Iterable[str], stay: Callable[[Sequence[str]], object]) -> None:
        left = [*files]
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_TAKE_BACK_S):
                    for id_ in tuple(left):
                        with suppress(*openai_client.failures()):
                            await self._client.files.delete(id_)
                            left.remove(id_)
        finally:  # also where another Ctrl+C ends the deleting
            if left:
                stay(left)

    async def look(self, id_: str) -> Job:
        """How a job stands."""
        with self._told(id_):
            return _job(await self._client.fine_tuning.jobs.retrieve(id_))

    async def said(self, id_: str, after: str | None) -> list[tuple[str, str]]:
        """What the provider said of a job since then, oldest first: the id of each message, and its words."""
        with self._told(id_):
            page = await self._client.fine_tuning.jobs.list_events(id_, limit=50)
        new = []
        for event in page.data:
            if event.id == after:
                break
            new.append((str(event.id), str(event.message)))
        return new[::-1]

    async def cancel(self, id_: str) -> Job:
        """Stop a job."""
        with self._told(id_):
            return _job(await self._client.fine_tuning.jobs.cancel(id_))

    async def forget(self, job: Job) -> int:
        """Delete the files that were sent for a job; how many were still there.

        Raises:
            SweetchatError: as of a chat request; what was deleted before is.
        """
        count = 0
        for file in job.files:
            with self._told(), suppress(_not_found()):
                await self._client.files.delete(file)
                count += 1
        return count

    async def jobs(self) -> list[Job]:
        """The newest jobs."""
        with self._told():
            return [_job(job) for job in (await self._client.fine_tuning.jobs.list(limit=20)).data]

    @contextmanager
    def _told(self, job: str = "") -> Iterator[None]:
        """Errors of the client and its transport, told as those of a chat request are.

        Args:
            job: which one is asked for; empty where none is.
        """
        try:
            yield
        except openai_client.failures() as error:
            failure = openai_failures.read(error, self._provider.key)
            if job and failure.status == 404:
                raise NotThere(
                    say(f"서버에 없는 작업이에요: {job}", f"The provider has no job {job}."),
                    self._listing,
                ) from None
            raise openai_errors.explained(failure, self._provider, begun=False) from None


@asynccontextmanager
async def tuning(provider: Provider, listing: str) -> AsyncIterator[Tuning]:
    """A connection to a provider for as long as the block lasts; see `Tuning`."""
    client = openai_client.connect(provider, _TIMEOUT_S)
    try:
        yield Tuning(client, provider, listing)
    finally:
        await client.close()


def _job(job: Any) -> Job:
    why = getattr(job.error, "message", None) if job.error else None
    sent = (job.training_file, job.validation_file)
    files = tuple(str(file) for file in sent if file)
    return Job(job.id, job.status, job.fine_tuned_model, job.trained_tokens, why or "", files)


def _not_found() -> type[Exception]:
    # 400 ms: the client, which is loaded by then.
    from openai import NotFoundError

    return NotFoundError
