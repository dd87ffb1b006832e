"""Compares two partitions of the same records: pairwise and B-cubed scores, and the groups that do most harm.

Tables per PARTITION_SCHEMA come in (found clusters and the truth), one Evaluation goes out. Records without a
cluster count as clusters of one; records that the truth does not know are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.errors import InvalidSettingError
from identity_graph.evaluation.files import PARTITION_SCHEMA
from identity_graph.tables import Table, require

__all__ = ["Evaluation", "GroupError", "GroupPart", "Scores", "evaluate"]

Codes: TypeAlias = npt.NDArray[np.int64]

_SHOWN_RECORDS = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1, each in 0..1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 when both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class GroupPart:
    """The records that a wrong group shares with one group of the other partition.

    Attributes:
        id: the group of the other partition; empty for records without a cluster.
        size: number of records.
        records: record ids in ascending order, at most ten.
    """

    id: str
    size: int
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupError:
    """A cluster that mixes people, or a person scattered over clusters.

    Attributes:
        id: cluster id of the mixed cluster, or the truth's id of the scattered person.
        harm: record pairs that are wrong because of it.
        parts: what it consists of, largest first.
    """

    id: str
    harm: int
    parts: tuple[GroupPart, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well clusters agree with the truth.

    Attributes:
        pairwise: over pairs of records that are together.
        b_cubed: mean over records of the agreement of their two groups.
        records: records of the truth.
        clusters: found clusters among them.
        people: groups of the truth.
        largest: records in the largest found cluster.
        worst_merges: mixed clusters, most harm first.
        worst_splits: scattered people, most harm first.
    """

    pairwise: Scores
    b_cubed: Scores
    records: int
    clusters: int
    people: int
    largest: int
    worst_merges: tuple[GroupError, ...]
    worst_splits: tuple[GroupError, ...]


def evaluate(clusters: Table, truth: Table, *, shown: int = 20) -> Evaluation:
    """Score found clusters against the truth.

    Args:
        clusters: PARTITION_SCHEMA; a record that appears twice counts where it appears last.
        truth: PARTITION_SCHEMA, not empty. `source` is used when both tables have it.
        shown: worst merges and splits to return, 0 or more.

    Raises:
        InvalidSettingError: a column is absent, or the truth has no records.

    Source: Bagga and Baldwin (1998) for B-cubed; pairs as in every record linkage text.
    """
    require(clusters, PARTITION_SCHEMA, "clusters")
    require(truth, PARTITION_SCHEMA, "truth")
    if truth.num_rows == 0:
        raise InvalidSettingError("The truth has no records.", next_step="Give a file with at least one row.")
    if {"source"} <= set(clusters.column_names) & set(truth.column_names):
        clusters, truth = _qualified(clusters), _qualified(truth)
    truth = _last_of_each(truth)
    found, found_ids = _found_codes(truth.column("record_id"), _last_of_each(clusters))
    people, people_ids = _codes(truth.column("cluster_id"))
    return _compare(found, people, (found_ids, people_ids, truth.column("record_id")), shown)


