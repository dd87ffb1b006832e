"""The record keys met while a full extract is read, on disk, so that memory does not grow with the file.

Keys come in batch by batch; a Parquet file that can be compared with the columnar copy goes out.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["SeenKeys"]

_SCHEMA = pa.schema([pa.field("key", pa.string(), nullable=False)])


class SeenKeys:
    """Record keys spooled to a temporary file; use as a context manager."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="identity-graph-")
        self._path = Path(self._folder.name) / "seen.parquet"
        self._writer: pq.ParquetWriter | None = pq.ParquetWriter(self._path, _SCHEMA)

    def add(self, keys: pa.Array | pa.ChunkedArray) -> None:
        """Remember the keys of one batch; none may be added after `finished`."""
        assert self._writer is not None
        self._writer.write_table(pa.table([keys], schema=_SCHEMA))

    def finished(self) -> Path:
        """Close the file and return where it is, until the context ends."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        return self._path

    def __enter__(self) -> SeenKeys:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finished()
        self._folder.cleanup()
