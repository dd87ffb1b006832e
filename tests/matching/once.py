"""Training and scoring in one step each, for tests that do one of them on a table of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping

from identity_graph import matching
from identity_graph.matching import MatchingOptions, MatchModel
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["score", "train"]


def train(records: Table, roles: Mapping[str, Role], options: MatchingOptions | None = None) -> MatchModel:
    with matching.prepare(records, roles, options) as prepared:
        return matching.train(prepared)


def score(
    records: Table,
    roles: Mapping[str, Role],
    model: MatchModel,
    options: MatchingOptions | None = None,
    extra_pairs: Table | None = None,
    evidence: bool = False,
) -> Table:
    with matching.prepare(records, roles, options, model) as prepared:
        pairs = matching.score(prepared, model, evidence)
        if extra_pairs is None:
            return pairs
        wanted = matching.Completion(math.inf, extra_pairs)
        return matching.complete(prepared, model, pairs, wanted, evidence)
