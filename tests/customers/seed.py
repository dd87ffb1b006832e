"""A small graph with a known answer to every question, written through the project's own queries.

Three customers: c1 is Jane (crm:1, shop:1, web:1), c2 is Bob, who shares her e-mail (crm:2), c3 is somebody far away
(crm:3). c0 was merged into c1. A tablet at the reception is quarantined. crm:9 resolves to nobody.
"""

from __future__ import annotations

import json
from typing import Any

from identity_graph.facts import name_key
from identity_graph.graph import Graph

__all__ = ["AT", "decide", "fill"]

AT = "2026-01-01T00:00:00.000000Z"
_LATER = "2026-02-01T00:00:00.000000Z"

_RECORDS: dict[str, tuple[dict[str, str], list[str]]] = {
    "crm:1": (
        {"given_name": "Jane", "family_name": "Doe", "birth_date": "1980-01-31", "postcode": "75001", "city": "Paris"},
        ["email:jane@mail.test", "phone:+33142685300", "user_id:u-1", "device_id:tablet"],
    ),
    "shop:1": ({"given_name": "Jane", "family_name": "Do"}, ["email:jane@mail.test", "email:jd@work.test"]),
    "web:1": ({"given_name": "J", "family_name": "Doe"}, ["email:jd@work.test"]),
    "crm:2": (
        {"given_name": "Bob", "family_name": "Doe", "birth_date": "1979-05-05", "postcode": "75001"},
        ["email:jane@mail.test", "user_id:u-2", "device_id:tablet"],
    ),
    "crm:3": ({"given_name": "Ayşe", "family_name": "Yılmaz", "birth_date": "1990-02-03"}, ["device_id:tablet"]),
    "crm:9": ({"given_name": "Zoe", "family_name": "New"}, []),
}
_CUSTOMERS = {"c1": ["crm:1", "shop:1", "web:1"], "c2": ["crm:2"], "c3": ["crm:3"]}
_TOUCHPOINTS = [
    ("order-1", "shop:1", "order", "web", "2026-03-01T10:00:00.000000Z"),
    ("order-2", "shop:1", "order", "web", "2026-03-02T10:00:00.000000Z"),
    ("view-1", "web:1", "view", "web", "2026-03-02T10:00:00.000000Z"),
    ("call-1", "crm:1", "call", "phone", None),
    ("view-2", "crm:2", "view", "web", "2026-03-05T10:00:00.000000Z"),
]
_ORGANISATIONS = [("acme", {"plan": "pro"}, ["shop:1", "web:1", "crm:2"]), ("beta/1", {}, ["crm:2"])]
_MATCHES = [
    ("crm:1", "shop:1", 4.5, {"name": 3.0, "email": 8.0, "city": -0.5}),
    ("crm:1", "crm:2", -3.0, {"name": -9.0, "email": 8.0}),
    ("shop:1", "web:1", 1.0, {"name": 1.0}),
    ("crm:2", "crm:3", -12.0, {"name": -12.0}),
]


def fill(graph: Graph) -> None:
    """Write the graph."""
    graph.write("facts/create_records", rows=[_record(seq, key) for seq, key in enumerate(_RECORDS, start=1)])
    graph.write("facts/create_touchpoints", rows=[_touchpoint(*entry) for entry in _TOUCHPOINTS])
    graph.write("facts/upsert_organisations", rows=[_organisation(*entry) for entry in _ORGANISATIONS])
    pairs = [
        {"left": left, "right": right, "match_weight": weight, "evidence": json.dumps(evidence)}
        for left, right, weight, evidence in _MATCHES
    ]
    graph.write("facts/upsert_matches", rows=pairs, model_version="m1")
    graph.write(
        "customers/mark_identifiers",
        rows=[{"key": "device_id:tablet", "status": "quarantined", "reason": "3 people"}],
    )
    customers = [{"id": id, "properties": _customer(id, keys)} for id, keys in _CUSTOMERS.items()]
    customers.append({"id": "c0", "properties": {"id": "c0", "status": "active", "record_count": 1}})
    graph.write("customers/upsert_customers", rows=customers, at=AT)
    _resolve(graph, {"c0": ["web:1"]}, AT)
    graph.write("customers/close_memberships", rows=[{"record_key": "web:1", "customer_id": "c0"}], at=_LATER)
    graph.write("customers/retire_customers", rows=[{"id": "c0", "successor": "c1"}], at=_LATER)
    _resolve(graph, _CUSTOMERS, _LATER)
    absorbed = {"survivor": "c1", "absorbed": [{"id": "c0", "records": ["web:1"]}]}
    changes = [("created", "c0", {}), ("created", "c1", {}), ("merged", "c1", absorbed)]
    graph.write("facts/reserve_changes", count=len(changes))
    graph.write("facts/create_changes", rows=[_change(seq, *entry) for seq, entry in enumerate(changes, start=1)])


