"""CSV, TSV and other delimited text: a header and rows, in any common encoding, gzipped or not.

A path comes in, raw batches go out. Rows that are no rows (too many or too few fields, a quote that never closes,
bytes that are no text) become rejects with their line, and reading goes on with the next line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from identity_graph.errors import SourceError
from identity_graph.model import Reject
from identity_graph.sources.batches import RawBatch, text_table
from identity_graph.sources.loader import Loader, ReadOptions
from identity_graph_loaders.dialect import find_delimiter, unique_names
from identity_graph_loaders.rows import ParsedBlock, parsed_blocks
from identity_graph_loaders.streams import has_lost_bytes, line_blocks, printable

__all__ = ["DelimitedLoader"]


_BYTES_PER_ROW = 100
_BLOCK_BYTES_AT_MOST = 1 << 23


class DelimitedLoader(Loader):
    """Reads delimited text with a header line."""

    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".tab", ".psv", ".txt")

    def get(self, path: Path, options: ReadOptions) -> Iterator[RawBatch]:
        """Read a delimited file in batches; a file with a header only gives one batch without rows.

        Raises:
            SourceError: the file is empty or cannot be read.
        """
        block_bytes = min(_BYTES_PER_ROW * options.batch_rows, _BLOCK_BYTES_AT_MOST)
        blocks = line_blocks(path, options.encoding, options.progress, block_bytes)
        first = next(blocks, None)
        if first is None:
            raise SourceError(f"{path} is empty.", ids=[str(path)], next_step="It needs a header line.")
        delimiter = options.delimiter or find_delimiter(path, first.lines)
        names: list[str] | None = None
        for parsed in parsed_blocks(chain([first], blocks), delimiter):
            if names is None:
                if not parsed.rows:
                    continue
                names = unique_names([printable(name) for name in parsed.rows.pop(0)])
                parsed.lines.pop(0)
                if not parsed.rows:
                    yield _batch(names, parsed, path)
                    continue
            if parsed.columns is not None:
                yield from _batches(names, parsed.columns, parsed.lines, str(path), options.batch_rows)
                continue
            for start in range(0, max(len(parsed.rows), 1), options.batch_rows):
                end = start + options.batch_rows
                bad = parsed.bad if start == 0 else []
                yield _batch(names, ParsedBlock(parsed.rows[start:end], parsed.lines[start:end], bad), path)
        if names is None:
            raise SourceError(f"{path} has no header line.", ids=[str(path)], next_step="It needs a header line.")


def _batches(
    names: list[str], columns: list[pa.ChunkedArray], lines: list[int], file: str, batch_rows: int
) -> Iterator[RawBatch]:
    table = pa.table(columns, names=names)
    for start in range(0, len(lines), batch_rows):
        numbers = pa.array(lines[start : start + batch_rows], pa.int64())
        yield RawBatch(table.slice(start, batch_rows), numbers, (), file)


def _batch(names: list[str], parsed: ParsedBlock, path: Path) -> RawBatch:
    file = str(path)
    rejects = [
        Reject("", file, bad.line, None, printable(bad.text), bad.reason, json.dumps(printable(bad.text)), False)
        for bad in parsed.bad
    ]
    rows, lines = parsed.rows, parsed.lines
    try:
        table = _table(names, rows)
    except UnicodeEncodeError:
        lost = [any(map(has_lost_bytes, row)) for row in rows]
        rejects += [
            _undecodable(names, row, line, file) for row, line, bad in zip(rows, lines, lost, strict=True) if bad
        ]
        lines = [line for line, bad in zip(lines, lost, strict=True) if not bad]
        table = _table(names, [row for row, bad in zip(rows, lost, strict=True) if not bad])
    return RawBatch(table, pa.array(lines, pa.int64()), tuple(rejects), file)


def _table(names: list[str], rows: list[list[str]]) -> pa.Table:
    return text_table(names, list(zip(*rows, strict=True)) if rows else [()] * len(names))


def _undecodable(names: list[str], row: list[str], line: int, file: str) -> Reject:
    shown = {name: printable(text) for name, text in zip(names, row, strict=True)}
    column = next(name for name, text in zip(names, row, strict=True) if has_lost_bytes(text))
    raw = json.dumps(shown, ensure_ascii=False)
    return Reject("", file, line, column, shown[column], "wrong_encoding", raw, False)
