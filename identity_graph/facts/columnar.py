"""The columnar copy of the records: what bulk work reads, because a graph gives up its rows slowly.

Committed records come in as segments beside the data, one table of all live records goes out. Derived: it knows which
sequence numbers it lacks and reads those from the graph; removed, it is rebuilt to the same content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from filelock import FileLock

from identity_graph.errors import EngineStorageError
from identity_graph.facts.prepare import stored_row
from identity_graph.facts.segments import SEGMENT_SCHEMA, Segment, SegmentFolder, gaps, record_table
from identity_graph.facts.writers import await_writers
from identity_graph.facts.writing import Written
from identity_graph.graph.port import Graph
from identity_graph.tables import Table

__all__ = ["ColumnarCopy"]

_FORMAT = 3
"""What a segment says of a record, and how surely it has its whole range; a copy of an earlier format is never read,
but made anew beside it."""

_READ_AT_ONCE = 5_000
_SEGMENT_ROWS = 100_000
_COMPACTED_ROWS = 100_000  # more at once would decide the peak memory of a load
_SMALL_SEGMENTS = 64
_TRIES = 5


class ColumnarCopy:
    """The copy of one graph's records in a data folder.

    The folder is named for the id that the graph itself holds and for the format, so the copy of another graph or
    version is never read. Safe to use from several processes at once.

    Args:
        data_dir: the data folder; the copy is in `records/` below it.
        graph: the truth.
        rows_at_once: records that wait in memory for a file of their own; who writes a few at a time asks for many,
            because a file costs as much as hundreds of records. What still waits at the end is read from the graph.
    """

    def __init__(self, data_dir: Path, graph: Graph, rows_at_once: int = 1) -> None:
        self._data_dir = data_dir
        self._graph = graph
        self._rows_at_once = rows_at_once
        self._waiting: list[Written] = []

    def append(self, written: Written) -> None:
        """Take in what a transaction has just committed; cheap.

        Raises:
            EngineStorageError: the disk is full or cannot be written.
        """
        if written.last_seq < written.first_seq:
            return
        if self._waiting and not _follows(written, self._waiting[-1]):
            self._write_waiting()
        self._waiting.append(written)
        if written.last_seq - self._waiting[0].first_seq + 1 >= self._rows_at_once:
            self._write_waiting()

    def _write_waiting(self) -> None:
        """Write a file of what waits; it waits no longer even when that fails, because the graph has it."""
        waiting, self._waiting = self._waiting, []
        folder = self._folder(waiting[0].graph_id)
        span = Segment(waiting[0].first_seq, waiting[-1].last_seq)
        folder.add(span, [record_table([row for written in waiting for row in written.rows])])
        if sum(segment.last - segment.first + 1 < _COMPACTED_ROWS for segment in folder.segments()) >= _SMALL_SEGMENTS:
            _compact(folder)

    def catch_up(self, progress: Callable[[int], None] | None = None) -> int:
        """Read what the copy lacks from the graph; returns the last sequence number it holds.

        Args:
            progress: called with the sequence numbers taken in since the last call.

        Raises:
            EngineError: the graph did not answer.
            EngineStorageError: the disk is full or cannot be written.
        """
        done = -1
        while True:
            # Reading takes time, in which a record may move to a number above the range; so until nothing moves.
            last, graph_id = self._counter()
            if last == done or not graph_id:
                return last
            done = self._fill(self._folder(graph_id), progress or (lambda amount: None))

    def records(self) -> Table:
        """Return every live record, sorted by key: seq, source, record_id, observed_at, identifiers, attributes.

        Catches up first, so it is complete up to the last batch committed before the call.

        Returns:
            `SEGMENT_SCHEMA` without `deleted`, `observed_at` in UTC, and every attribute that some record has, in
            order of name; each key once.
        """
        return self.records_and_seq()[0]

    def records_and_seq(self) -> tuple[Table, int]:
        """Return what `records` does, and the sequence number that they are as of: nothing newer is among them."""
        found, seq = self._query("SELECT * EXCLUDE (deleted) FROM latest WHERE NOT deleted ORDER BY key")
        fields = [field for field in SEGMENT_SCHEMA if field.name != "deleted"]
        fields[4] = pa.field("observed_at", pa.timestamp("us", tz="UTC"))
        attributes = set(found.column_names) - set(SEGMENT_SCHEMA.names)
        named = sorted(name for name in attributes if found[name].null_count < found.num_rows)
        schema = pa.schema([*fields, *(pa.field(name, pa.string()) for name in named)])
        return found.select(schema.names).cast(schema), seq

    def live_keys_without(self, source: str, seen: Path) -> list[str]:
        """Return the keys of a source's live records that are not in a Parquet file with a column `key`, sorted."""
        text = """
            SELECT latest.key FROM latest ANTI JOIN read_parquet($seen) AS seen ON latest.key = seen.key
            WHERE NOT latest.deleted AND latest.source = $source
            ORDER BY latest.key
        """
        keys: list[str] = self._query(text, source=source, seen=str(seen))[0]["key"].to_pylist()
        return keys

    def _query(self, text: str, **parameters: str) -> tuple[Table, int]:
        """Run a query over `latest`, the newest version of each record; again when files were compacted meanwhile.

        Returns:
            The rows, and the sequence number up to which records count.
        """
        tried = 0
        while True:
            seq = self.catch_up()
            folder = self._folder(self._counter()[1])
            segments = [segment for segment in _uncontained(folder.segments()) if segment.first <= seq]
            if any(segment.last > seq for segment in segments):
                continue  # compacted with what came meanwhile, so it lacks how records were at that number
            files = [folder.path / segment.name for segment in segments]
            try:
                with duckdb.connect() as connection:
                    _create_latest(connection, files)
                    return connection.sql(text, params=parameters or None).to_arrow_table(), seq
            except duckdb.IOException as error:
                tried += 1
                if tried == _TRIES:
                    raise EngineStorageError(
                        f"The columnar copy in {folder.path} cannot be read: {error}",
                        ids=[str(folder.path)],
                        next_step="Remove that folder; the copy is built again from the graph.",
                    ) from error

    def _fill(self, folder: SegmentFolder, progress: Callable[[int], None]) -> int:
        """Read every gap from the graph; returns the counter it is now complete to."""
        with _alone(folder):
            segments = folder.segments()
            # Read after the listing: no segment can be ahead, unless the graph was put back to an earlier state.
            last, _ = self._counter()
            if any(segment.last > last for segment in segments):
                folder.remove(segments)
                segments = []
            lacking = gaps(segments, last)
            if lacking:
                await_writers(self._graph, self._data_dir)
            for gap in lacking:
                first, tables = gap.first, []
                for start in range(gap.first, gap.last + 1, _READ_AT_ONCE):
                    end = min(start + _READ_AT_ONCE - 1, gap.last)
                    rows = self._graph.read("facts/records_between", first=start, last=end)
                    tables.append(record_table([stored_row(row) for row in rows]))
                    progress(end - start + 1)
                    if end == gap.last or sum(table.num_rows for table in tables) >= _SEGMENT_ROWS:
                        folder.add(Segment(first, end), tables)
                        first, tables = end + 1, []
        return last

    def _counter(self) -> tuple[int, str]:
        for row in self._graph.read("facts/read_counter"):
            return int(row["value"] or 0), str(row["graph_id"] or "")
        return 0, ""

    def _folder(self, graph_id: str) -> SegmentFolder:
        return SegmentFolder(self._data_dir / "records" / f"{graph_id or 'empty'}-{_FORMAT}")


