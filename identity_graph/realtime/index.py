"""All records in memory, so that what a change can reach is found at once.

Records, roles and a model come in at the start, changed records afterwards; the keys of records whose links a change
can alter go out. Answers who shares identifiers or blocks with whom; decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from identity_graph.facts.prepare import RecordRow
from identity_graph.facts.segments import record_table
from identity_graph.links import quarantined
from identity_graph.links.people import people_of
from identity_graph.matching import MatchingOptions, MatchModel, OneRecordMatcher
from identity_graph.matching.compiled import RecordValues
from identity_graph.namespaces import NamespaceRule, identifier_key, rule_for
from identity_graph.realtime.holders import Holders, Pair
from identity_graph.roles import PERSON_ROLES, Role
from identity_graph.tables import Table

__all__ = ["LiveIndex"]

Keys: TypeAlias = NDArray[np.uint64]
Status: TypeAlias = "tuple[str, str | None]"


class LiveIndex:
    """The records of a graph as of one sequence number. Not safe for several threads at once.

    Args:
        model: the model in use.
        records: all live records, sorted by key.
        roles: role of each attribute.
        rules: namespace rules.
        options: resources for the start, and the lowest weight that counts.

    Attributes:
        matcher: the records as matching sees them.
        model: the model in use.
        roles: role of each attribute.
        rules: namespace rules.
    """

    def __init__(
        self,
        model: MatchModel,
        records: Table,
        roles: Mapping[str, Role],
        rules: Mapping[str, NamespaceRule],
        options: MatchingOptions,
    ) -> None:
        self.model, self.roles, self.rules = model, dict(roles), rules
        self.matcher = OneRecordMatcher(model, records, roles, options)
        self._base = records
        self._row_of = {key: row for row, key in enumerate(records["key"].to_pylist())}
        self._later: dict[str, RecordRow] = {}
        self._holders = Holders(records)
        self._naming = set(records["key"].filter(pa.array(people_of(records, roles).known)).to_pylist())
        self._whole = model.blocking.get("(all pairs)", 0)
        crowded = quarantined(records, roles, rules, model.people_limits)
        self._crowded: dict[Pair, str] = {(one.namespace, one.value): one.reason for one in crowded}

    def __contains__(self, key: str) -> bool:
        return key in self._row_of or key in self._later

    def __len__(self) -> int:
        return len(self.matcher)

    @property
    def left_out(self) -> frozenset[str]:
        """Keys of the quarantined identifiers."""
        return frozenset(identifier_key(*pair) for pair in self._crowded)

    def table(self, keys: Collection[str]) -> Table:
        """Return records that are held, sorted by key, with every attribute that has a role."""
        rows = sorted(self._row_of[key] for key in keys if key in self._row_of)
        parts = [
            self._base.take(pa.array(rows, pa.int64())),
            record_table([self._later[key] for key in keys if key in self._later]),
        ]
        fixed = ("key", "seq", "source", "record_id", "observed_at", "identifiers")
        schema = pa.schema(
            [self._base.schema.field(name) for name in fixed]
            + [pa.field(name, pa.string()) for name in sorted(self.roles)]
        )
        whole = pa.concat_tables([_in_schema(part, schema) for part in parts])
        return whole.sort_by("key").combine_chunks()

    def put(self, changed: Sequence[RecordRow]) -> tuple[set[str], dict[str, Status]]:
        """Take in the present state of records that changed or were deleted.

        Returns:
            Keys of all records, gone ones among them, whose links may differ from what they were; and the key of each
            identifier whose records changed with its status and reason.
        """
        keys = {str(properties["key"]) for properties, _ in changed}
        held = {key for key in keys if key in self}
        live = [row for row in changed if not row[0]["deleted"]]
        fresh = {str(properties["key"]) for properties, _ in live}
        was_whole = len(self) <= self._whole
        touched = keys | self.around(held)
        pairs = self._identifiers(held)
        blocks = self._blocks(
            [*(self.matcher.held(self.matcher.row_of(key)) for key in held), *(self._values(row) for row in live)]
        )
        closed_before = self.matcher.closed_blocks(*blocks)
        for key in held:
            self._remove(key)
        for row in live:
            self._add(row)
        crossed = closed_before ^ self.matcher.closed_blocks(*blocks)
        if crossed:
            touched |= self.matcher.members(crossed)
        pairs |= self._identifiers(fresh)
        touched |= self._judged(pairs)
        touched |= self.around(fresh)
        if was_whole != (len(self) <= self._whole):
            touched.update(self._row_of, self._later)
        return touched, {identifier_key(*pair): self._status(pair) for pair in pairs}

    def around(self, keys: Iterable[str]) -> set[str]:
        """Return the records that have a link with some of these: by weight or by identifier."""
        found: set[str] = set()
        for key in keys:
            values = self.matcher.held(self.matcher.row_of(key))
            rows = self.matcher.candidates(values, key)
            found.update(match.key for match in self.matcher.matches_among(values, rows))
            found.update(self.sharing(key))
        return found

    def sharing(self, key: str, as_usable: Collection[Pair] = ()) -> set[str]:
        """Return the records that share an identifier with one, also through records that say nothing of a person."""
        found, waiting, seen = {key}, [key], set[Pair]()
        while waiting:
            one = waiting.pop()
            if one != key and self.names_somebody(one):
                continue
            for pair in self._pairs(one):
                if pair in seen or not (pair in as_usable or self._usable(pair)):
                    continue
                seen.add(pair)
                more = self._holders.of(pair) - found
                found |= more
                waiting.extend(more)
        return found

    def names_somebody(self, key: str) -> bool:
        """Say whether a record says of a person who it is."""
        return key in self._naming

    def _status(self, pair: Pair) -> Status:
        if len(self._holders.of(pair)) > 1 and rule_for(pair[0], self.rules).is_blocked(pair[1]):
            return "blocked", "The value identifies nobody by rule."
        if pair in self._crowded:
            return "quarantined", self._crowded[pair]
        return "active", None

    def _usable(self, pair: Pair) -> bool:
        return pair not in self._crowded and not rule_for(pair[0], self.rules).is_blocked(pair[1])

    def _blocks(self, records: Iterable[RecordValues]) -> tuple[Keys, NDArray[np.int64]]:
        """Return the blocking keys of some records, each once, and the rule of each."""
        rule_of: dict[int, int] = {}
        for values in records:
            found, rules = self.matcher.blocking_keys(values)
            rule_of.update(zip(found.tolist(), rules.tolist(), strict=True))
        return np.array(list(rule_of), dtype=np.uint64), np.array(list(rule_of.values()), dtype=np.int64)

    def _judged(self, pairs: set[Pair]) -> set[str]:
        """Judge identifiers anew; returns the records whose links change with them."""
        holders = set[str]().union(*(self._holders.of(pair) for pair in pairs)) if pairs else set()
        crowded: dict[Pair, str] = {}
        if holders:
            found = quarantined(self.table(holders), self.roles, self.rules, self.model.people_limits)
            crowded = {(one.namespace, one.value): one.reason for one in found}
        touched: set[str] = set()
        for pair in pairs:
            if (pair in crowded) != (pair in self._crowded):
                for key in self._holders.of(pair):
                    touched |= self.sharing(key, as_usable={pair})
            self._crowded.pop(pair, None)
            if pair in crowded:
                self._crowded[pair] = crowded[pair]
        return touched

    def _identifiers(self, keys: Iterable[str]) -> set[Pair]:
        return {pair for key in keys for pair in self._pairs(key)}

    def _pairs(self, key: str) -> tuple[Pair, ...]:
        if key in self._later:
            return tuple(self._later[key][1])
        held = self._base["identifiers"][self._row_of[key]].as_py()
        return tuple((one["namespace"], one["value"]) for one in held)

    def _remove(self, key: str) -> None:
        self._holders.remove(key, self._pairs(key))
        self.matcher.remove(key)
        self._naming.discard(key)
        self._later.pop(key, None)
        self._row_of.pop(key, None)

    def _values(self, row: RecordRow) -> RecordValues:
        return self.matcher.values({name: row[0].get(name) for name in self.roles})

    def _add(self, row: RecordRow) -> None:
        key = str(row[0]["key"])
        self._later[key] = row
        if any(row[0].get(name) is not None for name, role in self.roles.items() if role in PERSON_ROLES):
            self._naming.add(key)
        self._holders.add(key, row[1])
        self.matcher.add(key, {name: row[0].get(name) for name in self.roles})


def _in_schema(part: Table, schema: pa.Schema) -> Table:
    if "observed_at" in part.column_names:
        place = part.column_names.index("observed_at")
        part = part.set_column(place, "observed_at", part["observed_at"].cast(schema.field("observed_at").type))
    columns = [
        part[field.name].cast(field.type) if field.name in part.column_names else pa.nulls(part.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
