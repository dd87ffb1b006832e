"""Turns scored pairs (row numbers, one column of bits per comparison) into the rows that the graph stores.

Record keys and scored pairs come in, a table per MATCH_SCHEMA goes out. Text is built by whole columns: a million
pairs take seconds.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.facts.matches import MATCH_SCHEMA
from identity_graph.tables import Table

__all__ = ["LOWEST_STORED_WEIGHT", "match_table"]

LOWEST_STORED_WEIGHT = -4.0
"""Bits; weaker pairs are strangers (odds below 1 in 16) and would only fill the graph."""

_WEIGHT = "mw_"


def match_table(keys: pa.ChunkedArray, scored: Table, model_version: str) -> Table:
    """Return the pairs worth storing as rows.

    Args:
        keys: record keys, by row.
        scored: scored pairs (PAIR_SCHEMA) with their columns of evidence, `mw_<comparison>`, in bits.
        model_version: version of the model that scored them.

    Returns:
        Rows per MATCH_SCHEMA, in the order of the pairs.
    """
    pairs = scored.filter(pc.greater_equal(scored["match_weight"], LOWEST_STORED_WEIGHT))
    keys = keys.combine_chunks()
    return pa.table(
        {
            "left": keys.take(pairs["left"].combine_chunks()),
            "right": keys.take(pairs["right"].combine_chunks()),
            "match_weight": pc.round(pairs["match_weight"], 2),
            "model_version": pa.repeat(pa.scalar(model_version), pairs.num_rows),
            "evidence": _evidence(pairs),
        },
        schema=MATCH_SCHEMA,
    )


def _evidence(pairs: Table) -> pa.Array:
    """Write the bits of each comparison as one JSON object per pair; comparisons that say nothing are left out."""
    parts = [
        _part(name.removeprefix(_WEIGHT), pairs[name].combine_chunks())
        for name in pairs.column_names
        if name.startswith(_WEIGHT)
    ]
    if not parts:
        return pa.repeat(pa.scalar("{}"), pairs.num_rows)
    # Every part brings its own comma and the first is cut off: a join that skips nulls also skips a row of nulls only.
    inside = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*parts, ""), start=1)
    return pc.binary_join_element_wise("{", inside, "}", "")


def _part(comparison: str, bits: pa.Array) -> pa.Array:
    """Write one member of the object per pair with a comma before it, or nothing where the comparison is silent."""
    rounded = pc.round(bits.cast(pa.float64()), 2)
    silent = pc.equal(pc.fill_null(rounded, 0.0), 0.0)
    member = pc.binary_join_element_wise(f',"{comparison}"', rounded.cast(pa.string()), ":")
    return pc.if_else(silent, pa.scalar(""), member)
