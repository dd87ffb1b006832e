"""Rejected rows read again with the mapping of today.

Stored rejects come in, a fact batch goes out; what still cannot be read comes out as a reject again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyarrow as pa

from identity_graph.model import Reject
from identity_graph.sources.batches import FactBatch, RawBatch, text_table
from identity_graph.sources.canonical import CanonicalOptions, canonical_facts
from identity_graph.sources.mapping import SourceMapping

__all__ = ["replay"]

_ESCAPED_BYTE = re.compile(r"\\x([0-9a-f]{2})")


def replay(rejects: Iterable[Reject], mapping: SourceMapping, reference_year: int | None = None) -> FactBatch:
    """Turn rejected rows into facts with the current mapping.

    Args:
        rejects: of one source. A row that has several rejects is read once.
        mapping: the source's mapping, perhaps corrected: another region, id column, date order or encoding.
        reference_year: see `CanonicalOptions`.

    Returns:
        The facts of the rows that can be read now, and a reject, with its own file and line, for everything that
        still cannot.
    """
    rows: dict[tuple[str, int, str], tuple[Reject, dict[str, str | None]]] = {}
    still: list[Reject] = []
    for reject in rejects:
        row = _row(reject, mapping)
        if row is None:
            still.append(reject)
        else:
            rows[(reject.file, reject.line, reject.raw)] = (reject, row)
    first = [reject for reject, _ in rows.values()]
    names = _in_file_order([row for _, row in rows.values()])
    names += [name for name in mapping.named_columns() if name not in names]
    columns = text_table(names, [[row.get(name) for _, row in rows.values()] for name in names])
    numbers = pa.array(range(len(first)), pa.int64())
    source = first[0].source if first else "source"
    options = CanonicalOptions(source, reference_year=reference_year)
    batch = canonical_facts(RawBatch(columns, numbers), replace(mapping, source=source), options)
    placed = [replace(found, file=first[found.line].file, line=first[found.line].line) for found in batch.rejects]
    rejected = tuple(placed + still)
    unread = len({(reject.file, reject.line, reject.raw) for reject in still if not reject.kept_record})
    return replace(batch, rejects=rejected, rows_read=batch.rows_read + unread)


def _in_file_order(rows: Iterable[Mapping[str, str | None]]) -> list[str]:
    """Return the columns of all rows, each behind the one it follows in its row, so that rows are written as they came.

    Rows leave out the columns they have no value in.
    """
    names: list[str] = []
    for row in rows:
        place = 0
        for name in row:
            if name not in names:
                names.insert(place, name)
            place = names.index(name) + 1
    return names


def _row(reject: Reject, mapping: SourceMapping) -> dict[str, str | None] | None:
    """Return the row of a reject as it came; None for a line that never was a row."""
    try:
        row = json.loads(reject.raw)
    except ValueError:
        return None
    if not isinstance(row, dict):
        return None
    if reject.reason == "wrong_encoding":
        return _decoded(row, mapping.encoding)
    return {name: None if text is None else str(text) for name, text in row.items()}


def _decoded(row: dict[str, str], encoding: str | None) -> dict[str, str | None] | None:
    """Read the escaped bytes of a row in the encoding the mapping names now; None when they still are no text."""
    if encoding is None:
        return None
    try:
        return {name: None if text is None else _bytes(text).decode(encoding) for name, text in row.items()}
    except (UnicodeDecodeError, LookupError):
        return None


def _bytes(text: str) -> bytes:
    parts = _ESCAPED_BYTE.split(text)
    return b"".join(bytes([int(part, 16)]) if odd % 2 else part.encode() for odd, part in enumerate(parts))
