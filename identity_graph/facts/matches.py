"""Stores the scored pairs as MATCHES edges, writing only what differs from what is stored.

Pairs by record key with weight and evidence come in. What was written last is kept beside the data, so that a rerun
does not read millions of edges back; without that copy the graph is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.facts.state_copy import StateCopy
from identity_graph.graph.port import Graph, Transaction
from identity_graph.tables import Table

__all__ = ["MATCH_SCHEMA", "MatchStore", "write_matches"]

MATCH_SCHEMA = pa.schema(
    [
        ("left", pa.string()),  # the smaller record key
        ("right", pa.string()),
        ("match_weight", pa.float64()),  # bits, rounded to 0.01
        ("model_version", pa.string()),
        ("evidence", pa.string()),  # JSON object: comparison -> bits
    ]
)

_BATCH = 5_000
_STREAM_ROWS = 50_000
_STORED = ["left", "right", "match_weight", "model_version"]
_STORED_SCHEMA = pa.schema([MATCH_SCHEMA.field(name) for name in _STORED])


class MatchStore:
    """The scored pairs of one graph."""

    def __init__(self, graph: Graph, folder: Path) -> None:
        self._graph = graph
        self._copy = StateCopy(folder, "matches")

    def replace(self, matches: Table, before: str, after: str, progress: Callable[[int], None]) -> tuple[int, int]:
        """Make the stored pairs equal to `matches`.

        Args:
            matches: MATCH_SCHEMA, each pair once.
            before: marker of the state that the copy must belong to, else the graph is read.
            after: marker of the state that this write leads to.
            progress: called with the number of edges written.

        Returns:
            Number of edges written and deleted.
        """
        stored = self._copy.load(before)
        if stored is None:
            stored = self._read()
        self._copy.discard()  # while the graph changes, no copy tells the truth
        written, gone = self._write_difference(matches, stored, progress)
        self._copy.save(matches.select(_STORED), after)
        return written, gone

    def _write_difference(self, matches: Table, stored: Table, progress: Callable[[int], None]) -> tuple[int, int]:
        new = _without(matches, stored, _STORED)
        gone = _without(stored, matches, ["left", "right"])
        for version in pc.unique(new["model_version"]).to_pylist():
            rows = new.filter(pc.equal(new["model_version"], version)).drop_columns(["model_version"])
            for batch in rows.to_batches(_BATCH):
                self._graph.write("facts/upsert_matches", rows=batch.to_pylist(), model_version=version)
                progress(batch.num_rows)
        for batch in gone.select(["left", "right"]).to_batches(_BATCH):
            self._graph.write("facts/delete_matches", rows=batch.to_pylist())
        return new.num_rows, gone.num_rows

    def stored_around(self, keys: Sequence[str]) -> dict[tuple[str, str], tuple[float, str]]:
        """Return the stored pairs of some records: (left, right) -> weight and model version."""
        rows = self._graph.read("facts/matches_of_records", keys=list(keys))
        return {(row["left"], row["right"]): (row["match_weight"], row["model_version"]) for row in rows}

    def _read(self) -> Table:
        tables, rows = [_STORED_SCHEMA.empty_table()], []
        for row in self._graph.stream("facts/stream_matches"):
            rows.append(dict(row))
            if len(rows) >= _STREAM_ROWS:
                tables.append(pa.Table.from_pylist(rows, schema=_STORED_SCHEMA))
                rows = []
        tables.append(pa.Table.from_pylist(rows, schema=_STORED_SCHEMA))
        return pa.concat_tables(tables)


def write_matches(transaction: Transaction, new: Table, gone: Sequence[tuple[str, str]]) -> None:
    """Write pairs (MATCH_SCHEMA, of one model) and delete others inside a transaction."""
    if new.num_rows:
        version = new["model_version"][0].as_py()
        # In parts, because one message to an engine has its bounds, and five hundred records have 125,000 pairs.
        for batch in new.drop_columns(["model_version"]).to_batches(_BATCH):
            transaction.run("facts/upsert_matches", rows=batch.to_pylist(), model_version=version)
    for start in range(0, len(gone), _BATCH):
        rows = [{"left": left, "right": right} for left, right in gone[start : start + _BATCH]]
        transaction.run("facts/delete_matches", rows=rows)


def _without(table: Table, other: Table, keys: list[str]) -> Table:
    """Return the rows of a table whose keys are not in the other, in order of the table."""
    if other.num_rows == 0 or table.num_rows == 0:
        return table
    numbered = table.select(keys).append_column("row", pa.array(range(table.num_rows), pa.int64()))
    rows = numbered.join(other.select(keys), keys=keys, join_type="left anti")["row"].combine_chunks()
    return table.take(rows.take(pc.sort_indices(rows)))
