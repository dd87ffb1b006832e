"""Blocking stays within its budget, passes over enormous blocks, and repeats what training found."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.errors import ModelError
from identity_graph.matching.blocking import ALL_PAIRS, all_pairs, candidate_pairs, learn_caps, pack, unpack
from identity_graph.matching.blocking_rules import BlockingRule
from identity_graph.matching.engine import open_engine
from identity_graph.matching.options import MatchingOptions

_OPTIONS = MatchingOptions(threads=1)


def _pairs(values: list[str | None], budget: int, whole: int = 0) -> set[tuple[int, int]]:
    features = pa.table({"row": pa.array(range(len(values)), pa.int32()), "city": pa.array(values, pa.string())})
    with open_engine(_OPTIONS) as connection:
        _, found = learn_caps(connection, features, [BlockingRule("city", ("city",))], budget, whole)
    left, right = unpack(found)
    return set(zip(left.tolist(), right.tolist(), strict=True))


def test_packing_keeps_pairs_and_their_order():
    left, right = np.array([5, 0, 3]), np.array([1, 7, 4])
    packed = np.sort(pack(left, right))
    assert [tuple(map(int, pair)) for pair in zip(*unpack(packed), strict=True)] == [(0, 7), (1, 5), (3, 4)]


def test_few_records_are_all_compared():
    assert len(all_pairs(5)) == 10
    assert len(_pairs(["a", "b", None], 100, whole=3)) == 3


def test_an_enormous_block_is_passed_over_and_small_ones_are_kept():
    values: list[str | None] = ["london"] * 500 + ["ely", "ely", "wells", "wells", None, None]
    assert _pairs(values, 50) == {(500, 501), (502, 503)}


def test_candidates_stay_within_the_budget():
    values: list[str | None] = [f"city{row // 3}" for row in range(300)]
    assert len(_pairs(values, 299)) == 0
    assert len(_pairs(values, 300)) == 300


_CITY_RULES = (
    BlockingRule("city", ("city",)),
    BlockingRule("city+name", ("city", "left(name, 1)")),
    BlockingRule("words", exploded="words"),
)
_TEXTS = st.none() | st.sampled_from(["ely", "wells", "bath", "b"])
_ROWS = st.lists(st.tuples(_TEXTS, _TEXTS, st.none() | st.sets(st.sampled_from("abcd"))), max_size=14)


def _features(rows: list[tuple[str | None, str | None, set[str] | None]]) -> pa.Table:
    words = [None if words is None else sorted(words) for _, _, words in rows]
    return pa.table(
        {
            "row": pa.array(range(len(rows)), pa.int32()),
            "city": pa.array([city for city, _, _ in rows], pa.string()),
            "name": pa.array([name for _, name, _ in rows], pa.string()),
            "words": pa.array(words, pa.list_(pa.string())),
        }
    )


def _sharing_a_small_block(
    rows: list[tuple[str | None, str | None, set[str] | None]], caps: dict[str, int]
) -> set[tuple[int, int]]:
    """State the definition as plainly as possible."""
    blocks: dict[tuple[str, str], set[int]] = {}
    for row, (city, name, words) in enumerate(rows):
        blocks.setdefault((ALL_PAIRS, ""), set()).add(row)
        if city is not None:
            blocks.setdefault(("city", city), set()).add(row)
        if city is not None and name is not None:
            blocks.setdefault(("city+name", city + name[:1]), set()).add(row)
        for word in words or ():
            blocks.setdefault(("words", word), set()).add(row)
    small = [sorted(block) for (rule, _), block in blocks.items() if len(block) <= caps.get(rule, 0)]
    return {pair for block in small for pair in combinations(block, 2)}


@settings(deadline=None, max_examples=60)
@given(
    rows=_ROWS,
    caps=st.dictionaries(st.sampled_from(["city", "city+name", "words", ALL_PAIRS]), st.integers(2, 8)),
)
def test_with_caps_given_a_pair_is_a_candidate_iff_it_shares_a_small_block(rows, caps):
    with open_engine(_OPTIONS) as connection:
        left, right = unpack(candidate_pairs(connection, _features(rows), _CITY_RULES, caps, 1000))
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == _sharing_a_small_block(rows, caps)


@settings(deadline=None, max_examples=60)
@given(rows=_ROWS, budget=st.integers(0, 40), whole=st.integers(0, 6))
def test_the_caps_learnt_give_the_candidates_of_the_training_again(rows, budget, whole):
    with open_engine(_OPTIONS) as connection:
        caps, found = learn_caps(connection, _features(rows), _CITY_RULES, budget, whole)
        again = candidate_pairs(connection, _features(rows), _CITY_RULES, caps, 1000)
    assert again.tolist() == found.tolist()
    assert len(found) <= max(budget, whole * (whole - 1) // 2)


def test_data_that_outgrow_the_caps_are_refused_rather_than_cut_short():
    rows = [("ely", "ann", None)] * 40
    with open_engine(_OPTIONS) as connection:
        found = candidate_pairs(connection, _features(rows), _CITY_RULES, {"city": 50, "city+name": 50}, 780)
        assert len(found) == 780
        with pytest.raises(ModelError, match="more than 779 pairs of 40 records") as refused:
            candidate_pairs(connection, _features(rows), _CITY_RULES, {"city": 50, "city+name": 50}, 779)
    assert "train it again" in refused.value.next_step


def test_pairs_that_many_rules_find_count_once_against_the_ceiling():
    rows = [("ely", "ann", {"a", "b"})] * 10
    caps = {"city": 10, "city+name": 10, "words": 10}
    with open_engine(_OPTIONS) as connection:
        assert len(candidate_pairs(connection, _features(rows), _CITY_RULES, caps, 100)) == 45
