"""Makes ids for new customers, each checked against every id the graph ever gave out.

The store and the groups that may need an id come in; a function that mints goes out. Most ids are checked in bulk
beforehand, so that minting asks the graph only when an id is taken.
"""

from __future__ import annotations

from collections.abc import Iterable

from identity_graph.customers.ids import mint_id
from identity_graph.customers.store import CustomerStore

__all__ = ["Mint"]

_NOTHING_TAKEN: frozenset[str] = frozenset()


class Mint:
    """Mints customer ids; call it with the record keys of a group.

    Args:
        store: the customers given out so far.
        groups: groups that may need a new id; others are checked one by one.
        first_run: no id was ever given out, so nothing needs checking.
    """

    def __init__(self, store: CustomerStore, groups: Iterable[tuple[str, ...]], first_run: bool) -> None:
        self._store = store
        self._first_run = first_run
        self._minted: set[str] = set()
        self._checked = set() if first_run else {mint_id(group, _NOTHING_TAKEN) for group in groups}
        self._existing = frozenset[str]() if first_run else store.existing(sorted(self._checked))

    def __call__(self, group: tuple[str, ...]) -> str:
        """Return a new id for a group; never one given out before."""
        name = mint_id(group, self)
        self._minted.add(name)
        return name

    def __contains__(self, name: object) -> bool:
        """Say whether an id was ever given out."""
        if not isinstance(name, str) or name in self._minted or name in self._existing:
            return True
        return not self._first_run and name not in self._checked and bool(self._store.existing([name]))
