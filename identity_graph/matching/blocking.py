"""Which pairs of records are worth comparing: many narrow keys, small blocks first.

A feature table comes in, candidate pairs come out. Every rule gives a record one key or several; records that share a
key are candidates. The smallest blocks of all rules come first and larger ones while the budget lasts, so one enormous
block of equal values costs nothing and its rule still serves the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from identity_graph.matching.engine import Connection
from identity_graph.tables import Table

__all__ = ["BlockingRule", "all_pairs", "blocking_rules", "candidate_pairs", "pack", "unpack"]

_SHIFT = np.int64(32)
_MASK = np.int64(0xFFFFFFFF)
_RULES_AT_ONCE = 10
_FULL = 0.9
_SIZE_BANDS = (
    (2, 3), (4, 6), (7, 10), (11, 16), (17, 25), (26, 40), (41, 70), (71, 150), (151, 400), (401, 1_000),
)  # fmt: skip
"""Small blocks of every rule are used before larger ones of any: the fewer share a key, the more it says."""


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """A key whose equality makes two records candidates.

    Attributes:
        name: the parts of the key, such as `family+birth_date`.
        parts: SQL expressions over the feature table, joined by AND.
        exploded: feature column holding a list; the record has one key for each of its items.
    """

    name: str
    parts: tuple[str, ...] = ()
    exploded: str | None = None


_PARTS = {
    "given": ("given", "given"),
    "family": ("family", "family"),
    "given3": ("given", "left(given, 3)"),
    "family4": ("family", "left(family, 4)"),
    "initial": ("given", "left(given, 1)"),
    "given_sound": ("given_sound", "given_sound"),
    "family_sound": ("family_sound", "family_sound"),
    "both_names": ("given", "least(given, family) || ' ' || greatest(given, family)"),
    "birth_date": ("birth_date", "case when length(birth_date) = 8 then birth_date end"),
    "birth_year": ("birth_date", "left(birth_date, 4)"),
    "birth_day": ("birth_date", "case when length(birth_date) = 8 then right(birth_date, 4) end"),
    "birth_month": ("birth_date", "case when length(birth_date) >= 6 then left(birth_date, 6) end"),
    "day_sorted": (
        "birth_date",
        "case when length(birth_date) = 8 then left(birth_date, 4) || least(substr(birth_date, 5, 2), "
        "substr(birth_date, 7, 2)) || greatest(substr(birth_date, 5, 2), substr(birth_date, 7, 2)) end",
    ),
    "postcode": ("postcode", "postcode"),
    "district": ("postcode", "case when length(postcode) >= 5 then left(postcode, -3) else postcode end"),
    "city": ("city", "city"),
    "street": ("street", "street"),
    "house_number": ("house_number", "house_number"),
    "address": ("address", "address"),
    "email": ("email", "email"),
    "email_local": ("email_local", "email_local"),
    "phone": ("phone", "phone"),
    "phone_tail": ("phone_tail", "phone_tail"),
    "company": ("company", "company"),
    "name": ("name", "name"),
    "name_sorted": ("name_sorted", "name_sorted"),
    "name5": ("name", "left(name, 5)"),
    "sorted6": ("name_sorted", "left(name_sorted, 6)"),
    "gender": ("gender", "gender"),
    "national_id": ("national_id", "national_id"),
    "account_id": ("account_id", "account_id"),
    "loyalty_card": ("loyalty_card", "loyalty_card"),
    "user_id": ("user_id", "user_id"),
    "device_id": ("device_id", "device_id"),
    "anonymous_id": ("anonymous_id", "anonymous_id"),
    "point": ("latitude", "round(latitude, 2) || ' ' || round(longitude, 2)"),
}

_RULES = """
national_id account_id loyalty_card user_id device_id anonymous_id email phone email_local phone_tail
name name_sorted both_names company address+district address+city address postcode+house_number
given+family birth_date+given birth_date+family birth_date+initial birth_date+family_sound birth_date+given_sound
birth_date+postcode birth_date+district birth_date+city birth_date+gender birth_date
day_sorted+family day_sorted+given
birth_year+family_sound+initial birth_year+family+given3 birth_day+family_sound birth_day+given birth_month+family_sound
birth_month+given birth_year+family4+given3 birth_year+given+postcode birth_year+given+district
family_sound+given_sound family_sound+initial family4+given3 family4+district family_sound+postcode given+postcode
given+district given_sound+postcode family+city given+city family_sound+given3 family_sound+given_sound+city
street+family street+given postcode+initial
name5+postcode name5+city name5+district name5 sorted6 name5+street sorted6+city point+name5 point
company+postcode company+city company+family company+given street+house_number street+city
phone_tail+initial email_local+initial
""".split()  # noqa: SIM905  (a table of rules reads better than a list of seventy strings)


def blocking_rules(columns: Set[str]) -> tuple[BlockingRule, ...]:
    """List the rules the features allow, in a fixed order; attributes with a name of their own join with names."""
    rules = []
    for rule in _RULES:
        parts = rule.split("+")
        if all(_PARTS[part][0] in columns for part in parts):
            rules.append(BlockingRule(rule, tuple(_PARTS[part][1] for part in parts)))
    anchors = [part for part in ("family_sound", "given_sound", "name5", "birth_year") if _PARTS[part][0] in columns]
    for own in sorted(column for column in columns if column.startswith("own_")):
        if f"{own}_rare" in columns or own.endswith("_tokens"):
            continue
        if own.endswith("_rare"):
            rules.append(BlockingRule(own, exploded=own))
            continue
        rules.extend(BlockingRule(f"{own}+{anchor}", (own, _PARTS[anchor][1])) for anchor in anchors)
    words = ("name_tokens", "company_tokens")
    rules.extend(BlockingRule(column, exploded=column) for column in words if column in columns)
    return tuple(rules)


def pack(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Write pairs as single numbers, the smaller row first, so that sorting them sorts the pairs."""
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    return (low << _SHIFT) | high


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
    connection: Connection, features: Table, rules: Sequence[BlockingRule], budget: int
) -> NDArray[np.int64]:
    """Collect the candidate pairs of all rules within a budget.

    Args:
        connection: an open engine.
        features: feature table with a `row` column.
        rules: rules whose columns exist in `features`.
        budget: pairs allowed in total, before pairs found by several rules are merged.

    Returns:
        Packed pairs, sorted, each once.
    """
    count = features.num_rows
    if count * (count - 1) // 2 <= budget:
        return all_pairs(count)
    blocks = [_blocks(rows, keys) for rows, keys in _keys_of_rules(connection, features, rules)]
    found = np.zeros(0, dtype=np.int64)
    for smallest, largest in _SIZE_BANDS:
        found = _with_band(found, [(each.cost(smallest, largest), each) for each in blocks], smallest, largest, budget)
        if len(found) > _FULL * budget:
            break
    return found


