"""Reads the feed: pages of events after a cursor, in the order in which they were committed.

A cursor comes in, a page and the next cursor go out. Whoever writes changes takes their numbers from one counter and
holds it until the end of the transaction, so numbers are in order of commit and a reader never meets a number below
one it has seen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from identity_graph.customers.paging import check_limit, decode_cursor, encode_cursor
from identity_graph.errors import ChangesGoneError, InvalidSettingError
from identity_graph.feed.cloud_events import EVENT_TYPES, CloudEvent, cloud_event
from identity_graph.graph.port import Graph, Row

__all__ = ["LONGEST_PAGE", "NOW", "ChangeFeed", "FeedBounds", "FeedPage", "check_types", "feed_bounds", "only"]

LONGEST_PAGE = 1_000
NOW = "now"
"""The cursor of whoever wants what happens from here on."""

_WAITS_FOR_MISSING = (0.02, 0.2)
"""Seconds: a database may show the counter of a transaction a moment before its last nodes."""


@dataclass(frozen=True, slots=True)
class FeedBounds:
    """How far the feed goes.

    Attributes:
        last: number of the newest change; 0 when nothing ever changed.
        gone: number of the newest change that it no longer tells; 0 when it tells all.
    """

    last: int
    gone: int


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some events in order.

    Attributes:
        events: of the types asked for.
        seq: the last number looked at.
        more: there is more to read at once.
    """

    events: tuple[CloudEvent, ...]
    seq: int
    more: bool

    @property
    def cursor(self) -> str:
        """Where to continue; also good when there are no events."""
        return encode_cursor(self.seq)


class ChangeFeed:
    """The feed of one graph; cheap to make, safe to share between threads.

    Args:
        graph: where the lineage is.
        wait: waits some seconds; given by tests.
    """

    def __init__(self, graph: Graph, wait: Callable[[float], None] = time.sleep) -> None:
        self._graph = graph
        self._wait = wait
        self._source = ""

    def position(self, cursor: str | None) -> int:
        """Return the number a cursor stands for; None is the oldest change that is told, `now` the end.

        Raises:
            InvalidSettingError: it is not a cursor of this feed.
            ChangesGoneError: changes that came after it are told no more.
        """
        bounds = feed_bounds(self._graph)
        if cursor is None:
            return bounds.gone
        if cursor == NOW:
            return bounds.last
        (seq,) = decode_cursor(cursor, int)
        if not 0 <= int(seq) <= bounds.last:
            raise InvalidSettingError(
                "The cursor is ahead of this feed: it was given out by another graph.", ids=["cursor"],
                next_step="Start again without a cursor, and tell the events of both apart by their source.",
            )  # fmt: skip
        _check_told(int(seq), bounds)
        return int(seq)

    def bounds(self) -> FeedBounds:
        """Return how far the feed goes."""
        return feed_bounds(self._graph)

    def page(self, after: int, limit: int = 100, types: Sequence[str] = ()) -> FeedPage:
        """Return the next events.

        Args:
            after: the last number seen; 0 for the beginning.
            limit: events at most, 1 to LONGEST_PAGE.
            types: only these; empty is all. Others are passed over and count for nothing.

        Raises:
            InvalidSettingError: the limit is out of its range, or there is no such type.
            ChangesGoneError: changes that came after `after` are told no more.
        """
        check_limit(limit, LONGEST_PAGE)
        check_types(types)
        bounds = feed_bounds(self._graph)
        _check_told(after, bounds)
        last = bounds.last
        found: list[CloudEvent] = []
        seq = after
        while seq < last and len(found) < limit:
            # A filter may pass many over, so more is read at a time than is missing.
            end = min(seq + (LONGEST_PAGE if types else limit - len(found)), last)
            wanted = only(self._events(seq + 1, end), types)[: limit - len(found)]
            found += wanted
            seq = wanted[-1].seq if len(found) == limit else end
        if seq > after:
            _check_told(after, feed_bounds(self._graph))  # nothing was deleted while it was read
        return FeedPage(tuple(found), max(seq, after), seq < last)

    def look(self, after: int | None) -> tuple[list[tuple[int, CloudEvent]] | None, int]:
        """Look for events as a Broadcast does: from the end on, and anew when it was not looked for too long."""
        if after is None:
            return [], self.bounds().last
        try:
            page = self.page(after, LONGEST_PAGE)
        except ChangesGoneError:
            return None, self.bounds().last
        return [(event.seq, event) for event in page.events], page.seq

    def _events(self, first: int, last: int) -> list[CloudEvent]:
        source = self._source_uri()
        return [cloud_event(row, source) for row in self._rows(first, last)]

    def _rows(self, first: int, last: int) -> Sequence[Row]:
        """Read a range; a number that is missing is waited for a moment, and passed over when nobody ever used it."""
        rows = self._graph.read("feed/changes_between", first=first, last=last)
        for seconds in _WAITS_FOR_MISSING:
            if len(rows) == last - first + 1:
                break
            self._wait(seconds)
            rows = self._graph.read("feed/changes_between", first=first, last=last)
        return rows

    def _source_uri(self) -> str:
        if not self._source:
            row = next(iter(self._graph.read("facts/read_counter")), None)
            name = None if row is None else row["graph_id"]
            if name is None:
                return "urn:identity-graph"
            self._source = f"urn:identity-graph:{name}"
        return self._source


def feed_bounds(graph: Graph) -> FeedBounds:
    """Return how far the feed of a graph goes."""
    rows = graph.read("feed/bounds")
    return FeedBounds(int(rows[0]["last"] or 0), int(rows[0]["gone"])) if rows else FeedBounds(0, 0)


def _check_told(after: int, bounds: FeedBounds) -> None:
    if after < bounds.gone:
        raise ChangesGoneError(
            "The change feed no longer goes back to this cursor: changes that came after it were deleted.",
            ids=["cursor"],
            next_step="Ask with cursor=now and keep the cursor, copy all customers anew, then go on from that cursor; "
            "IDENTITY_GRAPH_CHANGE_DAYS says how long changes are kept.",
        )


def check_types(types: Sequence[str]) -> None:
    """Check the types of a filter.

    Raises:
        InvalidSettingError: there is no such type.
    """
    unknown = sorted(set(types) - set(EVENT_TYPES.values()))
    if unknown:
        raise InvalidSettingError(
            f"There is no type of change {unknown[0]!r}.", ids=unknown,
            next_step=f"Use one of: {', '.join(EVENT_TYPES.values())}.",
        )  # fmt: skip


def only(events: Sequence[CloudEvent], types: Sequence[str]) -> list[CloudEvent]:
    """Return the events of some types; no types are all."""
    return [event for event in events if not types or event.type in types]
