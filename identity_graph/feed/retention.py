"""Keeps the change log from growing for ever: what the feed told long ago is deleted, a piece at a time.

A graph and a time come in; the beginning of the feed moves past what happened before that time. Of those changes only
the updates of customers are deleted, which grow with what happens. What grows with the graph alone stays as lineage:
how each id came to be, what it merged with and split into, and what stewards decided.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from identity_graph.facts.decisions import time_as_text
from identity_graph.feed.reader import feed_bounds
from identity_graph.graph.port import Graph, Row, Transaction
from identity_graph.model import ChangeKind

__all__ = ["ChangePruner", "Pruned", "prune_changes"]

_AT_ONCE = 1_000
_DELETED = (ChangeKind.UPDATED,)

_NEXT_PIECE_SECONDS = 0.5
_LOOK_AGAIN_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Pruned:
    """What pruning did.

    Attributes:
        passed: changes that the feed no longer tells.
        deleted: those of them that are no more; the others stay as lineage.
    """

    passed: int = 0
    deleted: int = 0


def prune_changes(graph: Graph, before: datetime) -> Pruned | None:
    """Prune the next piece, in one transaction; safe beside readers, writers and others that prune.

    Args:
        before: what happened earlier goes.

    Returns:
        None when nothing is so old.

    Raises:
        EngineError: the engine did not do it.
    """
    limit = time_as_text(before)
    # Times are in order but for transactions that met: what follows the first young one waits for it.
    old = list(takewhile(lambda row: row["at"] is None or row["at"] < limit, _oldest(graph)))
    if not old:
        return None
    # Not past the last one that was seen: numbers that are missing after it may be about to show.
    end = old[-1]["seq"]
    numbers = [row["seq"] for row in old if row["kind"] in _DELETED]

    def work(transaction: Transaction) -> None:
        transaction.run("feed/end_before", last=end)
        transaction.run("feed/delete_changes", numbers=numbers)

    graph.transaction(work)
    return Pruned(len(old), len(numbers))


def _oldest(graph: Graph) -> list[Row]:
    """Return the first changes that the feed tells; numbers that nobody used are passed over."""
    bounds = feed_bounds(graph)
    for first in range(bounds.gone + 1, bounds.last + 1, _AT_ONCE):
        if rows := graph.read("feed/ages_between", first=first, last=min(first + _AT_ONCE - 1, bounds.last)):
            return rows
    return []


class ChangePruner:
    """Prunes beside other work: called often, it does a piece now and then.

    Args:
        graph: where the lineage is.
        days: for which the feed goes back; 0 keeps everything.
        clock: returns seconds that only grow.
        now: returns the present time, in UTC.
    """

    def __init__(
        self, graph: Graph, days: int, clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._graph, self._days, self._clock, self._now = graph, days, clock, now
        self._next = clock()

    def prune_when_due(self) -> Pruned | None:
        """Prune a piece if it is time for one: soon after a piece, else after an hour.

        Raises:
            EngineError: the engine did not do it; it is tried again after an hour.
        """
        if not self._days or self._clock() < self._next:
            return None
        self._next = self._clock() + _LOOK_AGAIN_SECONDS
        pruned = prune_changes(self._graph, self._now() - timedelta(days=self._days))
        if pruned is not None:
            self._next = self._clock() + _NEXT_PIECE_SECONDS
        return pruned
