"""Which records share an identifier, and which record pairs follow from it.

A record table sorted by key comes in; flat arrays go out: one entry per record and identifier, and candidate pairs
that grow linearly with the data however many records share one value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from identity_graph.links.people import People
from identity_graph.links.types import Bits, Codes, Flags, Rows, ascending
from identity_graph.namespaces import NamespaceRule, rule_for
from identity_graph.tables import Table

__all__ = ["IdentifierPairs", "IdentifierTable", "identifier_pairs", "identifier_table", "unusable"]

_ALL_PAIRS_UP_TO = 8
_NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class IdentifierTable:
    """Identifiers of records in flat form, ascending by (code, row), each record and identifier once.

    Codes are ordered by namespace and value, so that they compare alike in every table.

    Attributes:
        row: record row of each entry.
        code: identifier of each entry, 0..len(value) - 1.
        namespace: per code, its position in `namespaces`.
        value: per code, the canonical value (Arrow text array).
        namespaces: names, ascending.
    """

    row: Rows
    code: Codes
    namespace: Codes
    value: Any
    namespaces: tuple[str, ...]

    def codes_in(self, namespace: str) -> Flags:
        """Return per code whether it belongs to a namespace."""
        position = self.namespaces.index(namespace) if namespace in self.namespaces else -1
        return np.asarray(self.namespace == position)

    def per_row(self, namespace: str, count: int) -> Codes:
        """Return how many identifiers of a namespace each of `count` records carries."""
        rows = self.row[self.codes_in(namespace)[self.code]]
        return np.bincount(rows, minlength=count).astype(np.int64)

    def counts(self) -> Codes:
        """Return per code how many records carry it."""
        return np.bincount(self.code, minlength=len(self.namespace)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class IdentifierPairs:
    """Record pairs that identifiers suggest, each once, ascending by (left, right).

    Attributes:
        left: row; below `right`.
        right: row.
        shared: pairs x namespaces, whether the two share a usable value of it. All False for two people who meet
            only through records that say nothing of a person (a cookie with two e-mails); they are worth comparing.
        namespaces: the columns of `shared`.
        table: the identifiers they come from.
        people: who the records say they are.
    """

    left: Rows
    right: Rows
    shared: Flags
    namespaces: tuple[str, ...]
    table: IdentifierTable
    people: People

    def strength(self, rules: Mapping[str, NamespaceRule], without: Collection[str] = ()) -> Bits:
        """Return the bits of evidence of each pair: the sum over shared namespaces, but those in `without`."""
        bits = [0.0 if name in without else rule_for(name, rules).strength for name in self.namespaces]
        return np.asarray(self.shared @ np.array(bits, dtype=np.float64))


def identifier_table(records: Table) -> IdentifierTable:
    """Flatten the identifiers column of a record table."""
    column = records.column("identifiers").combine_chunks()
    parents = pc.list_parent_indices(column).to_numpy(zero_copy_only=False)
    flat = pc.list_flatten(column)
    names = flat.field("namespace").dictionary_encode()
    values = flat.field("value").dictionary_encode()
    order = np.argsort(np.array(names.dictionary.to_pylist(), dtype=object), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    name_code = rank[names.indices.to_numpy(zero_copy_only=False)] if len(order) else np.empty(0, np.int64)
    by_text = pc.sort_indices(values.dictionary)
    value_rank = np.argsort(by_text.to_numpy())
    value_code = value_rank[values.indices.to_numpy(zero_copy_only=False)] if len(order) else np.empty(0, np.int64)
    width = max(len(values.dictionary), 1)
    keys, code = np.unique(name_code * width + value_code, return_inverse=True)
    entries = ascending(code.astype(np.int64) * max(len(records), 1) + parents)
    return IdentifierTable(
        row=(entries % max(len(records), 1)).astype(np.int32),
        code=entries // max(len(records), 1),
        namespace=keys // width,
        value=values.dictionary.take(by_text).take(pa.array(keys % width)),
        namespaces=tuple(names.dictionary.take(pa.array(order)).to_pylist()),
    )


def unusable(
    table: IdentifierTable,
    rules: Mapping[str, NamespaceRule],
    quarantined: Collection[str] = (),
    codes: Codes | None = None,
) -> Flags:
    """Return per code whether it may not link: blocked by its namespace's rule, or quarantined.

    Args:
        table: the identifiers.
        rules: namespace rules.
        quarantined: identifier keys (`namespace:value`).
        codes: the codes to look at; None is those that two records share, because others link nothing.
    """
    refused = np.zeros(len(table.namespace), dtype=np.bool_)
    codes = np.flatnonzero(table.counts() > 1) if codes is None else codes
    by_position = [rule_for(name, rules) for name in table.namespaces]
    values = table.value.take(pa.array(codes)).to_pylist()
    refused[codes] = [
        by_position[position].is_blocked(value) or f"{by_position[position].name}:{value}" in quarantined
        for position, value in zip(table.namespace[codes].tolist(), values, strict=True)
    ]
    return refused


def identifier_pairs(table: IdentifierTable, people: People, refused: Flags) -> IdentifierPairs:
    """Return the record pairs that share a usable identifier, and the people that meet through nameless records.

    All pairs where up to eight records share a value. Where more do, each record is paired with its three next
    neighbours in order of (name, row), and with the first record of the group (one that names a person when there is
    one), so pairs grow linearly and the group stays connected.

    Args:
        table: identifiers of the records.
        people: who the records say they are.
        refused: per code, from `unusable`.
    """
    usable = ~refused[table.code]
    left, right, namespace = _group_pairs(table.code[usable], table.row[usable], people, table.namespace)
    met = _meetings(table.code[usable], table.row[usable], people.known)
    met_left, met_right, _ = _group_pairs(*met, people, np.zeros(len(people.known) + 1, dtype=np.int64))
    count = len(people.known)
    keys = np.concatenate([left * np.int64(count) + right, met_left * np.int64(count) + met_right])
    unique, position = np.unique(keys, return_inverse=True)
    shared = np.zeros((len(unique), len(table.namespaces)), dtype=np.bool_)
    shared[position[: len(left)], namespace] = True
    return IdentifierPairs(
        left=(unique // max(count, 1)).astype(np.int32),
        right=(unique % max(count, 1)).astype(np.int32),
        shared=shared,
        namespaces=table.namespaces,
        table=table,
        people=people,
    )


def _group_pairs(code: Codes, row: Rows, people: People, tag: Codes) -> tuple[Codes, Codes, Codes]:
    """Pair the rows of each group, at most linearly; returns left < right and the tag of the group's code."""
    order = np.lexsort((row, people.name[row], ~people.known[row], code))
    code, rows = code[order], row[order].astype(np.int64)
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]]) if len(code) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(code)])
    size, first = np.repeat(sizes, sizes), np.repeat(starts, sizes)
    small = size <= _ALL_PAIRS_UP_TO
    ones, others = [], []
    for step in range(1, _ALL_PAIRS_UP_TO):
        one = np.flatnonzero((code[:-step] == code[step:]) & (small[:-step] | (step <= _NEIGHBOURS)))
        ones.append(one)
        others.append(one + step)
    hub = np.flatnonzero(~small & (np.arange(len(code)) > first + _NEIGHBOURS))
    one, other = np.concatenate([*ones, first[hub]]), np.concatenate([*others, hub])
    return np.minimum(rows[one], rows[other]), np.maximum(rows[one], rows[other]), tag[code[one]]


def _meetings(code: Codes, row: Rows, known: Flags) -> tuple[Codes, Rows]:
    """Group the people that nameless records tie together: (group, row of a person), each once."""
    count, top = len(known), int(code.max()) + 1 if len(code) else 0
    nameless = ~known[row]
    ends = (row[nameless].astype(np.int64), code[nameless] + count)
    graph = coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(count + top, count + top))
    _, component = connected_components(graph, directed=False)
    touched = np.zeros(top, dtype=np.bool_)
    touched[code[nameless]] = True
    meets = ~nameless & touched[code]
    entries = ascending(component[code[meets] + count].astype(np.int64) * max(count, 1) + row[meets])
    group, person = entries // max(count, 1), (entries % max(count, 1)).astype(np.int32)
    return np.unique(group, return_inverse=True)[1].astype(np.int64), person
