"""One looker for many listeners: whatever is new is read once per process, and all who listen share it.

A function that looks for what is new comes in; the newest items, numbered, go out to anybody who asks what came after a
number. Nobody is waited for and nothing is kept for anybody: who falls behind what is held reads it elsewhere. Looks
only while somebody listens.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from identity_graph.errors import IdentityGraphError

__all__ = ["Broadcast"]

_log = logging.getLogger("identity_graph.feed")

_LONGEST_WAIT_SECONDS = 10.0

T = TypeVar("T")


class Broadcast(Generic[T]):
    """Shares what one thread finds.

    Args:
        name: of the thread.
        look: takes the last number (None at the start) and returns new items with their numbers, ascending (None when
            there were some that it cannot tell), and the number up to which it has looked.
        seconds: between two looks.
        kept: newest items that are held.
    """

    def __init__(
        self, name: str, look: Callable[[int | None], tuple[Sequence[tuple[int, T]] | None, int]], seconds: float,
        kept: int = 2_000,
    ) -> None:  # fmt: skip
        self._look, self._seconds = look, seconds
        self._held: deque[tuple[int, T]] = deque()
        self._kept = kept
        self._low: int | None = None
        self._high: int | None = None
        self._listeners: list[Callable[[], None]] = []
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @contextmanager
    def listen(self, wake: Callable[[], None]) -> Iterator[None]:
        """Let `wake` be called, from another thread, whenever there is something new; it must not block."""
        with self._wake:
            self._listeners.append(wake)
            self._wake.notify()
        try:
            yield
        finally:
            with self._wake:
                self._listeners.remove(wake)

    @property
    def newest(self) -> int | None:
        """The number up to which the thread has looked; None while it has not."""
        with self._wake:
            return self._high

    def after(self, number: int) -> list[tuple[int, T]] | None:
        """Return the items after a number, ascending; None when some of them may not be held any more."""
        with self._wake:
            if self._low is None or number < self._low:
                return None
            return [item for item in self._held if item[0] > number]

    def close(self) -> None:
        """Stop looking."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        wait = self._seconds
        while self._somebody_listens():
            try:
                self._put(*self._look(self._high))
                wait = self._seconds
            except Exception as error:  # noqa: BLE001 - the thread must live as long as there are listeners
                code = error.code if isinstance(error, IdentityGraphError) else type(error).__name__
                # Without the message, which may quote personal data.
                places = (
                    "" if isinstance(error, IdentityGraphError) else "".join(traceback.format_tb(error.__traceback__))
                )
                _log.warning("cannot look for what is new: %s; trying again in %.1f s %s", code, wait, places)
                wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
            with self._wake:
                if not self._closed:
                    self._wake.wait(wait)

    def _somebody_listens(self) -> bool:
        """Wait for a listener; False when it is time to end. What was held is forgotten meanwhile: it goes stale."""
        with self._wake:
            if not self._listeners:
                self._held.clear()
                self._low = self._high = None
            while not self._listeners and not self._closed:
                self._wake.wait()
            return not self._closed

    def _put(self, items: Sequence[tuple[int, T]] | None, through: int) -> None:
        with self._wake:
            if through == self._high:
                return
            if self._low is None or items is None:
                self._held.clear()
                self._low = through
            else:
                self._held.extend(items)
            self._high = through
            while len(self._held) > self._kept:
                self._low = self._held.popleft()[0]
            for wake in self._listeners:
                wake()


def _report(error: Exception, wait: float) -> None:
    """Log a failed look, without the message of what nobody expected: it may quote personal data."""
    if isinstance(error, IdentityGraphError):
        _log.warning("cannot look for what is new: %s; trying again in %.1f s", error.code, wait)
    else:
        places = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s while looking for what is new; trying again in %.1f s\n%s", type(error).__name__, wait, places)
