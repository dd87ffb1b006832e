"""Files in, `record_id,cluster_id` out: the same engine as the graph's, without a graph.

Paths and options come in; the clusters are written as CSV and a DedupeSummary goes out. Several files are several
sources.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.errors import InvalidSettingError, SourceError
from identity_graph.modelling import find_model
from identity_graph.pipeline.labels import read_labels, refuse_untaught
from identity_graph.pipeline.linking import LinkingOptions, by_rules, link_records, matching_options
from identity_graph.pipeline.stages import StageReport, Stages, Watcher
from identity_graph.quality import QualityReport
from identity_graph.roles import Role
from identity_graph.settings import Settings
from identity_graph.sources import OpenOptions, SourceFile, SourceMapping, merge_batches, open_sources
from identity_graph.tables import Table

__all__ = ["DedupeOptions", "DedupeSummary", "ReadFiles", "dedupe", "read_files"]


@dataclass(frozen=True, slots=True)
class DedupeOptions:
    """How to read the files and how strict to be.

    Attributes:
        mapping: what the columns mean; None recognises them.
        id_column: column of the record id; None recognises it.
        source_column: column of the source name; None recognises it.
        minimum_weight: mean bits of evidence a cluster needs; None is the default policy.
        model: version (in the data folder) or folder of the model to use; None trains one on these records.
        save_model: folder to keep the model in; None keeps none.
        labels: label file that helps to train the model; None is none.
        minimum_certainty: probability each membership needs, 0..1; 0 cuts nothing.
        with_certainty: write how certain each record is of its cluster, too.
    """

    mapping: SourceMapping | None = None
    id_column: str | None = None
    source_column: str | None = None
    minimum_weight: float | None = None
    model: str | None = None
    save_model: Path | None = None
    labels: Path | None = None
    minimum_certainty: float = 0.0
    with_certainty: bool = False


@dataclass(frozen=True, slots=True)
class DedupeSummary:
    """What was found."""

    rows_read: int
    records: int
    rejected_rows: int
    rejected_values: int
    clusters: int
    largest: int
    model_version: str
    stages: tuple[StageReport, ...]
    quality: QualityReport
    files: tuple[SourceFile, ...] = field(default=())

    def counts(self) -> dict[str, int]:
        """Return the numbers a person wants to see, in reading order."""
        return {
            "rows read": self.rows_read,
            "rows rejected": self.rejected_rows,
            "values rejected": self.rejected_values,
            "rows merged": self.rows_read - self.rejected_rows - self.records,
            "records": self.records,
            "clusters": self.clusters,
            "largest cluster": self.largest,
        }

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        counts = {name.replace(" ", "_"): value for name, value in self.counts().items()}
        stages = [stage.as_json() for stage in self.stages]
        return {**counts, "model_version": self.model_version, "quality": self.quality.as_json(), "stages": stages}


def dedupe(
    paths: Sequence[str],
    output: Path,
    settings: Settings,
    options: DedupeOptions | None = None,
    watcher: Watcher | None = None,
) -> DedupeSummary:
    """Find which rows of files are one person and write the clusters.

    Args:
        paths: files, folders or globs.
        output: CSV to write: `record_id,cluster_id`, and `source` when there are several; rows sorted by source and
            record id. A cluster is called after its first record. If wanted, also `certainty`.
        settings: threads, memory and region.
        options: how to read and how strict to be; None is the defaults.
        watcher: who wants to see progress.

    Raises:
        NotFoundError: there is no such model.
        ModelError: the given model cannot be read or does not fit the records.
        InvalidSettingError: the minimum weight or certainty is outside its range, or both a model and labels are given.
        SourceError: a file cannot be read, or holds no records.
    """
    options = options or DedupeOptions()
    stages = Stages(watcher)
    refuse_untaught(options.model, options.labels)
    model = None if options.model is None else find_model(settings, options.model)
    linking = _linking(options)
    read = read_files(paths, settings, options, stages)
    with tempfile.TemporaryDirectory(prefix="identity-graph-") as work:
        linking = replace(by_rules(settings, linking), matching=matching_options(settings, Path(work)))
        linked = link_records(read.records, read.roles, (), model, linking, stages)
    if options.save_model is not None:
        linked.model.save(options.save_model)
    with stages.stage("Write clusters") as stage:
        _write(read.records, linked.labels, linked.membership if options.with_certainty else None, output)
        stage.count(read.records.num_rows)
    sizes = np.bincount(linked.labels)
    return DedupeSummary(
        rows_read=read.rows,
        records=read.records.num_rows,
        rejected_rows=read.rejected_rows,
        rejected_values=read.rejected_values,
        clusters=int(np.count_nonzero(sizes)),
        largest=int(sizes.max()),
        model_version=linked.model.version,
        stages=stages.reports,
        quality=linked.quality,
        files=read.files,
    )


def _linking(options: DedupeOptions) -> LinkingOptions:
    """Return the default policy, stricter or laxer where a minimum is given."""
    linking, minimum_weight = LinkingOptions(), options.minimum_weight
    if options.labels is not None:
        linking = replace(linking, labels=read_labels(options.labels))
    policy = replace(linking.policy, minimum_certainty=options.minimum_certainty)
    if minimum_weight is None:
        return replace(linking, policy=policy)
    if not -policy.strongest_against < minimum_weight < policy.strongest_for:
        raise InvalidSettingError(
            f"The minimum weight {minimum_weight:g} is not between -{policy.strongest_against:g} and "
            f"{policy.strongest_for:g} bits.",
            ids=["minimum_weight"],
            next_step="No mean weight is outside that; leave it out to take the default.",
        )
    return replace(linking, policy=replace(policy, threshold_weight=minimum_weight))


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """All records of the files, sorted by key, and how many rows there were."""

    records: Table
    roles: dict[str, Role]
    rows: int
    rejected_rows: int
    rejected_values: int
    files: tuple[SourceFile, ...]


def read_files(paths: Sequence[str], settings: Settings, options: DedupeOptions, stages: Stages) -> ReadFiles:
    """Read and normalise all records of files.

    Raises:
        SourceError: a file cannot be read, or holds no records.
    """
    tables: list[Table] = []
    rows = rejected_rows = rejected_values = 0
    with stages.stage("Read and normalise") as stage:
        reader = open_sources(
            paths,
            mapping=options.mapping,
            id_column=options.id_column,
            source_column=options.source_column,
            default_region=settings.default_region,
            options=OpenOptions(keep_raw=False, batch_rows=100_000),  # repeated values are read once a batch
        )
        for batch in reader.batches():
            tables.append(batch.records)
            rows += batch.rows_read
            rejected_rows += batch.rows_rejected
            rejected_values += len(batch.rejects) - batch.rows_rejected
            stage.advance(batch.rows_read)
        records = merge_batches(tables) if tables else None
        if records is None or records.num_rows == 0:
            raise SourceError(
                f"{', '.join(paths)} hold no records that can be read ({rejected_rows} rows were rejected).",
                ids=paths,
                next_step="Check the header and the record id column (--id-column).",
            )
        stage.count(rows)
    roles = reader.attribute_roles()
    return ReadFiles(records, roles, rows, rejected_rows, rejected_values, reader.files)


def _write(
    records: Table, labels: npt.NDArray[np.int32], membership: npt.NDArray[np.float64] | None, output: Path
) -> None:
    """Write the clusters; either the old file or the whole new one is there, never half of one."""
    several = pc.count_distinct(records["source"]).as_py() > 1
    names = records["key"] if several else records["record_id"]
    columns = {"record_id": records["record_id"], "cluster_id": names.take(pa.array(labels))}
    if several:
        columns["source"] = records["source"]
    if membership is not None:
        columns["certainty"] = pa.array(membership)
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(output.name + ".unfinished")
    with unfinished.open("w", encoding="utf-8", newline="") as file:  # Arrow's writer would quote every text
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*(column.to_pylist() for column in columns.values()), strict=True))
    unfinished.replace(output)
