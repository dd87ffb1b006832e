"""Records in memory answer alike as columns and beside them, and what changes endlessly is cleared away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.facts.segments import record_table
from identity_graph.realtime.held_records import HeldRecords
from tests.realtime.memory import Memory
from tests.realtime.world import FAMILY, GIVEN, ROLES, row

_KEYS = [f"web:{number}" for number in range(9)]
_MOST_LATER, _MOST_ROWS = 3, 5
_ROW = st.builds(
    lambda key, minute, held, said: (
        {"key": key, "source": "web", "record_id": key, "seq": minute, "deleted": False, "raw": "{}", **said}
        | ({} if minute > 2 else {"observed_at": f"2026-03-01T12:0{minute}:00.000000Z"})
        | {"identifier_times": tuple(f"2026-02-0{1 + minute}T12:00:00.000000Z" for _ in held)},
        tuple(("device_id", one) for one in sorted(held)),
    ),
    st.sampled_from(_KEYS),
    st.integers(0, 3),
    st.sets(st.sampled_from(("d1", "d2")), max_size=2),
    st.fixed_dictionaries({}, optional={"given_name": st.sampled_from(GIVEN), "email": st.just("a@mail.test")}),
)
_ROW_WITH_PHONE = st.builds(lambda one: ({**one[0], "phone": "+49301000001"}, one[1]), _ROW)
_CHANGES = st.lists(_ROW | st.sampled_from(_KEYS), max_size=40)


@settings(max_examples=150)
@given(start=st.lists(_ROW, max_size=9, unique_by=lambda one: str(one[0]["key"])), changes=_CHANGES, asked=_ROW)
def test_columns_and_what_is_beside_them_answer_alike(start: list[Any], changes: list[Any], asked: Any) -> None:
    folded = HeldRecords(record_table(start), ROLES, _MOST_LATER, _MOST_ROWS)
    beside = HeldRecords(record_table([]), ROLES)
    for one in start:
        beside.put(one)
    _change((folded, beside), changes)
    _answer_alike(folded, beside, asked)


@settings(max_examples=150)
@given(
    start=st.lists(_ROW, max_size=9, unique_by=lambda one: str(one[0]["key"])),
    changes=_CHANGES,
    later=st.lists(_ROW_WITH_PHONE | _ROW, max_size=20),
    asked=_ROW_WITH_PHONE,
)
def test_an_attribute_that_is_learnt_is_as_if_it_was_always_known(
    start: list[Any], changes: list[Any], later: list[Any], asked: Any
) -> None:
    without = {name: role for name, role in ROLES.items() if name != "phone"}
    learnt = HeldRecords(record_table(start), without, _MOST_LATER, _MOST_ROWS)
    known = HeldRecords(record_table(start), ROLES, _MOST_LATER, _MOST_ROWS)
    _change((learnt, known), changes)
    assert "phone" not in learnt.attributes
    learnt.learn(ROLES)
    _change((learnt, known), later)
    _answer_alike(learnt, known, asked)
    assert learnt.attributes == known.attributes and learnt.sources == known.sources


def _change(held: tuple[HeldRecords, ...], changes: list[Any]) -> None:
    for change in changes:
        for records in held:
            if isinstance(change, str):
                records.drop(change)
            else:
                records.put(change)


def _answer_alike(folded: HeldRecords, beside: HeldRecords, asked: Any) -> None:
    keys = sorted(beside.keys())
    assert sorted(folded.keys()) == keys
    assert [key in folded for key in _KEYS] == [key in beside for key in _KEYS]
    assert folded.table(keys).to_pylist() == beside.table(keys).to_pylist()
    assert folded.table(keys[::2]).to_pylist() == beside.table(keys[::2]).to_pylist()
    assert folded.in_order(_KEYS) == beside.in_order(_KEYS)
    assert folded.moved([asked]) == beside.moved([asked])
    for key in keys:
        assert folded.identifiers(key) == beside.identifiers(key)
        assert folded.says_anything(key) == beside.says_anything(key)
    _is_bounded(folded, len(keys))


def _is_bounded(records: HeldRecords, held: int) -> None:
    """No more than half of the rows have gone, and few segments are small."""
    rows, segments, later = records.sizes
    assert rows <= 2 * held
    assert segments <= 1 + 2 * held / (_MOST_ROWS / 2)
    assert later < _MOST_LATER


def test_records_that_change_endlessly_take_no_more_rows() -> None:
    def said(turn: int) -> Iterator[Any]:
        for number in range(50):
            properties = {
                "key": f"web:{number}",
                "source": "web",
                "record_id": f"{number}",
                "seq": turn,
                "deleted": False,
            }
            yield {**properties, "given_name": GIVEN[turn % len(GIVEN)]}, ()

    records = HeldRecords(record_table(list(said(0))), ROLES, _MOST_LATER, _MOST_ROWS)
    for turn in range(1, 30):
        for one in said(turn):
            records.put(one)
            _is_bounded(records, 50)
    for number in range(50):
        records.drop(f"web:{number}")
    assert records.sizes == (0, 0, 0)


@pytest.mark.parametrize("leave", [False, True], ids=["changed", "deleted and back"])
def test_an_index_holds_no_more_after_many_changes_of_the_same_records(leave: bool) -> None:
    memory = Memory()
    people = [
        [
            row(f"web:{number}", (f"device_id:d{number % 7}",), given_name=GIVEN[(number + turn) % len(GIVEN)],
                family_name=FAMILY[number % len(FAMILY)], email=f"{turn}-{number}@mail.test")
            for number in range(12)
        ]
        for turn in range(2)
    ]  # fmt: skip
    sizes = []
    for turn in range(12):
        memory.put(*people[turn % 2])
        sizes.append((memory.index.matcher.sizes, memory.index.records.sizes))
        if leave:
            memory.put(without=[str(one["key"]) for one in people[0]])
    assert sizes[2:4] * 5 == sizes[2:]
    assert memory.said == memory.at_once()
