"""A call that goes on beside its caller, in a thread of its own. Knows nothing of what is called."""

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """Runs a call from now on. Not `concurrent.futures`, which loads logging: 8 ms of a command's start."""

    def __init__(self, call: Callable[[], T]) -> None:
        """
        Args:
            call: gains time only while one of the two waits, or runs outside of Python.
        """
        self._call = call
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def result(self) -> T:
        """What the call gave, when it has ended; what it raised is raised here."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._given

    def _run(self) -> None:
        try:
            self._given = self._call()
        except BaseException as error:  # noqa: BLE001 - raised where it is asked for
            self._error = error
