"""Which records carry an identifier, in memory and kept up to date.

A record table comes in at the start, identifiers of single records afterwards; record keys go out.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Set
from typing import TypeAlias

from identity_graph.links import identifier_table
from identity_graph.realtime.key_sets import KeySets
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
        keys = [sys.intern(key) for key in records["key"].to_pylist()]
        self._keys = KeySets[Pair]()
        self._held = Counter[str]()
        for row, code in zip(table.row.tolist(), table.code.tolist(), strict=True):
            self.add(keys[row], (pairs[code],))

    def any_of(self, namespace: str) -> bool:
        """Say whether any record carries an identifier of a namespace."""
        return self._held[namespace] > 0

    def of(self, pair: Pair) -> Set[str]:
        """Return the keys of the records that carry an identifier; not to be changed."""
        return self._keys.of(pair)

    def add(self, key: str, pairs: Iterable[Pair]) -> None:
        """Note identifiers of a record, each for the first time."""
        for pair in pairs:
            self._keys.add(pair, key)
            self._held[pair[0]] += 1

    def remove(self, key: str, pairs: Iterable[Pair]) -> None:
        """Forget identifiers of a record that were noted."""
        for pair in pairs:
            self._keys.remove(pair, key)
            self._held[pair[0]] -= 1
