"""New touchpoints, and how often and since when records were seen with their identifiers.

A prepared batch and an open transaction come in; touchpoints are stored, the ties of records to identifiers counted.
A touchpoint counts for a record only what it saw of that record, so that the result is the same in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from identity_graph.facts.organisations import add_organisations
from identity_graph.facts.prepare import PreparedBatch
from identity_graph.graph.port import Transaction

__all__ = ["add_touchpoints", "new_touchpoints", "observed_pairs", "told_records"]


def new_touchpoints(transaction: Transaction, batch: PreparedBatch) -> list[Mapping[str, Any]]:
    """Return the touchpoints of a batch that are not stored."""
    if not batch.touchpoints:
        return []
    keys = [row["properties"]["key"] for row in batch.touchpoints]
    stored = {row["key"] for row in transaction.run("facts/stored_touchpoints", keys=keys)}
    return [row for row in batch.touchpoints if row["properties"]["key"] not in stored]


def observed_pairs(batch: PreparedBatch) -> frozenset[tuple[str, str]]:
    """Return the identifiers of growing records whose times touchpoints say, or have said when they were stored.

    A growing record whose time is that of a touchpoint stands for several rows, each with its own touchpoint: those say
    when each identifier was seen, one by one and so the same in any batching.
    """
    told = told_records(batch)
    return frozenset(
        (record_key, key)
        for row in batch.touchpoints
        if row["properties"].get("at") is not None
        for record_key, keys in row["seen_with"].items()
        if record_key in told
        for key in keys
    )


def told_records(batch: PreparedBatch) -> set[str]:
    """Return the growing records that stand for rows with touchpoints of their own."""
    dated = {(record, row["properties"].get("at")) for row in batch.touchpoints for record in row["seen_with"]}
    return {key for key, row in batch.growing.items() if (key, row[0].get("observed_at")) in dated}


def add_touchpoints(transaction: Transaction, touchpoints: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Store new touchpoints and count what they observed; returns who was seen with something earlier than known."""
    if not touchpoints:
        return frozenset()
    stored = ("record_key", "properties", "identifiers")
    transaction.run("facts/create_touchpoints", rows=[{name: row[name] for name in stored} for row in touchpoints])
    observations = _observations(touchpoints)
    earlier = transaction.run("facts/count_observations", rows=observations) if observations else []
    add_organisations(transaction, touchpoints)
    return frozenset(row["key"] for row in earlier)


def _observations(touchpoints: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Sum up, per record and identifier, how often and from when to when new touchpoints saw them together."""
    times: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    for row in touchpoints:
        for record_key, keys in row["seen_with"].items():
            for key in keys:
                times[record_key, key].append(row["properties"].get("at"))
    rows: list[Mapping[str, Any]] = []
    for (record_key, key), moments in sorted(times.items()):
        known = [moment for moment in moments if moment is not None]
        rows.append(
            {"record_key": record_key, "key": key, "first_seen": min(known, default=None),
             "last_seen": max(known, default=None), "count": len(moments)}
        )  # fmt: skip
    return rows
