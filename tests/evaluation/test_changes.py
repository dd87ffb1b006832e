"""Two partitions compared: every change is told once, and its pairs add up."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.evaluation.changes import ChangeShape, compare_partitions

_PARTITIONS = st.integers(0, 9).flatmap(
    lambda size: st.tuples(*(st.lists(st.integers(0, 4), min_size=size, max_size=size) for _ in range(2)))
)


@pytest.mark.parametrize(
    ("before", "after", "shape", "gained", "lost"),
    [
        pytest.param([0, 0, 1], [7, 7, 7], ChangeShape.MERGED, 2, 0, id="merged"),
        pytest.param([5, 5, 5], [0, 1, 0], ChangeShape.SPLIT, 0, 2, id="split"),
        pytest.param([0, 0, 1, 1], [0, 1, 1, 1], ChangeShape.REGROUPED, 2, 1, id="one record moves"),
    ],
)
def test_a_change_has_a_shape(before: list[int], after: list[int], shape: ChangeShape, gained: int, lost: int) -> None:
    found = compare_partitions(np.array([*before, 98, 99]), np.array([*after, 99, 98]))
    (change,) = found.changes
    assert (change.shape, change.gained, change.lost) == (shape, gained, lost)
    assert (found.unchanged, found.count(shape)) == (2, 1)
    assert change.rows == tuple(range(len(before)))


def _together(labels: list[int]) -> set[tuple[int, int]]:
    return {(one, other) for one, other in combinations(range(len(labels)), 2) if labels[one] == labels[other]}


@given(_PARTITIONS)
def test_pairs_add_up_and_what_is_not_told_is_unchanged(partitions: tuple[list[int], list[int]]) -> None:
    before, after = partitions
    found = compare_partitions(np.array(before, np.int64), np.array(after, np.int64))
    assert found.gained == len(_together(after) - _together(before))
    assert found.lost == len(_together(before) - _together(after))
    told = [row for change in found.changes for row in change.rows]
    assert len(told) == len(set(told))
    groups = [{frozenset(np.flatnonzero(np.array(one) == code).tolist()) for code in one} for one in partitions]
    assert found.unchanged == len(groups[0] & groups[1])
    assert set(range(len(before))) - set(told) == {row for group in groups[0] & groups[1] for row in group}


@given(_PARTITIONS)
def test_the_other_way_round_what_merged_is_split(partitions: tuple[list[int], list[int]]) -> None:
    before, after = (np.array(one, np.int64) for one in partitions)
    there, back = compare_partitions(before, after), compare_partitions(after, before)
    assert (there.gained, there.lost, there.unchanged) == (back.lost, back.gained, back.unchanged)
    assert there.count(ChangeShape.MERGED) == back.count(ChangeShape.SPLIT)
    renamed = compare_partitions(before * -3 + 40, after + 7)
    assert renamed == there
