"""One looker for many listeners: it looks only while somebody listens, goes on after failures, holds so much."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from identity_graph.errors import EngineUnavailableError
from identity_graph.feed import Broadcast

_SECONDS = 20.0


class Source:
    """A list that grows, looked at by the broadcast; numbers are places, from one."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.failures = 0
        self.looked = threading.Semaphore(0)

    def look(self, number: int | None) -> tuple[list[tuple[int, str]], int]:
        self.looked.release()
        if self.failures:
            self.failures -= 1
            raise EngineUnavailableError("The engine is away.")
        last = len(self.items)
        if number is None:
            return [], last
        return [(place + 1, self.items[place]) for place in range(number, last)], last


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def broadcast(source: Source) -> Iterator[Broadcast[str]]:
    with closing(Broadcast("test", source.look, 0.001, kept=3)) as found:
        yield found


def _until(broadcast: Broadcast[str], woken: threading.Event, number: int) -> None:
    while broadcast.newest != number:
        assert woken.wait(_SECONDS)
        woken.clear()


def test_listeners_share_what_is_found_and_who_falls_behind_is_told(broadcast: Broadcast[str], source: Source) -> None:
    source.items = ["old"]
    first, second = threading.Event(), threading.Event()
    with broadcast.listen(first.set), broadcast.listen(second.set):
        _until(broadcast, first, 1)
        assert broadcast.after(1) == [] and broadcast.after(0) is None, "what was before is not held"
        source.items += ["a", "b"]
        _until(broadcast, second, 3)
        assert broadcast.after(1) == [(2, "a"), (3, "b")] and broadcast.after(2) == [(3, "b")]
        source.items += ["c", "d"]
        _until(broadcast, first, 5)
        assert broadcast.after(2) == [(3, "b"), (4, "c"), (5, "d")] and broadcast.after(1) is None


def test_it_looks_only_while_somebody_listens_and_then_from_the_end(broadcast: Broadcast[str], source: Source) -> None:
    assert not source.looked.acquire(timeout=0.05)
    woken = threading.Event()
    with broadcast.listen(woken.set):
        _until(broadcast, woken, 0)
        source.items = ["a"]
        _until(broadcast, woken, 1)
    while broadcast.newest is not None:
        assert source.looked.acquire(timeout=_SECONDS) or broadcast.newest is None
    source.items = ["a", "b", "c"]
    woken.clear()
    with broadcast.listen(woken.set):
        _until(broadcast, woken, 3)
        assert broadcast.after(3) == [] and broadcast.after(1) is None


def test_a_failed_look_is_tried_again(broadcast: Broadcast[str], source: Source) -> None:
    source.failures = 2
    woken = threading.Event()
    with broadcast.listen(woken.set):
        _until(broadcast, woken, 0)
        source.items = ["a"]
        _until(broadcast, woken, 1)
        assert broadcast.after(0) == [(1, "a")]
