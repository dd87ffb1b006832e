"""Which records an alias ties: whoever gave up a user id, and the records of the user that had it.

A record table and its identifiers come in; pairs of rows go out. A source's alias counts within that source alone:
nobody else knows whom its user ids mean.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.links.identifiers import IdentifierTable
from identity_graph.links.types import Codes, Flags, Rows, empty_pairs
from identity_graph.tables import Table

__all__ = ["PREVIOUS_ID", "USER_ID", "alias_pairs"]

USER_ID = "user_id"
PREVIOUS_ID = "previous_id"


def alias_pairs(records: Table, table: IdentifierTable, refused: Flags, user: Codes) -> Rows:
    """Return the rows that aliases tie.

    Args:
        records: record table sorted by key.
        table: its identifiers.
        refused: per code, whether it may not link.
        user: per record the code of its one user id, -1 where it has none or several.

    Returns:
        Pairs of rows (n x 2, left < right, ascending), each once.
    """
    names = table.namespaces
    if PREVIOUS_ID not in names or USER_ID not in names:
        return empty_pairs()
    previous = np.flatnonzero(table.codes_in(PREVIOUS_ID) & ~refused)
    users = np.flatnonzero(table.codes_in(USER_ID))
    found = pc.index_in(table.value.take(pa.array(previous)), value_set=table.value.take(pa.array(users)))
    meant = {
        code: users[place]
        for code, place in zip(previous.tolist(), found.to_pylist(), strict=True)
        if place is not None
    }
    if not meant:
        return empty_pairs()
    sources = records["source"].combine_chunks()
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(np.isin(user, list(meant.values()))).tolist():
        rows_of[int(user[row])].append(row)
    pairs: set[tuple[int, int]] = set()
    for place in np.flatnonzero(np.isin(table.code, list(meant))).tolist():
        row = int(table.row[place])
        for other in rows_of[int(meant[int(table.code[place])])]:
            if other != row and sources[other] == sources[row]:
                pairs.add((min(row, other), max(row, other)))
    return np.array(sorted(pairs), dtype=np.int32) if pairs else empty_pairs()
