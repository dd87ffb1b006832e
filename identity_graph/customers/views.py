"""What readers of customers get: frozen views of profiles, records, identifiers, touchpoints and lineage.

Rows of `cypher/customers_read/` come in through the `from_row` functions, plain values go out; JSON kept in the graph
as text is parsed here, once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from identity_graph.graph.port import Row
from identity_graph.roles import CUSTOMER_FIELDS, RECORD_FIELDS

__all__ = [
    "CustomerView", "HeldIdentifier", "LineageEntry", "MemberRecord", "Membership", "Profile", "RecordView",
    "TouchpointView", "attributes_of", "customer_view", "held_identifiers", "lineage_entry", "member_records",
    "record_view", "touchpoint_view",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer with golden values.

    Attributes:
        attributes: golden value of each attribute.
        provenance: attribute -> {record_key, rule, lost}: where the golden value came from and what it beat.
        certainty: probability that all its records are one person, 0..1; None before the first resolve said so.
    """

    id: str
    status: str
    record_count: int
    certainty: float | None
    created_at: str | None
    updated_at: str | None
    attributes: Mapping[str, str]
    provenance: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A record of a profile, in short: since when and why it resolves to the customer."""

    key: str
    source: str
    observed_at: str | None
    since: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class HeldIdentifier:
    """An identifier and the records that hold it."""

    key: str
    namespace: str
    value: str
    status: str
    first_seen: str | None
    last_seen: str | None
    record_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """The time in which a record resolved to a customer; `until` is None while it holds."""

    customer_id: str
    since: str | None
    until: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record as it is stored: canonical attributes, the raw row, and the history of where it belonged."""

    key: str
    source: str
    record_id: str
    seq: int | None
    observed_at: str | None
    deleted: bool
    attributes: Mapping[str, str]
    raw: Any
    since: str | None = None
    cause: str | None = None
    identifiers: tuple[HeldIdentifier, ...] = ()
    memberships: tuple[Membership, ...] = ()
    earlier_versions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """The person behind an id or identifier.

    Attributes:
        requested_id: what was asked for: a customer id, or the key of an identifier.
        redirected: the id asked for is retired and this is the customer that answers for it.
        other_ids: further customers that hold the identifier asked for; the one shown was seen with it most often.
        cut: there are more records or identifiers than shown.
    """

    requested_id: str
    redirected: bool
    customer: CustomerView
    records: tuple[MemberRecord, ...]
    identifiers: tuple[HeldIdentifier, ...]
    other_ids: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TouchpointView:
    """One interaction; `at` is None when its time is not known."""

    key: str
    source: str
    type: str
    channel: str
    at: str | None
    properties: Any
    record_key: str


@dataclass(frozen=True, slots=True)
class LineageEntry:
    """One change of a customer."""

    id: str
    seq: int
    kind: str
    customer_id: str
    at: str | None
    run: int | None
    cause: str | None
    data: Any


def attributes_of(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes among the properties of a record node, sorted by name."""
    return {
        name: str(found)
        for name, found in sorted(properties.items())
        if name not in RECORD_FIELDS and found is not None
    }


def customer_view(properties: Mapping[str, Any]) -> CustomerView:
    """Read a Customer node."""
    return CustomerView(
        id=properties["id"],
        status=properties.get("status") or "active",
        record_count=properties.get("record_count") or 0,
        certainty=properties.get("certainty"),
        created_at=properties.get("created_at"),
        updated_at=properties.get("updated_at"),
        attributes={
            name: str(found)
            for name, found in sorted(properties.items())
            if name not in CUSTOMER_FIELDS and found is not None
        },
        provenance=_parsed(properties.get("provenance")) or {},
    )


def member_records(rows: Iterable[Row]) -> tuple[MemberRecord, ...]:
    """Read the records of a profile, by key."""
    found = [
        MemberRecord(row["key"], row["source"], row.get("observed_at"), row.get("since"), row.get("cause"))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda record: record.key))


def held_identifiers(rows: Iterable[Row]) -> tuple[HeldIdentifier, ...]:
    """Join sightings of identifiers to one entry per identifier, by key."""
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        by_key.setdefault(f"{row['namespace']}:{row['value']}", []).append(row)
    return tuple(
        HeldIdentifier(
            key=key,
            namespace=seen[0]["namespace"],
            value=seen[0]["value"],
            status=seen[0].get("status") or "active",
            first_seen=min((row["first_seen"] for row in seen if row.get("first_seen")), default=None),
            last_seen=max((row["last_seen"] for row in seen if row.get("last_seen")), default=None),
            record_keys=tuple(sorted({key for row in seen for key in _record_keys(row)})),
        )
        for key, seen in sorted(by_key.items())
    )


def record_view(row: Row) -> RecordView:
    """Read a record with whatever the query returned beside it."""
    properties = row["record"]
    return RecordView(
        key=properties["key"],
        source=properties["source"],
        record_id=properties["record_id"],
        seq=properties.get("seq"),
        observed_at=properties.get("observed_at"),
        deleted=bool(properties.get("deleted")),
        attributes=attributes_of(properties),
        raw=_parsed(properties.get("raw")),
        since=row.get("since"),
        cause=row.get("cause"),
        identifiers=held_identifiers(row.get("identifiers") or ()),
        memberships=tuple(
            Membership(entry["customer_id"], entry.get("since"), entry.get("until"), entry.get("cause"))
            for entry in row.get("memberships") or ()
        ),
        earlier_versions=tuple(_version(entry) for entry in row.get("versions") or ()),
    )


def touchpoint_view(row: Row) -> TouchpointView:
    """Read a touchpoint."""
    return TouchpointView(
        key=row["key"],
        source=row["source"] or "",
        type=row["type"] or "",
        channel=row["channel"] or "",
        at=row["at"] or None,
        properties=_parsed(row["properties"]) or {},
        record_key=row["record_key"],
    )


def lineage_entry(row: Row) -> LineageEntry:
    """Read a change."""
    names = ("id", "seq", "kind", "customer_id", "at", "run", "cause")
    return LineageEntry(**{name: row[name] for name in names}, data=_parsed(row["data"]) or {})


def _version(properties: Row) -> dict[str, Any]:
    """Read a RecordVersion node."""
    names = ("seq", "stored_at", "replaced_at", "observed_at")
    found = {name: properties.get(name) for name in names}
    identifiers = list(properties.get("identifiers") or ())
    attributes = attributes_of(properties)
    return {**found, "attributes": attributes, "identifiers": identifiers, "raw": _parsed(properties.get("raw"))}


def _record_keys(row: Row) -> list[str]:
    keys = row.get("record_keys")
    return list(keys) if keys is not None else [row["record_key"]]


def _parsed(text: str | None) -> Any:
    """Parse JSON kept as text; text that is not JSON stays as it is, because a raw row may be anything."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
