"""One record table made ready for matching: its features, its candidate pairs and an open engine.

Training, scoring and completing all work on the same preparation, so none of it is done twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from identity_graph.matching.blocking import BlockingRule, blocking_rules, candidate_pairs
from identity_graph.matching.engine import Connection, open_engine
from identity_graph.matching.features import build_features
from identity_graph.matching.options import MatchingOptions
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What matching works on.

    Attributes:
        connection: the engine; closed when the preparation ends.
        features: feature table, one row per record.
        roles: role of each attribute.
        rules: blocking rules the features allow.
        candidates: packed candidate pairs, sorted, each once.
        options: budgets and seed.
    """

    connection: Connection
    features: Table
    roles: Mapping[str, Role]
    rules: tuple[BlockingRule, ...]
    candidates: NDArray[np.int64]
    options: MatchingOptions

    @property
    def count(self) -> int:
        """Number of records."""
        return int(self.features.num_rows)


@contextmanager
def prepare(records: Table, roles: Mapping[str, Role], options: MatchingOptions | None = None) -> Iterator[Prepared]:
    """Compute features and candidates of a record table, and keep the engine open meanwhile.

    Args:
        records: record table sorted by key, attributes as canonical text.
        roles: role of each attribute.
        options: budgets and seed; defaults when None.
    """
    options = options or MatchingOptions()
    features = build_features(records, roles)
    rules = blocking_rules(frozenset(features.column_names))
    with open_engine(options) as connection:
        candidates = candidate_pairs(connection, features, rules, options.pairs_budget(features.num_rows))
        yield Prepared(connection, features, roles, rules, candidates, options)
