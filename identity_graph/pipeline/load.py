"""Loads files into the graph: read, normalise, write facts, batch by batch.

Paths and options come in; a LoadSummary goes out. Memory does not grow with the files: one batch is read while the
engine writes the one before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.facts import FactStore, SeenKeys, WriteResult
from identity_graph.graph.port import Graph
from identity_graph.model import Reject, record_key
from identity_graph.pipeline.stages import StageReport, Stages, Watcher
from identity_graph.settings import Settings
from identity_graph.sources import (
    FactBatch,
    OpenOptions,
    SourceFile,
    SourceMapping,
    SourceReader,
    mapping_to_text,
    open_sources,
)

__all__ = ["LoadOptions", "LoadSummary", "load"]

_BETWEEN_CELLS = re.compile(r"[,;|\t]")


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to read the files.

    Attributes:
        mapping: what the columns mean; None recognises them.
        source: source name; None takes the mapping's, a source column's or the file's.
        id_column: column of the record id; None recognises it.
        source_column: column of the source name; None recognises it.
        delete_missing: the files are full extracts, so records of their sources that are not in them are deleted; those
            whose id stands in a row that cannot be read stay.
    """

    mapping: SourceMapping | None = None
    source: str | None = None
    id_column: str | None = None
    source_column: str | None = None
    delete_missing: bool = False


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """What a load did.

    Attributes:
        rows_read: rows met in the files.
        records: new, changed and unchanged records.
        merged_rows: rows whose record a later row of their batch is too: replaced by it, or added up.
        identifiers: identifiers that the written records carry, summed over batches.
        touchpoints: touchpoints that were not stored before.
        rejected_rows: rows left out as a whole.
        rejected_values: values left out of a record that was kept.
        deleted: records that a full extract no longer had.
        stages: where the time went.
        files: the files with their mappings.
    """

    rows_read: int
    records: tuple[int, int, int]
    merged_rows: int
    identifiers: int
    touchpoints: int
    rejected_rows: int
    rejected_values: int
    deleted: int
    stages: tuple[StageReport, ...]
    files: tuple[SourceFile, ...] = field(default=())

    def counts(self) -> dict[str, int]:
        """Return the numbers a person wants to see, in reading order."""
        new, changed, unchanged = self.records
        return {
            "rows read": self.rows_read,
            "records new": new,
            "records changed": changed,
            "records unchanged": unchanged,
            "rows merged": self.merged_rows,
            "records deleted": self.deleted,
            "identifiers": self.identifiers,
            "touchpoints": self.touchpoints,
            "rows rejected": self.rejected_rows,
            "values rejected": self.rejected_values,
        }

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        counts = {name.replace(" ", "_"): value for name, value in self.counts().items()}
        return {**counts, "stages": [stage.as_json() for stage in self.stages]}


def load(
    graph: Graph,
    settings: Settings,
    paths: Sequence[str],
    options: LoadOptions | None = None,
    watcher: Watcher | None = None,
) -> LoadSummary:
    """Load files into the graph.

    Args:
        graph: where the facts go.
        settings: data folder and phone region.
        paths: files, folders or globs.
        options: how to read; None is the defaults.
        watcher: who wants to see progress, in bytes of the files.

    Raises:
        SourceError: a file cannot be used at all; what was written before stays.
        EngineError: the engine did not do it; loading again continues.
    """
    options = options or LoadOptions()
    stages = Stages(watcher)
    store = FactStore(graph, settings)
    taken_in: list[int] = []  # bytes since the last look; filled by the reading thread, emptied by this one
    reader = open_sources(
        paths,
        mapping=options.mapping,
        source=options.source,
        id_column=options.id_column,
        source_column=options.source_column,
        default_region=settings.default_region,
        options=OpenOptions(progress=taken_in.append),
    )
    with ExitStack() as stack:
        tally = _Tally(reader, store, stack, options.delete_missing)
        written: list[WriteResult] = []
        with stages.stage("Read, normalise and write", reader.bytes_total) as stage:
            for result in store.write_stream(tally.batches(), reader.attribute_roles()):
                written.append(result)
                stage.count(result.new + result.changed + result.unchanged)
                while taken_in:
                    stage.advance(taken_in.pop())
        deleted = 0
        if options.delete_missing:
            with stages.stage("Delete what is missing") as stage:
                deleted = sum(store.delete_missing(source, seen) for source, seen in tally.all_seen())
                stage.count(deleted)
    return LoadSummary(
        rows_read=tally.rows_read,
        records=_sums(written),
        merged_rows=tally.merged_rows,
        identifiers=sum(result.identifiers for result in written),
        touchpoints=sum(result.touchpoints for result in written),
        rejected_rows=tally.rejected_rows,
        rejected_values=tally.rejected_values,
        deleted=deleted,
        stages=stages.reports,
        files=reader.files,
    )


def _sums(written: Sequence[WriteResult]) -> tuple[int, int, int]:
    return (
        sum(result.new for result in written),
        sum(result.changed for result in written),
        sum(result.unchanged for result in written),
    )


class _Tally:
    """Counts what passes from the reader to the store, and registers each source before its first record."""

    def __init__(self, reader: SourceReader, store: FactStore, stack: ExitStack, keep_seen: bool) -> None:
        self.rows_read = 0
        self.merged_rows = 0
        self.rejected_rows = 0
        self.rejected_values = 0
        self._seen: dict[str, SeenKeys] = {}
        self._unread: set[str] = set()  # what may be a record id in rows that could not be read
        self._reader = reader
        self._store = store
        self._stack = stack
        self._keep_seen = keep_seen
        self._registered: set[str] = set()

    def batches(self) -> Iterator[FactBatch]:
        """Yield the reader's batches."""
        for file, batch in self._reader.batches_by_file():
            self.rows_read += batch.rows_read
            self.merged_rows += batch.rows_merged
            self.rejected_rows += batch.rows_rejected
            self.rejected_values += len(batch.rejects) - batch.rows_rejected
            for source in pc.unique(batch.records["source"]).to_pylist():
                self._meet(source, file)
                if self._keep_seen:
                    mine = pc.equal(batch.records["source"], source)
                    self._seen[source].add(batch.records["key"].filter(mine))
            if self._keep_seen:
                self._unread.update(*(_possible_ids(one, file.mapping) for one in batch.rejects if not one.kept_record))
            yield batch

    def all_seen(self) -> Iterator[tuple[str, SeenKeys]]:
        """Yield each source with the keys that its files hold, those in unreadable rows too, by name."""
        for source, seen in sorted(self._seen.items()):
            seen.add(pa.array([record_key(source, text) for text in sorted(self._unread)], pa.string()))
            yield source, seen

    def _meet(self, source: str, file: SourceFile) -> None:
        if source in self._registered:
            return
        self._registered.add(source)
        if self._keep_seen:
            self._seen[source] = self._stack.enter_context(SeenKeys())
        mapping = file.mapping
        self._store.put_source(source, mapping_to_text(mapping), mapping.attribute_roles(), datetime.now(UTC))


def _possible_ids(reject: Reject, mapping: SourceMapping) -> set[str]:
    """Return every text of an unreadable row that may be its record id."""
    raw = json.loads(reject.raw)
    cells = raw.values() if isinstance(raw, dict) else _BETWEEN_CELLS.split(str(raw))
    texts = {str(cell).strip().strip("\"'").strip() for cell in cells}
    names = mapping.id_columns()
    return texts if len(names) < 2 else {f"{name}={text}" for name in names for text in texts}
