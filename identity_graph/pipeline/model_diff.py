"""What another model would change: both link the same records, and their clusters are compared. Nothing is written.

Records with their roles and decisions and two models come in, a ModelDiff goes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from identity_graph.customers.ids import HeldId, assign_ids
from identity_graph.evaluation.changes import ChangeShape, GroupChange, PartitionChange, compare_partitions
from identity_graph.matching import MatchModel
from identity_graph.modelling import MovedLevel, describe_model, moved_levels
from identity_graph.pipeline.graph_input import GraphInput
from identity_graph.pipeline.linking import LinkingOptions, link_records
from identity_graph.pipeline.stages import Stages
from identity_graph.tables import Table, attribute_names

__all__ = ["ChangedRecord", "ClusterChange", "ModelDiff", "diff_models"]


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record of a changed cluster: its key and values, and the number of its cluster before and after."""

    key: str
    before: int
    after: int
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClusterChange:
    """Clusters that hand records to each other.

    Attributes:
        shape: merged, split or regrouped.
        pairs_gained, pairs_lost: pairs of records that would be together, or no longer.
        records: the records, by key.
    """

    shape: ChangeShape
    pairs_gained: int
    pairs_lost: int
    records: tuple[ChangedRecord, ...]


@dataclass(frozen=True, slots=True)
class ModelDiff:
    """What changes when one model takes the place of another.

    Attributes:
        old, new: versions of the models.
        records: how many were linked.
        clusters_before, clusters_after: how many clusters each model makes.
        unchanged: clusters with the same records under both.
        merged, split, regrouped: changes of each shape.
        pairs_gained, pairs_lost: pairs of records that would be together, or no longer.
        jitter: share of records whose customer id would change, 0..1.
        changes: those with most pairs, most first.
        moved: levels by how far their bits moved, furthest first.
    """

    old: str
    new: str
    records: int
    clusters_before: int
    clusters_after: int
    unchanged: int
    merged: int
    split: int
    regrouped: int
    pairs_gained: int
    pairs_lost: int
    jitter: float
    changes: tuple[ClusterChange, ...]
    moved: tuple[MovedLevel, ...]


def diff_models(
    given: GraphInput, models: tuple[MatchModel, MatchModel], linking: LinkingOptions, stages: Stages, shown: int = 10
) -> ModelDiff:
    """Link the same records with two models and compare what comes out.

    Args:
        given: records, roles and decisions.
        models: the old and the new model.
        linking: rules and numbers of linking and clustering, the same for both.
        stages: where the time goes.
        shown: changed clusters and moved levels to return, 0 or more.

    Raises:
        ModelError: a model does not fit the records.
    """
    linking = replace(linking, public_sources=given.public_sources)
    labels = [
        link_records(given.records, given.roles, given.decisions, model, linking, stages).labels for model in models
    ]
    change = compare_partitions(labels[0], labels[1])
    described = [describe_model(model) for model in models]
    moved = [one for one in moved_levels(described[0], described[1]) if one.moved > 0]
    return ModelDiff(
        old=models[0].version,
        new=models[1].version,
        records=given.records.num_rows,
        clusters_before=change.groups_before,
        clusters_after=change.groups_after,
        unchanged=change.unchanged,
        merged=change.count(ChangeShape.MERGED),
        split=change.count(ChangeShape.SPLIT),
        regrouped=change.count(ChangeShape.REGROUPED),
        pairs_gained=change.gained,
        pairs_lost=change.lost,
        jitter=_jitter(change, given.records),
        changes=tuple(_told(one, given.records) for one in change.changes[:shown]),
        moved=tuple(moved[:shown]),
    )


def _jitter(change: PartitionChange, records: Table) -> float:
    """Give ids as `resolve` would when every old cluster is a customer, and count the records that get another."""
    changed = 0
    for one in change.changes:
        keys = _keys(records, one.rows)
        held = [HeldId(group[0], frozenset(group), "") for group in _groups(keys, one.before)]
        groups = _groups(keys, one.after)
        given = assign_ids(groups, held, lambda group: f"new {group[0]}").groups
        had = {key: customer.id for customer in held for key in customer.records}
        named = zip(groups, given, strict=True)
        changed += sum(had[key] != customer.id for group, customer in named for key in group)
    return changed / records.num_rows if records.num_rows else 0.0


def _groups(keys: Sequence[str], numbers: Sequence[int]) -> list[tuple[str, ...]]:
    groups: dict[int, list[str]] = {}
    for key, number in zip(keys, numbers, strict=True):
        groups.setdefault(number, []).append(key)
    return [tuple(group) for group in groups.values()]


def _told(change: GroupChange, records: Table) -> ClusterChange:
    chosen: list[dict[str, Any]] = records.take(pa.array(change.rows)).select(_shown(records)).to_pylist()
    told = tuple(
        ChangedRecord(row.pop("key"), before, after, {name: value for name, value in row.items() if value})
        for row, before, after in zip(chosen, change.before, change.after, strict=True)
    )
    return ClusterChange(change.shape, change.gained, change.lost, told)


def _shown(records: Table) -> list[str]:
    return ["key", *attribute_names(records)]


def _keys(records: Table, rows: Sequence[int]) -> list[str]:
    keys: list[str] = records["key"].take(pa.array(rows)).to_pylist()
    return keys
