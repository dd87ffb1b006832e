"""The records of a customer as they were at one moment, with the identifiers and organisations they had then; pure.

Rows of `profiles/customers` come in, members go out. What a record said at a moment is the first of its states,
versions and then the record itself, that ended after that moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from identity_graph.customers.organisations import CustomerOrganisation, organisation_view
from identity_graph.graph.port import Row
from identity_graph.profiles.views import ExternalId

__all__ = ["Member", "closeness", "external_ids", "members_of", "organisations"]


@dataclass(frozen=True)
class Member:
    """One record of a customer.

    Attributes:
        said: attributes and fields of the record at the moment.
        held: identifiers it held then: {key, namespace, value, status, first_seen, last_seen}.
        certainty: how certain it is of its customer, 0..1; None when no resolve said so.
        since: since when it belongs to the customer.
        touchpoints: interactions by it, until now.
        belongs: organisations it is a member of: key, source, group_id, traits, first_seen, last_seen, count.
    """

    said: Mapping[str, Any]
    held: tuple[Row, ...]
    certainty: float | None
    since: str | None
    touchpoints: int
    belongs: tuple[Row, ...] = ()

    @property
    def key(self) -> str:
        return str(self.said["key"])

    @property
    def source(self) -> str:
        return str(self.said["source"])

    @cached_property
    def trait_times(self) -> Mapping[str, str]:
        """Trait -> when it was seen; empty for records that do not grow."""
        found: dict[str, str] = json.loads(self.said.get("trait_times") or "{}")
        return found

    def when(self, attribute: str) -> str | None:
        """Return when the source said an attribute of the record."""
        return self.trait_times.get(attribute) or self.said.get("observed_at")


def members_of(rows: Iterable[Row], min_certainty: float) -> tuple[Member, ...]:
    """Read the members of a customer.

    Args:
        rows: `members` of `profiles/customers`.
        min_certainty: those less certain of the customer, or of unknown certainty, are left out; 0 keeps all.

    Returns:
        Members by record key.
    """
    found = [_member(row) for row in rows if not min_certainty or (row["certainty"] or 0.0) >= min_certainty]
    return tuple(sorted(found, key=lambda member: member.key))


def external_ids(members: Iterable[Member], at: str) -> tuple[ExternalId, ...]:
    """Join what the members held to one entry per identifier, by key.

    Args:
        at: sightings after this moment are not told.
    """
    seen: dict[str, list[tuple[Member, Row]]] = {}
    for member in members:
        for held in member.held:
            seen.setdefault(held["key"], []).append((member, held))
    return tuple(
        ExternalId(
            namespace=pairs[0][1]["namespace"],
            value=pairs[0][1]["value"],
            status=pairs[0][1]["status"] or "active",
            first_seen=min(_times(pairs, "first_seen", at), default=None),
            last_seen=max(_times(pairs, "last_seen", at), default=None),
            sources=tuple(sorted({member.source for member, _ in pairs})),
        )
        for _, pairs in sorted(seen.items())
    )


def organisations(members: Iterable[Member], at: str) -> tuple[CustomerOrganisation, ...]:
    """Join what the members belong to, to one entry per organisation, by key.

    Args:
        at: what was first said after this moment is left out.
    """
    seen: dict[str, list[tuple[Member, Row]]] = {}
    for member in members:
        for one in member.belongs:
            if one["first_seen"] is None or one["first_seen"] <= at:
                seen.setdefault(one["key"], []).append((member, one))
    return tuple(
        CustomerOrganisation(
            organisation=organisation_view(pairs[0][1]),
            first_seen=min(_times(pairs, "first_seen", at), default=None),
            last_seen=max(_times(pairs, "last_seen", at), default=None),
            count=sum(int(one["count"]) for _, one in pairs),
            record_keys=tuple(sorted(member.key for member, _ in pairs)),
        )
        for _, pairs in sorted(seen.items())
    )


def closeness(members: Iterable[Member], key: str, at: str) -> tuple[int, int, str] | None:
    """Say how close an identifier is to a customer, by the rules of `profiles/holders`; None when no member held it.

    Args:
        key: of the identifier.
        at: sightings after this moment do not count.

    Returns:
        Whether it is a record's own, how many held it, and when it was last seen; the greater the closer.
    """
    ranks, seen = [], []
    for member in members:
        held = [one for one in member.held if one["key"] == key]
        if held:
            namespace, value = held[0]["namespace"], held[0]["value"]
            alone = len({one["key"] for one in member.held if one["namespace"] == namespace}) == 1
            ranks.append(2 if member.said["record_id"] == f"{namespace}={value}" else int(alone))
            seen += [one["last_seen"] for one in held if one["last_seen"] and one["last_seen"] <= at]
    return (max(ranks), len(ranks), max(seen, default="")) if ranks else None


def _member(row: Row) -> Member:
    version = row["later"][0] if row["later"] else None
    if version is None:
        said, held = row["record"], [one for one in row["held"] if one["now"]]
    else:
        said = {**version, "key": version["record_key"]}
        then = set(version.get("identifiers") or ())
        held = [one for one in row["held"] if one["key"] in then]
    return Member(said, tuple(held), row["certainty"], row["since"], row["touchpoints"], tuple(row["belongs"]))


def _times(pairs: Iterable[tuple[Member, Row]], name: str, at: str) -> list[str]:
    return [held[name] for _, held in pairs if held[name] and held[name] <= at]
