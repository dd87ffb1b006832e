"""Blocking keys in memory answer alike whether what changed is folded in or waits, and keep nothing of what went."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.matching.candidate_index import CandidateIndex

_CAPS = np.array([2, 4], dtype=np.int64)
_KEYS = [part << 54 | low for part in (0, 1, 700) for low in (0, 1, 2)] + [2**64 - 1]
"""Some beside each other in one part, some in other parts, the last that there can be among them."""

_SAID = st.sets(st.sampled_from(_KEYS), max_size=6)
_CHANGES = st.lists(st.tuples(st.integers(0, 9), st.none() | _SAID), max_size=40)


def _array(keys: Any) -> Any:
    return np.array(sorted(keys), dtype=np.uint64)


def _index(start: list[set[int]], few_waiting: int) -> CandidateIndex:
    pairs = [(key, row) for row, keys in enumerate(start) for key in keys]
    keys = np.array([key for key, _ in pairs], dtype=np.uint64)
    rows = np.array([row for _, row in pairs], dtype=np.int32)
    return CandidateIndex([(keys, rows)], _CAPS, 0, len(start), few_waiting)


@settings(max_examples=100)
@given(start=st.lists(_SAID, max_size=8), changes=_CHANGES, few=st.sampled_from((0, 3, 1_000)))
def test_what_is_folded_in_and_what_waits_answer_alike(
    start: list[set[int]], changes: list[tuple[int, set[int] | None]], few: int
) -> None:
    index, held = _index(start, few), dict(enumerate(start))
    for row, keys in changes:
        if keys is None:
            if row in held:
                index.remove(row, _array(held.pop(row)))
        elif row in held:
            index.move(row, _array(held[row]), _array(keys))
            held[row] = keys
        else:
            added = index.add(_array(keys))
            assert added not in held
            held[added] = keys
    assert len(index) == len(held)
    assert all((row in index) == (row in held) for row in range(-1, 60))
    assert index.sizes[2] <= max(few, index.sizes[1] // 32)
    having = {key: {row for row, keys in held.items() if key in keys} for key in _KEYS}
    for rule, cap in enumerate(_CAPS.tolist()):
        every, rules = _array(_KEYS), np.full(len(_KEYS), rule)
        assert index.closed(every, rules) == {key for key, rows in having.items() if len(rows) > cap}
        for row, keys in held.items():
            near = set().union(*(having[key] for key in keys if len(having[key]) <= cap)) - {row}
            assert index.candidates(_array(keys), np.full(len(keys), rule), row) == sorted(near)
        newcomers = set().union(*(rows for rows in having.values() if len(rows) < cap))
        assert index.candidates(every, rules) == sorted(newcomers)
    for key in _KEYS:
        assert index.members(_array([key])) == having[key]


@pytest.mark.parametrize("few", [0, 10])
def test_endless_changes_of_the_same_rows_leave_nothing_behind(few: int) -> None:
    start = [{key << 50 for key in range(row, row + 20)} for row in range(30)]
    index, held, largest = _index(start, few), dict(enumerate(start)), 0
    for turn in range(40):
        for row in sorted(held):
            keys = {key + turn % 3 << 50 for key in range(row, row + 20)}
            if turn % 4:
                index.move(row, _array(held[row]), _array(keys))
                held[row] = keys
            else:
                index.remove(row, _array(held.pop(row)))
                held[index.add(_array(keys))] = keys
        rows, folded, waiting = index.sizes
        largest = max(largest, rows)
        assert folded <= 600 + max(few, 1) + waiting
        assert waiting <= max(few, folded // 32)
    assert largest == 30
    for row in list(held):
        index.remove(row, _array(held.pop(row)))
    assert index.sizes[1] <= index.sizes[2] <= max(few, index.sizes[1] // 32)
