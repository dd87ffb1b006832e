"""Reads customers: profiles by id or identifier, their records, identifiers, touchpoints and lineage.

Ids and identifiers as people write them come in, frozen views and pages go out. A retired id answers with the
customer that stands for it now and says so. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from identity_graph.customers.paging import Page, check_limit, decode_cursor, encode_cursor
from identity_graph.customers.views import (
    CustomerView,
    HeldIdentifier,
    LineageEntry,
    Profile,
    RecordView,
    TouchpointView,
    customer_view,
    held_identifiers,
    lineage_entry,
    member_records,
    record_view,
    touchpoint_view,
)
from identity_graph.errors import ConflictError, NotFoundError
from identity_graph.graph.port import Graph, Row
from identity_graph.namespaces import identifier_key
from identity_graph.normalise import NormaliseContext, normalise_value
from identity_graph.roles import IDENTIFIER_ROLES, Role

__all__ = [
    "PROFILE_LIMIT", "CustomerReader", "identifier_spellings", "nobody", "unknown", "unusable", "without_customer",
]  # fmt: skip

PROFILE_LIMIT = 200
"""Records, and sightings of identifiers, that a profile shows at most; the pages show all."""

_LONGEST_CHAIN = 50
"""Retired ids that may follow each other; more can only be a ring, which the writer never makes."""

T = TypeVar("T")


class CustomerReader:
    """Reads customers from one graph; cheap to make, safe to share between threads."""

    def __init__(self, graph: Graph, default_region: str | None = None) -> None:
        self._graph = graph
        self._context = NormaliseContext(default_region=default_region)

    def profile(self, customer_id: str) -> Profile:
        """Return the customer an id stands for now.

        Raises:
            NotFoundError: the id was never given out.
        """
        row = self._profile_row(customer_id)
        if row["customer"].get("status") == "retired":
            row = self._profile_row(self.current_id(customer_id))
        return _profile(row, customer_id, redirected=row["customer"]["id"] != customer_id)

    def profile_by_identifier(self, namespace: str, value: str) -> Profile:
        """Return the customer behind an identifier, in one round trip.

        Args:
            namespace: such as `email`.
            value: as people write it; spelled canonically here, so `JANE@X.com ` finds jane@x.com.

        Raises:
            NotFoundError: nobody holds it, or its records are not resolved yet.
            ConflictError: it is blocked or quarantined, so it identifies nobody.
            InvalidSettingError: the namespace contains a colon.
        """
        keys = identifier_spellings(namespace, value, self._context)
        rows = self._graph.read("customers_read/profile_by_identifier", keys=keys, limit=PROFILE_LIMIT)
        if not rows:
            raise nobody(keys[0])
        row = rows[0]
        if row["status"] not in (None, "active"):
            raise unusable(row)
        if row["customer"] is None:
            raise without_customer(self._graph, row["key"])
        return _profile(row, row["key"], redirected=False)

    def current_id(self, customer_id: str) -> str:
        """Return the id that a customer answers by now.

        Raises:
            NotFoundError: the id was never given out.
        """
        return self._chain(customer_id)[-1]

    def record(self, key: str) -> RecordView:
        """Return one record with its identifiers, earlier versions and the customers it resolved to, oldest first.

        Raises:
            NotFoundError: no source ever sent it.
        """
        rows = self._graph.read("customers_read/record_by_key", key=key)
        if not rows:
            raise NotFoundError(
                f"There is no record {key!r}.", ids=[key], next_step="A record key is source:record_id, as loaded."
            )
        return record_view(rows[0])

    def records(self, customer_id: str, cursor: str | None = None, limit: int = 50) -> Page[RecordView]:
        """Return a page of the customer's records, by key."""
        check_limit(limit)
        (after,) = decode_cursor(cursor, str) if cursor else ("",)
        rows = self._graph.read(
            "customers_read/records_of_customer", id=self.current_id(customer_id), after=after, limit=limit + 1
        )
        records = [record_view(row) for row in rows]
        return _page(records, limit, [encode_cursor(record.key) for record in records])

    def identifiers(self, customer_id: str, cursor: str | None = None, limit: int = 50) -> Page[HeldIdentifier]:
        """Return a page of the customer's identifiers, by key, each once."""
        check_limit(limit)
        (after,) = decode_cursor(cursor, str) if cursor else ("",)
        rows = self._graph.read(
            "customers_read/identifiers_of_customer", id=self.current_id(customer_id), after=after, limit=limit + 1
        )
        found = held_identifiers(rows)
        return _page(found, limit, [encode_cursor(identifier.key) for identifier in found])

    def touchpoints(
        self, customer_id: str, types: Sequence[str] = (), cursor: str | None = None, limit: int = 50
    ) -> Page[TouchpointView]:
        """Return a page of the customer's touchpoints, newest first; those without a time come last.

        Args:
            types: only touchpoints of these types; empty for all.
        """
        check_limit(limit)
        before_at, before_key = decode_cursor(cursor, str, str) if cursor else ("", "")
        rows = self._graph.read(
            "customers_read/touchpoints_of_customer",
            id=self.current_id(customer_id), types=list(types), first=not cursor, before_at=before_at,
            before_key=before_key, limit=limit + 1,
        )  # fmt: skip
        return _page([touchpoint_view(row) for row in rows], limit, [encode_cursor(r["at"], r["key"]) for r in rows])

    def lineage(self, customer_id: str, cursor: str | None = None, limit: int = 50) -> Page[LineageEntry]:
        """Return a page of what happened to an id, and to those that stand for it now, oldest first."""
        check_limit(limit)
        (after,) = decode_cursor(cursor, int) if cursor else (-1,)
        rows = self._graph.read(
            "customers_read/changes_of_customers", ids=self._chain(customer_id), after=after, limit=limit + 1
        )
        return _page([lineage_entry(row) for row in rows], limit, [encode_cursor(row["seq"]) for row in rows])

    def _profile_row(self, customer_id: str) -> Row:
        rows = self._graph.read("customers_read/profile_by_id", id=customer_id, limit=PROFILE_LIMIT)
        if not rows:
            raise unknown(customer_id)
        return rows[0]

    def _chain(self, customer_id: str) -> list[str]:
        """Return an id and its successors in order; the last one is the customer that answers now."""
        chain: list[str] = []
        wanted: str | None = customer_id
        while wanted and len(chain) < _LONGEST_CHAIN:
            rows = self._graph.read("customers_read/standing_by_id", id=wanted)
            if not rows:
                break
            chain.append(wanted)
            wanted = rows[0]["successor"] if rows[0]["status"] == "retired" else None
        if not chain:
            raise unknown(customer_id)
        return chain


