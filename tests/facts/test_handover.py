"""What a process stored is handed over once, and what others stored is known to be missing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from identity_graph.facts import Handover

_SEQS = st.lists(st.sets(st.integers(1, 30), max_size=6), max_size=6)


def _row(seq: int) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    return {"key": f"crm:{seq}", "seq": seq, "deleted": False}, ()


@given(noted=_SEQS, first=st.integers(1, 30), count=st.integers(0, 30), most=st.integers(1, 12))
def test_rows_and_gaps_together_are_the_range(noted: list[set[int]], first: int, count: int, most: int) -> None:
    handover, last = Handover(most), first + count - 1
    for seqs in noted:
        handover.note("g", [_row(seq) for seq in sorted(seqs)])
    rows, gaps = handover.take("g", first, last)
    here = [row[0]["seq"] for row in rows]
    missing = [seq for start, end in gaps for seq in range(start, end + 1)]
    assert sorted([*here, *missing]) == list(range(first, last + 1))
    assert here == sorted(here)
    assert set(here) <= set().union(*noted)
    assert not handover.take("g", first, last)[0]


def test_rows_of_another_graph_are_none_of_this_one() -> None:
    handover = Handover()
    handover.note("before", [_row(1), _row(2)])
    assert handover.take("after", 1, 2) == ([], [(1, 2)])
    handover.note("after", [_row(2)])
    assert handover.take("after", 1, 2) == ([_row(2)], [(1, 1)])