def _compare(found: Codes, people: Codes, names: tuple[Any, Any, Any], shown: int) -> Evaluation:
    """Score two code arrays over the same records; names are the cluster ids, person ids and record ids."""
    found_sizes, people_sizes = np.bincount(found), np.bincount(people)
    cells, cell_of, counts = np.unique(found * len(people_sizes) + people, return_inverse=True, return_counts=True)
    cell_found, cell_person = cells // len(people_sizes), cells % len(people_sizes)
    together = int(_pairs(counts).sum())
    found_pairs, true_pairs = int(_pairs(found_sizes).sum()), int(_pairs(people_sizes).sum())
    squares = counts.astype(np.float64) ** 2
    merges = _Side(cell_found, cell_person, names[0], names[1], _pairs(found_sizes))
    splits = _Side(cell_person, cell_found, names[1], names[0], _pairs(people_sizes))
    order = np.argsort(cell_of, kind="stable")
    records = _CellRecords(order, np.concatenate([[0], np.cumsum(counts)]), counts, names[2])
    return Evaluation(
        pairwise=Scores(together / (found_pairs or 1), together / (true_pairs or 1)),
        b_cubed=Scores(
            float((squares / found_sizes[cell_found]).sum() / len(found)),
            float((squares / people_sizes[cell_person]).sum() / len(found)),
        ),
        records=len(found),
        clusters=int(np.count_nonzero(found_sizes)),
        people=len(people_sizes),
        largest=int(found_sizes.max()),
        worst_merges=_worst(merges, records, shown),
        worst_splits=_worst(splits, records, shown),
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One partition seen from its groups: per cell its own group and the other one's, names, pairs per group."""

    own: Codes
    other: Codes
    own_names: Any
    other_names: Any
    pairs: Codes


@dataclass(frozen=True, slots=True)
class _CellRecords:
    """Which records are in which cell (a found cluster met with a person)."""

    order: Codes
    starts: Codes
    counts: Codes
    names: Any

    def part(self, cell: int, name: str) -> GroupPart:
        rows = self.order[self.starts[cell] : self.starts[cell + 1]]
        shown = sorted(self.names.take(pa.array(rows)).to_pylist())[:_SHOWN_RECORDS]
        return GroupPart(name, int(self.counts[cell]), tuple(shown))


def _worst(side: _Side, records: _CellRecords, shown: int) -> tuple[GroupError, ...]:
    """Build the groups that make most wrong pairs; ties by id."""
    right = np.bincount(side.own, weights=_pairs(records.counts), minlength=len(side.pairs)).astype(np.int64)
    harm = side.pairs - right
    wrong = np.flatnonzero(harm)
    cut = wrong[np.argsort(-harm[wrong], kind="stable")]
    if len(cut) > shown:
        cut = cut[harm[cut] >= harm[cut[shown - 1]]] if shown else cut[:0]
    ranked = sorted(cut.tolist(), key=lambda group: (-int(harm[group]), _name(side.own_names, group)))[:shown]
    by_own = np.argsort(side.own, kind="stable")
    sorted_own = side.own[by_own]
    errors = []
    for group in ranked:
        cells = by_own[np.searchsorted(sorted_own, group, "left") : np.searchsorted(sorted_own, group, "right")]
        parts = [records.part(int(cell), _name(side.other_names, int(side.other[cell]))) for cell in cells]
        parts.sort(key=lambda part: (-part.size, part.id, part.records))
        errors.append(GroupError(_name(side.own_names, group), int(harm[group]), tuple(parts)))
    return tuple(errors)


def _name(names: Any, code: int) -> str:
    """Return the id behind a code; codes beyond the names are records without a cluster."""
    return str(names[code].as_py()) if code < len(names) else ""


def _pairs(sizes: Codes) -> Codes:
    sizes = sizes.astype(np.int64)
    return sizes * (sizes - 1) // 2


def _codes(column: Any) -> tuple[Codes, Any]:
    """Number the distinct values of a text column; null counts as a value called by the empty text."""
    encoded = pc.fill_null(column.combine_chunks(), "").dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary


def _found_codes(record_ids: Any, clusters: Table) -> tuple[Codes, Any]:
    """Return the cluster code of each record; records without a cluster get fresh codes above all others."""
    codes, names = _codes(clusters.column("cluster_id"))
    row = pc.index_in(record_ids, value_set=clusters.column("record_id").combine_chunks())
    missing = row.is_null().to_numpy(zero_copy_only=False) if len(clusters) else np.ones(len(record_ids), bool)
    rows = pc.fill_null(row, 0).to_numpy().astype(np.int64)
    fresh = len(names) + np.cumsum(missing) - 1
    return np.where(missing, fresh, codes[rows] if len(codes) else 0), names


def _qualified(table: Table) -> Table:
    """Write the source in front of the record id, so that equal ids of two sources stay apart."""
    key = pc.binary_join_element_wise(table.column("source"), table.column("record_id"), ":")
    return pa.table({"record_id": key, "cluster_id": table.column("cluster_id")})


def _last_of_each(table: Table) -> Table:
    """Keep the last row of each record id, in order of the file."""
    ids = table.column("record_id").combine_chunks().dictionary_encode()
    if len(ids.dictionary) == len(ids):
        return table
    last = np.zeros(len(ids.dictionary), dtype=np.int64)
    np.maximum.at(last, ids.indices.to_numpy(zero_copy_only=False), np.arange(len(ids)))
    return table.take(pa.array(np.sort(last)))
