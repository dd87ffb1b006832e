"""Compares a new partition with who resolves to whom now, and finds the groups that need work.

Labels of the records (sorted by key) and the present memberships come in; out come the groups whose members changed
and those whose members only changed content. Whole-array work: most groups of most runs are untouched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Regrouping", "regroup"]

_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What a new partition means for the customers that exist.

    Attributes:
        regrouped: row numbers of each group whose members changed, groups by their first row, rows ascending.
        refreshed: (customer id, row numbers) of groups with the same members of which at least one has new content.
        before: for each record row the id of the customer it resolves to now, or None.
        gone: (record key, customer id) of memberships whose record is no longer there, sorted.
        unchanged: number of groups that need nothing.
    """

    regrouped: tuple[npt.NDArray[np.int32], ...]
    refreshed: tuple[tuple[str, npt.NDArray[np.int32]], ...]
    before: tuple[str | None, ...]
    gone: tuple[tuple[str, str], ...]
    unchanged: int


def regroup(
    keys: pa.Array, labels: npt.NDArray[np.int32], memberships: pa.Table, fresh: npt.NDArray[np.bool_]
) -> Regrouping:
    """Find the groups that differ from the memberships.

    Args:
        keys: record keys, sorted, each once.
        labels: group of each record; any numbers, equal for members of one group.
        memberships: who resolves to whom now (`record_key`, `customer_id`), in any order.
        fresh: records whose content is newer than the last run.

    Returns:
        The groups that need work; cost grows with the number of records, plus a sort.
    """
    count = len(keys)
    customers = memberships["customer_id"].combine_chunks().dictionary_encode()
    names = customers.dictionary
    codes = customers.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    row_of = pc.fill_null(pc.index_in(memberships["record_key"].combine_chunks(), value_set=keys), _NOBODY)
    rows = row_of.to_numpy(zero_copy_only=False).astype(np.int64)

    before = np.full(count, _NOBODY, dtype=np.int64)
    there = rows >= 0
    before[rows[there]] = codes[there]
    sizes_before = np.bincount(codes, minlength=len(names)) if len(codes) else np.zeros(len(names), dtype=np.int64)

    order = np.argsort(labels, kind="stable").astype(np.int32)
    starts = np.flatnonzero(np.r_[True, labels[order][1:] != labels[order][:-1]]) if count else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[starts, count])
    first = before[order[starts]] if count else np.zeros(0, np.int64)
    agreeing = np.add.reduceat((before[order] == np.repeat(first, sizes)).astype(np.int64), starts) if count else sizes
    held_size = sizes_before[np.maximum(first, 0)] if len(names) else np.zeros(len(first), np.int64)
    same = (first >= 0) & (agreeing == sizes) & (held_size == sizes)
    touched = np.add.reduceat(fresh[order].astype(np.int64), starts) > 0 if count else same

    groups = np.split(order, starts[1:]) if count else []
    name_list = names.to_pylist()
    regrouped = sorted((groups[i] for i in np.flatnonzero(~same)), key=lambda group: int(group[0]))
    return Regrouping(
        regrouped=tuple(regrouped),
        refreshed=tuple((name_list[first[i]], groups[i]) for i in np.flatnonzero(same & touched)),
        before=tuple(None if code < 0 else name_list[code] for code in before.tolist()),
        gone=_gone(memberships, ~there),
        unchanged=int(np.count_nonzero(same & ~touched)),
    )


def _gone(memberships: pa.Table, missing: npt.NDArray[np.bool_]) -> tuple[tuple[str, str], ...]:
    lost = memberships.filter(pa.array(missing))
    return tuple(sorted(zip(lost["record_key"].to_pylist(), lost["customer_id"].to_pylist(), strict=True)))
