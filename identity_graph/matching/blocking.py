"""Which pairs of records are worth comparing: those that share a key few records have.

A feature table comes in, candidate pairs come out. Every rule gives a record one key or several; records that share a
key are candidates when their block is no larger than the rule's cap. Training finds the caps (`learn_caps`): the
smallest blocks of all rules come first and larger ones while the budget lasts, so one enormous block of equal values
costs nothing and its rule still serves the rest. With caps given, what is a candidate follows from the records alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from identity_graph.errors import ModelError
from identity_graph.matching.blocking_rules import BlockingRule
from identity_graph.matching.engine import Connection
from identity_graph.tables import Table

__all__ = ["ALL_PAIRS", "all_pairs", "candidate_pairs", "learn_caps", "pack", "unpack"]

ALL_PAIRS = "(all pairs)"
"""The rule that gives every record the same key; its cap is the largest table in which every pair is compared."""

_SHIFT = np.int64(32)
_MASK = np.int64(0xFFFFFFFF)
_RULES_AT_ONCE = 10
_FULL = 0.9
_SIZE_BANDS = (
    (2, 3), (4, 6), (7, 10), (11, 16), (17, 25), (26, 40), (41, 70), (71, 150), (151, 400), (401, 1_000),
)  # fmt: skip
"""Small blocks of every rule are used before larger ones of any: the fewer share a key, the more it says."""


def pack(left: NDArray[np.integer[Any]], right: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Write pairs as single numbers, the smaller row first, so that sorting them sorts the pairs."""
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    packed: NDArray[np.int64] = (low << _SHIFT) | high
    return packed


