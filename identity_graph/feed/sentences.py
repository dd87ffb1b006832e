"""Says in one short sentence what an event of the feed tells, for people who watch.

Events come in, text goes out; ids are written out, everything else is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from identity_graph.feed.cloud_events import CloudEvent

__all__ = ["say_event"]


def say_event(event: CloudEvent) -> str:
    """Say what happened in what follows the event's type and customer."""
    data = event.data
    match event.type.partition(".")[2]:
        case "created":
            back = ", a merge was taken back" if data.get("restored") else ""
            return f"with {_count(data.get('records', ()), 'record')}{back}"
        case "updated":
            return _updated(data)
        case "merged":
            absorbed = ", ".join(f"{one['id']} ({_count(one['records'], 'record')})" for one in data["absorbed"])
            reason = data.get("reason")
            return f"took in {absorbed}" + (f": {reason}" if reason else "")
        case "split":
            into = ", ".join(f"{_count(one['records'], 'record')} to {one['customer_id']}" for one in data["into"])
            return f"{into}, {len(data['records']):,} stayed"
        case "retired":
            heir = data.get("successor")
            return f"{heir} answers for it" if heir else "its records are gone"
        case "quarantined" | "blocked" | "released":
            return data.get("reason") or "it stands for its people again"
        case "recorded" | "undone":
            return f"{data['left']} and {data['right']}: {data['verdict']} ({data['author']}: {data['reason']})"
        case other:
            return other


def _updated(data: Mapping[str, Any]) -> str:
    parts = [
        f"{_count(data[name], 'record')} {name}" for name in ("added", "removed") if data.get(name)
    ]  # fmt: skip
    if data.get("traits"):
        parts.append(f"{', '.join(sorted(data['traits']))} changed")
    return ", ".join(parts) or "nothing to see"


def _count(items: Sequence[Any], what: str) -> str:
    return f"{len(items):,} {what}" + ("" if len(items) == 1 else "s")
