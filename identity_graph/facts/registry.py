"""What is known beside the records: the sources with their mappings, the rejected rows, and how much there is.

Mappings and reject keys come in; stored sources, pages of rejects and counts go out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from identity_graph.errors import InvalidMappingError
from identity_graph.facts.decisions import time_as_text
from identity_graph.graph.port import Graph
from identity_graph.model import Reject
from identity_graph.roles import Role

__all__ = ["FactCounts", "StoredReject", "StoredSource", "count_facts", "merged_roles", "put_source", "read_sources",
           "rejected_page"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source as it was loaded last.

    Attributes:
        name: its name.
        mapping: how it is read (YAML).
        roles: what its attributes mean.
        created_at: ISO-8601 UTC time.
        trust: `private` or `public`, the kind of its write keys; None for a source without events.
    """

    name: str
    mapping: str
    roles: Mapping[str, Role]
    created_at: str
    trust: str | None = None

    @property
    def public(self) -> bool:
        """Say whether its write keys are public."""
        return self.trust == "public"


@dataclass(frozen=True, slots=True)
class StoredReject:
    """A reject with its key and status (`open` or `replayed`)."""

    key: str
    status: str
    reject: Reject


@dataclass(frozen=True, slots=True)
class FactCounts:
    """How many facts there are.

    Attributes:
        records: source -> live records.
        deleted: source -> records that are gone at the source.
        identifiers: namespace -> identifiers.
        touchpoints: all touchpoints.
        open_rejects: source -> rejects that wait.
    """

    records: Mapping[str, int]
    deleted: Mapping[str, int]
    identifiers: Mapping[str, int]
    touchpoints: int
    open_rejects: Mapping[str, int]


def put_source(
    graph: Graph, name: str, mapping: str, roles: Mapping[str, Role], at: datetime, trust: str | None = None
) -> None:
    """Remember a source; its roles add to those it had, because its older records still have those attributes."""
    known = {source.name: source.roles for source in read_sources(graph)}.get(name, {})
    text = json.dumps({**known, **roles}, sort_keys=True)
    graph.write("facts/put_source", name=name, mapping=mapping, roles=text, at=time_as_text(at), trust=trust)


def read_sources(graph: Graph) -> tuple[StoredSource, ...]:
    """Return all sources, by name."""
    return tuple(
        StoredSource(
            row["name"], row["mapping"], {name: Role(role) for name, role in json.loads(row["roles"]).items()},
            row["created_at"], row["trust"],
        )
        for row in graph.read("facts/sources")
    )  # fmt: skip


def merged_roles(sources: Sequence[StoredSource]) -> dict[str, Role]:
    """Unite the roles of all sources.

    Raises:
        InvalidMappingError: two sources give one attribute different roles.
    """
    merged: dict[str, Role] = {}
    for source in sources:
        for attribute, role in source.roles.items():
            if merged.setdefault(attribute, role) != role:
                raise InvalidMappingError(
                    f"The attribute {attribute!r} is {role} in {source.name} and {merged[attribute]} elsewhere.",
                    ids=[attribute, source.name],
                    next_step="Give the two different names in the mappings.",
                )
    return merged


def rejected_page(
    graph: Graph, source: str | None, status: str | None, after: str | None, limit: int
) -> tuple[StoredReject, ...]:
    """Return one page of the rejects, by key; `after` is the last key of the page before."""
    rows = graph.read("facts/page_rejects", source=source, status=status, after=after or "", limit=limit)
    page: list[StoredReject] = []
    for row in rows:
        found = row["reject"]
        reject = Reject(
            found["source"], found["file"], found["line"], found.get("column"), found["value"], found["reason"],
            found["raw"], found["kept_record"],
        )  # fmt: skip
        page.append(StoredReject(found["key"], found["status"], reject))
    return tuple(page)


def count_facts(graph: Graph) -> FactCounts:
    """Count all facts; reads every one of them on the engine."""
    live: Counter[str] = Counter()
    deleted: Counter[str] = Counter()
    for row in graph.read("facts/count_records"):
        (deleted if row["deleted"] else live)[row["source"]] += row["count"]
    rejects: Counter[str] = Counter()
    for row in graph.read("facts/count_rejects"):
        rejects[row["source"]] += row["count"] if row["status"] == "open" else 0
    return FactCounts(
        records=dict(live),
        deleted=dict(deleted),
        identifiers={row["namespace"]: row["count"] for row in graph.read("facts/count_identifiers")},
        touchpoints=sum(row["count"] for row in graph.read("facts/count_touchpoints")),
        open_rejects={source: count for source, count in rejects.items() if count},
    )
