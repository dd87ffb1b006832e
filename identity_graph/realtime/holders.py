"""Which records carry an identifier, in memory and kept up to date.

A record table comes in at the start, identifiers of single records afterwards; record keys go out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from identity_graph.links import identifier_table
from identity_graph.tables import Table

__all__ = ["Holders", "Pair"]

Pair: TypeAlias = tuple[str, str]
"""Namespace and canonical value of an identifier."""


class Holders:
    """Record keys by identifier."""

    def __init__(self, records: Table) -> None:
        table = identifier_table(records)
        names = [table.namespaces[place] for place in table.namespace.tolist()]
        pairs = list(zip(names, table.value.to_pylist(), strict=True))
        keys = records["key"].to_pylist()
        self._keys: dict[Pair, set[str]] = {pair: set() for pair in pairs}
        for row, code in zip(table.row.tolist(), table.code.tolist(), strict=True):
            self._keys[pairs[code]].add(keys[row])

    def of(self, pair: Pair) -> set[str]:
        """Return the keys of the records that carry an identifier; not to be changed."""
        return self._keys.get(pair, set())

    def add(self, key: str, pairs: Iterable[Pair]) -> None:
        """Note the identifiers of one more record."""
        for pair in pairs:
            self._keys.setdefault(pair, set()).add(key)

    def remove(self, key: str, pairs: Iterable[Pair]) -> None:
        """Forget a record."""
        for pair in pairs:
            held = self._keys[pair]
            held.discard(key)
            if not held:
                del self._keys[pair]