def _distinct(packed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort packed pairs and keep each once; for millions of pairs many times faster than hashing them."""
    ordered = np.sort(packed)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def unpack(packed: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Read packed pairs back as left and right rows."""
    return (packed >> _SHIFT).astype(np.int32), (packed & _MASK).astype(np.int32)


def all_pairs(count: int) -> NDArray[np.int64]:
    """Return every pair of `count` rows, packed and sorted; quadratic, for small tables."""
    left, right = np.triu_indices(count, 1)
    return pack(left, right)


def candidate_pairs(
    connection: Connection, features: Table, rules: Sequence[BlockingRule], caps: Mapping[str, int], ceiling: int
) -> NDArray[np.int64]:
    """Find the pairs that share a key of some rule whose block is within the rule's cap.

    Args:
        connection: an open engine.
        features: feature table with a `row` column.
        rules: rules whose columns exist in `features`.
        caps: rule name -> records its blocks may hold; rules that are not named give no candidates.
        ceiling: pairs that may be found in total.

    Returns:
        Packed pairs, sorted, each once.

    Raises:
        ModelError: the data have outgrown the caps: they give more pairs than the ceiling.
    """
    count = features.num_rows
    if count <= caps.get(ALL_PAIRS, 0):
        return all_pairs(count)
    used = [rule for rule in rules if rule.name in caps]
    found, held = np.zeros(0, dtype=np.int64), 0
    waiting: list[NDArray[np.int64]] = []
    for rule, blocks in _blocks_of_rules(connection, features, used):
        cost = blocks.cost(2, caps[rule.name])
        if cost <= ceiling < held + cost:
            # Rules find many pairs twice, so what counts are the pairs counted once.
            found, waiting = _distinct(np.concatenate([found, *waiting])), []
            held = len(found)
        if cost > ceiling or held > ceiling:
            raise _outgrown(rule, ceiling, count)
        waiting.append(blocks.pairs(2, caps[rule.name]))
        held += cost
    found = _distinct(np.concatenate([found, *waiting]))
    if len(found) > ceiling:
        raise _outgrown(used[-1], ceiling, count)
    return found


def _outgrown(rule: BlockingRule, ceiling: int, count: int) -> ModelError:
    return ModelError(
        f"The model's blocking rules (the last was {rule.name}) give more than {ceiling:,} pairs of {count:,} records.",
        ids=[rule.name],
        next_step="The data have outgrown the model: train it again on them.",
    )


def learn_caps(
    connection: Connection, features: Table, rules: Sequence[BlockingRule], budget: int, whole: int
) -> tuple[dict[str, int], NDArray[np.int64]]:
    """Find how large the blocks of each rule may be for the candidates to stay within a budget.

    Args:
        connection: an open engine.
        features: feature table with a `row` column.
        rules: rules whose columns exist in `features`.
        budget: pairs allowed in total, each counted once.
        whole: records up to which every pair is compared.

    Returns:
        Rule name -> cap, 2 or more, without the rules that not even blocks of two fit for; and what `candidate_pairs`
        finds with these caps.
    """
    found = np.zeros(0, dtype=np.int64)
    caps = {ALL_PAIRS: whole}
    offers = list(_blocks_of_rules(connection, features, rules))
    for smallest, largest in _SIZE_BANDS:
        found, offers = _with_band(found, offers, smallest, largest, budget)
        caps.update((rule.name, largest) for rule, _ in offers)
        if len(found) > _FULL * budget:
            break
    return caps, all_pairs(features.num_rows) if features.num_rows <= whole else found


def _with_band(
    found: NDArray[np.int64], offers: Sequence[_Offer], smallest: int, largest: int, budget: int
) -> tuple[NDArray[np.int64], list[_Offer]]:
    """Add the pairs of one band of block sizes, cheapest rules first, while the budget lasts.

    Returns:
        All pairs, and the rules that fitted; the others take no part in larger bands.
    """
    band, spent, fitting = [found], len(found), []
    for rule, blocks in sorted(offers, key=lambda offer: offer[1].cost(smallest, largest)):
        cost = blocks.cost(smallest, largest)
        if spent + cost > budget and len(band) > 1:
            # Rules find many pairs twice, so room is judged by the pairs counted once.
            band = [_distinct(np.concatenate(band))]
            spent = len(band[0])
        if cost and spent + cost > budget:
            break
        fitting.append((rule, blocks))
        band.append(blocks.pairs(smallest, largest))
        spent += cost
    return _distinct(np.concatenate(band)), fitting


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Rows in blocks of two or more: where in `rows` each block starts and how many it holds."""

    rows: NDArray[np.int32]
    sizes: NDArray[np.int64]
    starts: NDArray[np.int64]

    def cost(self, smallest: int, largest: int) -> int:
        """Return the pairs of the blocks between two sizes, both included."""
        sizes = self.sizes[(self.sizes >= smallest) & (self.sizes <= largest)]
        return int((sizes * (sizes - 1) // 2).sum())

    def pairs(self, smallest: int, largest: int) -> NDArray[np.int64]:
        """Return packed pairs of the blocks between two sizes, both included."""
        found = [np.zeros(0, dtype=np.int64)]
        for size in np.unique(self.sizes[(self.sizes >= smallest) & (self.sizes <= largest)]):
            members = self.rows[self.starts[self.sizes == size][:, None] + np.arange(size)]
            left, right = np.triu_indices(int(size), 1)
            found.append(pack(members[:, left].ravel(), members[:, right].ravel()))
        return np.concatenate(found)


_Offer: TypeAlias = tuple[BlockingRule, _Blocks]


def _blocks(rows: NDArray[np.int32], keys: NDArray[np.uint64]) -> _Blocks:
    """Group rows by key; key and row are sorted as one number, which is several times faster than an argsort.

    The row takes the low bits of the key's hash; should two keys meet in the rest, a few pairs more are compared.
    """
    bits = np.uint64(int(rows.max()).bit_length() if len(rows) else 1)
    ordered = np.sort((keys >> bits << bits) | rows.astype(np.uint64))
    grouped = ordered >> bits
    edges = (
        np.flatnonzero(np.concatenate(([True], grouped[1:] != grouped[:-1]))) if len(rows) else np.zeros(0, np.int64)
    )
    sizes = np.diff(np.concatenate((edges, [len(grouped)])))
    shared = sizes > 1
    members = (ordered & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
    return _Blocks(members, sizes[shared].astype(np.int64), edges[shared].astype(np.int64))


def _blocks_of_rules(connection: Connection, features: Table, rules: Sequence[BlockingRule]) -> Iterator[_Offer]:
    """Yield the blocks of each rule, several rules to one reading of the features."""
    plain = [rule for rule in rules if rule.exploded is None]
    for first in range(0, len(plain), _RULES_AT_ONCE):
        read = plain[first : first + _RULES_AT_ONCE]
        chosen = ", ".join(
            f"case when {rule.key} is null then 0::ubigint else hash({rule.key}) end as k{n}"
            for n, rule in enumerate(read)
        )
        connection.register("features_in", features)
        result = connection.execute(f"select {chosen} from features_in").fetchnumpy()
        connection.unregister("features_in")
        for place, rule in enumerate(read):
            rows = np.flatnonzero(result[f"k{place}"])
            yield rule, _blocks(rows.astype(np.int32), result[f"k{place}"][rows])
    for rule in rules:
        if rule.exploded is not None:
            yield rule, _blocks(*_exploded_keys(features, rule.exploded))


def _exploded_keys(features: Table, column: str) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
    lists = features.column(column).combine_chunks()
    encoded = lists.flatten().dictionary_encode()
    lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0))
    rows = np.repeat(np.arange(len(lists), dtype=np.int32), lengths)
    codes = np.asarray(encoded.indices).astype(np.uint64)
    return rows, codes << np.uint64(32)
