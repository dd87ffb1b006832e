"""Reading one's own writes: tells when what was accepted before a moment is applied and resolved.

The journal and the graph are asked, in any process of the data folder; nothing is written. Waiting itself is the
caller's, so that no thread has to sleep here.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from identity_graph.customers.store import CustomerStore
from identity_graph.facts.decisions import all_decisions
from identity_graph.graph.port import Graph
from identity_graph.journal import Journal
from identity_graph.pipeline.resolve import decisions_marker

__all__ = ["Freshness", "Pending"]

_GOOD_FOR_SECONDS = 0.025
"""How long what was read serves all who wait."""


@dataclass(frozen=True, slots=True)
class _Progress:
    """The first event that waits to be applied (None: none does), and what customers are complete to.

    Attributes:
        resolved: the newest fact; None while nothing was ever resolved: then nobody resolves, and nothing is worth
            waiting for.
        decisions: names the stewards' decisions that were in force for them.
    """

    waiting_from: int | None
    resolved: int | None
    decisions: str | None


class Freshness:
    """What has been applied and resolved; safe to share between threads."""

    def __init__(self, graph: Graph, journal: Journal) -> None:
        self._graph, self._journal, self._customers = graph, journal, CustomerStore(graph)
        self._lock = threading.Lock()
        self._known: tuple[float, _Progress] | None = None

    def pending(self) -> Pending:
        """Take note of what is accepted now."""
        offset = self._journal.position().last
        return Pending(self, offset, time.monotonic())

    def progress(self, since: float) -> _Progress:
        """Say how far everything is; asked by many at once it is read once.

        Args:
            since: what was read before this moment (of the monotonic clock) is too old.
        """
        with self._lock:
            now = time.monotonic()
            if self._known is None or self._known[0] < max(since, now - _GOOD_FOR_SECONDS):
                # The journal first: what it no longer holds is in the graph by then.
                waiting = self._journal.position().waiting_from
                last = self._customers.last_run()
                summary = {} if last is None else last.summary
                resolved = None if last is None else int(summary.get("last_seq", 0))
                self._known = now, _Progress(waiting, resolved, summary.get("decisions"))
            return self._known[1]

    def stored(self) -> int:
        """Return the sequence number of the newest fact."""
        return next((int(row["value"] or 0) for row in self._graph.read("facts/read_counter")), 0)

    def in_force(self) -> str:
        """Name the decisions that are in force."""
        return decisions_marker(all_decisions(self._graph, active_only=True))


class Pending:
    """What was accepted before a moment; ask `done` again until it says so. For one caller."""

    def __init__(self, freshness: Freshness, offset: int, since: float) -> None:
        self._freshness, self._offset, self._since = freshness, offset, since
        self._seq: int | None = None
        self._decisions = set[str]()

    def done(self) -> bool:
        """Say whether all of it is applied, and the customers are complete to it.

        Raises:
            EngineError: the engine does not answer.
            JournalError: the journal cannot be read.
        """
        progress = self._freshness.progress(self._since)
        if self._seq is None:
            if progress.waiting_from is not None and progress.waiting_from <= self._offset:
                return False
            self._seq = self._freshness.stored()
        if progress.resolved is None:
            return True
        return progress.resolved >= self._seq and self._follows_decisions(progress)

    def _follows_decisions(self, progress: _Progress) -> bool:
        """Say whether customers keep to the decisions of now, or of any look since the moment; they have no order."""
        if progress.decisions not in self._decisions:
            self._decisions.add(self._freshness.in_force())
        return progress.decisions in self._decisions
