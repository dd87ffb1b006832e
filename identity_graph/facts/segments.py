"""The files of the columnar copy: immutable Parquet segments, each covering a range of sequence numbers.

Record rows come in, files `<first>-<last>.parquet` stand in one folder; which ranges are covered and which are not
comes out. Knows nothing of the graph. A file appears whole or not at all.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from identity_graph.errors import EngineStorageError
from identity_graph.facts.prepare import RecordRow
from identity_graph.roles import RECORD_FIELDS
from identity_graph.tables import HELD_STRUCT, Table

__all__ = ["SEGMENT_SCHEMA", "Segment", "SegmentFolder", "gaps", "record_table"]

SEGMENT_SCHEMA = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("observed_at", pa.timestamp("us")),  # UTC; without a zone, which reading would need a database for
        pa.field("deleted", pa.bool_(), nullable=False),
        pa.field("identifiers", pa.list_(HELD_STRUCT), nullable=False),
    ]
)
"""Fixed columns of a segment; every further column is an attribute, as text."""


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """One file and the sequence numbers it covers, both ends included."""

    first: int
    last: int

    @property
    def name(self) -> str:
        return f"{self.first:012d}-{self.last:012d}.parquet"


def record_table(rows: Sequence[RecordRow]) -> Table:
    """Build the table of some records: `SEGMENT_SCHEMA` and their attributes, by name, in the order of the rows.

    A record without `identifier_times` was seen with all its identifiers when it was observed.
    """
    properties = [row[0] for row in rows]
    names = sorted({name for one in properties for name in one} - RECORD_FIELDS)
    columns = [
        pa.array([one["key"] for one in properties], pa.string()),
        pa.array([one["seq"] for one in properties], pa.int64()),
        pa.array([one["source"] for one in properties], pa.string()),
        pa.array([one["record_id"] for one in properties], pa.string()),
        _times([one.get("observed_at") for one in properties]),
        pa.array([one["deleted"] for one in properties], pa.bool_()),
        _held(rows),
        *(pa.array([one.get(name) for one in properties], pa.string()) for name in names),
    ]
    return pa.table(columns, schema=pa.schema([*SEGMENT_SCHEMA, *(pa.field(name, pa.string()) for name in names)]))


def _held(rows: Sequence[RecordRow]) -> pa.Array:
    """Build the lists of identifiers from flat columns, several times faster than from one dictionary each."""
    namespaces: list[str] = []
    values: list[str] = []
    times: list[str | None] = []
    ends = [0]
    for properties, identifiers in rows:
        namespaces.extend(namespace for namespace, _ in identifiers)
        values.extend(value for _, value in identifiers)
        seen = properties.get("identifier_times")
        times.extend([properties.get("observed_at")] * len(identifiers) if seen is None else seen)
        ends.append(len(values))
    columns = [pa.array(namespaces, pa.string()), pa.array(values, pa.string()), _times(times)]
    held = pa.StructArray.from_arrays(columns, fields=list(HELD_STRUCT))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), held)


def _times(texts: list[str | None]) -> pa.Array:
    return pa.array(texts, pa.string()).cast(pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us"))


def gaps(segments: Iterable[Segment], last: int) -> list[Segment]:
    """Return the ranges within 1 to `last` that no segment covers, in order."""
    missing: list[Segment] = []
    covered = 0
    for segment in sorted(segments):
        if segment.first > covered + 1 and covered < last:
            missing.append(Segment(covered + 1, min(segment.first - 1, last)))
        covered = max(covered, segment.last)
    if covered < last:
        missing.append(Segment(covered + 1, last))
    return missing


class SegmentFolder:
    """The segments of one graph, shared by every process that uses the data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def segments(self) -> list[Segment]:
        """Return the segments that are there, by first number and then length."""
        if not self.path.exists():
            return []
        found = [path.stem.partition("-") for path in self.path.glob("*-*.parquet")]
        return sorted(Segment(int(first), int(last)) for first, _, last in found)

    def add(self, segment: Segment, tables: Sequence[Table]) -> None:
        """Write one segment; after a crash it is there whole or not at all.

        Raises:
            EngineStorageError: the disk is full or cannot be written.
        """
        unfinished = self.path / f".{segment.name}.{os.getpid()}.{threading.get_ident()}"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                table = pa.concat_tables(tables, promote_options="default")
                pq.write_table(table, file, compression="zstd", row_group_size=50_000)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path / segment.name)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise EngineStorageError(
                f"The columnar copy could not be written to {self.path}: {error.strerror or error}.",
                ids=[str(self.path)],
                next_step="Make room on the disk; the copy completes itself afterwards.",
            ) from error

    def remove(self, segments: Iterable[Segment]) -> None:
        """Remove segments; what they covered is a gap, unless another covers it."""
        for segment in segments:
            (self.path / segment.name).unlink(missing_ok=True)
