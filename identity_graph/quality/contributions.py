"""What comparisons, columns and sources contributed to a run.

The model and the records come in; plain rows go out. A comparison's worth is what it tells of a pair of one person on
average: sum of m log2(m / u) over its levels, in bits (Source: Kullback and Leibler 1951).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from identity_graph.links.types import Rows
from identity_graph.matching import MatchModel
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["columns", "comparisons", "sources"]

_NOTHING = 0.1
"""Bits below which a comparison hardly tells anybody apart."""
_HARDLY_FILLED = 0.01


def comparisons(model: MatchModel) -> list[dict[str, Any]]:
    """Return name, worth in bits and whether it carried nothing, of each comparison; the best first."""
    found = []
    for comparison in model.settings["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        m = np.array([level["m_probability"] for level in levels], dtype=np.float64)
        u = np.array([level["u_probability"] for level in levels], dtype=np.float64)
        bits = float((m * np.log2(m / u)).sum() / m.sum())
        name = comparison["output_column_name"]
        found.append({"comparison": name, "bits": round(bits, 2), "nothing": bits < _NOTHING})
    return sorted(found, key=lambda row: (-row["bits"], row["comparison"]))


def columns(records: Table, roles: Mapping[str, Role], model: MatchModel) -> list[dict[str, Any]]:
    """Return the columns that carried nothing, with the reason."""
    found = []
    for attribute in sorted(roles):
        if attribute not in records.column_names:
            filled = 0.0
        else:
            filled = 1.0 - records[attribute].null_count / max(records.num_rows, 1)
        if filled < _HARDLY_FILLED:
            found.append({"column": attribute, "filled": round(filled, 4), "reason": "hardly ever filled"})
        elif attribute not in model.roles:
            found.append({"column": attribute, "filled": round(filled, 4), "reason": "not compared"})
    return found


def sources(records: Table, labels: Rows, model: MatchModel) -> list[dict[str, Any]]:
    """Return per source its records, how many share a cluster with another of it, and whether people are there once."""
    names = records["source"].combine_chunks().dictionary_encode()
    codes = np.asarray(names.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    cells = labels.astype(np.int64) * max(len(names.dictionary), 1) + codes
    _, cell, counts = np.unique(cells, return_inverse=True, return_counts=True)
    repeated = np.bincount(codes, weights=counts[cell] > 1, minlength=len(names.dictionary))
    size = np.bincount(codes, minlength=len(names.dictionary))
    rows = []
    for place, name in enumerate(pa.array(names.dictionary).to_pylist()):
        structure = model.structure.get(name)
        rows.append(
            {
                "source": name,
                "records": int(size[place]),
                "records_with_duplicates": int(repeated[place]),
                "each_person_once": structure.duplicate_free if structure else None,
            }
        )
    return sorted(rows, key=lambda row: row["source"])
