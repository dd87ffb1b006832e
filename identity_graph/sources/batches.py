"""What loaders and the canonical step hand on: raw batches of text, and fact batches of canonical tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from identity_graph.model import Reject
from identity_graph.tables import RECORD_SCHEMA, TOUCHPOINT_SCHEMA

__all__ = ["FactBatch", "RawBatch", "no_records", "no_touchpoints", "text_table"]


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Rows of one file as they came, before anything is understood.

    Attributes:
        columns: one text column per column of the file; null where the source has no value.
        lines: 1-based line (text) or row (Parquet) where each row starts; as long as `columns`.
        rejects: rows that could not be read at all.
        file: path as the user gave it.
    """

    columns: pa.Table
    lines: pa.Array
    rejects: tuple[Reject, ...] = ()
    file: str = ""

    def with_columns(self, names: Iterable[str]) -> RawBatch:
        """Return the batch with the named columns added, null, where it lacks them."""
        columns = self.columns
        for name in names:
            if name not in columns.column_names:
                columns = columns.append_column(name, pa.nulls(self.columns.num_rows, pa.string()))
        return replace(self, columns=columns)

    @property
    def rows_read(self) -> int:
        """Rows met in the file: those in `columns` and those rejected."""
        return int(self.columns.num_rows) + sum(not reject.kept_record for reject in self.rejects)


@dataclass(frozen=True, slots=True)
class FactBatch:
    """Canonical facts of one batch of rows.

    Attributes:
        records: `RECORD_SCHEMA` and one text column per attribute; each key once.
        touchpoints: `TOUCHPOINT_SCHEMA`; each key once.
        rejects: rows left out (`kept_record` false) and values left out of a kept record (`kept_record` true).
        rows_read: rows met in the file.
        rows_merged: rows that share their record with a later row of the batch: replaced by it, or added up.

    Always: rows_read = records + rows_merged + rejected rows.
    """

    records: pa.Table
    touchpoints: pa.Table
    rejects: tuple[Reject, ...]
    rows_read: int
    rows_merged: int = 0

    @property
    def rows_rejected(self) -> int:
        """Rows left out as a whole."""
        return sum(not reject.kept_record for reject in self.rejects)


def text_table(names: Sequence[str], columns: Sequence[Sequence[str | None]]) -> pa.Table:
    """Build a table of text from columns of Python text."""
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


def no_records(attributes: Sequence[str]) -> pa.Table:
    """Return an empty record table with the given attributes."""
    return pa.schema([*RECORD_SCHEMA, *(pa.field(name, pa.string()) for name in attributes)]).empty_table()


def no_touchpoints() -> pa.Table:
    """Return an empty touchpoint table."""
    return TOUCHPOINT_SCHEMA.empty_table()