def _organisation(group_id: str, traits: dict[str, Any], members: list[str]) -> dict[str, Any]:
    seen = [{"record_key": key, "first_seen": AT, "last_seen": _LATER, "count": 2} for key in members]
    texts = {"traits": json.dumps(traits), "trait_times": json.dumps(dict.fromkeys(traits, AT))}
    return {"key": f"web:{group_id}", "source": "web", "group_id": group_id, **texts, "members": seen}


def decide(graph: Graph, id: str, verdict: str, left: str, right: str) -> None:
    """Write a decision in force."""
    properties = {"id": id, "verdict": verdict, "author": "ana", "reason": "called her", "at": AT}
    graph.write("facts/add_decision", left=left, right=right, properties=properties)


def _record(seq: int, key: str) -> dict[str, Any]:
    attributes, identifiers = _RECORDS[key]
    source, _, record_id = key.partition(":")
    properties = {
        "key": key, "source": source, "record_id": record_id, "seq": seq, "content_hash": "0", "deleted": False,
        "raw": json.dumps({"Name": attributes["given_name"]}), "observed_at": AT,
        "name_key": name_key(attributes["family_name"], attributes["given_name"]), **attributes,
    }  # fmt: skip
    return {"properties": properties, "identifiers": [_held(identifier) for identifier in identifiers]}


def _held(key: str) -> dict[str, Any]:
    namespace, _, value = key.partition(":")
    return {"key": key, "namespace": namespace, "value": value, "first_seen": AT, "last_seen": AT, "count": 1}


def _touchpoint(key: str, record_key: str, type: str, channel: str, at: str | None) -> dict[str, Any]:
    properties = {"key": key, "source": record_key.partition(":")[0], "type": type, "channel": channel, "at": at}
    return {
        "record_key": record_key,
        "properties": {**properties, "properties": '{"total": "9.90"}'},
        "identifiers": [],
    }


def _customer(id: str, keys: list[str]) -> dict[str, Any]:
    attributes = _RECORDS[keys[0]][0]
    provenance = {"family_name": {"record_key": keys[0], "rule": "most_frequent", "lost": []}}
    return {"id": id, "status": "active", "record_count": len(keys), "certainty": 0.9 if len(keys) == 1 else 0.7,
            "provenance": json.dumps(provenance), **attributes}  # fmt: skip


def _resolve(graph: Graph, members: dict[str, list[str]], at: str) -> None:
    rows = [
        {"record_key": key, "customer_id": customer_id, "cause": "run 1", "certainty": 0.9}
        for customer_id, keys in members.items()
        for key in keys
    ]
    graph.write("customers/open_memberships", rows=rows, at=at)


def _change(seq: int, kind: str, customer_id: str, data: dict[str, Any]) -> dict[str, Any]:
    properties = {"seq": seq, "kind": kind, "customer_id": customer_id, "at": AT, "run": 1, "cause": "run 1"}
    return {"id": f"{seq}:{customer_id}:{kind}", "properties": {**properties, "data": json.dumps(data)}}
