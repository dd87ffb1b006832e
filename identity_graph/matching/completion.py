"""Which pairs nobody weighed although links hold both records in one group.

Scored pairs come in; packed pairs to weigh go out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from identity_graph.matching.blocking import pack
from identity_graph.tables import Table

__all__ = ["unknown_pairs"]


def unknown_pairs(scored: Table, count: int, threshold: float, budget: int) -> NDArray[np.int64]:
    """List the pairs inside connected groups that are not among the scored ones.

    Args:
        scored: scored pairs, each once.
        count: number of records.
        threshold: bits; pairs above it connect.
        budget: pairs inside groups that may be looked at; the smallest groups come first, so that a giant one, whose
            links are hardly worth it, costs nothing.

    Returns:
        Packed pairs, sorted.
    """
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    joins = scored["match_weight"].to_numpy() > threshold
    if not joins.any():
        return np.zeros(0, dtype=np.int64)
    graph = coo_array((np.ones(int(joins.sum()), dtype=np.int8), (left[joins], right[joins])), shape=(count, count))
    group = connected_components(graph, directed=False)[1]
    sizes = np.bincount(group)
    inside = group[left] == group[right]
    lacking = np.bincount(group[left[inside]], minlength=len(sizes)) < sizes * (sizes - 1) // 2
    members = np.argsort(group, kind="stable").astype(np.int32)
    starts = np.cumsum(sizes) - sizes
    wanted = [np.zeros(0, dtype=np.int64)]
    spent = 0
    for size in np.unique(sizes[lacking]).tolist():
        places = starts[lacking & (sizes == size)]
        spent += len(places) * size * (size - 1) // 2
        if spent > budget:
            break
        rows = members[places[:, None] + np.arange(size)]
        low, high = np.triu_indices(size, 1)
        wanted.append(pack(rows[:, low].ravel(), rows[:, high].ravel()))
    return np.setdiff1d(np.concatenate(wanted), pack(left[inside], right[inside]), assume_unique=True)
