"""What a person did: pages of touchpoints, narrowed by what, where and when.

The records of a profile and a filter come in, a page of touchpoints goes out, newest or oldest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from identity_graph.customers.paging import Page, check_limit, decode_cursor, encode_cursor
from identity_graph.customers.views import TouchpointView, touchpoint_view
from identity_graph.graph.port import Graph
from identity_graph.profiles.views import moment_text

__all__ = ["TouchpointFilter", "touchpoints_of_records"]

_BEFORE_ALL, _FIRST_MOMENT, _AFTER_ALL = "", "0", "9999"


@dataclass(frozen=True, slots=True)
class TouchpointFilter:
    """Which touchpoints, and in which order.

    Attributes:
        types: only these types; empty for all.
        exclude: not these types.
        sources, channels: only these; empty for all.
        since, until: only within these times, both included; touchpoints without a time are in no such window.
        oldest_first: oldest first instead of newest first.
    """

    types: Sequence[str] = ()
    exclude: Sequence[str] = ()
    sources: Sequence[str] = ()
    channels: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    oldest_first: bool = False


def touchpoints_of_records(
    graph: Graph, record_keys: Sequence[str], wanted: TouchpointFilter, cursor: str | None = None, limit: int = 50
) -> Page[TouchpointView]:
    """Return a page of the touchpoints of some records; those without a time count as the oldest.

    Raises:
        InvalidSettingError: the cursor was not given out for this list, or the limit is outside its range.
    """
    check_limit(limit)
    at, key = decode_cursor(cursor, str, str) if cursor else ("", "")
    since = _BEFORE_ALL if wanted.until is None else _FIRST_MOMENT
    if wanted.since is not None:
        since = moment_text(wanted.since)
    rows = graph.read(
        "profiles/touchpoints",
        record_keys=list(record_keys),
        types=list(wanted.types),
        exclude=list(wanted.exclude),
        sources=list(wanted.sources),
        channels=list(wanted.channels),
        since=since,
        until=_AFTER_ALL if wanted.until is None else moment_text(wanted.until),
        oldest_first=wanted.oldest_first,
        first=not cursor,
        at=at,
        key=key,
        limit=limit + 1,
    )
    more = len(rows) > limit
    shown = rows[:limit]
    return Page(
        tuple(touchpoint_view(row) for row in shown),
        encode_cursor(shown[-1]["at"], shown[-1]["key"]) if more else None,
    )
