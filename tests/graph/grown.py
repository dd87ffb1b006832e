"""A graph of any size around a small middle that the examples of the query headers ask for, and what asking costs.

The middle is the same in a small and a large graph, so what a keyed query answers is the same, and its cost should be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import neo4j

from identity_graph.graph import Query, all_queries
from identity_graph.graph.bolt import BoltGraph

__all__ = ["MIDDLES", "Middle", "examples", "grow", "keyed_queries", "set_middle", "undone"]

Middle = Literal["whole", "unresolved", "lonely", "absent"]
MIDDLES: tuple[Middle, ...] = ("whole", "unresolved", "lonely", "absent")
"""Everything is there and linked; the same without customers; nodes only, nothing is linked; nothing is there."""

_AT_ONCE = 2_000

_GROWTH = (
    """
    UNWIND range($first, $last) AS i
    CREATE (record:SourceRecord {
      key: 'fill:' + toString(i), source: 'fill', record_id: toString(i), seq: 1000000 + i, content_hash: 'h',
      raw: '{}', deleted: false, name_key: 'F' + toString(i) + '.g', birth_date: 'day ' + toString(i),
      postcode: 'P' + toString(i), given_name: 'g', family_name: 'f' + toString(i)
    })
    CREATE (identifier:Identifier {
      key: 'email:fill' + toString(i), namespace: 'email', value: 'fill' + toString(i), status: 'active'
    })
    CREATE (device:Identifier {
      key: 'anonymous_id:fill' + toString(i), namespace: 'anonymous_id', value: 'fill' + toString(i), status: 'active'
    })
    CREATE (customer:Customer {id: 'fill' + toString(i), status: 'active', record_count: 1, certainty: 1.0})
    CREATE (touchpoint:Touchpoint {
      key: 'fill:' + toString(i), source: 'fill', type: 'view', channel: 'web', at: '2026-01-01', properties: '{}',
      place: '0 2020-01-01 fill:' + toString(i)
    })
    CREATE (version:RecordVersion {key: 'fill:' + toString(i) + '@1', record_key: 'fill:' + toString(i), seq: i})
    CREATE (change:Change {
      id: 'fill' + toString(i), seq: 1000000 + i, kind: 'created', customer_id: 'fill' + toString(i), at: '2026-01-01',
      run: 1, cause: 'run 1', data: '{}'
    })
    CREATE (organisation:Organisation {key: 'fill:' + toString(i), source: 'fill', group_id: toString(i), traits: '{}'})
    CREATE (reject:RejectedRow {key: 'fill' + toString(i), source: 'fill', status: 'open', reason: 'unreadable_date'})
    CREATE (record)-[:HAS_IDENTIFIER {first_seen: '2026', last_seen: '2026', count: 1}]->(identifier)
    CREATE (record)-[:HAS_IDENTIFIER {first_seen: '2026', last_seen: '2026', count: 1}]->(device)
    CREATE (record)-[:HAD_IDENTIFIER {first_seen: '2025', last_seen: '2025', count: 1, until_seq: 1}]->(identifier)
    CREATE (record)-[:RESOLVES_TO {from: '2026-01-01', cause: 'run 1', certainty: 1.0}]->(customer)
    CREATE (touchpoint)-[:BY]->(record)
    CREATE (touchpoint)-[:OBSERVED]->(device)
    CREATE (record)-[:HAD_VERSION]->(version)
    CREATE (record)-[:MEMBER_OF {first_seen: '2026', last_seen: '2026', count: 1}]->(organisation)
    """,
    """
    UNWIND range($first, $last) AS i
    MATCH (left:SourceRecord {key: 'fill:' + toString(i)})
    MATCH (right:SourceRecord {key: 'fill:' + toString(i + 1)})
    CREATE (left)-[:MATCHES {match_weight: 50.0, model_version: 'm1', evidence: '{}'}]->(right)
    CREATE (left)-[:SUGGESTED {via: 'fill:1', weight: 5.0, reason: 'identifiers'}]->(right)
    """,
)

_NODES = {
    "SourceRecord": [
        {"key": f"{source}:1", "source": source, "record_id": "1", "seq": seq, "content_hash": "h", "raw": "{}",
         "deleted": False, "name_key": "T.j", "birth_date": "1980-01-31", "postcode": "75001"}
        for seq, source in enumerate(("crm", "shop", "site"), 1)
    ] + [
        {"key": key, "source": "web", "record_id": key[4:], "seq": seq, "content_hash": "h", "raw": "{}",
         "deleted": False}
        for seq, key in enumerate(("web:anonymous_id=a", "web:user_id=1", "web:u1"), 4)
    ],
    "Identifier": [
        {"key": key, "namespace": key.split(":")[0], "value": key.split(":")[1], "status": "active"}
        for key in ("email:a@b.c", "email:jane.doe@mail.test", "anonymous_id:a")
    ],
    "Customer": [{"id": id, "status": status, "record_count": 1, "certainty": 0.9}
                 for id, status in (("c1", "active"), ("c2", "active"), ("c0", "retired"))],
    "Touchpoint": [
        {"key": key, "source": "web", "type": "view", "channel": "web", "at": "2025-06-01", "properties": "{}"}
        for key in ("m-1", "web:m1")
    ],
    "RecordVersion": [{"key": "crm:1@0", "record_key": "crm:1", "seq": 0, "replaced_at": "2026-01-01"}],
    "Organisation": [{"key": "web:acme", "source": "web", "group_id": "acme", "traits": "{}"}],
    "Change": [{"id": f"{n}", "seq": n, "kind": "created", "customer_id": "c1", "at": "2026-01-01", "data": "{}"}
               for n in range(1, 51)],
    "RejectedRow": [{"key": "0", "source": "crm", "status": "open", "reason": "unreadable_date"}],
    "Decision": [{"id": "d1", "verdict": "must", "author": "ana", "reason": "called", "at": "2026-01-01"}],
    "Run": [{"number": 1, "started_at": "2026-01-01", "summary": "{}"}],
    "Source": [{"name": "crm", "mapping": "{}", "roles": "{}"}],
    "Model": [{"version": "m1", "created_at": "2026-01-01", "current": True, "summary": "{}"}],
    "Counter": [{"name": name, "value": 1} for name in ("record_seq", "run", "decision")]
    + [{"name": "change_seq", "value": 50}],
}  # fmt: skip
"""Of the middle: what the examples of the headers name, so that asking with an example finds it."""

_SEEN = {"first_seen": "2025", "last_seen": "2025", "count": 1}
_LINKS: Sequence[tuple[str, str, str, str, str, Mapping[str, Any]]] = (
    *(("SourceRecord", f"{name}:1", "RESOLVES_TO", "Customer", "c1", {"from": "2025", "cause": "run 1"})
      for name in ("crm", "shop")),
    ("SourceRecord", "crm:1", "RESOLVES_TO", "Customer", "c0", {"from": "2024", "to": "2025", "cause": "run 0"}),
    ("SourceRecord", "web:anonymous_id=a", "RESOLVES_TO", "Customer", "c2", {"from": "2025", "cause": "run 1"}),
    *(("SourceRecord", f"{name}:1", "HAS_IDENTIFIER", "Identifier", key, _SEEN)
      for name in ("crm", "shop") for key in ("email:a@b.c", "email:jane.doe@mail.test")),
    *(("SourceRecord", f"web:{name}", "HAS_IDENTIFIER", "Identifier", "anonymous_id:a", _SEEN)
      for name in ("anonymous_id=a", "user_id=1")),
    ("SourceRecord", "crm:1", "MATCHES", "SourceRecord", "shop:1", {"match_weight": 2.0, "evidence": "{}"}),
    ("SourceRecord", "crm:1", "SUGGESTED", "SourceRecord", "shop:1", {"via": "site:1", "weight": 8.0}),
    ("SourceRecord", "crm:1", "HAD_VERSION", "RecordVersion", "crm:1@0", {}),
    ("SourceRecord", "crm:1", "MEMBER_OF", "Organisation", "web:acme", _SEEN),
    ("Touchpoint", "m-1", "BY", "SourceRecord", "web:anonymous_id=a", {}),
    ("Touchpoint", "m-1", "HELD_BY", "SourceRecord", "web:user_id=1", {}),
    ("Touchpoint", "m-1", "OBSERVED", "Identifier", "anonymous_id:a", {}),
    ("Touchpoint", "web:m1", "BY", "SourceRecord", "crm:1", {}),
    ("Decision", "d1", "ABOUT", "SourceRecord", "crm:1", {}),
    ("Decision", "d1", "ABOUT", "SourceRecord", "shop:1", {}),
)  # fmt: skip

_KEYS = {"Customer": "id", "Decision": "id", "Change": "id", "Run": "number", "Source": "name", "Model": "version",
         "Counter": "name"}  # fmt: skip

_OTHERWISE: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "profiles/holders": ({"past": True},),
    "profiles/customers": ({"at": "2025"},),
    "profiles/touchpoints": ({"first": False, "at": "2025-12-01", "oldest_first": False, "types": ["view"]},
                             {"first": False, "at": "2025-01-01", "oldest_first": True}),
    "customers_read/touchpoints_of_customer": ({"first": False, "before_at": "2025-12-01", "types": ["view"]},),
}  # fmt: skip
"""Parameters that lead a query another way than its example does."""


def keyed_queries() -> tuple[Query, ...]:
    """Return the queries that start from an index, so that the size of the graph should be nothing to them."""
    return tuple(found for found in all_queries() if found.header.index and found.header.access != "schema")


def examples(found: Query) -> list[dict[str, Any]]:
    """Return the parameters to run a query with."""
    example = dict(found.header.example)
    return [example, *({**example, **other} for other in _OTHERWISE.get(found.name, ()))]


def grow(graph: BoltGraph, before: int, size: int) -> None:
    """Let a graph that holds so many records, and as much of everything else, hold `size`."""
    for text in _GROWTH:
        for first in range(before + 1, size + 1, _AT_ONCE):
            _run(graph, text, first=first, last=min(first + _AT_ONCE - 1, size))


def set_middle(graph: BoltGraph, middle: Middle) -> None:
    """Put the middle into a graph in place of the one before."""
    for label, nodes in _NODES.items():
        key = _KEYS.get(label, "key")
        found = f"UNWIND $rows AS row MATCH (node:{label} {{{key}: row.{key}}})"
        _run(graph, f"{found} DETACH DELETE node", rows=nodes)
        if middle != "absent":
            _run(graph, f"UNWIND $rows AS row CREATE (node:{label}) SET node = row", rows=nodes)
    for left, left_key, kind, right, right_key, properties in _LINKS if middle in ("whole", "unresolved") else ():
        if middle == "unresolved" and kind == "RESOLVES_TO":
            continue
        ends = [f"(a:{left} {{{_KEYS.get(left, 'key')}: $a}})", f"(b:{right} {{{_KEYS.get(right, 'key')}: $b}})"]
        text = f"MATCH {ends[0]} MATCH {ends[1]} CREATE (a)-[link:{kind}]->(b) SET link = $properties"
        _run(graph, text, a=left_key, b=right_key, properties=dict(properties))


@contextmanager
def undone(graph: BoltGraph) -> Iterator[neo4j.Transaction]:
    """Lend a transaction in which writes may be tried; nothing of it stays."""
    with graph._session("WRITE") as session:
        transaction = session.begin_transaction()
        try:
            yield transaction
        finally:
            transaction.rollback()


def _run(graph: BoltGraph, text: str, **parameters: Any) -> None:
    with graph._session("WRITE") as session:
        session.execute_write(lambda transaction: transaction.run(text, parameters).consume())
