"""Bodies as Segment's Profile API writes them; pure.

Profiles, touchpoints and organisations of the library come in, plain dictionaries go out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from identity_graph.customers.organisations import CustomerOrganisation, OrganisationView
from identity_graph.customers.views import TouchpointView
from identity_graph.profiles import ExternalId, Trait
from identity_graph.sources.lexicon import read_header

__all__ = [
    "account_id",
    "chosen",
    "event",
    "external_id",
    "link_to_account",
    "link_to_user",
    "message_id",
    "page",
    "trait",
]

_MESSAGE_TYPES = frozenset({"identify", "page", "screen", "group", "alias", "merge"})


def page(url: str, limit: int, following: str | None) -> dict[str, Any]:
    """Return the cursor of a page; `following` is where the next one starts, None on the last."""
    return {"url": url, "has_more": following is not None, "next": following or "", "limit": limit}


def chosen(traits: Mapping[str, Trait], names: Sequence[str]) -> dict[str, Trait]:
    """Choose traits by the names their senders know (`first_name`, `birthday`); those nobody said are left out."""
    found = {}
    for name in names:
        role = read_header(name).role
        own = traits.get(name) or (traits.get(role.value) if role is not None else None)
        if own is not None:
            found[name] = own
    return found


def trait(found: Trait, verbose: bool) -> Any:
    """Return a trait's value, or with its source and time."""
    if not verbose:
        return found.value
    return {"value": found.value, "source_id": found.source, "updated_at": found.since}


def external_id(held: ExternalId) -> dict[str, Any]:
    """Return an identifier of a user."""
    return {
        "source_id": held.sources[0] if held.sources else "",
        "collection": "users",
        "id": held.value,
        "type": held.namespace,
        "created_at": held.first_seen,
        "encoding": "none",
        "first_message_id": None,
    }


def account_id(found: OrganisationView, seen: str | None = None) -> dict[str, Any]:
    """Return the identifier of an account."""
    return {
        "source_id": found.source,
        "collection": "accounts",
        "id": found.group_id,
        "type": "group_id",
        "created_at": seen,
        "encoding": "none",
    }


def link_to_account(found: CustomerOrganisation) -> dict[str, Any]:
    """Return an account that a user belongs to."""
    return {"to_collection": "accounts", "external_ids": [account_id(found.organisation, found.first_seen)]}


def link_to_user(held: Iterable[ExternalId]) -> dict[str, Any]:
    """Return a user that belongs to an account, by all identifiers."""
    return {"to_collection": "users", "external_ids": [external_id(one) for one in held]}


def message_id(point: TouchpointView) -> str:
    """Return the sender's id of a touchpoint, which events carry behind their source."""
    return point.key.removeprefix(f"{point.source}:")


def event(point: TouchpointView, observed: Iterable[tuple[str, str]], customer_id: str) -> dict[str, Any]:
    """Return an event: the message as it was sent, as far as it is kept."""
    said = point.properties if isinstance(point.properties, dict) else {}
    is_track = point.type not in _MESSAGE_TYPES
    properties = said.get("traits") if point.type in ("identify", "group") else said.get("properties", said)
    return {
        "external_ids": [
            {"collection": "users", "type": namespace, "id": value, "encoding": "none"} for namespace, value in observed
        ],
        "context": said.get("context") or {},
        "type": "track" if is_track else point.type,
        "message_id": message_id(point),
        "source_id": point.source,
        "timestamp": point.at,
        "properties": properties if isinstance(properties, dict) else {},
        "event": point.type if is_track else None,
        "related": {"users": customer_id},
    }
