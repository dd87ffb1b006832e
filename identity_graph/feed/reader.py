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
from identity_graph.errors import InvalidSettingError
from identity_graph.feed.cloud_events import EVENT_TYPES, CloudEvent, cloud_event
from identity_graph.graph.port import Graph, Row

__all__ = ["LONGEST_PAGE", "NOW", "ChangeFeed", "FeedPage", "check_types", "only"]

LONGEST_PAGE = 1_000
NOW = "now"
"""The cursor of whoever wants what happens from here on."""

_WAITS_FOR_MISSING = (0.02, 0.2)
"""Seconds: a database may show the counter of a transaction a moment before its last nodes."""


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
        """Return the number a cursor stands for; None is the beginning, `now` the end.

        Raises:
            InvalidSettingError: it is not a cursor of this feed.
        """
        if cursor is None:
            return 0
        if cursor == NOW:
            return self.last_seq()
        (seq,) = decode_cursor(cursor, int)
        if not 0 <= int(seq) <= self.last_seq():
            raise InvalidSettingError(
                "The cursor is ahead of this feed: it was given out by another graph.", ids=["cursor"],
                next_step="Start again without a cursor, and tell the events of both apart by their source.",
            )  # fmt: skip
        return int(seq)

    def last_seq(self) -> int:
        """Return the number of the newest change; 0 when nothing ever changed."""
        return next((int(row["value"] or 0) for row in self._graph.read("feed/last_change")), 0)

    def page(self, after: int, limit: int = 100, types: Sequence[str] = ()) -> FeedPage:
        """Return the next events.

        Args:
            after: the last number seen; 0 for the beginning.
            limit: events at most, 1 to LONGEST_PAGE.
            types: only these; empty is all. Others are passed over and count for nothing.

        Raises:
            InvalidSettingError: the limit is out of its range, or there is no such type.
        """
        check_limit(limit, LONGEST_PAGE)
        check_types(types)
        last = self.last_seq()
        found: list[CloudEvent] = []
        seq = after
        while seq < last and len(found) < limit:
            # A filter may pass many over, so more is read at a time than is missing.
            end = min(seq + (LONGEST_PAGE if types else limit - len(found)), last)
            wanted = only(self._events(seq + 1, end), types)[: limit - len(found)]
            found += wanted
            seq = wanted[-1].seq if len(found) == limit else end
        return FeedPage(tuple(found), max(seq, after), seq < last)

    def look(self, after: int | None) -> tuple[list[tuple[int, CloudEvent]], int]:
        """Look for events as a Broadcast does: from the end on."""
        if after is None:
            return [], self.last_seq()
        page = self.page(after, LONGEST_PAGE)
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
