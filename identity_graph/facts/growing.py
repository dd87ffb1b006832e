"""Records whose traits add up over many rows, such as the visitor behind a stream of events.

What is stored and what arrived come in, their union goes out. The union is the same in any order and adding the same
row twice changes nothing: per trait the latest value wins, at equal times the greater one. A trait that was removed
has a time in `trait_times` and no value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from identity_graph.facts.name_key import record_name_key
from identity_graph.facts.prepare import RecordRow, content_hash
from identity_graph.roles import RECORD_FIELDS, Role

__all__ = ["grown", "says_more"]


def grown(stored: RecordRow | None, arrived: RecordRow, names_by_role: Mapping[Role, str]) -> RecordRow:
    """Unite a stored record with a row that adds to it.

    Args:
        stored: the record as it is, None when it is new.
        arrived: properties and identifiers of the row.
        names_by_role: which attributes make the name key.

    Returns:
        The united record, with its content hash, not deleted and without a sequence number.
    """
    rows = [arrived] if stored is None else [stored, arrived]
    properties: dict[str, Any] = {name: arrived[0][name] for name in ("key", "source", "record_id")}
    latest = max((row[0].get("observed_at", ""), row[0]["raw"]) for row in rows)
    properties["raw"] = latest[1]
    if latest[0]:
        properties["observed_at"] = latest[0]
    traits: dict[str, tuple[str, Any]] = {}
    for row in rows:
        for name, seen in _traits(row[0]).items():
            traits[name] = max(seen, traits.get(name, seen), key=_order)
    properties |= {name: value for name, (_, value) in traits.items() if value is not None}
    times = json.dumps({name: time for name, (time, _) in sorted(traits.items())}, separators=(",", ":"))
    properties["trait_times"] = times
    key = record_name_key(properties, names_by_role)
    if key is not None:
        properties["name_key"] = key
    properties["deleted"] = False
    identifiers = tuple(sorted({pair for row in rows for pair in row[1]}))
    properties["content_hash"] = content_hash((properties, identifiers), times)
    return properties, identifiers


def says_more(stored: RecordRow, united: RecordRow) -> bool:
    """Say whether uniting changed a trait or the identifiers, so that the old version must be kept.

    A record that was only seen again says what it said.
    """
    return stored[1] != united[1] or _said(stored[0]) != _said(united[0]) or bool(stored[0]["deleted"])


def _said(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in RECORD_FIELDS}


def _traits(properties: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Return trait -> (when it was seen, value); a row that carries no times of its own was seen as a whole."""
    times = json.loads(properties.get("trait_times", "{}"))
    whole = properties.get("observed_at", "")
    said = {name: (times.get(name, whole), value) for name, value in properties.items() if name not in RECORD_FIELDS}
    return said | {name: (time, None) for name, time in times.items() if name not in said}


def _order(seen: tuple[str, Any]) -> tuple[str, bool, Any]:
    """Order what was seen of a trait: by time, and at one time a value after its removal."""
    time, value = seen
    return time, value is not None, value if value is not None else ""
