"""Which value of an attribute survives, and what is said of the others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.customers.golden import golden_values
from identity_graph.roles import Role

ROLES = {
    "given_name": Role.GIVEN_NAME,
    "birth_date": Role.BIRTH_DATE,
    "email": Role.EMAIL,
    "street": Role.STREET,
    "house_number": Role.HOUSE_NUMBER,
    "postcode": Role.POSTCODE,
    "city": Role.CITY,
}


def record(key: str, day: int | None = None, **values: str | None) -> dict[str, Any]:
    observed = None if day is None else datetime(2026, 1, day, tzinfo=UTC)
    return {"key": key, "observed_at": observed, **values}


@pytest.mark.parametrize(
    ("attribute", "values", "expected"),
    [
        ("given_name", [("Ann", 1), ("Ann", 1), ("Anna", 2)], ("Ann", "r0", "most_frequent")),
        ("given_name", [("A", 2), ("Anna", 1)], ("Anna", "r1", "most_complete")),
        ("given_name", [("Anna", 1), ("Anne", 2)], ("Anne", "r1", "most_recent")),
        ("given_name", [("Ann", 1), ("Ann", 2)], ("Ann", "r1", "only_value")),
        ("birth_date", [("1980", 1), ("1980", 1), ("1980-02-03", 1)], ("1980-02-03", "r2", "most_complete")),
        ("birth_date", [("2000-01-02", 1), ("2000-01-02", 1), ("2000-02-01", 2)],
         ("2000-01-02", "r0", "most_frequent")),
        ("email", [("a@x.y", 1), ("a@x.y", 2), ("b@x.y", 3)], ("b@x.y", "r2", "most_recent")),
        ("email", [("b@x.y", None), ("a@x.y", None), ("b@x.y", None)], ("b@x.y", "r0", "most_frequent")),
        ("email", [("b@x.y", None), ("a@x.y", 1)], ("a@x.y", "r1", "most_recent")),
    ],
)  # fmt: skip
def test_the_rule_of_the_role_decides(
    attribute: str, values: list[tuple[str, int | None]], expected: tuple[str, str, str]
) -> None:
    records = [record(f"r{position}", day, **{attribute: value}) for position, (value, day) in enumerate(values)]
    found = golden_values(records, ROLES)[attribute]
    assert (found.value, found.record_key, found.rule) == expected


def test_the_losers_are_listed_best_first_each_once() -> None:
    values = ["Bo", "Bo", "Bob", "Bob", "Bob", "B"]
    records = [record(f"r{position}", 1, given_name=value) for position, value in enumerate(values)]
    assert golden_values(records, ROLES)["given_name"].lost == (("Bo", "r0"), ("B", "r5"))


def test_names_in_each_others_place_are_told_apart_by_the_full_name() -> None:
    roles = {"given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME, "full_name": Role.FULL_NAME}
    records = [
        record("crm", 2, given_name="Köhler", family_name="Lea"),
        record("card", 1, given_name="Lea", family_name="Köhler"),
        record("shop", None, full_name="LEA KÖHLER"),
    ]
    golden = golden_values(records, roles)
    assert (golden["given_name"].value, golden["given_name"].rule) == ("Lea", "agrees_with_full_name")
    assert (golden["family_name"].value, golden["family_name"].record_key) == ("Köhler", "card")


def test_an_address_survives_as_a_whole() -> None:
    records = [
        record("new", 3, city="Rome"),
        record("home", 2, street="Via Appia", house_number="1", postcode="00100", city="Roma"),
        record("past", 1, street="High Street", house_number="2", postcode="AB1", city="London"),
    ]
    golden = golden_values(records, ROLES)
    assert [golden[name].value for name in ("street", "house_number", "postcode", "city")] == [
        "Via Appia", "1", "00100", "Roma",
    ]  # fmt: skip
    assert golden["city"].record_key == "home"


def test_a_single_record_is_its_own_golden_record() -> None:
    golden = golden_values([record("r", None, given_name="Ann", email=None)], ROLES)
    assert {name: (value.value, value.rule) for name, value in golden.items()} == {"given_name": ("Ann", "only_value")}


VALUES = st.fixed_dictionaries(
    {"day": st.none() | st.integers(1, 4)},
    optional={name: st.none() | st.sampled_from(["a", "b", "cc"]) for name in ROLES},
)


@given(st.lists(VALUES, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_order_of_records_does_not_matter_and_no_value_is_lost(rows: list[dict[str, Any]], random: Any) -> None:
    records = [record(f"r{position}", **row) for position, row in enumerate(rows)]
    golden = golden_values(records, ROLES)
    shuffled = list(records)
    random.shuffle(shuffled)
    assert golden_values(shuffled, ROLES) == golden
    by_key = {one["key"]: one for one in records}
    for name in ROLES:
        present = {one[name] for one in records if one.get(name) is not None}
        told = [(golden[name].value, golden[name].record_key), *golden[name].lost] if name in golden else []
        assert sorted(value for value, _ in told) == sorted(present)
        assert all(by_key[key][name] == value for value, key in told)
