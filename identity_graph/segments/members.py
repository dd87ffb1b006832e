"""Runs segments: how many customers match, and who they are, page by page, with the facts that matched.

A segment and its parameters come in, counts and pages go out, ordered by customer id so that a page never repeats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from identity_graph.customers.paging import Page, check_limit, decode_cursor, encode_cursor
from identity_graph.graph.port import Graph
from identity_graph.segments.catalogue import find_segment

__all__ = ["SegmentMember", "count_members", "page_members"]

_EVERYBODY = 2_000_000_000
"""More than any graph's customers; the pattern takes a limit also when it only counts."""


@dataclass(frozen=True, slots=True)
class SegmentMember:
    """A customer in a segment, with the facts that matched."""

    customer_id: str
    facts: Mapping[str, Any]


def count_members(graph: Graph, name: str, given: Mapping[str, str]) -> int:
    """Count the customers in a segment.

    Args:
        name: of the segment.
        given: its parameters as text; defaults fill in the rest.

    Raises:
        NotFoundError: there is no such segment.
        InvalidSettingError: a parameter is unknown or unreadable.
    """
    values = find_segment(name).values(given)
    rows = graph.read(f"segments/{name}", **values, after="", limit=_EVERYBODY, count=True)
    return sum(int(row["total"]) for row in rows)


def page_members(
    graph: Graph, name: str, given: Mapping[str, str], cursor: str | None = None, limit: int = 50
) -> Page[SegmentMember]:
    """Return a page of the customers in a segment, by id.

    Args:
        name: of the segment.
        given: its parameters as text; defaults fill in the rest. They must stay the same from page to page.

    Raises:
        NotFoundError: there is no such segment.
        InvalidSettingError: a parameter is unknown or unreadable, or the cursor or limit is.
    """
    values = find_segment(name).values(given)
    check_limit(limit)
    (after,) = decode_cursor(cursor, str) if cursor else ("",)
    rows = graph.read(f"segments/{name}", **values, after=after, limit=limit + 1, count=False)
    members = tuple(SegmentMember(row["customer_id"], _ordered(row["facts"])) for row in rows[:limit])
    return Page(members, encode_cursor(members[-1].customer_id) if len(rows) > limit else None)


def _ordered(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Sort the lists among the facts, which an engine collects in any order."""
    return {name: sorted(found) if isinstance(found, list) else found for name, found in facts.items()}
