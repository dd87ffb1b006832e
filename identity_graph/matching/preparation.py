"""One record table made ready for matching: its features, its candidate pairs and an open engine.

Training, scoring and completing all work on the same preparation, so none of it is done twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from identity_graph.matching.artefact import MatchModel
from identity_graph.matching.blocking import candidate_pairs, learn_caps
from identity_graph.matching.blocking_rules import blocking_rules
from identity_graph.matching.engine import Connection, open_engine
from identity_graph.matching.features import build_features, learn_features
from identity_graph.matching.options import MatchingOptions
from identity_graph.matching.vocabulary import Vocabulary
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
        vocabulary: what the features were computed with.
        blocking: rule name -> records its blocks may hold.
        candidates: packed candidate pairs, sorted, each once.
        options: budgets and seed.
    """

    connection: Connection
    features: Table
    roles: Mapping[str, Role]
    vocabulary: Vocabulary
    blocking: Mapping[str, int]
    candidates: NDArray[np.int64]
    options: MatchingOptions

    @property
    def count(self) -> int:
        """Number of records."""
        return int(self.features.num_rows)


@contextmanager
def prepare(
    records: Table, roles: Mapping[str, Role], options: MatchingOptions | None = None, model: MatchModel | None = None
) -> Iterator[Prepared]:
    """Compute features and candidates of a record table, and keep the engine open meanwhile.

    Args:
        records: record table sorted by key, attributes as canonical text.
        roles: role of each attribute.
        options: budgets and seed; defaults when None.
        model: features and candidates are those of this model; None learns from the table how to make them, for
            training.

    Raises:
        ModelError: the records have outgrown the model (see `candidate_pairs`).
    """
    options = options or MatchingOptions()
    budget = options.pairs_budget(records.num_rows)
    if model is None:
        vocabulary, features = learn_features(records, roles)
    else:
        vocabulary, features = model.vocabulary, build_features(records, roles, model.vocabulary)
    rules = blocking_rules(frozenset(vocabulary.columns))
    with open_engine(options) as connection:
        caps: Mapping[str, int]
        if model is None:
            caps, candidates = learn_caps(connection, features, rules, budget, options.whole_table)
        else:
            caps = model.blocking
            candidates = candidate_pairs(connection, features, rules, caps, options.pairs_growth * budget)
        yield Prepared(connection, features, roles, vocabulary, caps, candidates, options)
