"""Which pairs nobody weighed although links hold both records in one group.

Scored pairs come in; packed pairs to weigh go out. Training learns up to which size a group is worth it
(`affordable_size`); with that given, what is weighed inside a group follows from the group alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from identity_graph.matching.blocking import pack
from identity_graph.tables import Table

__all__ = ["affordable_size", "unknown_pairs"]


def affordable_size(scored: Table, count: int, threshold: float, budget: int) -> int:
    """Return how many records a group may have for its pairs to be weighed.

    Args:
        scored: scored pairs, each once.
        count: number of records.
        threshold: bits; pairs above it connect.
        budget: pairs inside groups that may be looked at; the smallest groups come first, so that a giant one, whose
            links are hardly worth it, costs nothing.

    Returns:
        The largest size of which all groups, and all smaller ones, fit the budget; where all fit, that of one more
        group that would.
    """
    groups = _groups(scored, count, threshold)
    spent = 0
    for size in np.unique(groups.sizes[groups.lacking]).tolist():
        cost = int(np.count_nonzero(groups.lacking & (groups.sizes == size))) * size * (size - 1) // 2
        if spent + cost > budget:
            return int(size) - 1
        spent += cost
    return max((1 + math.isqrt(1 + 8 * (budget - spent))) // 2, int(groups.sizes.max(initial=1)))


def unknown_pairs(scored: Table, count: int, threshold: float, largest: int) -> NDArray[np.int64]:
    """List the pairs inside connected groups that are not among the scored ones.

    Args:
        scored: scored pairs, each once.
        count: number of records.
        threshold: bits; pairs above it connect.
        largest: groups of more records are left as they are.

    Returns:
        Packed pairs, sorted.
    """
    groups = _groups(scored, count, threshold)
    members = np.argsort(groups.group, kind="stable").astype(np.int32)
    starts = np.cumsum(groups.sizes) - groups.sizes
    wanted = [np.zeros(0, dtype=np.int64)]
    for size in np.unique(groups.sizes[groups.lacking & (groups.sizes <= largest)]).tolist():
        places = starts[groups.lacking & (groups.sizes == size)]
        rows = members[places[:, None] + np.arange(size)]
        low, high = np.triu_indices(size, 1)
        wanted.append(pack(rows[:, low].ravel(), rows[:, high].ravel()))
    known = pack(scored["left"].to_numpy()[groups.inside], scored["right"].to_numpy()[groups.inside])
    return np.setdiff1d(np.concatenate(wanted), known, assume_unique=True)


@dataclass(frozen=True, slots=True)
class _Groups:
    """What links above the threshold hold together: each record's group, and by group its size and if pairs lack."""

    group: NDArray[np.int32]
    sizes: NDArray[np.int64]
    lacking: NDArray[np.bool_]
    inside: NDArray[np.bool_]


def _groups(scored: Table, count: int, threshold: float) -> _Groups:
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    joins = scored["match_weight"].to_numpy() > threshold
    group = np.arange(count, dtype=np.int32)
    if joins.any():
        graph = coo_array((np.ones(int(joins.sum()), dtype=np.int8), (left[joins], right[joins])), shape=(count, count))
        group = connected_components(graph, directed=False)[1]
    sizes = np.bincount(group, minlength=1)
    inside = group[left] == group[right]
    lacking = np.bincount(group[left[inside]], minlength=len(sizes)) < sizes * (sizes - 1) // 2
    return _Groups(group, sizes, lacking, inside)
