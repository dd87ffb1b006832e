"""A part of the blocking keys of many records: sorted arrays, and what changed since they were sorted.

Pairs of a key and a row come in and go; the rows of a key go out. Knows nothing of rules and caps.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["CandidatePart"]

Keys: TypeAlias = NDArray[np.uint64]


class CandidatePart:
    """Pairs of a key and a row, each once.

    Args:
        keys: sorted; None for none.
        rows: the row of each.

    Attributes:
        waiting: changes that are not folded in.
    """

    __slots__ = ("_come", "_gone", "_keys", "_rows", "waiting")

    def __init__(self, keys: Keys | None = None, rows: NDArray[np.int32] | None = None) -> None:
        # Arrays of the standard library: to search one for a single key is sooner done than NumPy is called.
        self._keys: array[int] = array("Q")
        self._rows: array[int] = array("i")
        if keys is not None and rows is not None:
            self._keys.frombytes(keys.tobytes())
            self._rows.frombytes(rows.tobytes())
        # Tuples of numbers: the collector of garbage passes over them, whereas it visits every list.
        self._come: dict[int, tuple[int, ...]] = {}
        self._gone: dict[int, tuple[int, ...]] = {}
        self.waiting = 0

    @property
    def folded(self) -> int:
        """Number of pairs in the arrays."""
        return len(self._keys)

    def size(self, key: int) -> int:
        """Return how many rows have a key."""
        start, end = self._place(key)
        return end - start - len(self._gone.get(key, ())) + len(self._come.get(key, ()))

    def rows(self, key: int) -> list[int]:
        """Return the rows that have a key, each once, in no order."""
        start, end = self._place(key)
        found = self._rows[start:end].tolist()
        if key in self._gone:
            gone = set(self._gone[key])
            found = [row for row in found if row not in gone]
        found += self._come.get(key, ())
        return found

    def add(self, key: int, row: int) -> int:
        """Take in a pair that is not here; returns by how much more waits."""
        return self._note(key, row, self._gone, self._come)

    def remove(self, key: int, row: int) -> int:
        """Let go of a pair that is here; returns by how much more waits."""
        return self._note(key, row, self._come, self._gone)

    def fold(self) -> None:
        """Bring the arrays to what is held; cost is that of copying them."""
        keys = np.frombuffer(self._keys, dtype=np.uint64)
        rows = np.frombuffer(self._rows, dtype=np.int32)
        gone = [self._find(key, row) for key, some in self._gone.items() for row in some]
        places = np.array(gone, dtype=np.int64)
        keys, rows = np.delete(keys, places), np.delete(rows, places)
        come = sorted((key, row) for key, some in self._come.items() for row in some)
        new_keys = np.array([key for key, _ in come], dtype=np.uint64)
        new_rows = np.array([row for _, row in come], dtype=np.int32)
        places = np.searchsorted(keys, new_keys)
        folded = CandidatePart(np.insert(keys, places, new_keys), np.insert(rows, places, new_rows))
        self._keys, self._rows, self.waiting = folded._keys, folded._rows, 0
        self._come, self._gone = {}, {}

    def _note(self, key: int, row: int, undone: dict[int, tuple[int, ...]], done: dict[int, tuple[int, ...]]) -> int:
        """Note a change, or take back the opposite one that waits."""
        some = undone.get(key, ())
        if row in some:
            left = tuple(one for one in some if one != row)
            if left:
                undone[key] = left
            else:
                del undone[key]
            more = -1
        else:
            done[key] = (*done.get(key, ()), row)
            more = 1
        self.waiting += more
        return more

    def _place(self, key: int) -> tuple[int, int]:
        """Return where the rows of a key that are folded in start and end."""
        keys = self._keys
        start = bisect_left(keys, key)
        if start == len(keys) or keys[start] != key:
            return start, start
        return start, bisect_right(keys, key, start)

    def _find(self, key: int, row: int) -> int:
        start, end = self._place(key)
        return self._rows.index(row, start, end)
