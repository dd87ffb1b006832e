"""The Arrow tables that bulk stages hand to each other, with their columns.

Loaders make record and touchpoint batches; facts store them; matching turns records into pairs; clusters turn pairs
into labels. A stage checks its input with `require` so that a wrong table is named where it enters.
"""

from __future__ import annotations

from typing import TypeAlias

import pyarrow as pa

from identity_graph.errors import InvalidSettingError

__all__ = [
    "HELD_STRUCT", "IDENTIFIER_STRUCT", "PAIR_SCHEMA", "RECORD_SCHEMA", "SEEN_STRUCT", "TOUCHPOINT_SCHEMA", "Table",
    "attribute_names", "require",
]  # fmt: skip

Table: TypeAlias = "pa.Table"

IDENTIFIER_STRUCT = pa.struct([("namespace", pa.string()), ("value", pa.string())])

SEEN_STRUCT = pa.struct([("record_key", pa.string()), ("identifiers", pa.list_(IDENTIFIER_STRUCT))])

HELD_STRUCT = pa.struct([*IDENTIFIER_STRUCT, pa.field("first_seen", pa.timestamp("us"))])
"""An identifier of a stored record, and when the two were first seen together (UTC, without a zone)."""

RECORD_SCHEMA = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),  # source + ":" + record_id
        pa.field("source", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("observed_at", pa.timestamp("us", tz="UTC")),
        pa.field("raw", pa.string(), nullable=False),  # the row as it came, JSON object
        pa.field("grows", pa.bool_(), nullable=False),  # traits add up over rows (event streams) instead of replacing
        pa.field("identifiers", pa.list_(IDENTIFIER_STRUCT), nullable=False),
    ]
)
"""Fixed columns of a record table; every further column is an attribute (canonical text, null when it has no value).

A batch may carry `trait_times` (JSON, attribute -> when it was seen) for records that grow and were added up already;
an attribute it names that has no value was removed at that time.
"""

TOUCHPOINT_SCHEMA = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("record_key", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("properties", pa.string(), nullable=False),  # JSON object
        pa.field("identifiers", pa.list_(IDENTIFIER_STRUCT), nullable=False),
    ]
)
"""A batch may carry `seen_with` (list of `SEEN_STRUCT`): the records that the touchpoint is about, its own first, each
with the identifiers that it was seen with (without it, its own record was seen with all of them); and `group_id` (text)
with `group_traits` (JSON object, trait -> value as JSON or null): the organisation that the touchpoint's record belongs
to, and what it says of it.
"""

PAIR_SCHEMA = pa.schema(
    [
        pa.field("left", pa.int32(), nullable=False),  # row of the record table sorted by key; left < right
        pa.field("right", pa.int32(), nullable=False),
        pa.field("match_weight", pa.float64(), nullable=False),  # log2 odds, prior included
    ]
)
"""Scored pairs, each once; further columns named `mw_<comparison>` hold the weight of each comparison (evidence)."""


def attribute_names(records: Table) -> tuple[str, ...]:
    """Return the attribute columns of a record table, sorted."""
    fixed = {*RECORD_SCHEMA.names, "trait_times", "seq", "content_hash", "deleted"}
    return tuple(sorted(name for name in records.column_names if name not in fixed))


def require(table: Table, schema: pa.Schema, name: str) -> None:
    """Check that a table has the columns of a schema, with their types.

    Raises:
        InvalidSettingError: a column is absent or has another type.
    """
    for field in schema:
        if field.name not in table.column_names:
            raise InvalidSettingError(f"The {name} table has no column {field.name!r}.", ids=[field.name])
        found = table.schema.field(field.name).type
        if found != field.type:
            raise InvalidSettingError(
                f"Column {field.name!r} of the {name} table is {found}, not {field.type}.", ids=[field.name]
            )
