"""How many pairs of one person nobody weighed: capture and recapture over the columns.

Records and pairs that were found come in, a number goes out. A pair is caught when it agrees on some column, because
blocking looks for agreement; the more columns the pairs that were found agree on, the fewer can agree on none.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow.compute as pc

from identity_graph.links.types import Rows
from identity_graph.tables import Table

__all__ = ["unseen_pairs"]

_MOST_PAIRS = 100_000


def unseen_pairs(records: Table, attributes: Iterable[str], left: Rows, right: Rows) -> float:
    """Estimate how many pairs of one person were never weighed.

    Args:
        records: record table.
        attributes: the columns that the model compares.
        left: rows of pairs in one cluster; each pair of people once.
        right: the other rows.

    Returns:
        Pairs that agree on no column, f1 (f1 - 1) / 2 (f2 + 1) of those that agree on one and on two, without those
        found all the same through other records. A lower bound in theory: columns agree together, and bad records are
        bad throughout.

    Source: Chao (1987), bias-corrected form. At most 100,000 pairs are looked at, spread evenly.
    """
    step = max(1, -(-len(left) // _MOST_PAIRS))
    one, other = left[::step], right[::step]
    agreeing = np.zeros(len(one), dtype=np.int64)
    for attribute in attributes:
        if attribute in records.column_names:
            codes = pc.fill_null(records[attribute].combine_chunks().dictionary_encode().indices, -1)
            value = codes.to_numpy(zero_copy_only=False)
            agreeing += (value[one] == value[other]) & (value[one] >= 0)
    none, single, double = np.bincount(agreeing, minlength=3)[:3].astype(float).tolist()
    lacking: float = single * (single - 1.0) / (2.0 * (double + 1.0)) - none
    return max(0.0, lacking) * step
