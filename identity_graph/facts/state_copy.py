"""A Parquet copy of a table the graph holds, valid only together with the marker it was saved with.

Reading a million rows through Bolt takes half a minute, so a run leaves what it wrote beside the data and the next run
takes it up again, if the graph still stands where the copy says. Derived: without the copy the graph is read.
"""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["StateCopy"]

_MARKER = b"identity_graph.marker"


class StateCopy:
    """One named table in a folder, replaced as a whole."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.parquet"

    def load(self, marker: str) -> pa.Table | None:
        """Return the table if it was saved with exactly this marker, else None."""
        if not self._path.exists():
            return None
        try:
            table = pq.read_table(self._path)
        except (OSError, pa.ArrowException):
            return None  # torn or foreign file: the graph is the truth, and the next save replaces it
        if (table.schema.metadata or {}).get(_MARKER) != marker.encode():
            return None
        return table.replace_schema_metadata(None)

    def save(self, table: pa.Table, marker: str) -> None:
        """Replace the copy; after a crash either the old or the new one is there, never half of one."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_suffix(f".{os.getpid()}.unfinished")
        pq.write_table(table.replace_schema_metadata({_MARKER: marker.encode()}), unfinished, compression="zstd")
        unfinished.replace(self._path)

    def discard(self) -> None:
        """Remove the copy; the next load finds nothing."""
        self._path.unlink(missing_ok=True)
