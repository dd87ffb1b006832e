"""What real time holds in memory: records, the order in which they were seen, and who is with whom as a customer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.customers.store import MEMBERSHIP_SCHEMA
from identity_graph.facts.segments import record_table
from identity_graph.realtime.held_records import IDENTIFIERS, HeldRecords
from identity_graph.realtime.holdings import Holdings
from tests.realtime.world import ROLES


def _row(key: str, at: str | None = "2026-03-01T12:00:00.000000Z", held: tuple[str, ...] = (), **said: Any) -> Any:
    properties = {"key": key, "source": "crm", "record_id": key, "seq": 1, "deleted": False, "raw": "{}", **said}
    if at is not None:
        properties["observed_at"] = at
    return properties, tuple(("device_id", one) for one in held)


_ADA = _row("crm:1", held=("d1",), given_name="Ada")
_LATER = "2026-03-01T13:00:00.000000Z"


@pytest.mark.parametrize(
    ("now", "moved"),
    [
        pytest.param(_row("crm:1", _LATER, ("d1",), given_name="Ada"), None, id="seen again"),
        pytest.param(
            _row("crm:1", held=("d1",), given_name="Ada", trait_plan="pro"), None, id="a trait without a role"
        ),
        pytest.param(_row("crm:1", held=("d1",), given_name="Bo"), {"given_name"}, id="another value"),
        pytest.param(
            _row("crm:1", held=("d1",), given_name="Ada", family_name="Lee"), {"family_name"}, id="one value more"
        ),
        pytest.param(_row("crm:1", held=("d1",)), {"given_name"}, id="one value less"),
        pytest.param(_row("crm:1", held=("d1", "d2"), given_name="Ada"), {IDENTIFIERS}, id="one identifier more"),
        pytest.param(_row("crm:1", given_name="Ada"), {IDENTIFIERS}, id="one identifier less"),
        pytest.param(_row("crm:1", given_name="Bo"), {"given_name", IDENTIFIERS}, id="both"),
        pytest.param(({**_ADA[0], "deleted": True}, ()), {*ROLES, IDENTIFIERS}, id="deleted"),
        pytest.param(_row("crm:2"), {*ROLES, IDENTIFIERS}, id="new"),
        pytest.param(({**_row("crm:2")[0], "deleted": True}, ()), None, id="deleted before it was known"),
    ],
)
@pytest.mark.parametrize("at_start", [True, False], ids=["read at the start", "come later"])
def test_a_record_has_moved_when_it_says_or_holds_something_else(
    now: Any, moved: set[str] | None, at_start: bool
) -> None:
    records = HeldRecords(record_table([_ADA] if at_start else []), ROLES)
    if not at_start:
        records.put(_ADA)
    assert records.moved([now]) == ({} if moved is None else {now[0]["key"]: moved})


def test_the_order_in_time_leaves_out_who_says_nothing() -> None:
    records = HeldRecords(
        record_table([_row("crm:1", _LATER, given_name="Ada"), _row("crm:2", given_name="Ada")]), ROLES
    )
    assert records.in_order(["crm:1", "crm:2"]) == [("crm:1", False), ("crm:2", False)]
    records.put(_row("web:1", "2026-03-02T12:00:00.000000Z"))
    assert records.in_order(["crm:1", "web:1"]) == []
    records.put(_row("crm:2", _LATER, given_name="Ada"))
    records.put(_row("crm:3", None, given_name="Ada"))
    expected = [("crm:1", False), ("crm:2", True), ("crm:3", False)]
    assert records.in_order(["crm:3", "crm:2", "web:1", "crm:1"]) == expected


_MOVES = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(("C1", "C2", None))), max_size=12)


@given(moves=_MOVES)
def test_holdings_are_what_was_put_last(moves: list[tuple[str, str | None]]) -> None:
    holdings, expected = Holdings(MEMBERSHIP_SCHEMA.empty_table()), dict[str, str]()
    for key, customer in moves:
        if customer is None:
            holdings.drop(key)
            expected.pop(key, None)
        else:
            holdings.put(key, customer, 0.5)
            expected[key] = customer
    for key in "abcd":
        fellows = {other for other, home in expected.items() if home == expected.get(key)}
        assert set(holdings.fellows(key)) == fellows
        assert holdings.alone(key) == (len(fellows) < 2)
    table = holdings.table("abcd")
    assert dict(zip(table["record_key"].to_pylist(), table["customer_id"].to_pylist(), strict=True)) == expected
