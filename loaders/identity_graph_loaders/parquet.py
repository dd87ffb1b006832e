"""Parquet: row groups streamed, every type written as text, the file gzipped as a whole or not.

A path comes in, raw batches go out; `lines` are 1-based row numbers.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from identity_graph.errors import SourceError
from identity_graph.sources.batches import RawBatch
from identity_graph.sources.loader import Loader, ReadOptions
from identity_graph_loaders.dialect import unique_names

__all__ = ["ParquetLoader"]


class ParquetLoader(Loader):
    """Reads Parquet files."""

    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")

    def get(self, path: Path, options: ReadOptions) -> Iterator[RawBatch]:
        """Read a Parquet file in batches; a file without rows gives one batch without rows.

        Raises:
            SourceError: the file is damaged or is no Parquet.
        """
        try:
            with _opened(path) as source:
                yield from _batches(pq.ParquetFile(source), path, options)
        except (pa.ArrowException, OSError, EOFError) as problem:
            raise SourceError(f"{path} cannot be read as Parquet: {problem}.", ids=[str(path)]) from problem


def _batches(file: pq.ParquetFile, path: Path, options: ReadOptions) -> Iterator[RawBatch]:
    names = unique_names(file.schema_arrow.names)
    total, size, done, reported = file.metadata.num_rows, path.stat().st_size, 0, 0
    if total == 0:
        yield RawBatch(
            pa.table({name: pa.array([], pa.string()) for name in names}), pa.array([], pa.int64()), (), str(path)
        )
    for batch in file.iter_batches(batch_size=options.batch_rows):
        columns = pa.table([_as_text(column) for column in batch.columns], names=names)
        lines = pa.array(np.arange(done + 1, done + batch.num_rows + 1))
        done += batch.num_rows
        if options.progress is not None:
            options.progress(size * done // total - reported)
            reported = size * done // total
        yield RawBatch(columns, lines, (), str(path))


def _as_text(column: pa.Array) -> pa.Array:
    """Write a column as text: dates and times in ISO 8601, whole floats as floats, nested values as JSON."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        return _moment_text(column)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.array([_bytes_text(value) for value in column.to_pylist()], pa.string())
    if pa.types.is_nested(kind):
        texts = [None if value is None else json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))
                 for value in column.to_pylist()]  # fmt: skip
        return pa.array(texts, pa.string())
    try:
        return column.cast(pa.string())
    except pa.ArrowException:
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())


def _moment_text(moments: pa.Array) -> pa.Array:
    """Write times with a zone in UTC with a `Z`, times without one as they are; a midnight column has dates only."""
    zone = moments.type.tz
    plain = moments.cast(pa.timestamp("us", zone), safe=False).cast(pa.timestamp("us", "UTC" if zone else None))
    text = pc.replace_substring(plain.cast(pa.timestamp("us")).cast(pa.string()), " ", "T")
    midnight = "T00:00:00.000000"
    if not zone and pc.all(pc.ends_with(text, midnight)).as_py():
        return pc.replace_substring(text, midnight, "")
    return pc.binary_join_element_wise(text, pa.scalar("Z"), pa.scalar("")) if zone else text


def _bytes_text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "backslashreplace")


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes] | Path]:
    """Open the file; a gzipped one is unpacked to a temporary file, because Parquet is read from its end."""
    if not path.name.lower().endswith(".gz"):
        yield path
        return
    with gzip.open(path) as packed, tempfile.TemporaryFile() as unpacked:
        while block := packed.read(1 << 20):
            unpacked.write(block)
        unpacked.seek(0)
        yield unpacked
