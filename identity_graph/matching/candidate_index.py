"""Which records share a small block with a given one: the blocking keys of many records, searchable in memory.

Keys per rule come in at the start, keys of single records afterwards; rows of candidates go out. The keys of the start
are two sorted arrays, 12 bytes a key; what is added later is kept in dictionaries beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["CandidateIndex"]

Keys: TypeAlias = NDArray[np.uint64]


class CandidateIndex:
    """Rows by blocking key.

    Args:
        blocks: keys and their rows, one pair of arrays per rule.
        caps: for each rule the rows its blocks may hold.
        whole: rows up to which all are candidates of each other.
        count: rows at the start, numbered from 0.
    """

    def __init__(
        self, blocks: Iterable[tuple[Keys, NDArray[np.int32]]], caps: NDArray[np.int64], whole: int, count: int
    ) -> None:
        self._caps, self._whole = caps, whole
        self._keys, self._rows = _sorted(blocks)
        self._at_start = count
        self._dead: set[int] = set()
        self._dead_of: dict[int, int] = {}
        self._added: dict[int, list[int]] = {}
        self._later: set[int] = set()

    def __len__(self) -> int:
        """Number of rows in the index."""
        return self._at_start - len(self._dead) + len(self._later)

    def __contains__(self, row: int) -> bool:
        return row in self._later or (row < self._at_start and row not in self._dead)

    def add(self, row: int, keys: Keys) -> None:
        """Add a row that is not in the index, with each of its keys once."""
        for key in keys.tolist():
            self._added.setdefault(key, []).append(row)
        self._later.add(row)

    def remove(self, row: int, keys: Keys) -> None:
        """Remove a row that is in the index under these keys."""
        if row in self._later:
            self._later.remove(row)
            for key in keys.tolist():
                rows = self._added[key]
                rows.remove(row)
                if not rows:
                    del self._added[key]
            return
        self._dead.add(row)
        for key in keys.tolist():
            self._dead_of[key] = self._dead_of.get(key, 0) + 1

    def closed(self, keys: Keys, rules: NDArray[np.int64]) -> set[int]:
        """Return those of the keys whose block has grown past its rule's cap, so that it makes no candidates."""
        _, sizes = self._blocks(keys)
        found = zip(keys.tolist(), sizes.tolist(), self._caps[rules].tolist(), strict=True)
        return {
            key for key, size, cap in found if size - self._dead_of.get(key, 0) + len(self._added.get(key, ())) > cap
        }

    def members(self, keys: Keys) -> set[int]:
        """Return the rows that have some of the keys."""
        starts, sizes = self._blocks(keys)
        found: set[int] = set()
        for key, start, size in zip(keys.tolist(), starts.tolist(), sizes.tolist(), strict=True):
            found.update(self._added.get(key, ()), self._rows[start : start + size].tolist())
        return found - self._dead

    def candidates(self, keys: Keys, rules: NDArray[np.int64], itself: int | None = None) -> list[int]:
        """Find the rows that share a block with a record, where the block with the record is within its rule's cap.

        Args:
            keys: the record's keys.
            rules: the rule of each key.
            itself: the record's own row, when it has one in the index, under these keys or others; it is no candidate.

        Returns:
            Rows, sorted, each once. Time grows with the keys and the candidates, not with the index.
        """
        others = len(self) - (itself in self if itself is not None else 0)
        if others < self._whole:
            found = self._later.union(range(self._at_start)) - self._dead
        else:
            found = set()
            starts, sizes = self._blocks(keys)
            for key, start, size, cap in zip(
                keys.tolist(), starts.tolist(), sizes.tolist(), self._caps[rules].tolist(), strict=True
            ):
                later = self._added.get(key, ())
                if not 0 < size - self._dead_of.get(key, 0) + len(later) <= cap:
                    continue
                block = {*later, *self._rows[start : start + size].tolist()} - self._dead
                if len(block - {itself}) < cap:
                    found |= block
        return sorted(found - {itself})

    def _blocks(self, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Find where the block of each key starts and how many rows it held at the start."""
        starts = np.searchsorted(self._keys, keys)
        sizes = np.zeros(len(keys), dtype=np.int64)
        there = np.flatnonzero(self._keys[np.minimum(starts, len(self._keys) - 1)] == keys) if len(self._keys) else ()
        if len(there):
            sizes[there] = np.searchsorted(self._keys, keys[there], side="right") - starts[there]
        return starts, sizes


def _sorted(blocks: Iterable[tuple[Keys, NDArray[np.int32]]]) -> tuple[Keys, NDArray[np.int32]]:
    listed = list(blocks)
    keys = np.concatenate([np.zeros(0, dtype=np.uint64), *(keys for keys, _ in listed)])
    rows = np.concatenate([np.zeros(0, dtype=np.int32), *(rows for _, rows in listed)])
    order: NDArray[Any] = np.argsort(keys, kind="stable")
    return keys[order], rows[order]
