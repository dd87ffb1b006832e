"""Identifier lists of many records at once: columns of values in, one list per row out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.tables import IDENTIFIER_STRUCT

__all__ = ["IdentifierColumn", "identifier_lists", "no_identifiers"]


@dataclass(frozen=True, slots=True)
class IdentifierColumn:
    """Canonical values of one column and their namespace; null where a row has none."""

    namespace: str
    values: pa.Array


def identifier_lists(columns: Sequence[IdentifierColumn], count: int) -> pa.Array:
    """Put the identifiers of each row into a list, in column order, each identifier once.

    Args:
        columns: identifier columns, each `count` long.
        count: number of rows.

    Returns:
        List of (namespace, value) per row; empty, never null.
    """
    if not columns:
        return no_identifiers(count)
    present = np.empty((count, len(columns)), dtype=bool)
    for number, column in enumerate(columns):
        here = pc.is_valid(column.values)
        for earlier in columns[:number]:
            if earlier.namespace == column.namespace:
                same = pc.fill_null(pc.equal(column.values, earlier.values), False)
                here = pc.and_not(here, same)
        present[:, number] = here.to_numpy(zero_copy_only=False)
    places = np.arange(len(columns), dtype=np.int64)[None, :] * count + np.arange(count, dtype=np.int64)[:, None]
    chosen = places[present]
    values = pa.concat_arrays([column.values for column in columns]).take(pa.array(chosen))
    names = pa.array([column.namespace for column in columns], pa.string())
    namespaces = names.take(pa.array(chosen // max(count, 1)))
    offsets = np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int32)
    structs = pa.StructArray.from_arrays([namespaces, values], fields=list(IDENTIFIER_STRUCT))
    return pa.ListArray.from_arrays(pa.array(offsets), structs).cast(pa.list_(IDENTIFIER_STRUCT))


def no_identifiers(count: int) -> pa.Array:
    """Return `count` empty lists."""
    return pa.ListArray.from_arrays(
        pa.array(np.zeros(count + 1, dtype=np.int32)), pa.array([], IDENTIFIER_STRUCT)
    ).cast(pa.list_(IDENTIFIER_STRUCT))
