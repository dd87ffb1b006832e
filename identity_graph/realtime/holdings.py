"""Which customer each record resolves to, in memory, as the graph has it.

Memberships come in at the start and after each step; who shares a customer with whom goes out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pyarrow as pa

from identity_graph.customers.store import MEMBERSHIP_SCHEMA
from identity_graph.realtime.key_sets import KeySets
from identity_graph.tables import Table

__all__ = ["Holdings"]


class Holdings:
    """Memberships in force.

    Args:
        memberships: MEMBERSHIP_SCHEMA, each record once.
    """

    def __init__(self, memberships: Table) -> None:
        self._held: dict[str, tuple[str, float | None]] = {}
        self._members = KeySets[str]()
        for batch in memberships.to_batches():
            for key, customer, certainty in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                self.put(key, customer, certainty)

    def put(self, key: str, customer: str, certainty: float | None) -> None:
        """Let a record resolve to a customer."""
        self.drop(key)
        key, customer = sys.intern(key), sys.intern(customer)
        self._held[key] = customer, certainty
        self._members.add(customer, key)

    def drop(self, key: str) -> None:
        """Let a record resolve to nobody."""
        before = self._held.pop(key, None)
        if before is not None:
            self._members.remove(before[0], key)

    def customer(self, key: str) -> str | None:
        """Return the customer of a record; None when it has none."""
        held = self._held.get(key)
        return None if held is None else held[0]

    def fellows(self, key: str) -> Iterable[str]:
        """Return the records of a record's customer, itself among them; none when it has none."""
        held = self._held.get(key)
        return () if held is None else self._members.of(held[0])

    def alone(self, key: str) -> bool:
        """Say whether no other record resolves to the same customer."""
        held = self._held.get(key)
        return held is None or len(self._members.of(held[0])) == 1

    def table(self, keys: Iterable[str]) -> Table:
        """Return who resolves to the customers of some records, those records among them, per MEMBERSHIP_SCHEMA."""
        customers = sorted({self._held[key][0] for key in keys if key in self._held})
        rows = [(key, *self._held[key]) for name in customers for key in sorted(self._members.of(name))]
        columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, MEMBERSHIP_SCHEMA, strict=True)]
        return pa.table(arrays, schema=MEMBERSHIP_SCHEMA)
