"""The scored pairs of all records as they were at the start, in arrays: of most records nothing else is ever asked.

Scored pairs by row come in; the neighbours of a row go out, for as long as they are what they were. A record that
changes is struck out of the lists of all others at once, without touching them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from identity_graph.errors import ModelError
from identity_graph.matching import MatchingOptions, MatchModel, prepare, score
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["KnownPairs", "weighed_at_once"]


class KnownPairs:
    """Neighbours of rows, with match weights.

    Args:
        pairs: PAIR_SCHEMA, each pair of rows once.
        count: number of rows.
    """

    def __init__(self, pairs: Table, count: int) -> None:
        left, right = (pairs[side].to_numpy() for side in ("left", "right"))
        ends = np.concatenate([left, right])
        order = np.argsort(ends, kind="stable")
        self._others = np.concatenate([right, left])[order].astype(np.int32)
        self._weights = np.tile(pairs["match_weight"].to_numpy(), 2)[order]
        self._starts = np.searchsorted(ends[order], np.arange(count + 1)).astype(np.int32)
        self._complete = np.ones(count, dtype=np.bool_)
        self._unchanged = np.ones(count, dtype=np.bool_)

    def of(self, row: int) -> list[tuple[int, float]] | None:
        """Return the neighbours of a row, those left out that have changed since; None when they are not known."""
        if not self.complete(row):
            return None
        start, end = self._starts[row], self._starts[row + 1]
        others = self._others[start:end]
        kept = self._unchanged[others]
        return list(zip(others[kept].tolist(), self._weights[start:end][kept].tolist(), strict=True))

    def complete(self, row: int) -> bool:
        """Say whether `of` a row is known."""
        return row < len(self._complete) and bool(self._complete[row])

    def outdated(self, row: int) -> None:
        """Note that the neighbours that a row had at the start tell nothing any more."""
        if row < len(self._complete):
            self._complete[row] = False

    def changed(self, row: int) -> None:
        """Note that the record of a row is not what it was at the start."""
        self.outdated(row)
        if row < len(self._unchanged):
            self._unchanged[row] = False


def weighed_at_once(
    model: MatchModel,
    records: Table,
    roles: Mapping[str, Role],
    options: MatchingOptions,
    people: NDArray[np.bool_] | None,
) -> KnownPairs | None:
    """Weigh all candidates of all records together, which takes some percent of the time of one by one.

    Args:
        model: the model in use.
        records: record table sorted by key.
        roles: role of each attribute.
        options: resources, and the lowest weight that counts.
        people: per record, whether it says who somebody is; of two that do not nothing is weighed. None means all do.

    Returns:
        The pairs; None when the records have outgrown the model, so that they are too many to weigh all.
    """
    try:
        with prepare(records, roles, options, model) as prepared:
            return KnownPairs(score(prepared, model, people=people), records.num_rows)
    except ModelError:
        return None
