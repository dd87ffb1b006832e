"""Applies the next events of the journal: one batch of facts, one transaction, then marked as applied.

A journal and a graph come in; facts are stored and events taken off the journal. A crash anywhere between the two
writes the batch again, which changes nothing. An event that no graph takes is set aside alone; an engine that is away
is the caller's to wait for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from identity_graph.errors import (
    EngineBusyError,
    EngineStorageError,
    IdentityGraphError,
    JournalError,
)
from identity_graph.events import EventFacts, event_facts
from identity_graph.facts import FactStore
from identity_graph.facts.handover import RowTaker
from identity_graph.graph.port import Graph
from identity_graph.ingest.event_sources import EventSources
from identity_graph.ingest.reading import EventBatch, EventReader
from identity_graph.journal import Journal, JournalEvent, RefusedEvent
from identity_graph.normalise import NormaliseContext
from identity_graph.settings import Settings

__all__ = ["BATCH_EVENTS", "Applied", "Applier"]

_log = logging.getLogger("identity_graph.ingest")

BATCH_EVENTS = 500
"""Events per transaction: larger ones are hardly faster, and make the first of them wait."""

_COPIED_AT_ONCE = 5_000
"""Records that wait for the columnar copy, which nobody reads while events are resolved as they come."""

_TRIES_OF_ONE = 3


@dataclass(frozen=True, slots=True)
class Applied:
    """What one batch did.

    Attributes:
        events: events taken off the journal.
        refused: those of them that are dead letters now.
        touchpoints: touchpoints that were not stored before.
    """

    events: int
    refused: int
    touchpoints: int


class Applier:
    """Turns waiting events into facts.

    Args:
        graph: where the facts go.
        settings: data folder and phone region.
        journal: where the events wait; nobody else may apply it meanwhile.
        handover: takes the stored records, for whoever resolves them.
    """

    def __init__(self, graph: Graph, settings: Settings, journal: Journal, handover: RowTaker | None = None) -> None:
        self._graph = graph
        self._journal = journal
        self._store = FactStore(graph, settings, handover, _COPIED_AT_ONCE)
        self._sources = EventSources(self._store)
        self._context = NormaliseContext(default_region=settings.default_region)
        self._reader = EventReader(journal, self._context, settings.event_kib * 1024)
        self._touchpoints = 0
        self._done = 0

    def close(self) -> None:
        """Let go of what was read ahead; the journal still has it."""
        self._reader.close()

    def apply_next(self, limit: int = BATCH_EVENTS) -> Applied | None:
        """Apply the next batch; None when nothing waits.

        Args:
            limit: events at most.

        Raises:
            EngineError: the engine did not do it; the events still wait.
            JournalError: the journal cannot be used; what was applied may be applied again, to no effect.
        """
        batch = self._reader.next(self._done, limit, self._sources.custom)
        if batch is None:
            return None
        self._touchpoints = 0
        refused = list(batch.refused)
        if batch.events:
            refused += self._apply(batch.events, batch.facts, lambda: self._read_ahead(batch, limit))
        self._journal.mark_applied(batch.through, refused)
        self._done = batch.through
        return Applied(batch.count, len(refused), self._touchpoints)

    def _read_ahead(self, batch: EventBatch, limit: int) -> None:
        self._reader.read_ahead(batch, limit, self._sources.custom)

    def _apply(
        self, events: Sequence[JournalEvent], facts: EventFacts | None, learnt: Callable[[], None] = lambda: None
    ) -> list[RefusedEvent]:
        """Store the facts of events, halving them around one that cannot be stored; returns the refused ones.

        Args:
            events: in order.
            facts: of all of them together; None when they are still to be worked out.
            learnt: called when their sources are known and only the engine has work to do.
        """
        tries = _TRIES_OF_ONE if len(events) == 1 else 1
        for _ in range(tries):
            try:
                return self._store_facts(
                    facts or event_facts(events, self._context, self._sources.custom), events, learnt
                )
            except Exception as error:
                if _is_of_the_engine(error):
                    raise
                failed = error  # whatever one event does to us, the others must go on
                self._graph.read("graph/ping")  # raises when the engine is to blame
        if len(events) > 1:
            middle = len(events) // 2
            return [*self._apply(events[:middle], None), *self._apply(events[middle:], None)]
        _log.warning("an event of the source %s is set aside: %s", events[0].source, type(failed).__name__)
        detail = failed.message if isinstance(failed, IdentityGraphError) else type(failed).__name__
        return [RefusedEvent(events[0], "not_applicable", f"Its facts cannot be stored: {detail}")]

    def _store_facts(
        self, facts: EventFacts, events: Sequence[JournalEvent], learnt: Callable[[], None]
    ) -> list[RefusedEvent]:
        public = {event.source: event.public for event in events}
        self._sources.learn(facts, public, datetime.now(UTC))
        learnt()
        if facts.batch.records.num_rows:
            result = self._store.write(facts.batch, self._sources.roles)
            self._touchpoints += result.touchpoints
        return list(facts.refused)


def _is_of_the_engine(error: Exception) -> bool:
    """Say whether a failure has its cause outside the events: they wait for its end."""
    if isinstance(error, EngineBusyError | EngineStorageError | JournalError):
        return True
    return isinstance(error, IdentityGraphError) and error.retryable
