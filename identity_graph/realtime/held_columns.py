"""Many records as columns, the smallest form, of which single ones can be let go and others taken in.

Record tables come in, those of chosen keys go out. Rows stand in segments of bounded size: rows that were let go are
cleared away segment by segment, and new ones join the smallest. So no call takes longer the more records there are.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from itertools import count, groupby

import numpy as np
import pyarrow as pa

from identity_graph.realtime.holders import Pair
from identity_graph.tables import Table

__all__ = ["MOST_ROWS", "NEVER", "HeldColumns", "in_schema"]

MOST_ROWS = 65_536
"""Rows of a segment: as many are copied within some hundredths of a second."""

NEVER = -(2**62)
"""Microseconds, before all times."""


class _Segment:
    """Some rows; `alive` says which of them still count, `kept` how many."""

    __slots__ = ("alive", "ends", "kept", "namespaces", "says", "table", "times", "values")

    def __init__(self, table: Table, roles: Sequence[str]) -> None:
        self.table = table
        self.says = np.zeros(table.num_rows, dtype=np.bool_)
        for name in roles:
            self.says |= table[name].is_valid().to_numpy()
        self.times = table["observed_at"].cast(pa.int64()).fill_null(NEVER).to_numpy()
        # Lists of structs cost ten times as much to read one by one as their parts do.
        held = table["identifiers"].combine_chunks()
        self.ends = held.offsets.to_numpy()
        self.namespaces, self.values = held.values.field("namespace"), held.values.field("value")
        self.alive = np.ones(table.num_rows, dtype=np.bool_)
        self.kept = table.num_rows

    def living(self) -> Table:
        return self.table.take(np.flatnonzero(self.alive))


class HeldColumns:
    """Records by key.

    Args:
        records: record table, each key once; it is copied.
        roles: the attributes with a role.
        most_rows: of a segment.
    """

    def __init__(self, records: Table, roles: Sequence[str], most_rows: int = MOST_ROWS) -> None:
        self._roles, self._most_rows = roles, most_rows
        self._bits = most_rows.bit_length()
        self._schema = records.schema
        self._segments: dict[int, _Segment] = {}
        self._place_of: dict[str, int] = {}
        for first in range(0, records.num_rows, most_rows):
            part = records.slice(first, most_rows)
            self._replace([], part.take(np.arange(part.num_rows)))  # a slice would keep the whole table

    def __contains__(self, key: str) -> bool:
        return key in self._place_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._place_of)

    @property
    def sizes(self) -> tuple[int, int]:
        """Rows that are held, those that were let go but not cleared away among them, and segments."""
        return sum(one.table.num_rows for one in self._segments.values()), len(self._segments)

    def learn(self, schema: pa.Schema, roles: Sequence[str]) -> None:
        """Have other attributes from now on: no record says any that comes, nor any that goes.

        Args:
            schema: of the record table.
            roles: the attributes with a role.
        """
        self._schema, self._roles = schema, roles
        for segment in self._segments.values():
            segment.table = in_schema(segment.table, schema)

    def take_in(self, records: Table) -> None:
        """Take in records that are not here.

        Args:
            records: in the schema of now, fewer than a segment may have.
        """
        chosen, rows = [], records.num_rows
        for number in sorted(self._segments, key=lambda one: self._segments[one].kept):
            rows += self._segments[number].kept
            if rows > self._most_rows:
                break
            chosen.append(number)
        self._replace(chosen, records)

    def drop(self, key: str) -> None:
        """Let go of a record, if it is here; when half of its segment has been let go, that is cleared away."""
        place = self._place_of.pop(key, None)
        if place is None:
            return
        number, row = self._at(place)
        segment = self._segments[number]
        segment.alive[row] = False
        segment.kept -= 1
        if 2 * segment.kept < segment.table.num_rows:
            self._replace([number], self._schema.empty_table())

    def table(self, keys: Collection[str]) -> Table:
        """Return records that are here, in no order."""
        places = sorted(self._place_of[key] for key in keys)
        parts = [self._schema.empty_table()]
        for number, some in groupby(places, key=lambda place: place >> self._bits):
            rows = np.array([self._at(place)[1] for place in some], dtype=np.int64)
            parts.append(self._segments[number].table.take(rows))
        return pa.concat_tables(parts).combine_chunks()

    def identifiers(self, key: str) -> tuple[Pair, ...]:
        """Return the identifiers of a record."""
        number, row = self._at(self._place_of[key])
        segment = self._segments[number]
        places = range(segment.ends[row], segment.ends[row + 1])
        return tuple((segment.namespaces[place].as_py(), segment.values[place].as_py()) for place in places)

    def says_anything(self, key: str) -> bool:
        """Say whether a record has a value of any role."""
        number, row = self._at(self._place_of[key])
        return bool(self._segments[number].says[row])

    def seen_at(self, key: str) -> int:
        """Return when a record was seen last, in microseconds; NEVER when nobody knows."""
        number, row = self._at(self._place_of[key])
        return int(self._segments[number].times[row])

    def _at(self, place: int) -> tuple[int, int]:
        """Return the number of a segment and a row of it."""
        return place >> self._bits, place & ((1 << self._bits) - 1)

    def _replace(self, numbers: Sequence[int], more: Table) -> None:
        """Put what is alive of some segments, and more rows, into one segment."""
        parts = [self._segments.pop(number).living() for number in numbers]
        table = pa.concat_tables([*parts, more]).combine_chunks()
        if not table.num_rows:
            return
        number = next(number for number in count() if number not in self._segments)
        self._segments[number] = _Segment(table, self._roles)
        for row, key in enumerate(table["key"].to_pylist()):
            self._place_of[sys.intern(key)] = number << self._bits | row


def in_schema(part: Table, schema: pa.Schema) -> Table:
    """Return a record table with the columns of a schema, null where it has none."""
    if "observed_at" in part.column_names:
        place = part.column_names.index("observed_at")
        part = part.set_column(place, "observed_at", part["observed_at"].cast(schema.field("observed_at").type))
    columns = [
        part[field.name].cast(field.type) if field.name in part.column_names else pa.nulls(part.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
