"""Which scored pairs the graph is to have after a step, and which of the stored ones the step can tell about.

A scope and the records in memory come in; pairs with their weights go out. A pair can only differ from what is stored
where one of its records changed, or where both were resolved together.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.pipeline.match_rows import LOWEST_STORED_WEIGHT, match_table
from identity_graph.realtime.index import LiveIndex
from identity_graph.realtime.scope import Scope
from identity_graph.tables import PAIR_SCHEMA, Table

__all__ = ["Pair", "StepPairs", "StoredPairs", "match_rows"]

Pair: TypeAlias = tuple[str, str]
"""Smaller and larger record key."""

StoredPairs: TypeAlias = dict[Pair, tuple[float, str]]
"""Per pair its weight as it is stored, and the model version."""


class StepPairs:
    """The pairs of one step.

    Args:
        index: the records as they are now.
        scope: what was resolved.
        core: keys of the records that were.
        paired: records whose pairs with any other may differ from what they were.
    """

    def __init__(self, index: LiveIndex, scope: Scope, core: Collection[str], paired: Collection[str]) -> None:
        self._index, self._scope, self._core, self._paired = index, scope, core, paired

    def concern(self, pair: Pair) -> bool:
        """Say whether a pair may differ from what is stored."""
        left, right = pair
        return left in self._paired or right in self._paired or (left in self._core and right in self._core)

    def may_be_stored(self, keys: Iterable[str]) -> Iterator[str]:
        """Yield those of some records that may have stored pairs: a visitor who says nothing weighs too little."""
        matcher = self._index.matcher
        enough = matcher.of_nothing >= LOWEST_STORED_WEIGHT
        for key in keys:
            if enough or key in self._paired or key not in self._index or matcher.says_anything(key):
                yield key

    def as_stored(self) -> StoredPairs:
        """Return the pairs that the graph is to have, of those concerned: weight as it is stored, and model version."""
        wanted = {pair: weight for pair, weight in self._scope.weights.items() if self.concern(pair)}
        for key in self._paired:
            if key in self._index:
                near = self._index.neighbours.of(key).items()
                wanted.update(((min(key, other), max(key, other)), weight) for other, weight in near)
        wanted = {pair: weight for pair, weight in wanted.items() if weight >= LOWEST_STORED_WEIGHT}
        rounded = pc.round(pa.array(list(wanted.values()), pa.float64()), 2).to_pylist()
        return {pair: (weight, self._index.version) for pair, weight in zip(wanted, rounded, strict=True)}

    def gone(self, stored: Iterable[Pair], wanted: Container[Pair]) -> list[Pair]:
        """Return those of some stored pairs that the graph is not to have any more.

        Args:
            stored: of any records; of a pair with a record beside the step nothing is known.
            wanted: from `as_stored`.
        """
        return [pair for pair in stored if pair not in wanted and self.concern(pair)]


def match_rows(index: LiveIndex, pairs: Sequence[Pair]) -> Table:
    """Return pairs as they are stored (MATCH_SCHEMA), with the evidence of each."""
    keys = sorted({key for pair in pairs for key in pair})
    row_of = {key: row for row, key in enumerate(keys)}
    found = [index.matcher.explain(*pair) for pair in pairs]
    columns = {
        "left": pa.array([row_of[left] for left, _ in pairs], pa.int32()),
        "right": pa.array([row_of[right] for _, right in pairs], pa.int32()),
        "match_weight": pa.array([weight for weight, _ in found], pa.float64()),
    }
    for place, name in enumerate(index.matcher.names):
        columns[f"mw_{name}"] = pa.array([bits[place] for _, bits in found], pa.float64())
    evidence = [pa.field(f"mw_{name}", pa.float64()) for name in index.matcher.names]
    scored = pa.table(columns, schema=pa.schema([*PAIR_SCHEMA, *evidence]))
    return match_table(pa.chunked_array([pa.array(keys, pa.string())]), scored, index.version)