def identifier_spellings(namespace: str, value: str, context: NormaliseContext) -> list[str]:
    """Return the identifier keys a text may mean: its canonical form first, then as it was written.

    Raises:
        InvalidSettingError: the namespace contains a colon.
    """
    text = value.strip()
    spellings = [text]
    if namespace in IDENTIFIER_ROLES:
        canonical = normalise_value(Role(namespace), text, context).value
        if canonical is not None:
            spellings.insert(0, canonical)
    return list(dict.fromkeys(identifier_key(namespace.strip(), spelling) for spelling in spellings))


def _profile(row: Row, requested_id: str, redirected: bool) -> Profile:
    customer: CustomerView = customer_view(row["customer"])
    return Profile(
        requested_id=requested_id,
        redirected=redirected,
        customer=customer,
        records=member_records(row["records"]),
        identifiers=held_identifiers(row["identifiers"]),
        other_ids=tuple(row.get("other_ids") or ()),
        cut=len(row["records"]) >= PROFILE_LIMIT or len(row["identifiers"]) >= PROFILE_LIMIT,
    )


def _page(items: Sequence[T], limit: int, cursors: Sequence[str]) -> Page[T]:
    """Cut a list that was read one item too long; `cursors` are the positions of its items."""
    return Page(tuple(items[:limit]), cursors[limit - 1] if len(items) > limit else None)


def nobody(key: str) -> NotFoundError:
    """Return the error of an identifier that no record holds."""
    return NotFoundError(
        f"Nobody holds the identifier {key}.",
        ids=[key],
        next_step="Check the namespace and the value, or search by attributes.",
    )


def without_customer(graph: Graph, key: str) -> NotFoundError:
    """Tell records that wait for the next run from an identifier that no record holds any more."""
    rows = graph.read("search/records_by_identifiers", keys=[key], limit=1)
    if not rows:
        return nobody(key)
    record = rows[0]["key"]
    return NotFoundError(
        f"The identifier {key} is held by {record}, which is not resolved yet.",
        ids=[key, record],
        next_step="Resolve what was loaded: identity-graph resolve",
    )


def unusable(row: Row) -> ConflictError:
    """Return the error of an identifier that is blocked or quarantined (`key`, `status`, `status_reason`)."""
    return ConflictError(
        f"The identifier {row['key']} is {row['status']} ({row['status_reason'] or 'by rule'}), so it stands "
        "for nobody in particular.",
        ids=[row["key"]],
        next_step="Look the customer up by another identifier, or search by attributes.",
    )


def unknown(customer_id: str) -> NotFoundError:
    """Return the error of a customer id that was never given out."""
    return NotFoundError(
        f"There is no customer {customer_id!r}.",
        ids=[customer_id],
        next_step="Look it up by an identifier, or search by attributes.",
    )
