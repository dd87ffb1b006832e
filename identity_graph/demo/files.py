"""The demo's files: rows in, files of several kinds out, mixed so that a person's rows do not stand together.

Rows wait in a buffer, are shuffled and written; memory does not grow with the number of rows. The same rows and seed
give the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from identity_graph.demo.chances import Chance

__all__ = ["Cell", "RowFile", "delimited_file", "json_lines_file", "parquet_file"]

Cell: TypeAlias = str | date | None
_BUFFERED = 40_000


class RowFile:
    """A file that rows are written to, in mixed order.

    Args:
        write: writes a list of rows, each a text line or a row of cells.
        close: called once at the end.
        chance: the seeded stream of the order.
    """

    def __init__(self, write: Callable[[list[Any]], None], close: Callable[[], None], chance: Chance) -> None:
        self._write, self._close, self._chance = write, close, chance
        self._waiting: list[Any] = []
        self.rows = 0

    def add(self, row: Sequence[Cell] | dict[str, Any] | bytes) -> None:
        """Add a row; bytes are a line written as it is."""
        self._waiting.append(row)
        self.rows += 1
        if len(self._waiting) >= _BUFFERED:
            self._flush()

    def _flush(self) -> None:
        self._chance.shuffle(self._waiting)
        self._write(self._waiting)
        self._waiting = []

    def __enter__(self) -> RowFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()
        self._close()


def delimited_file(path: Path, columns: Sequence[str], chance: Chance, delimiter: str, encoding: str) -> RowFile:
    """Open a CSV or TSV file; a letter the encoding does not have is written without its accent or as `?`."""
    file = path.open("wb")

    def write(rows: list[Any]) -> None:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        for row in rows:
            if isinstance(row, bytes):
                file.write(text.getvalue().encode(encoding, "replace"))
                file.write(row + b"\n")
                text.seek(0)
                text.truncate()
            else:
                writer.writerow(row)
        file.write(text.getvalue().encode(encoding, "replace"))

    file.write((delimiter.join(columns) + "\n").encode(encoding))
    return RowFile(write, file.close, chance)


def json_lines_file(path: Path, chance: Chance) -> RowFile:
    """Open a gzipped file of JSON objects, one a line."""
    plain = path.open("wb")
    packed = gzip.GzipFile(filename="", mode="wb", fileobj=plain, compresslevel=3, mtime=0)

    def write(rows: list[Any]) -> None:
        lines = (row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in rows)
        packed.write(b"".join(line + b"\n" for line in lines))

    def close() -> None:
        packed.close()
        plain.close()

    return RowFile(write, close, chance)


def parquet_file(path: Path, schema: pa.Schema, chance: Chance) -> RowFile:
    """Open a Parquet file; a row is a list of cells in the order of the schema."""
    writer = pq.ParquetWriter(path, schema, compression="zstd")

    def write(rows: list[Any]) -> None:
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        writer.write_table(pa.table(arrays, schema=schema))

    return RowFile(write, writer.close, chance)
