"""Weigh the candidate pairs of a record table by a trained model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.errors import InvalidSettingError
from identity_graph.matching.artefact import MatchModel
from identity_graph.matching.blocking import blocking_rules, candidate_pairs, pack, unpack
from identity_graph.matching.engine import open_engine
from identity_graph.matching.features import build_features
from identity_graph.matching.options import MatchingOptions
from identity_graph.matching.splink_model import score_pairs
from identity_graph.roles import Role
from identity_graph.tables import PAIR_SCHEMA, Table

__all__ = ["score"]

_TYPES = {"text": pa.string(), "number": pa.float64(), "list": pa.list_(pa.string())}


def score(
    records: Table,
    roles: Mapping[str, Role],
    model: MatchModel,
    options: MatchingOptions | None = None,
    extra_pairs: Table | None = None,
    evidence: bool = False,
) -> Table:
    """Find candidate pairs and weigh them, together with pairs given from outside.

    Args:
        records: record table sorted by key, attributes as canonical text.
        roles: role of each attribute.
        model: a trained model.
        options: budgets and the lowest weight to return; defaults when None.
        extra_pairs: int32 columns `left` and `right`, rows to weigh whatever the blocking finds; these are returned
            whatever they weigh.
        evidence: add one column `mw_<comparison>` per comparison, in bits, and `mw_neighbours`, what speaks for two
            people of one household, street or office instead; they and the prior add up to the weight.

    Returns:
        Pairs (PAIR_SCHEMA), each once, sorted by left and right.

    Raises:
        InvalidSettingError: an extra pair names a row that does not exist, or a row twice.
    """
    options = options or MatchingOptions()
    features = build_features(records, roles)
    extra = _packed(extra_pairs, features.num_rows)
    rules = blocking_rules(frozenset(features.column_names))
    with open_engine(options) as connection:
        found = candidate_pairs(connection, features, rules, options.pairs_budget(features.num_rows))
        features = _completed(features, model)
        wanted = np.union1d(found, extra)
        if len(wanted) == 0 or not model.comparisons:
            return _unweighed(wanted, model, evidence)
        left, right = unpack(wanted)
        threshold = None if len(extra) else options.minimum_weight
        pairs = pa.table({"left": left, "right": right})
        scored = score_pairs(connection, features, model, pairs, threshold=threshold, evidence=evidence)
    if len(extra):
        packed = pack(scored["left"].to_numpy(), scored["right"].to_numpy())
        kept = (scored["match_weight"].to_numpy() >= options.minimum_weight) | np.isin(packed, extra)
        scored = scored.filter(pa.array(kept))
    else:
        scored = scored.filter(pc.greater_equal(scored["match_weight"], options.minimum_weight))
    scored = scored.sort_by([("left", "ascending"), ("right", "ascending")])
    return scored.cast(_schema(model, evidence))


def _packed(extra_pairs: Table | None, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if extra_pairs is None or extra_pairs.num_rows == 0:
        return np.zeros(0, dtype=np.int64)
    left = extra_pairs.column("left").to_numpy().astype(np.int64)
    right = extra_pairs.column("right").to_numpy().astype(np.int64)
    if min(left.min(), right.min()) < 0 or max(left.max(), right.max()) >= count or bool((left == right).any()):
        raise InvalidSettingError(f"Extra pairs must name two different rows below {count}.", ids=["extra_pairs"])
    return np.unique(pack(left, right))


def _completed(features: Table, model: MatchModel) -> Table:
    """Add the columns the model reads and these records lack, without values."""
    for column, kind in model.column_types.items():
        if column not in features.column_names:
            features = features.append_column(column, pa.nulls(features.num_rows, _TYPES[kind]))
    return features.select(["row", "source", *model.column_types])


def _schema(model: MatchModel, evidence: bool) -> pa.Schema:
    names = [*model.comparisons, "neighbours"] if evidence else []
    columns = [pa.field(f"mw_{name}", pa.float64()) for name in names]
    return pa.schema([*PAIR_SCHEMA, *columns])


def _unweighed(packed: np.ndarray[tuple[int], np.dtype[np.int64]], model: MatchModel, evidence: bool) -> Table:
    """Give pairs the prior alone when there is nothing to compare."""
    left, right = unpack(packed)
    weight = float(np.log2(model.prior / (1.0 - model.prior)))
    columns = {"left": left, "right": right, "match_weight": np.full(len(packed), weight)}
    schema = _schema(model, evidence)
    silent = {name: np.zeros(len(packed)) for name in schema.names if name not in columns}
    return pa.table({**columns, **silent}, schema=schema)
