"""Reads organisations: those that a customer belongs to, and the customers that belong to one.

Customer ids, and organisations as their source names them, come in; frozen views and pages go out. Who belongs where
follows the records: a customer belongs to what the records that resolve to it now belong to. Nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from identity_graph.customers.paging import Page, check_limit, decode_cursor, encode_cursor
from identity_graph.customers.read import CustomerReader
from identity_graph.customers.views import CustomerView, customer_view
from identity_graph.errors import NotFoundError
from identity_graph.graph.port import Graph, Row
from identity_graph.model import record_key

__all__ = [
    "CustomerOrganisation", "OrganisationMember", "OrganisationReader", "OrganisationView", "organisation_view",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """A company, team or account as its source knows it.

    Attributes:
        key: source and the source's id of it.
        traits: what the source says of it, any JSON values, by name.
        trait_times: trait -> when it was said, or taken back; empty where it was not read.
    """

    key: str
    source: str
    group_id: str
    traits: Mapping[str, Any]
    trait_times: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CustomerOrganisation:
    """An organisation that a customer belongs to.

    Attributes:
        first_seen: when that was first said; None where no time is known.
        last_seen: when it was last said.
        count: how many events said so.
        record_keys: the customer's records that belong to it, ascending.
    """

    organisation: OrganisationView
    first_seen: str | None
    last_seen: str | None
    count: int
    record_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationMember:
    """A customer that belongs to an organisation; the rest as in `CustomerOrganisation`."""

    customer: CustomerView
    first_seen: str | None
    last_seen: str | None
    count: int
    record_keys: tuple[str, ...]


class OrganisationReader:
    """Reads organisations from one graph; cheap to make, safe to share between threads."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._customers = CustomerReader(graph)

    def of_customer(self, customer_id: str, cursor: str | None = None, limit: int = 50) -> Page[CustomerOrganisation]:
        """Return a page of the organisations that a customer belongs to, by key.

        Raises:
            NotFoundError: the id was never given out.
        """
        check_limit(limit)
        (after,) = decode_cursor(cursor, str) if cursor else ("",)
        customer_id = self._customers.current_id(customer_id)
        rows = self._graph.read(
            "customers_read/organisations_of_customer", id=customer_id, after=after, limit=limit + 1
        )
        found = [CustomerOrganisation(organisation_view(row), *_seen(row)) for row in rows[:limit]]
        return Page(tuple(found), _next(rows, limit, [one.organisation.key for one in found]))

    def organisation(self, source: str, group_id: str) -> OrganisationView:
        """Return one organisation.

        Args:
            source: the source whose events name it.
            group_id: the source's id of it.

        Raises:
            NotFoundError: no event of the source named it.
        """
        key = record_key(source, group_id)
        rows = self._graph.read("customers_read/organisation_by_key", key=key)
        if not rows:
            raise NotFoundError(
                f"There is no organisation {key!r}.",
                ids=[key],
                next_step="Organisations come with group calls, or with context.groupId; ask by source and group id.",
            )
        return organisation_view(rows[0])

    def seen(self, key: str) -> tuple[str | None, str | None]:
        """Return when an organisation was first and last named with anybody; costs as much as it has records."""
        for row in self._graph.read("customers_read/organisation_seen", key=key):
            return row["first_seen"], row["last_seen"]
        return None, None

    def members(
        self, source: str, group_id: str, cursor: str | None = None, limit: int = 50
    ) -> Page[OrganisationMember]:
        """Return a page of the customers that belong to an organisation, by id; costs as much as it has records.

        Raises:
            NotFoundError: no event of the source named it.
        """
        check_limit(limit)
        (after,) = decode_cursor(cursor, str) if cursor else ("",)
        key = self.organisation(source, group_id).key
        rows = self._graph.read("customers_read/members_of_organisation", key=key, after=after, limit=limit + 1)
        found = [OrganisationMember(customer_view(row["customer"]), *_seen(row)) for row in rows[:limit]]
        return Page(tuple(found), _next(rows, limit, [one.customer.id for one in found]))


def organisation_view(row: Row) -> OrganisationView:
    """Read a row with key, source, group_id, traits, and trait_times if it has them."""
    times = json.loads(row.get("trait_times") or "{}")
    return OrganisationView(row["key"], row["source"], row["group_id"], json.loads(row["traits"]), times)


def _seen(row: Row) -> tuple[str | None, str | None, int, tuple[str, ...]]:
    return row["first_seen"], row["last_seen"], row["count"], tuple(sorted(row["record_keys"]))


def _next(rows: Sequence[Row], limit: int, positions: Sequence[str]) -> str | None:
    """Return the cursor after the last item shown, when one more was read."""
    return encode_cursor(positions[-1]) if len(rows) > limit else None
