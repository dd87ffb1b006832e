"""A new partition against present memberships: which groups need work."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.customers.regroup import regroup

MEMBERSHIP_SCHEMA = pa.schema([("record_key", pa.string()), ("customer_id", pa.string())])


def _memberships(pairs: dict[str, str]) -> pa.Table:
    return pa.table({"record_key": list(pairs), "customer_id": list(pairs.values())}, schema=MEMBERSHIP_SCHEMA)


def _regroup(groups: dict[str, int], held: dict[str, str], fresh: set[str] = frozenset()):  # type: ignore[no-untyped-def,assignment]
    keys = sorted(groups)
    return keys, regroup(
        pa.array(keys, pa.string()),
        np.array([groups[key] for key in keys], dtype=np.int32),
        _memberships(held),
        np.array([key in fresh for key in keys], dtype=bool),
    )


def _names(keys: list[str], rows) -> set[str]:  # type: ignore[no-untyped-def]
    return {keys[row] for row in rows}


def test_first_run_regroups_everything() -> None:
    keys, result = _regroup({"a": 0, "b": 0, "c": 2}, {})
    assert [_names(keys, group) for group in result.regrouped] == [{"a", "b"}, {"c"}]
    assert (result.unchanged, result.refreshed, result.before) == (0, (), (None, None, None))


def test_same_members_need_nothing_unless_content_is_new() -> None:
    groups, held = {"a": 0, "b": 0, "c": 2}, {"c": "c2", "b": "c1", "a": "c1"}
    _, quiet = _regroup(groups, held)
    keys, touched = _regroup(groups, held, fresh={"b"})
    assert (quiet.regrouped, quiet.refreshed, quiet.unchanged) == ((), (), 2)
    assert [(name, _names(keys, rows)) for name, rows in touched.refreshed] == [("c1", {"a", "b"})]


def test_a_customer_that_loses_a_deleted_record_is_regrouped_and_the_record_is_gone() -> None:
    keys, result = _regroup({"a": 0, "c": 1}, {"a": "c1", "b": "c1", "c": "c2"})
    assert [_names(keys, group) for group in result.regrouped] == [{"a"}]
    assert result.gone == (("b", "c1"),)


def test_nothing_at_all() -> None:
    _, result = _regroup({}, {})
    assert (result.regrouped, result.refreshed, result.gone, result.unchanged) == ((), (), (), 0)


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3)),
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["c1", "c2", "c3"])),
)
def test_a_group_is_left_alone_exactly_when_a_customer_has_just_these_records(
    groups: dict[str, int], held: dict[str, str]
) -> None:
    keys, result = _regroup(groups, held)
    by_label = {
        frozenset(key for key, _ in members)
        for _, members in groupby(sorted(groups.items(), key=lambda item: item[1]), key=lambda item: item[1])
    }
    customers = {frozenset(key for key in held if held[key] == customer) for customer in held.values()}
    assert {frozenset(_names(keys, group)) for group in result.regrouped} == by_label - customers
    assert result.unchanged == len(by_label & customers)
