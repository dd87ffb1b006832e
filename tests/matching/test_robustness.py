"""Any table of records is trained on and scored: tiny, empty, constant, one column, strange scripts."""

from __future__ import annotations

import pyarrow as pa
import pytest

from identity_graph.clusters import ClusterPolicy
from identity_graph.matching import MatchingOptions
from identity_graph.roles import Role
from tests.matching.once import score, train

_OPTIONS = MatchingOptions(threads=1, sample_pairs=5_000, pairs_floor=2_000, pairs_per_record=10)


def _table(columns: dict[str, list[str | None]]) -> pa.Table:
    count = len(next(iter(columns.values())))
    fixed = {"key": [f"s:{row:06d}" for row in range(count)], "source": ["s"] * count}
    schema = pa.schema([(name, pa.string()) for name in (*fixed, *columns)])
    return pa.table({**fixed, **columns}, schema=schema)


def _two(count: int) -> dict[str, list[str | None]]:
    return {"given_name": ["Ada", "Ada"] * count, "family_name": ["Byron", "Byron"] * count,
            "birth_date": ["1815-12-10"] * 2 * count}  # fmt: skip


_CASES: dict[str, dict[str, list[str | None]]] = {
    "no records": {"given_name": []},
    "one record": {"given_name": ["Ada"]},
    "two equal records": _two(1),
    "ten records": _two(5),
    "one enormous block": _two(400),
    "all empty": {"given_name": [None] * 50, "email": [None] * 50},
    "blank text": {"given_name": [""] * 20, "email": [" "] * 20, "phone": [""] * 20},
    "constant": {"city": ["Rome"] * 100, "given_name": [f"N{row}" for row in range(100)]},
    "one column": {"email": [f"a{row // 2}@b.example" for row in range(200)]},
    "other scripts": {
        "given_name": ["Ольга", "Olga", "北京", "José", "😀", "ß"] * 10, "family_name": ["Ω", "o'Neil"] * 30,
    },
    "odd dates": {"birth_date": ["0000-00-00", "1980", "1980-01", "9999-12-31", "x", None] * 12},
    "coordinates": {"latitude": ["0.0", "91", "x", "52.1"] * 10, "longitude": ["0.0", "4", "5", "5.1"] * 10},
    "lists": {"full_name": ["A Smith", "B Jones"] * 40, "entity_list": ["x y | z w", "", "NONE", "q r"] * 20},
    "addresses": {"address": ["1 High St", "", "PO Box 4", "High St 1, 1010 Wien"] * 15, "city": ["A", None] * 30},
    "companies": {"company": ["Acme Ltd", "ACME Limited", "Bolt GmbH", ""] * 20, "phone": ["+441234567890", None] * 40},
    "numbers": {"number": ["1", "1.5", "nan", "x"] * 10, "text": ["a b c", "c b", "", "d"] * 10},
    "identifiers": {"national_id": ["AB 12-34", "ab1234", None, "zz"] * 15, "user_id": ["u1", "u2", "", None] * 15},
}  # fmt: skip


@pytest.mark.parametrize("case", _CASES)
def test_any_table_is_trained_and_scored(case):
    table = _table(_CASES[case])
    roles = {name: Role(name) for name in _CASES[case]}
    model = train(table, roles, _OPTIONS)
    pairs = score(table, roles, model, _OPTIONS, evidence=True)
    assert 0 < model.prior < 1
    assert pairs["match_weight"].null_count == 0
    assert not pa.compute.any(pa.compute.is_nan(pairs["match_weight"])).as_py()
    again = score(table.slice(0, 1), roles, model, _OPTIONS)
    assert again.num_rows == 0


def test_two_equal_records_with_rich_data_are_a_match_even_alone():
    values = {"given_name": "Ada", "family_name": "Byron", "birth_date": "1815-12-10", "email": "ada@byron.example"}
    table = _table({name: [value, value] for name, value in values.items()})
    other = _table({name: [value, f"{value[::-1]}x"] for name, value in values.items() if name != "birth_date"})
    roles = {name: Role(name) for name in values}
    equal = score(table, roles, train(other, roles, _OPTIONS), _OPTIONS)
    assert equal["match_weight"].to_pylist()[0] > 0


def test_records_with_nothing_in_common_do_not_join_for_want_of_others():
    table = _table({"email": ["ann@mail.test", None], "city": [None, "Rome"]})
    roles = {"email": Role.EMAIL, "city": Role.CITY}
    weights = score(table, roles, train(table, roles, _OPTIONS), _OPTIONS)["match_weight"].to_pylist()
    assert all(weight < ClusterPolicy().threshold_weight for weight in weights)


def test_a_column_the_model_knows_may_be_missing_later(persons, roles, trained, small_options):
    table = persons[0].drop_columns(["email", "birth_date"])
    pairs = score(table, roles, trained, small_options)
    assert pairs.num_rows > 0
