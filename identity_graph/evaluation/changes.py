"""What changes between two partitions of the same records: which groups merge, split or stay.

Two label arrays come in, counts and the changed groups go out. A change is as small as it can be: groups that hand
records to each other, directly or through others, are one change, and nothing outside it is touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["ChangeShape", "GroupChange", "PartitionChange", "compare_partitions"]

Codes = npt.NDArray[np.int64]


class ChangeShape(StrEnum):
    """How groups changed."""

    MERGED = "merged"
    SPLIT = "split"
    REGROUPED = "regrouped"


@dataclass(frozen=True, slots=True)
class GroupChange:
    """Some groups before and what they are afterwards.

    Attributes:
        shape: several became one, one became several, or several became several others.
        rows: the records, ascending.
        before, after: group of each of these records, numbered from 0 by first record.
        gained, lost: pairs of records that are together now and were not, and the other way round.
    """

    shape: ChangeShape
    rows: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class PartitionChange:
    """All that changes between two partitions.

    Attributes:
        groups_before, groups_after: how many groups there are.
        unchanged: groups that hold the same records before and after.
        gained, lost: pairs of records, as in GroupChange.
        changes: the changes, most pairs first, then by first record.
    """

    groups_before: int
    groups_after: int
    unchanged: int
    gained: int
    lost: int
    changes: tuple[GroupChange, ...]

    def count(self, shape: ChangeShape) -> int:
        """Count the changes of a shape."""
        return sum(change.shape is shape for change in self.changes)


def compare_partitions(before: npt.NDArray[np.integer], after: npt.NDArray[np.integer]) -> PartitionChange:
    """Compare two partitions.

    Args:
        before, after: group of each record, any numbers; of equal length.

    Returns:
        What changes; which numbers the groups have makes no difference.

    Cost: near linear in the number of records.
    """
    old, new = (np.unique(labels, return_inverse=True)[1].ravel().astype(np.int64) for labels in (before, after))
    count_old, count_new = (int(codes.max()) + 1 if len(codes) else 0 for codes in (old, new))
    edges = (np.ones(len(old), dtype=np.int8), (old, new + count_old))
    size = count_old + count_new
    home = connected_components(coo_array(edges, shape=(size, size)), directed=False)[1] if len(old) else old
    moving = (np.bincount(home[:count_old]) > 1) | (np.bincount(home[count_old:]) > 1) if len(old) else old > 0
    rows = np.flatnonzero(moving[home[old]]) if len(old) else old
    rows = rows[np.argsort(home[old[rows]], kind="stable")]
    starts = np.flatnonzero(np.diff(home[old[rows]])) + 1
    parts = np.split(rows, starts) if len(rows) else []
    changes = sorted((_change(part, old, new) for part in parts), key=lambda one: (-one.gained - one.lost, one.rows[0]))
    return PartitionChange(
        groups_before=count_old,
        groups_after=count_new,
        unchanged=int(np.count_nonzero(~moving)),
        gained=sum(change.gained for change in changes),
        lost=sum(change.lost for change in changes),
        changes=tuple(changes),
    )


def _change(rows: Codes, old: Codes, new: Codes) -> GroupChange:
    before, after = _numbered(old[rows]), _numbered(new[rows])
    both = _pairs(np.unique(before * (len(rows) + 1) + after, return_counts=True)[1])
    shape = ChangeShape.REGROUPED
    if before.max() == 0 or after.max() == 0:
        shape = ChangeShape.SPLIT if before.max() == 0 else ChangeShape.MERGED
    return GroupChange(
        shape=shape,
        rows=tuple(rows.tolist()),
        before=tuple(before.tolist()),
        after=tuple(after.tolist()),
        gained=_pairs(np.bincount(after)) - both,
        lost=_pairs(np.bincount(before)) - both,
    )


def _numbered(codes: Codes) -> Codes:
    """Number groups from 0 in the order in which they appear."""
    _, first, group = np.unique(codes, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[group.ravel()].astype(np.int64)


def _pairs(sizes: npt.NDArray[np.integer]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
