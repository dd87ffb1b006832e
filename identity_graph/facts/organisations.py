"""Organisations: the groups that events name, and which records belong to them.

New touchpoints that name a group come in; Organisation nodes whose traits grow and MEMBER_OF edges are written. The
result is the same in any order, and a touchpoint that is stored already says nothing again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from identity_graph.graph.port import Row, Transaction

__all__ = ["MOST_TRAITS", "Traits", "add_organisations", "united_traits"]

MOST_TRAITS = 300
"""Traits that an organisation keeps: those that were seen last."""

Traits: TypeAlias = dict[str, tuple[str, str | None]]
"""Trait -> when it was seen (ISO-8601 UTC text), and its value as JSON; None when it was removed then."""


def add_organisations(transaction: Transaction, touchpoints: Iterable[Mapping[str, Any]]) -> None:
    """Store what new touchpoints say of groups; two round trips when any says something.

    Args:
        transaction: open; the touchpoints' records are stored.
        touchpoints: prepared rows that were not stored before.
    """
    said: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in touchpoints:
        if row["organisation"] is not None:
            said[row["organisation"]["key"]].append(row)
    if not said:
        return
    found = transaction.run("facts/organisations_by_keys", keys=sorted(said))
    stored = {row["key"]: _stored_traits(row) for row in found}
    rows = [_organisation(key, said[key], stored.get(key, {})) for key in sorted(said)]
    transaction.run("facts/upsert_organisations", rows=rows)


def united_traits(known: Traits, arrived: Traits) -> Traits:
    """Unite what was seen of an organisation: the latest counts, of two at one time a value, then the greater one.

    Returns:
        The traits by name, the latest seen where there are more than `MOST_TRAITS`: those that a further one would
        push out are pushed out in any order of arrival.
    """
    both = {name: max((of[name] for of in (known, arrived) if name in of), key=_order) for name in known | arrived}
    kept = sorted(both, key=lambda name: (both[name][0], name), reverse=True)[:MOST_TRAITS]
    return {name: both[name] for name in sorted(kept)}


def _organisation(key: str, said: Sequence[Mapping[str, Any]], traits: Traits) -> Mapping[str, Any]:
    for row in said:
        at = row["properties"].get("at") or ""
        traits = united_traits(traits, {name: (at, value) for name, value in row["organisation"]["traits"].items()})
    there = {name: json.loads(value) for name, (_, value) in traits.items() if value is not None}
    return {
        "key": key,
        "source": said[0]["organisation"]["source"],
        "group_id": said[0]["organisation"]["group_id"],
        "traits": json.dumps(there, ensure_ascii=False, separators=(",", ":")),
        "trait_times": json.dumps({name: at for name, (at, _) in traits.items()}, ensure_ascii=False),
        "members": _members(said),
    }


def _members(said: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    times: dict[str, list[str | None]] = defaultdict(list)
    for row in said:
        times[row["record_key"]].append(row["properties"].get("at"))
    members: list[Mapping[str, Any]] = []
    for record_key, moments in sorted(times.items()):
        known = [moment for moment in moments if moment is not None]
        seen = {"first_seen": min(known, default=None), "last_seen": max(known, default=None)}
        members.append({"record_key": record_key, **seen, "count": len(moments)})
    return members


def _stored_traits(row: Row) -> Traits:
    values = json.loads(row["traits"])
    return {
        name: (at, _as_json(values[name]) if name in values else None)
        for name, at in json.loads(row["trait_times"]).items()
    }


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _order(seen: tuple[str, str | None]) -> tuple[str, bool, str]:
    at, value = seen
    return at, value is not None, value or ""
