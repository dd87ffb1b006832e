"""Rows that are also interactions: one touchpoint per row, tied to the row's record and identifiers."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.roles import Role
from identity_graph.sources.json_rows import json_rows
from identity_graph.sources.mapping import SourceMapping
from identity_graph.sources.record_ids import content_hashes
from identity_graph.tables import TOUCHPOINT_SCHEMA

__all__ = ["touchpoint_table"]

_ABOUT_THE_EVENT = frozenset({Role.IGNORE, Role.CATEGORY, Role.NUMBER, Role.TEXT})


def touchpoint_table(
    columns: pa.Table,
    mapping: SourceMapping,
    sources: pa.Array,
    record_keys: pa.Array,
    moments: Callable[[str | None], pa.Array],
    identifiers: pa.Array,
) -> pa.Table:
    """Build the touchpoints of a batch.

    Args:
        columns: raw rows.
        mapping: with a touchpoint section.
        sources: source name per row.
        record_keys: key of the record per row.
        moments: reads a column as UTC times.
        identifiers: identifiers per row.

    Returns:
        `TOUCHPOINT_SCHEMA`, each key once (the last row of a message id wins), in order of arrival.
    """
    touchpoint = mapping.touchpoint
    assert touchpoint is not None
    properties = json_rows(columns, _event_columns(columns, mapping))
    made = content_hashes(json_rows(columns, sorted(columns.column_names)))
    ids = made if touchpoint.id is None else pc.coalesce(_text(columns, touchpoint.id), made)
    table = pa.table(
        [
            pc.binary_join_element_wise(sources, ids, pa.scalar(":")),
            sources,
            record_keys,
            _constant_or_column(columns, touchpoint.type, touchpoint.type_column),
            _constant_or_column(columns, touchpoint.channel, touchpoint.channel_column),
            moments(touchpoint.at),
            properties,
            identifiers,
        ],
        schema=TOUCHPOINT_SCHEMA,
    )
    last = {key: row for row, key in enumerate(table["key"].to_pylist())}
    return table if len(last) == table.num_rows else table.take(sorted(last.values()))


def _event_columns(columns: pa.Table, mapping: SourceMapping) -> list[str]:
    """Return the columns that describe the interaction rather than the person or the row."""
    assert mapping.touchpoint is not None
    placed = {*mapping.id_columns(), mapping.source_column, *mapping.touchpoint.named_columns()}
    return [
        name
        for name in columns.column_names
        if name not in placed and (name not in mapping.columns or mapping.columns[name].role in _ABOUT_THE_EVENT)
    ]


def _text(columns: pa.Table, name: str) -> pa.Array:
    text = pc.utf8_trim_whitespace(columns.column(name).combine_chunks())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _constant_or_column(columns: pa.Table, constant: str, column: str | None) -> pa.Array:
    if column is None:
        return pa.repeat(pa.scalar(constant, pa.string()), columns.num_rows)
    return pc.fill_null(_text(columns, column), constant)
