"""The blocking keys of records as 64-bit numbers: many records by DuckDB, one record by the same parts in Python.

A model's rules come in; keys of a feature table or of one record's values go out. Two records have one number exactly
when they have one key of one rule, but for a chance of one in 2^64. The numbers mean something in this process only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from identity_graph.matching.artefact import MatchModel
from identity_graph.matching.blocking_rules import blocking_rules
from identity_graph.matching.columns import flat
from identity_graph.matching.conditions import NOTHING_KNOWN, ConditionWriter, parse_condition
from identity_graph.matching.engine import Connection
from identity_graph.matching.sql_functions import FUNCTIONS
from identity_graph.tables import Table

__all__ = ["BlockingKeys"]

Keys: TypeAlias = NDArray[np.uint64]

_SEED = np.uint64(0x9E3779B97F4A7C15)
_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(31)
_PARTS_AT_ONCE = 12
_RECENT = 4_096


class BlockingKeys:
    """Makes the keys of a model's rules.

    Args:
        model: a trained model.
        columns: the columns of a record's values, in order.

    Attributes:
        caps: for each rule the records its blocks may hold.
        of_record: returns of the values of one record its keys, each once, and the rule of each; not to be changed.
    """

    def __init__(self, model: MatchModel, columns: Sequence[str]) -> None:
        rules = [rule for rule in blocking_rules(frozenset(model.vocabulary.columns)) if rule.name in model.blocking]
        plain = [rule for rule in rules if rule.exploded is None]
        exploded = [rule for rule in rules if rule.exploded is not None]
        self.caps = np.array([model.blocking[rule.name] for rule in (*plain, *exploded)], dtype=np.int64)
        self._parts = sorted({part for rule in plain for part in rule.parts})
        self._lists = [str(rule.exploded) for rule in exploded]
        self._places = [columns.index(column) for column in self._lists]
        place = {part: number for number, part in enumerate(self._parts)}
        # Rules of fewer parts are filled up with a part that is always there.
        longest = max((len(rule.parts) for rule in plain), default=0)
        always = len(self._parts)
        self._parts_of = np.array(
            [[*(place[part] for part in rule.parts), *[always] * (longest - len(rule.parts))] for rule in plain],
            dtype=np.int64,
        ).reshape(len(plain), longest)
        self._seeds = _mixed(np.arange(1, len(rules) + 1, dtype=np.uint64), _SEED)
        self._read = _compiled_parts(self._parts, columns)
        # A record that changes is asked about several times, before and after.
        self.of_record = lru_cache(_RECENT)(self._of_record)

    def _of_record(self, values: tuple[Any, ...]) -> tuple[Keys, NDArray[np.int64]]:
        texts = self._read(values)
        known = np.array([text is not None for text in texts] + [True])
        hashes = np.array([hash(text) for text in texts] + [0], dtype=np.int64).view(np.uint64)
        numbers = self._seeds[: len(self._parts_of)]
        for place in range(self._parts_of.shape[1]):
            numbers = _mixed(numbers, hashes[self._parts_of[:, place]])
        rules = np.flatnonzero(known[self._parts_of].all(axis=1))
        keys, of_rule = [numbers[rules]], [rules]
        for rule, place in enumerate(self._places, start=len(self._parts_of)):
            items = values[place]
            if items:
                keys.append(_mixed(self._seeds[rule], _hashes(items)))
                of_rule.append(np.full(len(items), rule))
        return np.concatenate(keys), np.concatenate(of_rule)

    def of_table(self, connection: Connection, features: Table) -> Iterator[tuple[Keys, NDArray[np.int32]]]:
        """Yield for each rule the keys of a feature table and the row of each."""
        hashes, known = self._hashes_of_parts(connection, features)
        for rule, places in enumerate(self._parts_of):
            rows = np.flatnonzero(np.logical_and.reduce([known[place] for place in places])).astype(np.int32)
            numbers = np.full(len(rows), self._seeds[rule])
            for place in places:
                numbers = _mixed(numbers, hashes[place][rows])
            yield numbers, rows
        for rule, column in enumerate(self._lists, start=len(self._parts_of)):
            lists = flat(features.column(column))
            lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0))
            rows = np.arange(len(lists), dtype=np.int32).repeat(lengths)
            yield _mixed(self._seeds[rule], _hashes_of_column(lists.flatten())[0]), rows

    def _hashes_of_parts(self, connection: Connection, features: Table) -> tuple[list[Keys], list[NDArray[np.bool_]]]:
        hashes: list[Keys] = []
        known: list[NDArray[np.bool_]] = []
        for first in range(0, len(self._parts), _PARTS_AT_ONCE):
            read = self._parts[first : first + _PARTS_AT_ONCE]
            connection.register("features_in", features)
            chosen = ", ".join(f"({part}) as p{n}" for n, part in enumerate(read))
            table: Table = connection.sql(f"select {chosen} from features_in").to_arrow_table()
            connection.unregister("features_in")
            for column in table.columns:
                found, there = _hashes_of_column(flat(column))
                hashes.append(found)
                known.append(there)
        hashes.append(np.zeros(features.num_rows, dtype=np.uint64))
        known.append(np.ones(features.num_rows, dtype=np.bool_))
        return hashes, known


def _compiled_parts(parts: Sequence[str], columns: Sequence[str]) -> Any:
    """Compile the parts of all keys to one function from a record's values to their texts."""
    writer = ConditionWriter()
    texts = "".join(f"{writer.value(parse_condition(part), NOTHING_KNOWN)}, " for part in parts)
    unpacked = f"    ({', '.join(columns)},) = values\n" if columns else ""
    names = dict(FUNCTIONS)
    exec(f"def read(values):\n{unpacked}    return ({texts})", names)  # made of parsed SQL only
    return names["read"]


def _hashes(texts: Sequence[str]) -> Keys:
    return np.array([hash(text) for text in texts], dtype=np.int64).view(np.uint64)


def _hashes_of_column(column: pa.Array) -> tuple[Keys, NDArray[np.bool_]]:
    """Hash each distinct text once; says too which values are there."""
    encoded = column.dictionary_encode()
    distinct = np.concatenate((_hashes(encoded.dictionary.to_pylist()), np.zeros(1, dtype=np.uint64)))
    codes = np.asarray(pc.fill_null(encoded.indices, len(distinct) - 1))
    return distinct[codes], np.asarray(codes < len(distinct) - 1)


def _mixed(numbers: Any, more: Any) -> Any:
    """Mix numbers into others so that their order counts (the finaliser of splitmix64)."""
    with np.errstate(over="ignore"):
        mixed = (numbers ^ more) * _FACTOR
        return (mixed ^ (mixed >> _SHIFT)) * _SEED
