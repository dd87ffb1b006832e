"""Fact batches written by hand, for the tests of facts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from identity_graph.model import Reject
from identity_graph.sources.batches import FactBatch, no_touchpoints
from identity_graph.tables import RECORD_SCHEMA, TOUCHPOINT_SCHEMA

__all__ = ["batch", "day", "edges", "identifiers", "record", "touchpoint"]


_OF_THE_CLOCK = ("graph_id", "stored_at", "replaced_at")


def day(number: int) -> datetime:
    """Return a moment on the given day of January 2026."""
    return datetime(2026, 1, number, tzinfo=UTC)


def identifiers(*keys: str) -> list[dict[str, str]]:
    """Build identifiers from `namespace:value` texts."""
    return [dict(zip(("namespace", "value"), key.split(":", 1), strict=True)) for key in keys]


def record(key: str, *held: str, at: datetime | None = None, grows: bool = False, **attributes: str) -> dict[str, Any]:
    """Build one row of a record table."""
    source, record_id = key.split(":", 1)
    return {
        "key": key, "source": source, "record_id": record_id, "observed_at": at, "grows": grows,
        "raw": json.dumps(attributes, sort_keys=True), "identifiers": identifiers(*held), **attributes,
    }  # fmt: skip


def touchpoint(key: str, record_key: str, *held: str, at: datetime | None = None) -> dict[str, Any]:
    """Build one row of a touchpoint table."""
    return {
        "key": key, "source": "web", "record_key": record_key, "type": "view", "channel": "web", "at": at,
        "properties": "{}", "identifiers": identifiers(*held),
    }  # fmt: skip


def batch(
    records: Sequence[dict[str, Any]] = (),
    touchpoints: Sequence[dict[str, Any]] = (),
    rejects: Sequence[Reject] = (),
) -> FactBatch:
    """Build a fact batch."""
    names = sorted({name for row in records for name in row} - set(RECORD_SCHEMA.names))
    schema = pa.schema([*RECORD_SCHEMA, *(pa.field(name, pa.string()) for name in names)])
    return FactBatch(
        records=pa.Table.from_pylist(list(records), schema=schema),
        touchpoints=pa.Table.from_pylist(list(touchpoints), TOUCHPOINT_SCHEMA) if touchpoints else no_touchpoints(),
        rejects=tuple(rejects),
        rows_read=len(records),
    )


def edges(graph: Any) -> set[tuple[Any, ...]]:
    """Return every node and relationship of the graph as comparable tuples, without its id and times of storing."""
    with graph._session("READ") as session:
        nodes = session.run("MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties").data()
        ties = session.run(
            "MATCH (a)-[r]->(b) RETURN coalesce(a.key, a.id) AS a, type(r) AS type, coalesce(b.key, b.id) AS b, "
            "properties(r) AS properties"
        ).data()
    return {
        (*sorted(node["labels"]), _text({k: v for k, v in node["properties"].items() if k not in _OF_THE_CLOCK}))
        for node in nodes
    } | {(tie["a"], tie["type"], tie["b"], _text(tie["properties"])) for tie in ties}


def _text(properties: dict[str, Any]) -> str:
    return json.dumps(properties, sort_keys=True)
