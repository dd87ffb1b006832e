"""Blocking stays within its budget and passes over enormous blocks."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from identity_graph.matching.blocking import BlockingRule, all_pairs, candidate_pairs, pack, unpack
from identity_graph.matching.engine import open_engine
from identity_graph.matching.options import MatchingOptions

_OPTIONS = MatchingOptions(threads=1)


def _pairs(values: list[str | None], budget: int) -> set[tuple[int, int]]:
    features = pa.table({"row": pa.array(range(len(values)), pa.int32()), "city": pa.array(values, pa.string())})
    with open_engine(_OPTIONS) as connection:
        left, right = unpack(candidate_pairs(connection, features, [BlockingRule("city", ("city",))], budget))
    return set(zip(left.tolist(), right.tolist(), strict=True))


def test_packing_keeps_pairs_and_their_order():
    left, right = np.array([5, 0, 3]), np.array([1, 7, 4])
    packed = np.sort(pack(left, right))
    assert [tuple(map(int, pair)) for pair in zip(*unpack(packed), strict=True)] == [(0, 7), (1, 5), (3, 4)]


def test_few_records_are_all_compared():
    assert len(all_pairs(5)) == 10
    assert len(_pairs(["a", "b", None], 100)) == 3


def test_an_enormous_block_is_passed_over_and_small_ones_are_kept():
    values: list[str | None] = ["london"] * 500 + ["ely", "ely", "wells", "wells", None, None]
    assert _pairs(values, 50) == {(500, 501), (502, 503)}


def test_candidates_stay_within_the_budget():
    values: list[str | None] = [f"city{row // 3}" for row in range(300)]
    assert len(_pairs(values, 299)) == 0
    assert len(_pairs(values, 300)) == 300
