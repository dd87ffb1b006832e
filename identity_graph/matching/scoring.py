"""Weigh pairs of records by a trained model: the candidates, pairs asked for, and what groups leave unknown.

A preparation and a model come in, pairs with their match weights go out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from identity_graph.errors import InvalidSettingError, ModelError
from identity_graph.matching.artefact import MatchModel
from identity_graph.matching.blocking import pack, unpack
from identity_graph.matching.completion import unknown_pairs
from identity_graph.matching.preparation import Prepared
from identity_graph.matching.splink_model import Scorer
from identity_graph.tables import PAIR_SCHEMA, Table

__all__ = ["Completion", "complete", "score"]


@dataclass(frozen=True, slots=True)
class Completion:
    """Which pairs to weigh after the candidates.

    Attributes:
        threshold: bits; pairs above it hold a group together, and all pairs inside groups are wanted.
        asked: int32 columns `left` and `right`, rows of further pairs; None asks for nothing.
        people: per record, whether it says who somebody is; a cookie does not, and comparing it with everything its
            group holds would only count its silence. None means all do.
    """

    threshold: float
    asked: Table | None = None
    people: NDArray[np.bool_] | None = None


def score(
    prepared: Prepared, model: MatchModel, evidence: bool = False, people: NDArray[np.bool_] | None = None
) -> Table:
    """Weigh the candidate pairs.

    Args:
        prepared: the record table's preparation, by this model or for training it.
        model: a trained model.
        evidence: add one column `mw_<comparison>` per comparison, in bits, and `mw_neighbours`, what speaks for two
            people of one household, street or office instead; they and the prior add up to the weight.
        people: per record, whether it says who somebody is; of two records that do not, only what ties them is worth
            weighing, which `complete` is asked for. None means all do.

    Returns:
        Pairs (PAIR_SCHEMA) of the lowest weight in the options or more, each once, sorted by left and right.
    """
    packed = prepared.candidates
    if people is not None:
        left, right = unpack(packed)
        packed = packed[people[left] | people[right]]
    return _weigh(prepared, model, packed, evidence, prepared.options.minimum_weight)


def complete(prepared: Prepared, model: MatchModel, scored: Table, wanted: Completion, evidence: bool = False) -> Table:
    """Weigh pairs that blocking did not see, or that were too weak to be kept, but that matter all the same.

    Blocking sees records that share a key. Whether two groups are one person is better judged by all pairs between
    them, so the others are weighed too where the group is no larger than the model's `largest_group`; so are pairs
    somebody asks for.

    Args:
        prepared: the record table's preparation.
        model: a trained model.
        scored: what `score` returned, with the same columns of evidence.
        wanted: which pairs.
        evidence: as in `score`.

    Returns:
        All pairs, each once, sorted by left and right; the new ones whatever they weigh.

    Raises:
        InvalidSettingError: a pair asked for names a row that does not exist, or a row twice.
    """
    unknown = unknown_pairs(scored, prepared.count, wanted.threshold, model.largest_group)
    if wanted.people is not None:
        left, right = unpack(unknown)
        unknown = unknown[wanted.people[left] & wanted.people[right]]
    unknown = np.union1d(unknown, _packed(wanted, prepared))
    unknown = np.setdiff1d(unknown, pack(scored["left"].to_numpy(), scored["right"].to_numpy()), assume_unique=True)
    if len(unknown) == 0:
        return scored
    return _sorted(pa.concat_tables([scored, _weigh(prepared, model, unknown, evidence, None)]))


def _packed(wanted: Completion, prepared: Prepared) -> NDArray[np.int64]:
    if wanted.asked is None or wanted.asked.num_rows == 0:
        return np.zeros(0, dtype=np.int64)
    left = wanted.asked.column("left").to_numpy().astype(np.int64)
    right = wanted.asked.column("right").to_numpy().astype(np.int64)
    if (
        min(left.min(), right.min()) < 0
        or max(left.max(), right.max()) >= prepared.count
        or bool((left == right).any())
    ):
        raise InvalidSettingError(f"Pairs must name two different rows below {prepared.count}.", ids=["asked"])
    return np.unique(pack(left, right))


def _weigh(
    prepared: Prepared, model: MatchModel, packed: NDArray[np.int64], evidence: bool, lowest: float | None
) -> Table:
    if prepared.vocabulary != model.vocabulary:
        raise ModelError("These records were prepared for another model.", next_step="Prepare them with this one.")
    if len(packed) == 0 or not model.comparisons:
        return _unweighed(packed, model, evidence)
    left, right = unpack(packed)
    features = prepared.features.select(["row", "source", *model.columns])
    pairs = pa.table({"left": left, "right": right})
    scored = Scorer(prepared.connection, features, model).weigh(pairs, lowest, evidence)
    return _sorted(scored.cast(_schema(model, evidence)))


def _sorted(pairs: Table) -> Table:
    return pairs.take(pa.array(np.argsort(pack(pairs["left"].to_numpy(), pairs["right"].to_numpy()))))


def _schema(model: MatchModel, evidence: bool) -> pa.Schema:
    names = [*model.comparisons, "neighbours"] if evidence else []
    columns = [pa.field(f"mw_{name}", pa.float64()) for name in names]
    return pa.schema([*PAIR_SCHEMA, *columns])


def _unweighed(packed: NDArray[np.int64], model: MatchModel, evidence: bool) -> Table:
    """Give pairs the prior alone when there is nothing to compare."""
    left, right = unpack(packed)
    weight = float(np.log2(model.prior / (1.0 - model.prior)))
    columns = {"left": left, "right": right, "match_weight": np.full(len(packed), weight)}
    schema = _schema(model, evidence)
    silent = {name: np.zeros(len(packed)) for name in schema.names if name not in columns}
    return pa.table({**columns, **silent}, schema=schema)