def _alone(folder: SegmentFolder) -> FileLock:
    folder.path.mkdir(parents=True, exist_ok=True)
    return FileLock(folder.path / "folder.lock")


def _create_latest(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    """Define the view `latest`: the newest version of each record in some segments."""
    if files:
        written = connection.read_parquet([str(file) for file in files], union_by_name=True)
    else:
        written = connection.from_arrow(SEGMENT_SCHEMA.empty_table())
    written.create_view("written")
    # Segments may overlap where one replaces others, so equal numbers count once too.
    connection.execute("""
        CREATE VIEW latest AS
        SELECT * FROM written QUALIFY row_number() OVER (PARTITION BY key ORDER BY seq DESC) = 1
    """)


def _uncontained(segments: Sequence[Segment]) -> list[Segment]:
    """Leave out segments that another one covers whole."""
    kept: list[Segment] = []
    for segment in sorted(segments, key=lambda one: (one.first, -one.last)):
        if not kept or segment.last > kept[-1].last:
            kept.append(segment)
    return kept


def _follows(written: Written, before: Written) -> bool:
    return written.graph_id == before.graph_id and written.first_seq == before.last_seq + 1


def _compact(folder: SegmentFolder) -> None:
    """Replace runs of small segments by one each, keeping only the newest version of each record in it."""
    with _alone(folder):
        segments = folder.segments()
        kept = _uncontained(segments)
        folder.remove(set(segments) - set(kept))
        for run in _runs(kept):
            with duckdb.connect() as connection:
                _create_latest(connection, [folder.path / segment.name for segment in run])
                table = connection.sql("SELECT * FROM latest ORDER BY seq").to_arrow_table()
            folder.add(Segment(run[0].first, run[-1].last), [table])
            folder.remove(run)


def _runs(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Group neighbours without a gap until a group covers enough; large segments stay as they are."""
    run: list[Segment] = []
    for segment in segments:
        large = segment.last - segment.first + 1 >= _COMPACTED_ROWS
        if run and (large or segment.first > run[-1].last + 1 or run[-1].last - run[0].first + 1 >= _COMPACTED_ROWS):
            if len(run) > 1:
                yield run
            run = []
        if not large:
            run.append(segment)
    if len(run) > 1:
        yield run
