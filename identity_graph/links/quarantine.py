"""Finds identifiers that belong to too many different people to say who somebody is.

A record table comes in; the identifiers to leave out of linking go out, with the reason. Pure and free of memory: an
identifier whose records are gone, or whose rule is relaxed, is free again with the next run. How many people one value
may have is learnt from all values (`people_limits`) and then a rule, so each identifier is judged by its own records.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.links.identifiers import IdentifierTable, identifier_table
from identity_graph.links.people import People, people_of
from identity_graph.links.types import Codes, ascending
from identity_graph.namespaces import NamespaceRule, identifier_key, rule_for
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["FAMILY", "QuarantinedIdentifier", "over_limit_reason", "people_limit", "people_limits", "quarantined"]

FAMILY = 8
"""People that may be behind one value of a namespace about which nothing was learnt."""
_CHANCE = 0.01
_MICROSECONDS_PER_DAY = 86_400_000_000
_STAMP = pa.timestamp("us")
_UNDATED = -(2**63)


@dataclass(frozen=True, slots=True)
class QuarantinedIdentifier:
    """An identifier left out of linking.

    Attributes:
        namespace: its namespace.
        value: its canonical value.
        records: records that carry it.
        people: different people among them, counted from below.
        reason: one sentence for stewards.
    """

    namespace: str
    value: str
    records: int
    people: int
    reason: str

    @property
    def key(self) -> str:
        """Key of the Identifier node."""
        return identifier_key(self.namespace, self.value)


def people_limits(
    records: Table,
    roles: Mapping[str, Role],
    rules: Mapping[str, NamespaceRule],
    table: IdentifierTable | None = None,
) -> dict[str, int]:
    """Learn for each namespace of the records how many people one value may have (`people_limit`).

    Args:
        records: record table sorted by key.
        roles: attribute -> role.
        rules: namespace rules.
        table: the identifiers of the records, where somebody has them already.
    """
    table = table or identifier_table(records)
    persons = _people_behind(table, people_of(records, roles), rules)
    return {name: people_limit(persons[table.codes_in(name)]) for name in table.namespaces}


def quarantined(
    records: Table,
    roles: Mapping[str, Role],
    rules: Mapping[str, NamespaceRule],
    limits: Mapping[str, int],
    table: IdentifierTable | None = None,
) -> tuple[QuarantinedIdentifier, ...]:
    """Return the identifiers with too many people, or over their namespace's limit, ascending by key.

    A family that shares an e-mail stays below the number of people one value may have. The namespace's `limit` counts
    records that were first seen with the value inside `window_days`: when they were seen last changes nothing. What is
    over it is judged by that alone, so one record more changes nothing either.

    Args:
        records: record table sorted by key.
        roles: attribute -> role.
        rules: namespace rules.
        limits: from `people_limits`; a namespace it lacks may have a family behind each value.
        table: the identifiers of the records, where somebody has them already.
    """
    table, people = table or identifier_table(records), people_of(records, roles)
    count, persons = table.counts(), _people_behind(table, people, rules)
    found: list[QuarantinedIdentifier] = []
    for name in table.namespaces:
        mine = np.flatnonzero(table.codes_in(name))
        rule, most = rule_for(name, rules), limits.get(name, FAMILY)
        crowded = set(mine[persons[mine] > most].tolist())
        full = set() if rule.limit is None else _over_limit(records, table, mine[count[mine] > rule.limit], rule)
        for code in sorted(crowded | full):
            reason = (
                over_limit_reason(rule)
                if code in full
                else f"It has at least {persons[code]} different people; values of {name} have {most} at most."
            )
            value = table.value[code].as_py()
            found.append(QuarantinedIdentifier(name, value, int(count[code]), int(persons[code]), reason))
    return tuple(sorted(found, key=lambda one: one.key))


def over_limit_reason(rule: NamespaceRule) -> str:
    """Say why a value is quarantined that more records share than its namespace allows; the same however many do."""
    window = "" if rule.window_days is None else f" in {rule.window_days} days"
    return f"It is on more than {rule.limit} records{window}, the most that {rule.name} allows."


def people_limit(people: Codes) -> int:
    """Return how many people one value of a namespace may have before it says nothing.

    People behind a value fall off geometrically in ordinary sharing: each further one is there with the same chance.
    That chance is learnt from the values that look like a family at most (so that reception desks do not teach it);
    the limit is where chance alone would put less than a hundredth of one value. It never falls below a family.

    Args:
        people: different people behind each value of the namespace, 0 where nobody is named.
    """
    ordinary = people[(people >= 1) & (people <= FAMILY)]
    if not len(ordinary):
        return FAMILY
    further = float((ordinary - 1).sum() + 1) / float(ordinary.sum() + 2)
    return max(FAMILY, 1 + math.ceil(math.log(_CHANCE / len(people)) / math.log(further)))


def _people_behind(table: IdentifierTable, people: People, rules: Mapping[str, NamespaceRule]) -> Codes:
    """Count different names per identifier; where nobody is named, different values of a unique namespace."""
    top = int(people.name.max(initial=0)) + 1
    named = people.name[table.row] >= 0
    by_name = _distinct(table.code[named], people.name[table.row[named]], top, len(table.namespace))
    most = by_name
    for name in table.namespaces:
        if not rule_for(name, rules).unique:
            continue
        inside = table.codes_in(name)[table.code]
        value_of = np.full(int(table.row.max(initial=0)) + 1, -1, dtype=np.int64)
        value_of[table.row[inside][::-1]] = table.code[inside][::-1]
        known = value_of[table.row] >= 0
        by_value = _distinct(table.code[known], value_of[table.row[known]], len(table.namespace), len(table.namespace))
        most = np.where(by_name > 0, most, np.maximum(most, by_value))
    return most


def _distinct(code: Codes, other: Codes, width: int, count: int) -> Codes:
    """Count the distinct `other` of each code."""
    return np.bincount(ascending(code * width + other) // width, minlength=count).astype(np.int64)


def _over_limit(records: Table, table: IdentifierTable, codes: Codes, rule: NamespaceRule) -> set[int]:
    """Return those codes that more records than the limit came to within some window; undated ones always count."""
    if rule.limit is None or rule.window_days is None or not len(codes):
        return set(codes.tolist())
    over = set()
    for code, times in _first_seen(records, table, codes):
        at = np.sort(times[times != _UNDATED])
        inside = np.arange(1, len(at) + 1) - np.searchsorted(at, at - rule.window_days * _MICROSECONDS_PER_DAY)
        if int(inside.max(initial=0)) + len(times) - len(at) > rule.limit:
            over.add(code)
    return over


def _first_seen(records: Table, table: IdentifierTable, codes: Codes) -> Iterator[tuple[int, Codes]]:
    """Yield codes of one namespace, each with the times its records were first seen with it, in microseconds.

    Records of files tell no such times: they were seen with all they hold when they were observed.
    """
    name = table.namespaces[int(table.namespace[codes[0]])]
    rows = ascending(table.row[np.isin(table.code, codes)].astype(np.int64))
    part = records.select(["identifiers", "observed_at"]).take(pa.array(rows))
    held = part["identifiers"].combine_chunks()
    parent, flat = pc.list_parent_indices(held), pc.list_flatten(held)
    dated = held.type.value_type.get_field_index("first_seen") >= 0
    times = flat.field("first_seen") if dated else part["observed_at"].cast(_STAMP).combine_chunks().take(parent)
    place = pc.index_in(flat.field("value"), value_set=table.value.take(pa.array(codes)))
    place = pc.if_else(pc.equal(flat.field("namespace"), name), place, None)
    found = place.is_valid().to_numpy(zero_copy_only=False)
    entry = place.filter(pa.array(found)).to_numpy().astype(np.int64) * len(rows) + parent.to_numpy()[found]
    entry, first = np.unique(entry, return_index=True)  # files may say one identifier of a record twice
    seen = times.cast(_STAMP).cast(pa.int64()).fill_null(_UNDATED).to_numpy()[found][first]
    for at, code in enumerate(codes.tolist()):
        yield code, seen[entry // len(rows) == at]
