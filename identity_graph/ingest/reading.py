"""Reads waiting events and prepares their facts, the next batch already while the engine writes the one before.

A journal comes in; batches of events with their facts go out, in order. Nothing is taken off the journal here, so what
was read and never used is read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from identity_graph.events import EventFacts, event_facts
from identity_graph.ingest.replayed import check_again
from identity_graph.journal import Journal, JournalEvent, RefusedEvent, WaitingEvent
from identity_graph.normalise import NormaliseContext

__all__ = ["EventBatch", "EventReader"]

_BATCH_BYTES = 2 * 2**20
"""Bodies of one transaction: the embedded engine takes no message of more than 16 MiB, and answers none after it."""


@dataclass(frozen=True, slots=True)
class EventBatch:
    """The events of one transaction.

    Attributes:
        count: events read.
        through: offset of the last of them.
        events: those that can be applied.
        refused: the others.
        facts: what the events say; None when that could not be worked out for all of them together.
        full: as many as may be in one batch, so that more are likely to wait.
    """

    count: int
    through: int
    events: Sequence[JournalEvent]
    refused: Sequence[RefusedEvent]
    facts: EventFacts | None
    full: bool


class EventReader:
    """The waiting events of one journal, batch by batch.

    Args:
        journal: where they wait.
        context: how values without a country are read.
        event_bytes: largest message, in bytes.
    """

    def __init__(self, journal: Journal, context: NormaliseContext, event_bytes: int) -> None:
        self._journal, self._context, self._event_bytes = journal, context, event_bytes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read-events")
        self._ahead: tuple[int, Future[EventBatch | None]] | None = None

    def next(self, done: int, limit: int, custom: Mapping[str, frozenset[str]]) -> EventBatch | None:
        """Return the first events that wait; None when none does.

        Args:
            done: offset up to which the caller has taken events off the journal last; what was read ahead counts only
                when it follows that, so a batch that failed is read again and never passed over.
            limit: events at most; of what was read ahead there may be more.
            custom: source -> attributes without a role that its records have already.

        Raises:
            JournalError: the journal cannot be read.
        """
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] == done and (found := ahead[1].result()) is not None:
            return found
        return self._read(0, limit, custom)

    def read_ahead(self, batch: EventBatch, limit: int, custom: Mapping[str, frozenset[str]]) -> None:
        """Begin to read what follows a batch, when as much is likely to wait; a second call for it does nothing.

        Of few events nothing is gained: while the batch is written, more come that are better written together.
        """
        if batch.full and self._ahead is None:
            self._ahead = batch.through, self._thread.submit(self._read, batch.through, limit, dict(custom))

    def close(self) -> None:
        """Forget what was read ahead."""
        self._thread.shutdown(cancel_futures=True)
        self._ahead = None

    def _read(self, after: int, limit: int, custom: Mapping[str, frozenset[str]]) -> EventBatch | None:
        found = self._journal.read(after, limit)
        waiting = _of_one_transaction(found)
        if not waiting:
            return None
        events, refused = check_again([one.event for one in waiting], self._event_bytes)
        facts = None
        if events:
            try:
                facts = event_facts(events, self._context, custom)
            except Exception:  # noqa: BLE001 - one event is to blame, which the applier finds by halving
                facts = None
        full = len(found) == limit or len(waiting) < len(found)
        return EventBatch(len(waiting), waiting[-1].offset, events, refused, facts, full)


def _of_one_transaction(waiting: Sequence[WaitingEvent]) -> list[WaitingEvent]:
    """Return the first of the events, as many as may be written together; the first is always among them."""
    size, taken = 0, 0
    for one in waiting:
        size += len(one.event.body)
        if taken and size > _BATCH_BYTES:
            break
        taken += 1
    return list(waiting[:taken])
