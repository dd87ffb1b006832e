"""Arrow columns of text worked on once per distinct value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.normalise import fold

__all__ = ["coalesced", "flat", "fold_column", "is_empty", "map_distinct", "rare_words", "words_column"]

Array: TypeAlias = "pa.Array"


def flat(column: Any) -> Array:
    """Return a column as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def is_empty(column: Any) -> bool:
    """Say whether a column holds no value at all."""
    return bool(column.null_count == len(column))


def map_distinct(column: Any, function: Callable[[str], Any], kind: pa.DataType | None = None) -> Array:
    """Apply a function to each distinct text once; null stays null and the function may answer None."""
    encoded = flat(column).dictionary_encode()
    values = pa.array([function(text) for text in encoded.dictionary.to_pylist()], kind or pa.string())
    return values.take(encoded.indices)


def fold_column(column: Any) -> Array:
    """Bring a text column to the comparison form; text without letters or digits becomes null."""
    return map_distinct(column, lambda text: fold(text) or None)


def coalesced(columns: Sequence[Any]) -> Array:
    """Take the first value present among several columns of one role; empty text is no value."""
    blankless = [pc.if_else(pc.equal(flat(column), ""), None, flat(column)) for column in columns]
    return flat(pc.coalesce(*blankless))


def words_column(column: Any) -> Array:
    """Split folded text into its distinct words of two letters or more, sorted."""

    def words(text: str) -> list[str] | None:
        return sorted({word for word in text.split(" ") if len(word) > 1}) or None

    return map_distinct(column, words, pa.list_(pa.string()))


def rare_words(words: Any, common: Collection[str]) -> Array:
    """Keep the words of each list that are not common; a list may end up empty, null stays null."""
    lists = flat(words)
    lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0))
    items = lists.flatten()
    kept = np.asarray(pc.invert(pc.is_in(items, value_set=pa.array(sorted(common), pa.string()))))
    before = np.concatenate(([0], np.cumsum(kept)))
    ends = before[np.concatenate(([0], np.cumsum(lengths)))]
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), items.filter(pa.array(kept)), mask=pc.is_null(lists))
