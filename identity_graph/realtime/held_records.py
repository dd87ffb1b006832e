"""The records themselves in memory: what each says and holds, as a table or alone, as of the last change.

A record table comes in at the start, single records afterwards. What came later is kept beside the columns, and joins
them when it is much: columns take a tenth of the room.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from identity_graph.facts.prepare import RecordRow
from identity_graph.facts.segments import record_table
from identity_graph.realtime.held_columns import MOST_ROWS, NEVER, HeldColumns, in_schema
from identity_graph.realtime.holders import Pair
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["IDENTIFIERS", "HeldRecords", "said_by"]

IDENTIFIERS = "identifiers"
"""What a record holds, among the names of what it says."""

_FIXED = ("key", "seq", "source", "record_id", "observed_at", "identifiers")
_MOST_LATER = 4_096
_MOST_RECENT = 4_096
_KEPT = frozenset(_FIXED) | {"deleted", "identifier_times"}
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class HeldRecords:
    """Records by key.

    Args:
        records: record table, each key once; attributes without a role are not kept.
        roles: role of each attribute.
        most_later: records that wait beside the columns.
        most_rows: of a segment of the columns; more than `most_later`.

    Attributes:
        sources: the sources of all records that were ever held.
        attributes: what any of them may have said, with a role or without one.
    """

    def __init__(
        self, records: Table, roles: Mapping[str, Role], most_later: int = _MOST_LATER, most_rows: int = MOST_ROWS
    ) -> None:
        self._most_later = most_later
        self._fixed = [records.schema.field(name) for name in _FIXED]
        self._roles, self._schema = self._layout(roles)
        self.sources, self.attributes = said_by(records)
        self._columns = HeldColumns(in_schema(records, self._schema), self._roles, most_rows)
        self._later: dict[str, RecordRow] = {}
        self._recent: dict[str, tuple[Pair, ...]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._columns or key in self._later

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Rows in columns, those that do not count any more among them, segments of columns, and later records."""
        return *self._columns.sizes, len(self._later)

    def learn(self, roles: Mapping[str, Role]) -> None:
        """Have other attributes from now on: those that get or lose their role are none of `attributes`."""
        self._roles, self._schema = self._layout(roles)
        self._columns.learn(self._schema, self._roles)

    def _layout(self, roles: Mapping[str, Role]) -> tuple[tuple[str, ...], pa.Schema]:
        names = tuple(sorted(roles))
        return names, pa.schema([*self._fixed, *(pa.field(name, pa.string()) for name in names)])

    def keys(self) -> Iterator[str]:
        """Yield the keys of all records."""
        yield from self._columns
        yield from self._later

    def put(self, row: RecordRow) -> None:
        """Hold a record as it is now."""
        properties = {name: value for name, value in row[0].items() if name in _KEPT or name in self._roles}
        key = str(properties["key"])
        self.sources.add(properties["source"])
        self.attributes.update(row[0])
        self._columns.drop(key)
        self._recent.pop(key, None)
        self._later[key] = properties, row[1]
        if len(self._later) >= self._most_later:
            self._columns.take_in(self._of_later(self._later))
            self._later = {}

    def drop(self, key: str) -> None:
        """Let go of a record."""
        self._columns.drop(key)
        self._recent.pop(key, None)
        self._later.pop(key, None)

    def identifiers(self, key: str) -> tuple[Pair, ...]:
        """Return the identifiers of a record; those that were asked for of late are at hand."""
        if key in self._later:
            return tuple(self._later[key][1])
        if key not in self._recent:
            if len(self._recent) >= _MOST_RECENT:
                self._recent.clear()
            self._recent[key] = self._columns.identifiers(key)
        return self._recent[key]

    def moved(self, changed: Sequence[RecordRow]) -> dict[str, frozenset[str]]:
        """Return what is different of those that came, went, or say or hold something else than they did.

        Returns:
            Key -> names of the attributes that differ, and `identifiers` where those do; all of them for who came or
            went.
        """
        everything = frozenset((*self._roles, IDENTIFIERS))
        before = self._said({str(properties["key"]) for properties, _ in changed})
        moved: dict[str, frozenset[str]] = {}
        for properties, identifiers in changed:
            key = str(properties["key"])
            told = before.get(key)
            if told is None or properties["deleted"]:
                if told is not None or not properties["deleted"]:
                    moved[key] = everything
                continue
            said, held = told
            different = {name for name, old in zip(self._roles, said, strict=True) if properties.get(name) != old}
            if held != set(identifiers):
                different.add(IDENTIFIERS)
            if different:
                moved[key] = frozenset(different)
        return moved

    def says_anything(self, key: str) -> bool:
        """Say whether a record is held and has a value of any role."""
        if key in self._later:
            return any(self._later[key][0].get(name) is not None for name in self._roles)
        return key in self._columns and self._columns.says_anything(key)

    def in_order(self, keys: Iterable[str]) -> list[tuple[str, bool]]:
        """Order the records that say anything by when they were seen, latest first, as golden values look at them.

        Returns:
            Key, and whether it was seen at the same time as the one before it; nothing for fewer than two records.
        """
        found = [(self._seen_at(key), key) for key in keys if self.says_anything(key)]
        if len(found) < 2:
            return []
        found.sort(key=lambda one: (-one[0], one[1]))
        times = [None, *(time for time, _ in found)]
        return [(key, time == before) for (time, key), before in zip(found, times, strict=False)]

    def table(self, keys: Collection[str]) -> Table:
        """Return records that are held, sorted by key, with every attribute that has a role."""
        part = self._columns.table([key for key in keys if key in self._columns])
        later = [key for key in keys if key in self._later]
        if later:
            part = pa.concat_tables([part, self._of_later(later)])
        return part.sort_by("key").combine_chunks()

    def _of_later(self, keys: Iterable[str]) -> Table:
        return in_schema(record_table([self._later[key] for key in keys]), self._schema)

    def _said(self, keys: set[str]) -> dict[str, tuple[list[Any], set[Pair]]]:
        """Return what the held ones of some records say, in the order of the roles, and hold."""
        found = {
            key: ([self._later[key][0].get(name) for name in self._roles], set(self._later[key][1]))
            for key in keys
            if key in self._later
        }
        some = self._columns.table([key for key in keys if key in self._columns])
        columns = [some[name].to_pylist() for name in self._roles]
        held = some["identifiers"].to_pylist()
        for place, key in enumerate(some["key"].to_pylist()):
            pairs = {(one["namespace"], one["value"]) for one in held[place]}
            found[key] = [column[place] for column in columns], pairs
        return found

    def _seen_at(self, key: str) -> int:
        """Return when a record was seen last, in microseconds; before all times when nobody knows."""
        if key not in self._later:
            return self._columns.seen_at(key)
        text = self._later[key][0].get("observed_at")
        return NEVER if text is None else (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND


def said_by(records: Table) -> tuple[set[str], set[str]]:
    """Return the sources of records, and the names of what any of them says."""
    names = {name for name in records.column_names if records[name].null_count < records.num_rows}
    return set(records["source"].unique().to_pylist()), names
