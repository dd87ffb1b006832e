"""Turns scored pairs (row numbers, one column of bits per comparison) into the rows that the graph stores.

Records and what linking found come in, a table per MATCH_SCHEMA goes out. Text is built by whole columns: a million
pairs take seconds.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.facts.matches import MATCH_SCHEMA
from identity_graph.pipeline.linking import Linked
from identity_graph.tables import Table

__all__ = ["LOWEST_STORED_WEIGHT", "match_table"]

LOWEST_STORED_WEIGHT = -4.0
"""Bits; weaker pairs are strangers (odds below 1 in 16) and would only fill the graph."""

_WEIGHT = "mw_"


def match_table(records: Table, linked: Linked) -> Table:
    """Return the pairs worth storing, per MATCH_SCHEMA, sorted by left and right key."""
    pairs = linked.pairs.filter(pc.greater_equal(linked.pairs["match_weight"], LOWEST_STORED_WEIGHT))
    keys = records["key"].combine_chunks()
    return pa.table(
        {
            "left": keys.take(pairs["left"].combine_chunks()),
            "right": keys.take(pairs["right"].combine_chunks()),
            "match_weight": pc.round(pairs["match_weight"], 2),
            "model_version": pa.repeat(pa.scalar(linked.model.version), pairs.num_rows),
            "evidence": _evidence(pairs),
        },
        schema=MATCH_SCHEMA,
    )


def _evidence(pairs: Table) -> pa.Array:
    """Write the bits of each comparison as one JSON object per pair; comparisons that say nothing are left out."""
    parts = []
    for name in pairs.column_names:
        if not name.startswith(_WEIGHT):
            continue
        bits = pc.round(pairs[name].combine_chunks().cast(pa.float64()), 2)
        part = pc.binary_join_element_wise(f'"{name.removeprefix(_WEIGHT)}"', bits.cast(pa.string()), ":")
        parts.append(pc.if_else(pc.equal(pc.fill_null(bits, 0.0), 0.0), pa.scalar(None, pa.string()), part))
    if not parts:
        return pa.repeat(pa.scalar("{}"), pairs.num_rows)
    inside = pc.binary_join_element_wise(*parts, ",", null_handling="skip")
    return pc.binary_join_element_wise("{", inside, "}", "")
