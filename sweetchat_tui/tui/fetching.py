"""A classifier that is fetched behind the conversation. Knows nothing of networks, nor of what is shown."""

from collections.abc import Callable
from threading import Event, Thread

from textual.message import Message

from sweetchat_tui.tui.changes import Fetch
from sweetchat_tui.tui.messages import FetchAdvanced, Fetched, FetchFailed


class Fetching:
    """Fetches in a thread, and posts how far it is and how it ended.

    Not one of Textual's workers: leaving the app would wait until their thread is done, which can take
    half a minute, and what this one leaves behind goes on the next time.
    """

    def __init__(self, fetch: Fetch, post: Callable[[Message], object]) -> None:
        """
        Args:
            post: takes a message from any thread.
        """
        self._fetch = fetch
        self._post = post
        self._stop = Event()
        Thread(target=self._run, name="fetch", daemon=True).start()

    def stop(self) -> None:
        """Stop soon; what has come is kept."""
        self._stop.set()

    def _run(self) -> None:
        def tell(line: str) -> None:
            self._post(FetchAdvanced(line))

        try:
            ended: Message = Fetched(self._fetch(tell, self._stop))
        except Exception as error:  # noqa: BLE001 - the app says it, or raises it where it is seen
            ended = FetchFailed(error)
        self._post(ended)