def _with_band(
    found: NDArray[np.int64], offers: list[tuple[int, _Blocks]], smallest: int, largest: int, budget: int
) -> NDArray[np.int64]:
    """Add the pairs of one band of block sizes, cheapest rules first, while the budget lasts."""
    band, spent = [found], len(found)
    for cost, blocks in sorted((offer for offer in offers if offer[0]), key=lambda offer: offer[0]):
        if spent + cost > budget and len(band) > 1:
            # Rules find many pairs twice, so room is judged by the pairs counted once.
            band = [_distinct(np.concatenate(band))]
            spent = len(band[0])
        if spent + cost > budget:
            break
        band.append(blocks.pairs(smallest, largest))
        spent += cost
    return _distinct(np.concatenate(band)) if len(band) > 1 else band[0]


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


def _keys_of_rules(
    connection: Connection, features: Table, rules: Sequence[BlockingRule]
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.uint64]]]:
    """Yield for each rule the rows that have a key and their keys, several rules to one reading of the features."""
    plain = [rule for rule in rules if rule.exploded is None]
    for first in range(0, len(plain), _RULES_AT_ONCE):
        keys = [
            f"({' || chr(31) || '.join(f'({part})' for part in rule.parts)})" for rule in plain[first:][:_RULES_AT_ONCE]
        ]
        chosen = ", ".join(
            f"case when {key} is null then 0::ubigint else hash({key}) end as k{n}" for n, key in enumerate(keys)
        )
        connection.register("features_in", features)
        result = connection.execute(f"select {chosen} from features_in").fetchnumpy()
        connection.unregister("features_in")
        for place in range(len(keys)):
            rows = np.flatnonzero(result[f"k{place}"])
            yield rows.astype(np.int32), result[f"k{place}"][rows]
    for rule in rules:
        if rule.exploded is not None:
            yield _exploded_keys(features, rule.exploded)


def _exploded_keys(features: Table, column: str) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
    lists = features.column(column).combine_chunks()
    encoded = lists.flatten().dictionary_encode()
    lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0))
    rows = np.repeat(np.arange(len(lists), dtype=np.int32), lengths)
    codes = np.asarray(encoded.indices).astype(np.uint64)
    return rows, codes << np.uint64(32)
