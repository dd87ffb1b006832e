"""Looks again and again at what the system does, and says each time what is new.

A journal and a graph come in, frames go out. Works in any process of the data folder, beside those that apply and
resolve; a look costs a few reads by key, whatever the size of the graph.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from identity_graph.customers.store import CustomerStore
from identity_graph.feed import ChangeFeed
from identity_graph.graph.port import Graph
from identity_graph.journal import Journal, RecentEvent
from identity_graph.live.frame import LiveChange, LiveEvent, LiveFrame, LiveState, display_name, live_change
from identity_graph.model import record_key

__all__ = ["LiveWatch", "frames"]

_EVENTS_A_LOOK = 100
_CHANGES_A_LOOK = 100
_PATIENCE_SECONDS = 2.0
_FORGET_SECONDS = 60.0
_RATE_SECONDS = 10.0


@dataclass(slots=True)
class _Pending:
    """An event whose customer is not known yet, since when, and whether it was shown without."""

    event: RecentEvent
    since: datetime
    shown: bool = False


@dataclass(frozen=True, slots=True)
class _Totals:
    """How much was done until a moment."""

    at: datetime
    accepted: int
    applied: int
    resolved: int


def _now() -> datetime:
    return datetime.now(UTC)


class LiveWatch:
    """Looks at one data folder and its graph. Not safe for several threads at once.

    Args:
        graph: what events became.
        journal: where they are accepted.
        clock: returns the present time, in UTC.
    """

    def __init__(self, graph: Graph, journal: Journal, clock: Callable[[], datetime] = _now) -> None:
        self._graph, self._journal, self._clock = graph, journal, clock
        self._feed, self._customers = ChangeFeed(graph), CustomerStore(graph)
        self._offset: int | None = None
        self._seq: int | None = None
        self._pending: dict[int, _Pending] = {}
        self._passed_over = 0
        self._totals: deque[_Totals] = deque()

    def look(self, history: int = 0) -> LiveFrame:
        """Say what is new since the last look.

        Args:
            history: events and changes before the first look that it shows, at most 100 of each.

        Raises:
            EngineError, JournalError: the graph or the journal cannot be read; look again later.
        """
        at = self._clock()
        state = self._state(at)
        self._await(self._fresh(history), at)
        changes, seq = self._changes(history)
        events = self._known(at, _PATIENCE_SECONDS if history == 0 else 0.0)
        # Everything is read: what could not be would come with the next look.
        passed_over, self._passed_over, self._seq = self._passed_over, 0, seq
        return LiveFrame(at.isoformat(timespec="milliseconds"), events, changes, state, passed_over)

    def _fresh(self, history: int) -> list[RecentEvent]:
        """Return the newest events that were applied since, in order, and count how many more there were."""
        before = self._offset
        fresh = self._journal.recent(before or 0, _EVENTS_A_LOOK)
        self._offset = fresh[-1].offset if fresh else before or 0
        if before is None:
            return fresh[max(len(fresh) - history, 0) :]
        if fresh:
            self._passed_over += max(fresh[0].offset - before - 1, 0)
        return fresh

    def _await(self, fresh: Sequence[RecentEvent], at: datetime) -> None:
        """Let events be pending; of a flood only the newest are, and others that nobody saw are counted."""
        self._pending |= {one.offset: _Pending(one, at) for one in fresh}
        for number in list(self._pending)[: -2 * _EVENTS_A_LOOK]:
            self._passed_over += not self._pending.pop(number).shown

    def _known(self, at: datetime, patience: float) -> tuple[LiveEvent, ...]:
        """Return the pending events that are resolved or have waited long enough; those that are not stay pending."""
        keys = [record_key(one.event.source, one.event.message_id) for one in self._pending.values()]
        rows = {row["key"]: row for row in self._graph.read("live/who_did", keys=keys)} if keys else {}
        shown = []
        for key, (number, pending) in zip(keys, list(self._pending.items()), strict=True):
            event = _live_event(pending.event, rows.get(key))
            waited = (at - pending.since).total_seconds()
            done = event.customer_id is not None or event.problem is not None
            if done or (waited >= patience and not pending.shown):
                shown.append(event)
                pending.shown = True
            if done or waited >= _FORGET_SECONDS:
                del self._pending[number]
        return tuple(shown)

    def _changes(self, history: int) -> tuple[tuple[LiveChange, ...], int]:
        """Return the newest changes since the last look, in order, and the number up to which these are all."""
        bounds = self._feed.bounds()
        last = bounds.last
        start = last - history if self._seq is None else max(self._seq, last - _CHANGES_A_LOOK)
        start = max(start, bounds.gone)
        events = self._feed.page(start, _CHANGES_A_LOOK).events if start < last else ()
        names = self._names([event.subject for event in events])
        seq = events[-1].seq if events else last
        return tuple(live_change(event, names.get(event.subject)) for event in events), seq

    def _names(self, ids: Sequence[str]) -> dict[str, str | None]:
        found = self._customers.golden_values(sorted(set(ids)))
        return {customer_id: display_name(properties) for customer_id, properties in found.items()}

    def _state(self, at: datetime) -> LiveState:
        backlog = self._journal.backlog()
        run = self._customers.last_run()
        resolved = 0 if run is None else int(run.summary.get("last_seq", 0))
        stored = next((int(row["value"] or 0) for row in self._graph.read("facts/read_counter")), 0)
        self._totals.append(_Totals(at, backlog.accepted, backlog.applied, resolved))
        while len(self._totals) > 2 and (at - self._totals[1].at).total_seconds() >= _RATE_SECONDS:
            self._totals.popleft()
        oldest = None if backlog.oldest is None else (at - datetime.fromisoformat(backlog.oldest)).total_seconds()
        return LiveState(
            backlog.events, None if oldest is None else round(max(oldest, 0.0), 1),
            None if run is None else max(stored - resolved, 0), *self._rates(), sum(backlog.dead_letters.values()),
        )  # fmt: skip

    def _rates(self) -> tuple[float, float, float]:
        first, last = self._totals[0], self._totals[-1]
        seconds = (last.at - first.at).total_seconds()
        if seconds <= 0:
            return 0.0, 0.0, 0.0
        done = last.accepted - first.accepted, last.applied - first.applied, last.resolved - first.resolved
        accepted, applied, resolved = (round(max(one, 0) / seconds, 1) for one in done)
        return accepted, applied, resolved


def frames(graph: Graph, journal: Journal) -> Callable[[int | None], tuple[Sequence[tuple[int, LiveFrame]], int]]:
    """Make a function that looks for frames as a Broadcast does; each start begins with a watch of its own."""
    watch = LiveWatch(graph, journal)
    last: LiveState | None = None

    def look(number: int | None) -> tuple[Sequence[tuple[int, LiveFrame]], int]:
        nonlocal watch, last
        if number is None:
            watch = LiveWatch(graph, journal)
            last = watch.look().state
            return [], 0
        frame = watch.look()
        if not (frame.events or frame.changes or frame.passed_over) and frame.state == last:
            return [], number
        last = frame.state
        return [(number + 1, frame)], number + 1

    return look


def _live_event(event: RecentEvent, row: Mapping[str, Any] | None) -> LiveEvent:
    found = row or {}
    customer = found.get("customer") or {}
    return LiveEvent(
        event.offset, event.source, event.message_id, found.get("type"), found.get("channel"), event.received_at,
        event.applied_at, found.get("record_key"), customer.get("id"), display_name(customer), event.problem,
    )  # fmt: skip
