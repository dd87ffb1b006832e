"""Which records share a small block with a given one: the blocking keys of many records, searchable in memory.

Keys per rule come in at the start, keys of single records afterwards; rows of candidates go out. Keys are held in
parts by their first bits, each two sorted arrays, 12 bytes a key. What changes waits in dictionaries beside them and is
folded in part by part, so that no change is long and what waits stays a small share of what is held.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from identity_graph.matching.candidate_part import CandidatePart

__all__ = ["CandidateIndex"]

Keys: TypeAlias = NDArray[np.uint64]

_PART_BITS = 10
_SHIFT = 64 - _PART_BITS
_WAITING_SHARE = 32
_FEW_WAITING = 20_000
_NOTHING = CandidatePart()


class CandidateIndex:
    """Rows by blocking key.

    Args:
        blocks: keys and their rows, one pair of arrays per rule.
        caps: for each rule the rows its blocks may hold.
        whole: rows up to which all are candidates of each other.
        count: rows at the start, numbered from 0.
        few_waiting: changed keys that may wait to be folded in, however few keys there are.
    """

    def __init__(
        self,
        blocks: Iterable[tuple[Keys, NDArray[np.int32]]],
        caps: NDArray[np.int64],
        whole: int,
        count: int,
        few_waiting: int = _FEW_WAITING,
    ) -> None:
        self._caps, self._whole, self._few_waiting = caps, whole, few_waiting
        keys, rows = _sorted(blocks)
        self._parts = _parted(keys, rows)
        self._folded, self._waiting, self._next = len(keys), 0, 0
        self._rows, self._free = count, set[int]()

    def __len__(self) -> int:
        """Number of rows in the index."""
        return self._rows - len(self._free)

    def __contains__(self, row: int) -> bool:
        return 0 <= row < self._rows and row not in self._free

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Rows ever in use at once, keys that are folded in, and changes of keys that wait."""
        return self._rows, self._folded, self._waiting

    def add(self, keys: Keys) -> int:
        """Add a row with each of its keys once; returns its number, that of a row that was removed if there is one."""
        row = self._free.pop() if self._free else self._rows
        self._rows = max(self._rows, row + 1)
        self._change(row, (), keys.tolist())
        return row

    def remove(self, row: int, keys: Keys) -> None:
        """Remove a row that is in the index under these keys."""
        self._free.add(row)
        self._change(row, keys.tolist(), ())

    def move(self, row: int, before: Keys, after: Keys) -> None:
        """Let a row that is in the index under some keys be there under others; what stays costs nothing."""
        old, new = set(before.tolist()), set(after.tolist())
        self._change(row, old - new, new - old)

    def closed(self, keys: Keys, rules: NDArray[np.int64]) -> set[int]:
        """Return those of the keys whose block has grown past its rule's cap, so that it makes no candidates."""
        caps = self._caps[rules].tolist()
        return {key for key, cap in zip(keys.tolist(), caps, strict=True) if self._part(key).size(key) > cap}

    def members(self, keys: Keys) -> set[int]:
        """Return the rows that have some of the keys."""
        return {row for key in keys.tolist() for row in self._part(key).rows(key)}

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
        found: set[int] = set()
        if others < self._whole:
            found = set(range(self._rows)) - self._free
        else:
            for key, cap in zip(keys.tolist(), self._caps[rules].tolist(), strict=True):
                part = self._part(key)
                if part.size(key) > cap:
                    continue
                block = part.rows(key)
                if len(block) - (itself in block) < cap:
                    found.update(block)
        found.discard(-1 if itself is None else itself)
        return sorted(found)

    def _part(self, key: int) -> CandidatePart:
        """Return the part of a key, which is not to be changed."""
        return self._parts.get(key >> _SHIFT, _NOTHING)

    def _change(self, row: int, gone: Iterable[int], come: Iterable[int]) -> None:
        """Note keys of a row, and fold in the parts whose turn it is while too much waits."""
        for key in gone:
            self._waiting += self._parts[key >> _SHIFT].remove(key, row)
        for key in come:
            place = key >> _SHIFT
            part = self._parts.get(place)
            if part is None:
                part = self._parts[place] = CandidatePart()
            self._waiting += part.add(key, row)
        while self._waiting > max(self._few_waiting, self._folded // _WAITING_SHARE):
            self._fold_next()

    def _fold_next(self) -> None:
        """Fold in the next part in turn in which something waits; keys being spread, all have about as much."""
        while (part := self._parts.get(self._next)) is None or not part.waiting:
            self._next = (self._next + 1) % (1 << _PART_BITS)
        self._waiting -= part.waiting
        self._folded -= part.folded
        part.fold()
        self._folded += part.folded
        self._next = (self._next + 1) % (1 << _PART_BITS)


def _sorted(blocks: Iterable[tuple[Keys, NDArray[np.int32]]]) -> tuple[Keys, NDArray[np.int32]]:
    listed = list(blocks)
    keys = np.concatenate([np.zeros(0, dtype=np.uint64), *(keys for keys, _ in listed)])
    rows = np.concatenate([np.zeros(0, dtype=np.int32), *(rows for _, rows in listed)])
    order: NDArray[Any] = np.argsort(keys, kind="stable")
    return keys[order], rows[order]


def _parted(keys: Keys, rows: NDArray[np.int32]) -> dict[int, CandidatePart]:
    """Cut sorted keys where their first bits change."""
    firsts, starts = np.unique(keys >> np.uint64(_SHIFT), return_index=True)
    ends = [*starts.tolist(), len(keys)][1:]
    return {
        first: CandidatePart(keys[start:end], rows[start:end])
        for first, start, end in zip(firsts.tolist(), starts.tolist(), ends, strict=True)
    }
