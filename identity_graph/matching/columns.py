"""Operations on the values of an attribute, for a whole column of records or for one record.

Features are defined once in terms of these operations. `WholeColumns` does them on Arrow arrays, every text worked on
once per distinct value; `SingleValues` on the plain values of one record. Both give the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.normalise import fold

__all__ = [
    "COLUMN_TYPES", "Operations", "SingleValues", "Values", "WholeColumns", "flat", "fold_values", "is_empty",
    "word_lists",
]  # fmt: skip

Values: TypeAlias = Any
"""An Arrow array, or one value or None."""

COLUMN_TYPES = {"text": pa.string(), "number": pa.float64(), "list": pa.list_(pa.string())}


class Operations(Protocol):
    """What features are made with; `Values` are those of one attribute."""

    def mapped(self, values: Values, function: Callable[[str], Any], kind: str = "text") -> Values:
        """Apply a function to each text; nothing stays nothing, and the function may answer None."""

    def first(self, several: Sequence[Values]) -> Values:
        """Take the first value that is there among several; empty text is no value."""

    def joined(self, several: Sequence[Values], separator: str) -> Values:
        """Write several texts as one; nothing where any of them lacks."""

    def or_blank(self, values: Values) -> Values:
        """Put empty text where there is no value."""

    def where_none(self, several: Sequence[Values], values: Values) -> Values:
        """Keep values where all of several others lack."""

    def rare(self, words: Values, silent: Sequence[Collection[str]]) -> Values:
        """Keep the words of each list that are in no such collection; a list may end up empty."""

    def nothing(self) -> Values:
        """Return no text at all."""


def fold_values(do: Operations, values: Values) -> Values:
    """Bring texts to the comparison form; text without letters or digits becomes nothing."""
    return do.mapped(values, lambda text: fold(text) or None)


def word_lists(do: Operations, values: Values) -> Values:
    """Split folded texts into their distinct words of two letters or more, sorted."""
    return do.mapped(values, _words, "list")


def _words(text: str) -> list[str] | None:
    return sorted({word for word in text.split(" ") if len(word) > 1}) or None


def flat(column: Any) -> Values:
    """Return a column as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def is_empty(column: Any) -> bool:
    """Say whether a column holds no value at all."""
    return bool(column.null_count == len(column))


class WholeColumns:
    """The operations on Arrow arrays of so many records."""

    def __init__(self, count: int) -> None:
        self._count = count

    def mapped(self, values: Values, function: Callable[[str], Any], kind: str = "text") -> Values:
        encoded = values.dictionary_encode()
        changed = pa.array([function(text) for text in encoded.dictionary.to_pylist()], COLUMN_TYPES[kind])
        return changed.take(encoded.indices)

    def first(self, several: Sequence[Values]) -> Values:
        return pc.coalesce(*(pc.if_else(pc.equal(values, ""), None, values) for values in several))

    def joined(self, several: Sequence[Values], separator: str) -> Values:
        return pc.binary_join_element_wise(*several, separator)

    def or_blank(self, values: Values) -> Values:
        return pc.fill_null(values, "")

    def where_none(self, several: Sequence[Values], values: Values) -> Values:
        lacking = pc.is_null(pc.coalesce(*several))
        return pc.if_else(lacking, values, None)

    def rare(self, words: Values, silent: Sequence[Collection[str]]) -> Values:
        lengths = np.asarray(pc.fill_null(pc.list_value_length(words), 0))
        items = words.flatten()
        common = pa.array(sorted(set().union(*silent)), pa.string())
        kept = np.asarray(pc.invert(pc.is_in(items, value_set=common)))
        before = np.concatenate(([0], np.cumsum(kept)))
        ends = before[np.concatenate(([0], np.cumsum(lengths)))]
        return pa.ListArray.from_arrays(
            pa.array(ends, pa.int32()), items.filter(pa.array(kept)), mask=pc.is_null(words)
        )

    def nothing(self) -> Values:
        return pa.nulls(self._count, pa.string())


class SingleValues:
    """The operations on the values of one record."""

    def mapped(self, values: Values, function: Callable[[str], Any], kind: str = "text") -> Values:
        return None if values is None else function(values)

    def first(self, several: Sequence[Values]) -> Values:
        return next((value for value in several if value), None)

    def joined(self, several: Sequence[Values], separator: str) -> Values:
        return None if None in several else separator.join(several)

    def or_blank(self, values: Values) -> Values:
        return "" if values is None else values

    def where_none(self, several: Sequence[Values], values: Values) -> Values:
        return values if all(value is None for value in several) else None

    def rare(self, words: Values, silent: Sequence[Collection[str]]) -> Values:
        return None if words is None else [word for word in words if not any(word in common for common in silent)]

    def nothing(self) -> Values:
        return None
