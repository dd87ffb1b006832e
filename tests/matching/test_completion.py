"""Pairs that blocking did not see are weighed where links hold both records in one group."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.matching import Completion, MatchingOptions, complete, prepare, train
from identity_graph.matching.blocking import unpack
from identity_graph.matching.completion import affordable_size, unknown_pairs
from identity_graph.roles import Role
from identity_graph.tables import PAIR_SCHEMA

Pairs = dict[tuple[int, int], float]


def _table(pairs: Pairs) -> pa.Table:
    return pa.table(
        {
            "left": pa.array([left for left, _ in pairs], pa.int32()),
            "right": pa.array([right for _, right in pairs], pa.int32()),
            "match_weight": pa.array(list(pairs.values()), pa.float64()),
        }
    )


def _unknown(pairs: Pairs, count: int, threshold: float = 0.0, largest: int = 1000) -> list[tuple[int, int]]:
    left, right = unpack(unknown_pairs(_table(pairs), count, threshold, largest))
    return list(zip(left.tolist(), right.tolist(), strict=True))


def test_the_ends_of_a_chain_are_wanted() -> None:
    assert _unknown({(0, 1): 5.0, (1, 2): 5.0}, 4) == [(0, 2)]


def test_a_pair_known_to_speak_against_is_known() -> None:
    assert _unknown({(0, 1): 5.0, (0, 2): -5.0, (1, 2): 5.0}, 3) == []


def test_links_below_the_threshold_hold_nothing_together() -> None:
    assert _unknown({(0, 1): 5.0, (1, 2): 1.0}, 3, threshold=2.0) == []


def test_groups_above_the_given_size_are_left_as_they_are() -> None:
    large = {(place, place + 1): 5.0 for place in range(3, 9)}
    assert _unknown({(0, 1): 5.0, (1, 2): 5.0, **large}, 10, largest=6) == [(0, 2)]


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        pytest.param(2, 2, id="not even the smallest"),
        pytest.param(3, 6, id="the smallest group, not the one of seven"),
        pytest.param(24, 7, id="both"),
        pytest.param(24 + 45, 10, id="both, and one of ten more"),
    ],
)
def test_small_groups_come_first_when_not_all_can_be_afforded(budget: int, expected: int) -> None:
    large = {(place, place + 1): 5.0 for place in range(3, 9)}
    assert affordable_size(_table({(0, 1): 5.0, (1, 2): 5.0, **large}), 10, 0.0, budget) == expected


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]), st.floats(-9, 9)
    )
)
def test_afterwards_every_pair_of_every_group_is_known(pairs: Pairs) -> None:
    known = set(pairs) | set(_unknown(pairs, 10))
    group = list(range(10))
    for _ in range(10):
        for (left, right), weight in pairs.items():
            if weight > 0:
                group[left] = group[right] = min(group[left], group[right])
    inside = {(a, b) for a in range(10) for b in range(a + 1, 10) if group[a] == group[b]}
    assert inside <= known
    assert known - set(pairs) == inside - set(pairs)


_RECORDS = pa.table(
    {
        "key": [f"crm:{row}" for row in range(4)],
        "source": ["crm"] * 4,
        "full_name": ["Ada Lovelace", "Ada Lovelace", "Ada Lovelace", "Grace Hopper"],
    }
)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        pytest.param(None, {(0, 1), (1, 2), (0, 2)}, id="everybody"),
        pytest.param([True, True, False, True], {(0, 1), (1, 2)}, id="nobody by a cookie"),
    ],
)
def test_silence_is_not_counted_as_evidence(people: list[bool] | None, expected: set[tuple[int, int]]) -> None:
    known = None if people is None else np.array(people)
    options = MatchingOptions(threads=1)
    with prepare(_RECORDS, {"full_name": Role.FULL_NAME}, options) as prepared:
        model = train(prepared)
        scored = _table({(0, 1): 5.0, (1, 2): 5.0}).cast(PAIR_SCHEMA)
        pairs = complete(prepared, model, scored, Completion(0.0, None, known))
    assert set(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True)) == expected
